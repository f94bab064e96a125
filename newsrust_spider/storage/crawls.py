"""The ledger: one row a crawl, with what it covered."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, false, func, or_
from sqlalchemy.dialects.postgresql import insert

from newsrust_spider.coverage.windows import Window
from newsrust_spider.items import Outcome
from newsrust_spider.storage.known_tables import covered
from newsrust_spider.storage.schema import crawls


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


def record_progress(
    connection: Connection, crawl: int, tally: Tally, window: Window | None
) -> None:
    """Write the counts so far, and the window whose posts are all stored."""
    connection.execute(crawls.update().where(crawls.c.id == crawl).values(tally.columns()))
    if window is not None:
        _cover(connection, crawl, window)


def _cover(connection: Connection, crawl: int, window: Window) -> None:
    """Widen the window of a crawl; one that does not touch it stands beside it."""
    apart = crawls.c.covers_until < window.reached, crawls.c.reached > window.until
    widened = {
        "reached": func.least(crawls.c.reached, window.reached),
        "covers_until": func.greatest(crawls.c.covers_until, window.until),
    }
    row = crawls.update().where(crawls.c.id == crawl, ~func.coalesce(or_(*apart), false()))
    if connection.execute(row.values(widened)).rowcount:
        return
    beside = {"reached": window.reached, "covers_until": window.until}
    insertion = insert(covered).values(crawl_id=crawl, **beside)
    lower = {"reached": func.least(covered.c.reached, window.reached)}
    connection.execute(insertion.on_conflict_do_update(constraint="covered_pkey", set_=lower))


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
