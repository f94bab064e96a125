"""``scrapy why`` and ``scrapy split``, as an operator would type them."""

import json
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.crawls import open_crawl
from tests.process.conftest import Scrapy
from tests.pure.newsrust_spider.texts import cut, make_text
from tests.storage.newsrust_spider.storage.conftest import make_article

STORY = make_text(1)


@pytest.fixture
def ids(embedded_database: Engine) -> Sequence[int]:
    """Store a story with two copies, and an article that has none; give the ids of the four."""
    batch = [
        make_article(number, f"https://p{number}.example/x", body=body)
        for number, body in enumerate((STORY, cut(STORY, 0.5), STORY + " End.", make_text(2)), 1)
    ]
    with embedded_database.begin() as connection:
        crawl = open_crawl(connection, "a.example", "test")
        return [filed.article_id for filed in store_articles(connection, crawl, batch)]


def test_why_tells_the_posts_and_the_copies_with_their_overlap(
    scrapy: Scrapy, ids: Sequence[int]
) -> None:
    told = scrapy("why", str(ids[0]))
    assert told.returncode == 0, told.stderr
    assert f"story {ids[0]}: 3 articles" in told.stdout
    assert "https://a.example/1.html" in told.stdout
    assert "has 50% of this text, shares 100% of its own" in told.stdout
    alone = scrapy("why", str(ids[3])).stdout
    assert "joined by their text: nothing" in alone


def test_why_speaks_json_too(scrapy: Scrapy, ids: Sequence[int]) -> None:
    told = json.loads(scrapy("why", "--json", str(ids[1])).stdout)
    assert told["article"]["story_id"] == ids[0]
    assert {copy["id"]: copy["share"] for copy in told["copies"]} == {ids[0]: 1.0, ids[2]: 1.0}
    assert [post["permalink"] for post in told["posts"]] == ["https://a.example/2.html"]


def test_a_split_is_done_told_and_not_done_twice(scrapy: Scrapy, ids: Sequence[int]) -> None:
    done = scrapy("split", str(ids[0]), "not", "the", "same")
    assert (done.returncode, done.stdout) == (
        0,
        f"article {ids[0]} is parted from {ids[1]}, {ids[2]}\n",
    )
    told = scrapy("why", str(ids[0])).stdout
    assert "not the same" in told
    assert "kept in another story" in told
    assert json.loads(scrapy("why", "--json", str(ids[2])).stdout)["story"]["copies"] == 1
    again = scrapy("split", str(ids[0]))
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == f"newsrust: article {ids[0]} is alone in its story\n"


@pytest.mark.parametrize("command", ["why", "split"])
@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["999999"], 1, "newsrust: there is no article 999999\n"),
        ([str(2**80)], 2, "is no id: write a number from 1"),
        (["seven"], 2, "write a number"),
        ([], 2, "ARTICLE_ID"),
    ],
)
def test_an_article_that_is_none_is_named(
    scrapy: Scrapy, command: str, arguments: list[str], status: int, words: str
) -> None:
    refused = scrapy(command, *arguments)
    assert (refused.returncode, refused.stdout) == (status, "")
    assert words in refused.stderr
