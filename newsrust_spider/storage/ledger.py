"""One running crawl, as the database knows it: its lock, its row, its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import Connection, Engine

from newsrust_spider.storage.audit import (
    Audit,
    add_listing,
    begin_listing,
    count_labels,
    find_differences,
    mark_gone,
    store_label_counts,
)
from newsrust_spider.storage.crawls import (
    Coverage,
    Tally,
    close_crawl,
    count_held,
    find_coverage,
    open_crawl,
    record_progress,
    take_lock,
)
from newsrust_spider.storage.database import check_server
from newsrust_spider.storage.held import Change, choose_stale
from newsrust_spider.storage.migrate import check_migrated
from newsrust_spider.storage.rejected import Rejection, reject_post


class SiteBusyError(Exception):
    """Another crawl of the same site holds its lock."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open crawl: ``id`` of its row, ``engine`` to write through, what was known before it.

    Its methods wait for the database: call them from a thread.
    """

    engine: Engine
    site: str
    id: int
    coverage: Coverage
    _lock: Connection

    @classmethod
    def open(cls, engine: Engine, site: str, version: str) -> Self:
        """Take the lock of ``site`` and begin a crawl of it.

        Raises DatabaseUnusableError for a server that cannot serve, SiteBusyError for a lock
        that is held.
        """
        # Autocommit: the server ends a session that idles in a transaction, and its lock with it.
        lock = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        check_server(lock)
        # First of all that takes time: whoever comes second is to know it at once.
        if not take_lock(lock, site):
            raise SiteBusyError(f"another crawl of {site} is running")
        check_migrated(lock)
        begin_listing(lock)
        with engine.begin() as connection:
            crawl = open_crawl(connection, site, version)
            return cls(engine, site, crawl, find_coverage(connection, site), lock)

    def record(self, tally: Tally, window: tuple[datetime, datetime] | None) -> None:
        """Write the counts so far and the window (after, until) whose posts are all stored."""
        with self.engine.begin() as connection:
            record_progress(connection, self.id, tally, window)

    def reject(self, rejection: Rejection) -> None:
        """Keep a rejected post."""
        with self.engine.begin() as connection:
            reject_post(connection, self.id, rejection)

    def count_held(self) -> int:
        """Return how many posts of the site we hold."""
        with self.engine.begin() as connection:
            return count_held(connection, self.site)

    def choose_stale(self, changes: Sequence[Change]) -> list[Change]:
        """Return those of the (permalink, last change) that we do not hold, or hold older."""
        with self.engine.begin() as connection:
            return choose_stale(connection, self.site, changes)

    def list_site(self, changes: Sequence[Change]) -> None:
        """Note what the site lists, until the crawl ends."""
        add_listing(self._lock, changes)

    def compare(self, site_posts: int | None, site_labels: Mapping[str, int]) -> Audit:
        """Compare what the site lists and counts with what we hold; what is gone is marked."""
        differences = find_differences(self._lock, self.site)
        with self.engine.begin() as connection:
            mark_gone(connection, self.site, differences["gone"])
            held = count_labels(connection, self.site)
            labels = {label: (theirs, held.get(label, 0)) for label, theirs in site_labels.items()}
            store_label_counts(connection, self.site, labels)
            held_posts = count_held(connection, self.site)
        return Audit(site_posts, held_posts, labels=labels, **differences)

    def list_labels(self) -> list[str]:
        """Return the labels that we know of the site."""
        with self.engine.begin() as connection:
            return sorted(count_labels(connection, self.site))

    def close(
        self,
        outcome: str,
        reason: str,
        route: str,
        site_posts: int | None,
        held_posts: int | None,
    ) -> None:
        """End the crawl with its ``outcome`` by its ``route``, and let go of the lock."""
        with self.engine.begin() as connection:
            close_crawl(
                connection,
                self.id,
                outcome=outcome,
                reason=reason,
                route=route,
                site_posts=site_posts,
                held_posts=held_posts,
            )
        self._lock.close()
        self.engine.dispose()
