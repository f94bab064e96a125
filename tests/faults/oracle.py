"""The oracle of the failure harness: what a database says of a site, ids and clocks aside."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text

_ARTICLES = """
    SELECT coalesce(source_url, min(permalink)) AS story, source_link, publisher, headline, body,
           excerpt, byline, image_url, articles.labels, articles.published_at, word_count, cleaning
    FROM articles LEFT JOIN posts ON posts.article_id = articles.id
    GROUP BY articles.id ORDER BY 1
"""
_POSTS = """
    SELECT post_id, permalink, title, posts.labels, posts.published_at, updated_at, gone_at,
           content, coalesce(source_url, permalink) AS story,
           CASE outcome WHEN 'changed' THEN 'new' ELSE outcome END AS outcome
    FROM posts LEFT JOIN articles ON articles.id = article_id ORDER BY 1
"""
_REJECTED = "SELECT post_id, permalink, reason, detail, payload FROM rejected_posts ORDER BY 1"


@dataclass(frozen=True)
class Collection:
    """All that was collected: rows as tuples, in the order of their names."""

    articles: tuple[Any, ...]
    posts: tuple[Any, ...]
    rejected: tuple[Any, ...]


def read_collection(database: Engine) -> Collection:
    """Return what ``database`` holds of the site."""
    with database.connect() as connection:
        tables = [
            tuple(_plain(row) for row in connection.execute(text(query)))
            for query in (_ARTICLES, _POSTS, _REJECTED)
        ]
    return Collection(*tables)


def _plain(row: Any) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def check_ledger(database: Engine) -> None:
    """Assert that the crawls add up, the last is complete, and no time is left uncovered."""
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
    assert crawls[-1].site_posts == crawls[-1].held_posts, crawls[-1]
    assert (spans, loose, orphans) == (1, 0, 0)
