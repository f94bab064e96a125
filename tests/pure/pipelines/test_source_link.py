"""Stage 100: which link names the original, and which posts are set aside for theirs."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsrust_spider.flags import Flag
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.reasons import Reason
from pipelines.markup.fragment import TooDeep
from pipelines.source_link import (
    BadSourceUrl,
    ExtractArticle,
    SelfSource,
    UnreadableEntry,
    extract_article,
)

ORIGINAL = "https://harborcourier.example/2022/02/pier"
POST = Post(
    site="www.newsrust.com",
    post_id="1",
    permalink="https://www.newsrust.com/2022/02/pier.html",
    title="Old pier reopens",
    content=f'<p>The pier reopened.</p><p><a href="{ORIGINAL}">Source Link</a></p>',
    labels=("World",),
    published=None,
    updated=datetime(2022, 2, 1, tzinfo=UTC),
)


def post_with_links(*links: str) -> Post:
    lines = (f'<p><a href="{escape(link)}">Source Link</a></p>' for link in links)
    return replace(POST, content="<p>The pier reopened.</p>" + "".join(lines))


class TestAPost:
    def test_becomes_an_article_known_by_its_original(self) -> None:
        article = ExtractArticle().process_item(POST)
        assert article.source_link == ORIGINAL
        assert article.source_url
        assert article.source_url.endswith("harborcourier.example/2022/02/pier")
        assert article.publisher == "harborcourier.example"

    def test_loses_the_line_of_its_link(self) -> None:
        assert extract_article(POST).content == "<p>The pier reopened.</p>"

    def test_without_a_source_link_keeps_its_text_untouched(self) -> None:
        content = "<P>See <a href='https://gullpost.example/'>the source</a>.</P>"
        article = extract_article(replace(POST, content=content))
        assert (article.content, article.source_link, article.source_url) == (content, "", None)

    def test_tells_what_was_mended(self) -> None:
        article = extract_article(
            replace(post_with_links(ORIGINAL, ORIGINAL), title="x" * 1_001, mended=(Flag.NO_ID,))
        )
        assert article.cleaning == ("no_id", "several_source_links", "headline_cut")

    def test_that_is_nested_too_deeply_is_set_aside(self) -> None:
        with pytest.raises(TooDeep):
            extract_article(replace(POST, content="<div>" * 3_000 + POST.content))


class TestAmongSeveralLinks:
    def test_the_last_one_wins(self) -> None:
        post = post_with_links("https://gullpost.example/first", ORIGINAL)
        assert extract_article(post).source_link == ORIGINAL

    @pytest.mark.parametrize("useless", ["", "javascript:void(0)", POST.permalink])
    def test_one_that_leads_nowhere_does_not_count(self, useless: str) -> None:
        assert extract_article(post_with_links(ORIGINAL, useless)).source_link == ORIGINAL

    def test_all_of_them_leave_the_text(self) -> None:
        post = post_with_links(*[ORIGINAL] * 5)
        assert extract_article(post).content == "<p>The pier reopened.</p>"


class TestALinkBackToTheAggregator:
    @pytest.mark.parametrize(
        "link",
        [
            POST.permalink,
            "http://newsrust.com/",
            "https://WWW.NEWSRUST.COM/search/label/World",
            "//www.newsrust.com./2022/02/other.html",
            "https://m.newsrust.com/2022/02/pier.html",
            "/2022/02/pier.html",
            "#more",
            "?m=1",
        ],
    )
    def test_is_refused(self, link: str) -> None:
        with pytest.raises(SelfSource, match="self_source"):
            extract_article(post_with_links(link))

    def test_is_known_by_the_host_of_the_post_too(self) -> None:
        moved = replace(post_with_links(POST.permalink), site="https://newsrust.example:8080/")
        with pytest.raises(SelfSource):
            extract_article(moved)

    def test_is_not_a_link_to_a_host_with_a_similar_name(self) -> None:
        link = "https://notnewsrust.com/a/story"
        assert extract_article(post_with_links(link)).source_link == link


class TestALinkThatIsNoAddress:
    @pytest.mark.parametrize(
        "link",
        [
            *("", "  ", "x", "http://", "http:///pier", "http://[::1", "ftp://pier.example/"),
            *("javascript:alert(1)", "mailto:desk@pier.example", "tel:+1", "data:text/html,x"),
            *("http://pier.example:99999/", "http://pier.example:abc/", "http://a.example/\ud800"),
        ],
    )
    def test_is_refused(self, link: str) -> None:
        with pytest.raises(BadSourceUrl, match="bad_source_url"):
            extract_article(post_with_links(link))

    def test_is_quoted_in_one_short_line(self) -> None:
        with pytest.raises(BadSourceUrl) as refusal:
            extract_article(post_with_links("x\n\x1b" * 9_000))
        assert len(str(refusal.value)) < 300
        assert str(refusal.value).isprintable()

    @given(st.text())
    def test_never_escapes_as_another_error(self, link: str) -> None:
        with suppress(PostSetAside):
            assert extract_article(post_with_links(link)).source_url


class TestAnUnreadableEntry:
    ENTRY = UnreadablePost(
        site=POST.site,
        post_id="2",
        permalink="",
        reason=Reason.BAD_DATE,
        detail="0000-00-00\nforged line",
        payload=b"{}",
    )

    def test_keeps_the_reason_of_the_parser(self) -> None:
        with pytest.raises(UnreadableEntry) as refusal:
            ExtractArticle().process_item(self.ENTRY)
        assert refusal.value.reason == "bad_date"
        assert str(refusal.value) == "bad_date: 0000-00-00 forged line"
