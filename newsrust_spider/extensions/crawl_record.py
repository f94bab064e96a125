"""The record of a crawl: opened under a lock, written with each lot, closed with the truth."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any, Self

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem

from newsrust_spider import __version__
from newsrust_spider.errands.known import CountHeld
from newsrust_spider.extensions.ending import Ending
from newsrust_spider.items import Outcome
from newsrust_spider.outcomes import GivenUp, PostSetAside
from newsrust_spider.parts import Parts
from newsrust_spider.storage.articles import Filed
from newsrust_spider.storage.crawls import Tally
from newsrust_spider.storage.ledger import Ledger
from newsrust_spider.storage.lots import Lot
from newsrust_spider.storage.servers import open_database
from newsrust_spider.verdict import NORMAL, Exit, Verdict, find_breach, judge_end


class CrawlRecord:
    """Keeps the ledger of a crawl, and says at its end how it went.

    The lock and the row belong together, and both come before the first request. Counts and
    windows are written with the posts that they count and cover. The verdict is left in the
    stats ``crawl/exit`` and ``crawl/reason``.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Begin with nothing seen; the database is opened with the spider."""
        self._crawler = crawler
        self._ledger: Ledger | None = None
        self._outcomes: Counter[Outcome] = Counter()
        self._odd = 0
        self._ending = Ending(crawler)
        self._parts: Parts | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension and listen."""
        record = cls(crawler)
        for receiver, signal in (
            (record.open, scrapy_signals.spider_opened),
            (record.note_dropped, scrapy_signals.item_dropped),
            (record.close, scrapy_signals.spider_closed),
        ):
            crawler.signals.connect(receiver, signal=signal)
        return record

    async def open(self, spider: Any) -> None:
        """Open the ledger and give it to the spider; CloseSpider where that cannot be done."""
        settings = self._crawler.settings
        try:
            engine = await asyncio.to_thread(
                open_database, settings["DATABASE_URL"], settings["NEWSRUST_HOME"]
            )
            site = spider.visit.site.name
            self._ledger = await asyncio.to_thread(
                Ledger.open, engine, site, __version__, lambda: self._ending.begun
            )
            spider.ledger = self._ledger
            blame = partial(self._ending.blame, where="storing")
            self._parts = Parts(self._store, lambda: self._ending.begun, blame)
            spider.parts = self._parts
        except Exception as error:  # noqa: BLE001 - each has its verdict
            # Scrapy would log it and crawl on, with nothing to write to.
            self._ending.blame(error, "opening the ledger")
        if self._ending.verdict is not None:
            raise CloseSpider(self._ending.verdict.reason)

    def note_dropped(self, item: Any, exception: DropItem) -> None:
        """Let a post that a stage set aside be stored with the posts that it came with."""
        stored = isinstance(exception, PostSetAside) and exception.is_stored
        if self._parts is not None and not stored and not isinstance(exception, GivenUp):
            try:
                self._parts.set_aside(item, exception)
            except LookupError as error:
                self._ending.blame(error, "a stage")

    async def close(self, spider: Any, reason: str) -> None:
        """Write the end of the crawl, and leave the verdict in the stats."""
        if self._parts is not None:
            await self._parts.finish()
        verdict = self._ending.verdict or judge_end(
            reason,
            spider.conversation.verdict,
            settled=self._parts is not None and self._parts.all_are_stored,
            errors=self._crawler.stats.get_value("log_count/ERROR", 0),
        )
        if self._ledger is not None and not await self._record(self._ledger, spider.visit, verdict):
            verdict = self._ending.verdict or verdict
        self._crawler.stats.set_value("crawl/exit", int(verdict.status))
        self._crawler.stats.set_value("crawl/reason", verdict.reason)

    async def _record(self, ledger: Ledger, visit: Any, verdict: Verdict) -> bool:
        def write() -> None:
            ledger.record(self._tally())
            held = ledger.count_held(CountHeld())
            totals = (None, None) if verdict.outcome == "failed" else (visit.site_posts, held)
            ledger.close(verdict.outcome, verdict.reason, visit.route, *totals)

        try:
            await asyncio.to_thread(write)
        except Exception as error:  # noqa: BLE001 - each has its verdict
            self._ending.blame(error, "the record")
            return False
        return True

    def _tally(self) -> Tally:
        stats = self._crawler.stats
        return Tally(
            outcomes=dict(self._outcomes),
            requests=stats.get_value("downloader/request_count", 0),
            bytes=stats.get_value("downloader/response_bytes", 0),
        )

    async def _store(self, lot: Lot) -> list[Filed]:
        assert self._ledger is not None, "no part is open before the ledger is"  # noqa: S101
        ends = await asyncio.to_thread(self._ledger.store, lot, self._tally())
        counts = lot.count(ends)
        self._outcomes += counts
        for outcome, number in counts.items():
            self._crawler.stats.inc_value(f"posts/{outcome}", number)
        self._note_replayed(lot, ends)
        self._judge(lot, ends, self._parts.under_way if self._parts is not None else 0)
        return ends

    def _note_replayed(self, lot: Lot, ends: list[Filed]) -> None:
        for arrival, end in zip(lot.arrivals, ends, strict=True):
            if arrival.replayed:
                once_more = end.outcome is Outcome.REJECTED
                name = "replayed/rejected" if once_more else "replayed/settled"
                self._crawler.stats.inc_value(name)

    def _judge(self, lot: Lot, ends: list[Filed], under_way: int) -> None:
        self._odd += sum(
            end.outcome is Outcome.REJECTED and arrival.rejection.reason not in NORMAL
            for arrival, end in zip(lot.arrivals, ends, strict=True)
            if not arrival.replayed
        )
        breach = find_breach(
            self._outcomes[Outcome.REJECTED],
            self._odd,
            self._outcomes.total() + under_way,
            self._crawler.settings.getint("NEWSRUST_MOST_REJECTED"),
        )
        if breach:
            self._ending.end(Verdict(Exit.UNUSABLE, breach))
