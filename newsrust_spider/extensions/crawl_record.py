"""The record of a crawl: opened under a lock, written as pages settle, closed with the truth."""

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any, Self

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response

from newsrust_spider import __version__, signals
from newsrust_spider.breaker import NORMAL, find_breach
from newsrust_spider.exits import Exit
from newsrust_spider.extensions.blame import describe_rejection
from newsrust_spider.extensions.ending import Ending
from newsrust_spider.frontier import Frontier
from newsrust_spider.items import Article, Outcome
from newsrust_spider.middlewares.tables import is_replayed
from newsrust_spider.storage.crawls import Tally
from newsrust_spider.storage.ledger import Ledger
from newsrust_spider.storage.servers import open_database
from newsrust_spider.verdict import Verdict, judge_end


class CrawlRecord:
    """Keeps the ledger of a crawl, and says at its end how it went.

    The lock and the row belong together, and both come before the first request. What a page
    covered is written only after all its posts are committed. The verdict is left in the stats
    ``crawl/exit`` and ``crawl/reason``.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Begin with nothing seen; the database is opened with the spider."""
        self._crawler = crawler
        self._ledger: Ledger | None = None
        self._frontier = Frontier()
        self._outcomes: Counter[Outcome] = Counter()
        self._walked = 0
        self._odd = 0
        self._held: int | None = None
        self._ending = Ending(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension and listen."""
        record = cls(crawler)
        for receiver, signal in (
            (record.open, scrapy_signals.spider_opened),
            (record.note_page, signals.page_walked),
            (record.note_stored, scrapy_signals.item_scraped),
            (record.note_dropped, scrapy_signals.item_dropped),
            (record.look_again, scrapy_signals.spider_idle),
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
        except Exception as error:  # noqa: BLE001 - each has its verdict
            # Scrapy would log it and crawl on, with nothing to write to.
            self._ending.blame(error, "opening the ledger")
        if self._ending.verdict is not None:
            raise CloseSpider(self._ending.verdict.reason)

    def note_page(self, page: int, posts: int, reached: datetime) -> None:
        """Open a page; what it covers counts when its posts are settled."""
        self._walked += posts
        self._frontier.open_page(page, posts, reached)

    async def note_stored(self, item: Article, response: Response | None) -> None:
        """Count a stored article: the commit is behind it."""
        await self._settle(item.outcome or Outcome.NEW, response)

    async def note_dropped(
        self, item: Any, exception: Exception, response: Response | None
    ) -> None:
        """Count a post that was set aside; one that is rejected is kept first."""
        outcome = getattr(exception, "outcome", Outcome.REJECTED)
        if outcome is Outcome.REJECTED:
            rejection = describe_rejection(item, exception)
            if not await self._write(self._open_ledger.reject, rejection):
                return
            if is_replayed(response):
                # The crawl that saw it counted it: trying it again in vain is no news.
                self._crawler.stats.inc_value("replayed/rejected")
                return
            self._odd += rejection.reason not in NORMAL
        await self._settle(outcome, response)
        breach = find_breach(
            self._outcomes[Outcome.REJECTED],
            self._odd,
            self._walked,
            self._crawler.settings.getint("NEWSRUST_MOST_REJECTED"),
        )
        if breach:
            self._ending.end(Verdict(Exit.UNUSABLE, breach))

    def look_again(self, spider: Any) -> None:
        """Compare our count with the site's total before the crawl ends."""
        if self._ending.verdict is not None:
            return
        replayed = spider.replay.go_on()
        if replayed is not None:
            self._crawler.engine.crawl(replayed)
            raise DontCloseSpider
        try:
            # Nothing else is under way when the spider is idle: nothing waits for this.
            self._held = self._open_ledger.count_held()
        except Exception as error:  # noqa: BLE001 - each has its verdict
            self._ending.blame(error, "counting")
            return
        request = spider.completeness.look_again(self._held)
        if request is not None:
            self._crawler.engine.crawl(request)
            raise DontCloseSpider

    async def close(self, spider: Any, reason: str) -> None:
        """Write the end of the crawl, and leave the verdict in the stats."""
        verdict = self._ending.verdict or judge_end(
            reason,
            settled=self._frontier.settled,
            limit=spider.visit.arguments.limit if spider.visit.limit_reached else None,
            missing=spider.visit.missing,
            errors=self._crawler.stats.get_value("log_count/ERROR", 0),
        )
        if self._ledger is not None:
            # An audit only looks: what it found missing must not count as known to a crawl.
            looked = verdict.outcome == "failed" or spider.visit.route == "audit"
            compared = self._held is not None and not looked
            totals = (spider.visit.site_posts, self._held) if compared else (None, None)
            recorded = await self._write(self._ledger.record, self._tally(), self._window())
            if not recorded or not await self._write(
                self._ledger.close, verdict.outcome, verdict.reason, spider.visit.route, *totals
            ):
                verdict = self._ending.verdict or verdict
        self._crawler.stats.set_value("crawl/exit", int(verdict.status))
        self._crawler.stats.set_value("crawl/reason", verdict.reason)

    @property
    def _open_ledger(self) -> Ledger:
        assert self._ledger is not None, "no signal comes before the ledger is open"  # noqa: S101
        return self._ledger

    def _tally(self) -> Tally:
        stats = self._crawler.stats
        return Tally(
            outcomes=dict(self._outcomes),
            requests=stats.get_value("downloader/request_count", 0),
            bytes=stats.get_value("downloader/response_bytes", 0),
        )

    def _window(self) -> tuple[datetime, datetime] | None:
        spider: Any = self._crawler.spider
        reached = self._frontier.reached
        return None if reached is None else (reached, spider.visit.clock)

    async def _settle(self, outcome: Outcome, response: Response | None) -> None:
        self._outcomes[outcome] += 1
        self._crawler.stats.inc_value(f"posts/{outcome}")
        if is_replayed(response):
            # Replayed from what was kept of it, it belongs to no page.
            self._crawler.stats.inc_value("replayed/settled")
        elif response is not None and self._frontier.settle_post(response.meta["page"]):
            await self._write(self._open_ledger.record, self._tally(), self._window())

    async def _write(self, write: Any, *arguments: Any) -> bool:
        try:
            await asyncio.to_thread(write, *arguments)
        except Exception as error:  # noqa: BLE001 - each has its verdict
            self._ending.blame(error, "the record")
            return False
        return True
