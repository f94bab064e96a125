"""One running crawl, as the database knows it: its lock, its row, its end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeVar

from sqlalchemy import Connection, Engine

from newsrust_spider.blogger.sitemap import SitemapEntry
from newsrust_spider.database.engine import check_server
from newsrust_spider.database.errors import LockLostError
from newsrust_spider.database.lock import SiteLock
from newsrust_spider.database.patience import ARRIVAL, OUTAGE, Patience, never
from newsrust_spider.errands.differences import Differences, NoteListed
from newsrust_spider.errands.known import AskRejected, Blog, CountHeld, Known, Memory
from newsrust_spider.items import Article
from newsrust_spider.storage.articles import Filed
from newsrust_spider.storage.blogs import find_site, identify, lock_of
from newsrust_spider.storage.crawls import Tally, close_crawl, open_crawl, record_progress
from newsrust_spider.storage.held import Held, find_held
from newsrust_spider.storage.kept import Kept, fetch_rejected
from newsrust_spider.storage.known import find_known, remember
from newsrust_spider.storage.label_counts import (
    count_labels,
    find_labelled,
    find_labels,
    store_label_counts,
)
from newsrust_spider.storage.listing import choose_stale, compare, note_listed
from newsrust_spider.storage.lots import Lot, store_lot
from newsrust_spider.storage.migrate import check_migrated
from newsrust_spider.storage.poison import keep_apart
from newsrust_spider.storage.states import count_held, count_span, find_states

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open crawl: ``id`` of its row, and what was known before it.

    Its methods wait for the database, for a minute if it is away: call them from a thread.
    """

    site: str
    id: int
    known: Known
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

        def begin(connection: Connection) -> tuple[int, Known]:
            check_migrated(connection)
            return open_crawl(connection, site, version), find_known(connection, site)

        arrival.run(engine, check_server)
        # First of all that takes time: whoever comes second is to know it at once.
        arrival.call(lock.take)
        crawl, known = arrival.run(engine, begin)
        return cls(site, crawl, known, engine, lock, Patience(OUTAGE, hurried))

    def run(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` makes of a connection, after its commit; only under our lock.

        It may run more than once: see Patience. Raises LockLostError where the lock was lost
        and cannot be had again.
        """

        def guarded(connection: Connection) -> T:
            self._lock.keep()
            return work(connection)

        return self._patience.run(self._engine, guarded)

    def store(self, lot: Lot, tally: Tally) -> list[Filed]:
        """Store a lot, with the counts so far and its own; say of each arrival how it ended."""
        return self.run(lambda connection: store_lot(connection, self.site, self.id, lot, tally))

    def record(self, tally: Tally) -> None:
        """Write the counts so far."""
        self.run(lambda connection: record_progress(connection, self.id, tally, None))

    def identify(self, blog_id: str, home: str) -> Blog:
        """Return the blog that the site, at the address ``home``, serves, under its lock.

        What is held of it under another name is the site's from then on. Raises SiteBusyError
        where another crawl of the blog is running, AnotherBlogError where the site is known as
        another blog.
        """

        def work(connection: Connection) -> Blog:
            name = find_site(connection, blog_id)
            other = f"the name {name}" if name not in {None, self.site} else "another name"
            busy = f"another crawl of this blog is running, by {other}"
            self._lock.take_also(lock_of(blog_id), busy)
            return identify(connection, self.site, home, blog_id)

        return self.run(work)

    def find_known(self) -> Known:
        """Return what is covered, held and owed now."""
        return self.run(lambda connection: find_known(connection, self.site))

    def find_states(self, post_ids: Sequence[str]) -> dict[str, datetime]:
        """Return when each of these posts last changed that is held and not gone."""
        return self.run(lambda connection: find_states(connection, self.site, post_ids))

    def count_held(self, question: CountHeld) -> int:
        """Return how many living posts are held or owed."""
        order, low, high = question.order, question.low, question.high
        if low is None and high is None:
            return self.run(lambda connection: count_held(connection, self.site))
        return self.run(lambda connection: count_span(connection, self.site, order, low, high))

    def fetch_rejected(self, question: AskRejected, most: int) -> list[Kept]:
        """Return ``most`` of the posts that former crawls rejected."""
        return self.run(
            lambda connection: fetch_rejected(
                connection, self.site, self.id, question.wanted, question.after, most
            )
        )

    def remember(self, memory: Memory) -> None:
        """Leave ``memory`` to the next crawl."""
        self.run(lambda connection: remember(connection, self.site, memory))

    def find_held(self, batch: list[Article]) -> list[Held]:
        """Return what we hold of each article and its post; nothing of what is poison."""
        return self.run(
            lambda connection: keep_apart(
                connection, lambda few: find_held(connection, few), batch, lambda _: Held()
            )
        )

    def choose_stale(self, entries: Sequence[SitemapEntry]) -> tuple[SitemapEntry, ...]:
        """Return those of ``entries`` that we do not hold, or hold older, and do not owe."""
        return self.run(lambda connection: choose_stale(connection, self.site, entries))

    def note_listed(self, note: NoteListed) -> None:
        """Note what the site lists; raises LockLostError where what was noted before is lost."""
        if not note.first:
            self._keep_listing()
        with self._lock.connection() as connection:
            note_listed(connection, note)

    def compare(self, since: datetime) -> Differences:
        """Compare all that was noted with what we hold; LockLostError as above."""
        self._keep_listing()
        with self._lock.connection() as connection:
            return compare(connection, self.site, since)

    def count_labels(self) -> dict[str, int]:
        """Return how many of our posts have each label."""
        return self.run(lambda connection: count_labels(connection, self.site))

    def find_labelled(self, label: str) -> tuple[str, ...]:
        """Return the numbers of our posts with ``label``."""
        return self.run(lambda connection: find_labelled(connection, self.site, label))

    def find_labels(self, post_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """Return the labels of those of these posts that are held."""
        return self.run(lambda connection: find_labels(connection, self.site, post_ids))

    def store_label_counts(self, counts: Mapping[str, tuple[int, int]]) -> None:
        """Keep for each label what the site counts and what we hold."""
        self.run(lambda connection: store_label_counts(connection, self.site, counts))

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

    def _keep_listing(self) -> None:
        # The list lives with the connection that began it.
        if self._lock.times_taken > 1:
            raise LockLostError("the connection was lost while the site was listed: audit again")
