"""The ledger: one row a crawl, with what it covered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from newsrust_spider.items import Outcome
from newsrust_spider.storage.schema import crawls, posts


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of a site before a crawl of it.

    ``spans`` are the covered windows as pairs of moments (after, until), ``held_posts`` counts
    its posts in our tables, ``difference`` is how many posts more the site counted than we
    held when a crawl last compared the two (0 before the first). ``newest_change`` is the post
    that changed last, as (post_id, updated).
    """

    spans: tuple[tuple[datetime, datetime], ...] = ()
    held_posts: int = 0
    difference: int = 0
    newest_change: tuple[str, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of a crawl so far; the outcomes add up to the posts seen."""

    outcomes: Mapping[Outcome, int]
    requests: int = 0
    bytes: int = 0

    @property
    def posts_seen(self) -> int:
        """How many posts have an outcome."""
        return sum(self.outcomes.values())

    def columns(self) -> dict[str, int]:
        """Return the counts by the names of their columns."""
        counts = {f"posts_{outcome}": self.outcomes.get(outcome, 0) for outcome in Outcome}
        totals = {"requests": self.requests, "bytes": self.bytes, "posts_seen": self.posts_seen}
        return totals | counts


def open_crawl(connection: Connection, site: str, version: str) -> int:
    """Begin a crawl of ``site`` and return its id; one that was killed is closed as such.

    Only for the holder of the lock: with it, an open row of the site belongs to a dead process.
    """
    connection.execute(
        crawls.update()
        .where(crawls.c.site == site, crawls.c.outcome.is_(None))
        .values(outcome="incomplete", reason="killed: it never came to its end")
    )
    begun = crawls.insert().values(site=site, version=version, started_at=func.now())
    return int(connection.execute(begun.returning(crawls.c.id)).scalar_one())


def find_coverage(connection: Connection, site: str) -> Coverage:
    """Return what earlier crawls covered of ``site``, and what we hold of it."""
    spans = connection.execute(
        text("SELECT covered_from, covered_until FROM coverage WHERE site = :site ORDER BY 1"),
        {"site": site},
    )
    compared = (
        select(crawls.c.site_posts - crawls.c.held_posts)
        .where(crawls.c.site == site, crawls.c.site_posts.is_not(None))
        .where(crawls.c.held_posts.is_not(None))
        .order_by(crawls.c.id.desc())
        .limit(1)
    )
    newest = (
        select(posts.c.post_id, posts.c.updated_at)
        .where(posts.c.site == site, posts.c.updated_at.is_not(None))
        .order_by(posts.c.updated_at.desc())
        .limit(1)
    )
    changed = connection.execute(newest).first()
    return Coverage(
        spans=tuple((row.covered_from, row.covered_until) for row in spans),
        held_posts=count_held(connection, site),
        difference=connection.scalar(compared) or 0,
        newest_change=(changed.post_id, changed.updated_at) if changed else None,
    )


def count_held(connection: Connection, site: str) -> int:
    """Return how many posts of ``site`` we hold that are not gone from it."""
    live = posts.c.gone_at.is_(None)
    count = select(func.count()).select_from(posts).where(posts.c.site == site, live)
    return connection.scalar(count) or 0


def record_progress(
    connection: Connection,
    crawl: int,
    tally: Tally,
    window: tuple[datetime, datetime] | None,
) -> None:
    """Write the counts so far, and the window (after, until) whose posts are all stored."""
    covered: dict[str, Any] = {}
    if window is not None and window[0] < window[1]:
        covered = {"reached": window[0], "covers_until": window[1]}
    connection.execute(
        crawls.update().where(crawls.c.id == crawl).values(tally.columns() | covered)
    )


def close_crawl(  # noqa: PLR0913 - the columns of one row
    connection: Connection,
    crawl: int,
    *,
    outcome: str,
    reason: str,
    route: str = "feed",
    site_posts: int | None,
    held_posts: int | None,
) -> None:
    """End the crawl: its ``outcome`` is complete, incomplete or failed."""
    connection.execute(
        crawls.update()
        .where(crawls.c.id == crawl)
        .values(
            outcome=outcome,
            reason=reason,
            route=route,
            site_posts=site_posts,
            held_posts=held_posts,
            finished_at=func.clock_timestamp(),
        )
    )
