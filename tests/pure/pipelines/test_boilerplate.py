"""Stage 200: the article's own words stay, and nothing else does."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsrust_spider.items import Article, Post
from pipelines.boilerplate import LONGEST_BODY, EmptyBody, RemoveBoilerplate
from pipelines.markup.fragment import TooLarge

ARTICLE = Article(
    post=Post(
        site="www.newsrust.com",
        post_id="1",
        permalink="https://www.newsrust.com/2022/02/pier.html",
        title="Old pier reopens",
        content="",
        labels=(),
        published=None,
        updated=datetime(2022, 2, 1, tzinfo=UTC),
        author=" A.\u00a0Gull ",
    ),
    source_link="",
    source_url=None,
    publisher=None,
    headline="Old pier reopens",
    content="<p>The pier reopened.</p><p>Dogs are free.</p>",
)


def clean(content: str) -> Article:
    return RemoveBoilerplate().process_item(replace(ARTICLE, content=content))


class TestAnArticle:
    def test_gets_its_text_by_paragraphs(self) -> None:
        assert clean(ARTICLE.content).body == "The pier reopened.\n\nDogs are free."

    def test_gets_its_excerpt_on_one_line(self) -> None:
        assert clean(ARTICLE.content).excerpt == "The pier reopened. Dogs are free."

    def test_gets_a_long_excerpt_cut_at_a_word(self) -> None:
        excerpt = clean("<p>" + "seven, " * 60).excerpt
        assert excerpt == "seven, " * 27 + "seven, seven…"[-6:]

    def test_counts_its_words(self) -> None:
        assert clean(ARTICLE.content).word_count == 3 + 3

    def test_is_signed_by_the_author_of_the_post(self) -> None:
        assert clean(ARTICLE.content).byline == "A. Gull"

    def test_without_a_headline_takes_its_first_words(self) -> None:
        untitled = replace(ARTICLE, headline="", content="<p>" + "seven " * 60)
        article = RemoveBoilerplate().process_item(untitled)
        assert article.headline == ("seven " * 13).strip()
        assert article.cleaning == ("no_title",)


class TestAnArticleIsSetAside:
    @pytest.mark.parametrize(
        "content",
        [
            "",
            " &nbsp;&#8203;<br>",
            "<img src=a.jpg><iframe src=b>c</iframe>",
            "<p>Advertisement</p>",
            "<!-- never closed <p>The pier reopened.",
            "<script>" * 20_000,
        ],
    )
    def test_when_nothing_is_left_to_read(self, content: str) -> None:
        with pytest.raises(EmptyBody, match="empty_body") as refusal:
            clean(content)
        assert len(str(refusal.value)) < 100

    def test_when_its_text_is_larger_than_any_article(self) -> None:
        assert clean("a" * LONGEST_BODY).body
        with pytest.raises(TooLarge, match="too_large"):
            clean("a" * (LONGEST_BODY + 1))
