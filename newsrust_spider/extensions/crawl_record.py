"""The record of a crawl: opened under a lock, written as pages settle, closed with the truth."""

import asyncio
import logging
from collections import Counter
from datetime import datetime
from typing import Any, Self

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure

from newsrust_spider import __version__, signals
from newsrust_spider.exits import Exit
from newsrust_spider.frontier import Frontier
from newsrust_spider.items import Article, Outcome, Post, UnreadablePost
from newsrust_spider.storage.crawls import Tally
from newsrust_spider.storage.database import DatabaseUnusableError, explain_error
from newsrust_spider.storage.ledger import Ledger, SiteBusyError
from newsrust_spider.storage.rejected import Rejection
from newsrust_spider.storage.servers import open_database
from newsrust_spider.verdict import Verdict, judge_end

logger = logging.getLogger("newsrust")


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
        self._verdict: Verdict | None = None
        self._held: int | None = None
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension and listen."""
        record = cls(crawler)
        for receiver, signal in (
            (record.open, scrapy_signals.spider_opened),
            (record.note_page, signals.page_walked),
            (record.note_failed_page, signals.page_failed),
            (record.note_stored, scrapy_signals.item_scraped),
            (record.note_dropped, scrapy_signals.item_dropped),
            (record.note_broken, scrapy_signals.item_error),
            (record.note_defect, scrapy_signals.spider_error),
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
            self._ledger = await asyncio.to_thread(Ledger.open, engine, site, __version__)
            spider.ledger = self._ledger
        except SiteBusyError as error:
            self._judge(Exit.BUSY, str(error))
        except DatabaseUnusableError as error:
            self._judge(Exit.UNUSABLE, str(error))
        except SQLAlchemyError as error:
            self._judge(Exit.UNUSABLE, f"the database cannot be used: {explain_error(error)}")
        except Exception as error:
            # Scrapy would log it and crawl on, with nothing to write to.
            logger.exception("the ledger could not be opened")
            self._judge(Exit.DEFECT, f"a defect: {type(error).__name__} while opening")
        if self._verdict is not None:
            raise CloseSpider(self._verdict.reason)

    def note_page(self, page: int, posts: int, reached: datetime) -> None:
        """Open a page; what it covers counts when its posts are settled."""
        self._frontier.open_page(page, posts, reached)

    def note_failed_page(self, url: str, reason: str, first: bool) -> None:  # noqa: FBT001 - by name
        """Note a page that could not be had: the site is unusable if it is the first."""
        self._judge(Exit.UNUSABLE if first else Exit.INCOMPLETE, f"{reason} at {url}")

    async def note_stored(self, item: Article, response: Response) -> None:
        """Count a stored article: the commit is behind it."""
        await self._settle(item.outcome or Outcome.NEW, response)

    async def note_dropped(self, item: Any, exception: Exception, response: Response) -> None:
        """Count a post that was set aside; one that is rejected is kept first."""
        outcome = getattr(exception, "outcome", Outcome.REJECTED)
        if outcome is Outcome.REJECTED:
            rejection = _describe_rejection(item, exception)
            if not await self._write(self._open_ledger.reject, rejection):
                return
        await self._settle(outcome, response)

    def note_broken(self, item: Any, response: Response, failure: Failure) -> None:
        """Stop at the first post that could not be stored: its page stays open."""
        if isinstance(failure.value, SQLAlchemyError):
            self._give_up(failure.value)
        else:
            self._judge(Exit.DEFECT, f"a defect: {type(failure.value).__name__} in a stage")
            self._stop("defect")

    def note_defect(self, failure: Failure) -> None:
        """Note that the spider itself raised."""
        self._judge(Exit.DEFECT, f"a defect: {type(failure.value).__name__} in the spider")

    def look_again(self, spider: Any) -> None:
        """Compare our count with the site's total before the crawl ends."""
        if self._verdict is not None:
            return
        try:
            # Nothing else is under way when the spider is idle: nothing waits for this.
            self._held = self._open_ledger.count_held()
        except SQLAlchemyError as error:
            self._give_up(error)
            return
        request = spider.completeness.look_again(self._held)
        if request is not None:
            self._crawler.engine.crawl(request)
            raise DontCloseSpider

    async def close(self, spider: Any, reason: str) -> None:
        """Write the end of the crawl, and leave the verdict in the stats."""
        verdict = self._verdict or judge_end(
            reason,
            settled=self._frontier.settled,
            limit=spider.visit.arguments.limit if spider.visit.limit_reached else None,
            missing=spider.visit.missing,
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
                verdict = self._verdict or verdict
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

    async def _settle(self, outcome: Outcome, response: Response) -> None:
        self._outcomes[outcome] += 1
        self._crawler.stats.inc_value(f"posts/{outcome}")
        if self._frontier.settle_post(response.meta["page"]):
            await self._write(self._open_ledger.record, self._tally(), self._window())

    async def _write(self, write: Any, *arguments: Any) -> bool:
        try:
            await asyncio.to_thread(write, *arguments)
        except SQLAlchemyError as error:
            self._give_up(error)
            return False
        return True

    def _give_up(self, error: SQLAlchemyError) -> None:
        self._judge(Exit.UNUSABLE, f"the database cannot be used: {explain_error(error)}")
        self._stop("unusable")

    def _judge(self, status: Exit, reason: str) -> None:
        if self._verdict is None:
            self._verdict = Verdict(status, reason)

    def _stop(self, reason: str) -> None:
        # Not awaited: closing waits for the very items that are being processed here.
        if self._closing is None and self._crawler.engine.spider is not None:
            closing = self._crawler.engine.close_spider_async(reason=reason)
            self._closing = asyncio.get_running_loop().create_task(closing)


def _describe_rejection(item: Any, exception: Exception) -> Rejection:
    post: Post | UnreadablePost = item.post if isinstance(item, Article) else item
    return Rejection(
        site=post.site,
        post_id=post.post_id,
        permalink=post.permalink,
        reason=getattr(exception, "reason", type(exception).__name__),
        detail=getattr(exception, "detail", str(exception)),
        payload=post.payload,
        updated=post.updated,
    )
