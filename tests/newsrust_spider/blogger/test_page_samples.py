"""Real pages of many Blogger themes give their bodies; the pages are not in the repository."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsrust_spider.blogger.page import decode_page, parse_page
from newsrust_spider.blogger.site import Site
from newsrust_spider.items import Post, UnreadablePost
from pipelines.boilerplate import clean_body

PAGES = Path(__file__).parents[4] / "shared" / "samples" / "pages"
SITE = Site.parse("https://a.example")
INDEX = json.loads((PAGES / "index.json").read_text("utf-8")) if PAGES.is_dir() else []
REFUSED = {
    "htmldate-juliasleseblog": "script_only",
    "htmldate-unexpecteduser": "not_a_post",
    "graby-bjori-404": "not_found",
    "nogt-kisah-1": "not_a_post",
    "nogt-valabhi-1": "not_a_post",
    "nogt-valabhi-2": "not_a_post",
    "nogt-KENews-1": "not_a_post",
}
# Their authors wrote these into the post itself, and so the feed has them too.
OF_THE_AUTHOR = {"Du möchtest gerne bei Through", "Teilnehmende Blogs:", "Info zur Bewertung"}

pytestmark = pytest.mark.skipif(not INDEX, reason="the saved pages are not here")


def name_of(sample: dict[str, Any]) -> str:
    return str(sample["file"]).removesuffix(".html.gz")


def read(sample: dict[str, Any]) -> Post | UnreadablePost:
    html = decode_page(gzip.decompress((PAGES / sample["file"]).read_bytes()), None)
    return parse_page(html, SITE, "https://a.example/2022/06/x.html", datetime.now(UTC), None)


@pytest.mark.parametrize("sample", INDEX, ids=name_of)
def test_a_page_gives_a_body_or_a_reason(sample: dict[str, Any]) -> None:
    post = read(sample)
    reason = REFUSED.get(name_of(sample), "")
    assert (post.reason if isinstance(post, UnreadablePost) else "") == reason
    if isinstance(post, Post):
        assert len(clean_body(post.content).split()) > 80
        assert post.title


@pytest.mark.parametrize("sample", [s for s in INDEX if s["with"]], ids=name_of)
def test_a_body_has_what_it_must_and_not_what_it_must_not(sample: dict[str, Any]) -> None:
    post = read(sample)
    assert isinstance(post, Post)
    body = " ".join(clean_body(post.content).split())
    assert [text for text in sample["with"] if text.strip() not in body] == []
    assert {text for text in sample["without"] if text.strip() in body} <= OF_THE_AUTHOR
