"""What the database says of the crawls: read for ``scrapy status``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the collection.

    ``crawls`` are the last ones, newest first, by the columns of the view ``crawl_health``;
    ``totals`` counts articles, posts, rejected posts and labels. ``owed`` are the posts that the
    sites named and did not give, by the columns of the table ``owed``, the longest missed first.
    """

    crawls: tuple[dict[str, Any], ...]
    totals: dict[str, int]
    newest_article_at: datetime | None
    holes: int
    owed: tuple[dict[str, Any], ...] = ()


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
    owed = connection.execute(
        text(
            "SELECT site, post_id, permalink, updated_at, reason, since, crawls"
            " FROM owed ORDER BY since, id"
        )
    )
    return Status(
        crawls=tuple(dict(row) for row in rows.mappings()),
        totals=dict(totals.mappings().one()),
        newest_article_at=newest,
        holes=int(holes or 0),
        owed=tuple(dict(row) for row in owed.mappings()),
    )


def list_rejected(connection: Connection, reason: str, most: int) -> list[dict[str, Any]]:
    """Return the rejected posts with ``reason`` ("" for any), newest first, ``most`` at most."""
    rows = connection.execute(
        text(
            "SELECT id, site, permalink, reason, detail, attempts, first_seen_at, crawl_id"
            " FROM rejected_posts WHERE reason = :reason OR :reason = ''"
            " ORDER BY first_seen_at DESC, id DESC LIMIT :most"
        ),
        {"reason": reason, "most": most},
    )
    return [dict(row) for row in rows.mappings()]


def count_rejected(connection: Connection) -> dict[str, int]:
    """Return how many posts are rejected, by reason, the most frequent first."""
    rows = connection.execute(
        text("SELECT reason, count(*) AS posts FROM rejected_posts GROUP BY 1 ORDER BY 2 DESC, 1")
    )
    return {row.reason: row.posts for row in rows}


def find_payload(connection: Connection, rejected: int) -> bytes | None:
    """Return the raw entry or page of a rejected post; None where there is none of that id."""
    payload = connection.scalar(
        text("SELECT payload FROM rejected_posts WHERE id = :id"), {"id": rejected}
    )
    return None if payload is None else bytes(payload)
