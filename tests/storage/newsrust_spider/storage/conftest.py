"""Articles and crawls to store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from newsrust_spider.items import Article, Post
from newsrust_spider.storage.crawls import open_crawl

MakeArticle = Callable[..., Article]

NOON = datetime(2022, 6, 1, 12, tzinfo=UTC)
POST = Post(
    site="a.example",
    post_id="1",
    permalink="https://a.example/2022/06/x.html",
    title="Headline",
    content="<p>Body.</p>",
    labels=("World",),
    published=NOON,
    updated=NOON,
)


def make_article(number: int, source_url: str | None = "", **changes: Any) -> Article:
    """Make an article of post ``number``; "" gives it a source URL of its own."""
    post = replace(POST, post_id=str(number), permalink=f"https://a.example/{number}.html")
    of_post = {
        key: changes.pop(key) for key in ("labels", "published", "updated") if key in changes
    }
    url = f"https://p.example/{number}" if source_url == "" else source_url
    body = changes.pop("body", f"Body {number}.")
    return Article(
        post=replace(post, content=f"<p>{body}</p>", **of_post),
        source_link=url or "",
        source_url=url,
        publisher="p.example" if url else None,
        headline=changes.pop("headline", f"Headline {number}"),
        content="",
        body=body,
        **changes,
    )


@pytest.fixture
def crawl(connection: Connection) -> int:
    """Open a crawl and give its id."""
    return open_crawl(connection, "a.example", "test")
