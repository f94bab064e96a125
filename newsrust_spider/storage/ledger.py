"""One running crawl, as the database knows it: its lock, its row, its end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeVar

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
)
from newsrust_spider.storage.database import check_server
from newsrust_spider.storage.errors import LockLostError
from newsrust_spider.storage.held import Change, choose_stale
from newsrust_spider.storage.lock import SiteLock
from newsrust_spider.storage.migrate import check_migrated
from newsrust_spider.storage.patience import ARRIVAL, OUTAGE, Patience, never
from newsrust_spider.storage.rejected import (
    Kept,
    Rejection,
    Wanted,
    fetch_rejected,
    reject_post,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open crawl: ``id`` of its row, and what was known before it.

    Its methods wait for the database, for a minute if it is away: call them from a thread.
    """

    site: str
    id: int
    coverage: Coverage
    _engine: Engine
    _lock: SiteLock
    _patience: Patience

    @classmethod
    def open(
        cls, engine: Engine, site: str, version: str, hurried: Callable[[], bool] = never
    ) -> Self:
        """Take the lock of ``site`` and begin a crawl of it; ``hurried`` ends all waiting.

        Raises DatabaseUnusableError for a server that cannot serve, SiteBusyError for a lock
        that is held.
        """
        arrival = Patience(ARRIVAL, hurried)
        lock = SiteLock(engine, site)

        def begin(connection: Connection) -> tuple[int, Coverage]:
            check_migrated(connection)
            return open_crawl(connection, site, version), find_coverage(connection, site)

        arrival.run(engine, check_server)
        # First of all that takes time: whoever comes second is to know it at once.
        arrival.call(lock.take)
        crawl, coverage = arrival.run(engine, begin)
        return cls(site, crawl, coverage, engine, lock, Patience(OUTAGE, hurried))

    def run(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` makes of a connection, after its commit; only under our lock.

        It may run more than once: see Patience. Raises LockLostError where the lock was lost
        and cannot be had again.
        """

        def guarded(connection: Connection) -> T:
            self._lock.keep()
            return work(connection)

        return self._patience.run(self._engine, guarded)

    def record(self, tally: Tally, window: tuple[datetime, datetime] | None) -> None:
        """Write the counts so far and the window (after, until) whose posts are all stored."""
        self.run(lambda connection: record_progress(connection, self.id, tally, window))

    def reject(self, rejection: Rejection) -> None:
        """Keep a rejected post."""
        self.run(lambda connection: reject_post(connection, self.id, rejection))

    def fetch_rejected(self, wanted: Wanted, after: int, most: int) -> list[Kept]:
        """Return ``most`` of the ``wanted`` posts that former crawls rejected, behind ``after``."""
        return self.run(
            lambda connection: fetch_rejected(connection, self.site, self.id, wanted, after, most)
        )

    def count_held(self) -> int:
        """Return how many posts of the site we hold."""
        return self.run(lambda connection: count_held(connection, self.site))

    def choose_stale(self, changes: Sequence[Change]) -> list[Change]:
        """Return those of the (permalink, last change) that we do not hold, or hold older."""
        return self.run(lambda connection: choose_stale(connection, self.site, changes))

    def begin_listing(self) -> None:
        """Make room for what the site lists, until the crawl ends."""
        with self._lock.connection() as connection:
            begin_listing(connection)

    def list_site(self, changes: Sequence[Change]) -> None:
        """Note what the site lists; raises LockLostError where the connection was lost since."""
        with self._listing() as connection:
            add_listing(connection, changes)

    def compare(self, site_posts: int | None, site_labels: Mapping[str, int]) -> Audit:
        """Compare what the site lists and counts with what we hold; what is gone is marked."""
        with self._listing() as connection:
            differences = find_differences(connection, self.site)

        def settle(connection: Connection) -> Audit:
            mark_gone(connection, self.site, differences["gone"])
            held = count_labels(connection, self.site)
            labels = {label: (theirs, held.get(label, 0)) for label, theirs in site_labels.items()}
            store_label_counts(connection, self.site, labels)
            held_posts = count_held(connection, self.site)
            return Audit(site_posts, held_posts, labels=labels, **differences)

        return self.run(settle)

    def list_labels(self) -> list[str]:
        """Return the labels that we know of the site."""
        return self.run(lambda connection: sorted(count_labels(connection, self.site)))

    def close(
        self,
        outcome: str,
        reason: str,
        route: str,
        site_posts: int | None,
        held_posts: int | None,
    ) -> None:
        """End the crawl with its ``outcome`` by its ``route``, and let go of the lock."""
        self.run(
            lambda connection: close_crawl(
                connection,
                self.id,
                outcome=outcome,
                reason=reason,
                route=route,
                site_posts=site_posts,
                held_posts=held_posts,
            )
        )
        self._lock.release()
        self._engine.dispose()

    @contextmanager
    def _listing(self) -> Iterator[Connection]:
        # The list lives with the connection that began it.
        if self._lock.times_taken > 1:
            raise LockLostError("the connection was lost while the site was listed: audit again")
        with self._lock.connection() as connection:
            yield connection
