"""The last two stages, on a real database."""

import asyncio
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from newsrust_spider.items import Article, Outcome
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.storage.ledger import Ledger
from pipelines.duplicates import Duplicate, SetAsideDuplicates, Unchanged
from pipelines.postgres import PoisonRow, StoreArticle
from tests.storage.newsrust_spider.storage.conftest import make_article
from tests.storage.stages import send_through


@pytest.fixture
def crawler(database: Engine) -> Iterator[Any]:
    """Stand for a crawler: the stages ask it for nothing but its spider's open ledger."""
    ledger = Ledger.open(database, "a.example", "test")
    yield SimpleNamespace(spider=SimpleNamespace(ledger=ledger, parts=None))
    ledger.close("complete", "", "feed", None, None)


def process(crawler: Any, batch: Sequence[Article]) -> list[Article | PostSetAside]:
    """Send ``batch`` through both stages, all at once as Scrapy does."""

    async def run() -> list[Article | PostSetAside]:
        stages = [SetAsideDuplicates(crawler), StoreArticle(crawler)]
        return await send_through(stages, batch, crawler)

    return asyncio.run(run())


def count(database: Engine, table: str) -> int:
    with database.connect() as connection:
        return len(connection.execute(text(f"SELECT 1 FROM {table}")).all())  # noqa: S608


def test_an_article_leaves_the_stage_after_its_commit(crawler: Any, database: Engine) -> None:
    (stored,) = process(crawler, [make_article(1)])
    assert isinstance(stored, Article)
    assert stored.outcome is Outcome.NEW
    assert count(database, "articles") == 1


def test_hundreds_at_once_are_each_stored_once(crawler: Any, database: Engine) -> None:
    results = process(crawler, [make_article(number) for number in range(350)])
    assert all(isinstance(result, Article) for result in results)
    assert count(database, "articles") == 350


def test_posts_of_one_article_that_arrive_together_give_one_article(
    crawler: Any, database: Engine
) -> None:
    source = "https://p.example/story"
    results = process(crawler, [make_article(number, source) for number in range(5)])
    assert sum(isinstance(result, Article) for result in results) == 1
    assert sum(isinstance(result, Duplicate) for result in results) == 4
    assert (count(database, "articles"), count(database, "posts")) == (1, 5)


def test_what_is_held_is_set_aside_by_name(crawler: Any) -> None:
    source = "https://p.example/story"
    process(crawler, [make_article(1, source)])
    unchanged, duplicate, new = process(
        crawler, [make_article(1, source), make_article(2, source), make_article(3)]
    )
    assert isinstance(unchanged, Unchanged)
    assert isinstance(duplicate, Duplicate)
    assert isinstance(new, Article)


@pytest.mark.parametrize(
    "poison",
    [
        {"headline": "a\x00b"},
        {"headline": "a\ud800b"},
        {"source_url": "https://p.example/" + "x" * 3000},
        {"word_count": 2**40},
    ],
    ids=["NUL", "lone surrogate", "long URL", "huge number"],
)
def test_a_poison_row_is_rejected_and_its_neighbours_are_stored(
    crawler: Any, database: Engine, poison: dict[str, Any]
) -> None:
    batch = [make_article(number) for number in range(24)]
    batch.insert(12, make_article(99, **{"source_url": "https://p.example/bad", **poison}))
    results = process(crawler, batch)
    assert isinstance(results.pop(12), PoisonRow)
    assert all(isinstance(result, Article) for result in results)
    assert (count(database, "articles"), count(database, "posts")) == (24, 25)
    assert count(database, "rejected_posts WHERE reason = 'poison_row'") == 1


def test_a_database_without_tables_is_an_error_and_no_post_is_rejected(
    crawler: Any, database: Engine
) -> None:
    with database.begin() as connection:
        connection.execute(text("DROP TABLE posts CASCADE"))
    with pytest.raises(ProgrammingError):
        process(crawler, [make_article(1), make_article(2)])
    assert count(database, "rejected_posts") == 0
