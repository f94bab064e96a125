"""Every directory in `tests/posts` is a post: its HTML, and what a newsroom makes of it."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newsrust_spider.items import Article, Post
from pipelines.boilerplate import remove_boilerplate
from pipelines.source_link import extract_article

POSTS = Path(__file__).parent / "posts"
SLUGS = sorted(path.parent.name for path in POSTS.glob("*/content.html"))


@cache
def expected_of(slug: str) -> dict[str, Any]:
    found = json.loads((POSTS / slug / "expected.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


@cache
def article_of(slug: str) -> Article:
    # newline="": the carriage returns of a post are part of the case
    with (POSTS / slug / "content.html").open(encoding="utf-8", newline="") as file:
        content = file.read()
    post = Post(
        site="www.newsrust.com",
        post_id="1",
        permalink="https://www.newsrust.com/2022/02/pier.html",
        title=expected_of(slug)["title"],
        content=content,
        labels=(),
        published=None,
        updated=datetime(2022, 2, 1, tzinfo=UTC),
    )
    return remove_boilerplate(extract_article(post))


def test_there_are_posts() -> None:
    assert SLUGS


@pytest.mark.parametrize("slug", SLUGS)
class TestPost:
    def test_its_source_link(self, slug: str) -> None:
        assert article_of(slug).source_link == expected_of(slug)["source_link"]

    def test_its_headline(self, slug: str) -> None:
        assert article_of(slug).headline == expected_of(slug)["headline"]

    def test_its_paragraphs(self, slug: str) -> None:
        assert article_of(slug).body.split("\n\n") == expected_of(slug)["body"]

    def test_what_was_mended(self, slug: str) -> None:
        assert list(article_of(slug).cleaning) == expected_of(slug)["cleaning"]
