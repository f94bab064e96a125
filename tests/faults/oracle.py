"""The oracle of the failure harness: what a database says of a site, ids and clocks aside.

The columns are those of the tables, so that a new one is compared from the day it is there. What
may differ between two collections of one site is named here, with the reason.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Table, case, func, select, text

from newsrust_spider.storage.schema import articles, posts, rejected_posts

MAY_DIFFER = {
    "id": "numbers follow the order of arrival",
    "article_id": "the same; what names its article is compared in its place",
    "story_id": "the same",
    "first_crawl": "which crawl it was is what the trial disturbs",
    "last_crawl": "the same",
    "crawl_id": "the same",
    "attempts": "each crawl tries a young rejected post again",
    "collected_at": "our clock",
    "content_changed_at": "our clock",
    "first_seen_at": "our clock",
    "outcome": "a post that was written twice is changed; it is compared as new",
}


@dataclass(frozen=True)
class Collection:
    """All that was collected: rows as tuples, in the order of their names."""

    articles: tuple[Any, ...]
    posts: tuple[Any, ...]
    rejected: tuple[Any, ...]


def read_collection(database: Engine) -> Collection:
    """Return what ``database`` holds of the site."""
    filed = posts.alias()
    permalink = select(func.min(filed.c.permalink)).where(filed.c.article_id == articles.c.id)
    first = permalink.correlate(articles).scalar_subquery()
    named = func.coalesce(articles.c.source_url, first)
    outcome = case((posts.c.outcome == "changed", "new"), else_=posts.c.outcome)
    queries = (
        select(*_compared(articles), named).order_by(named),
        select(*_compared(posts), outcome, named)
        .outerjoin(articles, articles.c.id == posts.c.article_id)
        .order_by(posts.c.post_id),
        select(*_compared(rejected_posts)).order_by(rejected_posts.c.post_id),
    )
    with database.connect() as connection:
        tables = [tuple(map(_plain, connection.execute(query))) for query in queries]
    return Collection(*tables)


def _compared(table: Table) -> list[Any]:
    return [column for column in table.c if column.name not in MAY_DIFFER]


def _plain(row: Any) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def check_ledger(database: Engine) -> None:
    """Assert what `check_counts` does, and that the last crawl held all that the site counts."""
    last = check_counts(database)
    assert last.site_posts == last.held_posts, last


def check_counts(database: Engine) -> Any:
    """Assert that the crawls add up, the last is complete, no time uncovered; return that one."""
    with database.connect() as connection:
        crawls = connection.execute(text("SELECT * FROM crawls ORDER BY id")).all()
        spans = connection.scalar(text("SELECT count(*) FROM coverage"))
        loose = connection.scalar(
            text(
                "SELECT count(*) FROM articles WHERE labels <> '{}' IS NOT TRUE AND EXISTS"
                " (SELECT FROM posts WHERE article_id = articles.id AND posts.labels <> '{}')"
            )
        )
        orphans = connection.scalar(
            text(
                "SELECT count(*) FROM articles WHERE NOT EXISTS"
                " (SELECT FROM posts WHERE article_id = articles.id)"
            )
        )
    for crawl in crawls:
        names = ("new", "changed", "unchanged", "duplicate", "rejected")
        assert crawl.posts_seen == sum(getattr(crawl, f"posts_{name}") for name in names), crawl
        assert crawl.outcome in {"complete", "incomplete", "failed"}, crawl
    assert crawls[-1].outcome == "complete", crawls[-1]
    assert (spans, loose, orphans) == (1, 0, 0)
    return crawls[-1]
