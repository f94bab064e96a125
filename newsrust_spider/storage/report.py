"""What the database says of the crawls: read for ``scrapy status``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the collection.

    ``crawls`` are the last ones, newest first, by the columns of the view ``crawl_health``;
    ``totals`` counts articles, posts, rejected posts and labels.
    """

    crawls: tuple[dict[str, Any], ...]
    totals: dict[str, int]
    newest_article_at: datetime | None
    holes: int


def read_status(connection: Connection, crawls: int) -> Status:
    """Return the state of the collection with the last ``crawls`` crawls."""
    rows = connection.execute(text("SELECT * FROM crawl_health LIMIT :most"), {"most": crawls})
    totals = connection.execute(
        text(
            "SELECT (SELECT count(*) FROM articles) AS articles,"
            " (SELECT count(*) FROM posts) AS posts,"
            " (SELECT count(*) FROM rejected_posts) AS rejected,"
            " (SELECT count(*) FROM label_totals) AS labels"
        )
    )
    newest = connection.scalar(text("SELECT max(published_at) FROM articles"))
    holes = connection.scalar(
        text(
            "SELECT coalesce(sum(spans - 1), 0) FROM"
            " (SELECT count(*) AS spans FROM coverage GROUP BY site) AS per_site"
        )
    )
    return Status(
        crawls=tuple(dict(row) for row in rows.mappings()),
        totals=dict(totals.mappings().one()),
        newest_article_at=newest,
        holes=int(holes or 0),
    )
