"""The ledger of a crawl: opened under a lock, written as pages settle, closed with the truth."""

import asyncio
import logging
from collections import Counter
from datetime import datetime
from typing import Any, Self

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure

from newsrust_spider import __version__, signals
from newsrust_spider.exits import Exit
from newsrust_spider.frontier import Frontier
from newsrust_spider.items import Article, Outcome, Post, UnreadablePost
from newsrust_spider.storage.crawls import (
    Coverage,
    OpenCrawl,
    Tally,
    close_crawl,
    count_held,
    find_coverage,
    open_crawl,
    record_progress,
    take_lock,
)
from newsrust_spider.storage.database import (
    DatabaseUnusableError,
    begin,
    check_server,
    explain_error,
)
from newsrust_spider.storage.migrate import check_migrated
from newsrust_spider.storage.rejected import Rejection, reject_post
from newsrust_spider.storage.servers import open_database

logger = logging.getLogger("newsrust")

_STOPS = {
    "shutdown": "it was interrupted",
    "closespider_timeout": "its time limit was reached",
    "memusage_exceeded": "its memory limit was reached",
}


class CrawlRecord:
    """Keeps the row of a crawl, and says at its end how it went.

    Opens the database and takes the lock of the site before the first request: the two belong
    together, as a row may be opened only by the holder of the lock. What a page covered is
    written only after all its posts are committed. The verdict stands in the stats
    ``crawl/exit`` and ``crawl/reason``.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Begin with nothing seen; the database is opened with the spider."""
        self._crawler = crawler
        self._frontier = Frontier()
        self._outcomes: Counter[Outcome] = Counter()
        self._verdict: tuple[Exit, str] | None = None
        self._lock: Connection | None = None
        self._held: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension and listen."""
        record = cls(crawler)
        for receiver, signal in (
            (record.open, scrapy_signals.spider_opened),
            (record.note_stored, scrapy_signals.item_scraped),
            (record.note_dropped, scrapy_signals.item_dropped),
            (record.note_broken, scrapy_signals.item_error),
            (record.note_defect, scrapy_signals.spider_error),
            (record.look_again, scrapy_signals.spider_idle),
            (record.close, scrapy_signals.spider_closed),
            (record.note_page, signals.page_walked),
            (record.note_failed_page, signals.page_failed),
        ):
            crawler.signals.connect(receiver, signal=signal)
        return record

    async def open(self, spider: Any) -> None:
        """Open the database and the crawl; CloseSpider where that cannot be done."""
        try:
            spider.crawl, spider.coverage = await asyncio.to_thread(
                self._open, spider.arguments.site.name
            )
        except DatabaseUnusableError as error:
            self._judge(Exit.UNUSABLE, str(error))
        except SQLAlchemyError as error:
            self._judge(Exit.UNUSABLE, f"the database cannot be used: {explain_error(error)}")
        except BlockingIOError as error:
            self._judge(Exit.BUSY, str(error))
        except Exception as error:
            # Scrapy would log it and crawl on, with nothing to write to.
            logger.exception("the crawl could not be opened")
            self._judge(Exit.DEFECT, f"a defect: {type(error).__name__} while opening")
        if self._verdict is not None:
            raise CloseSpider(self._verdict[1])

    def _open(self, site: str) -> tuple[OpenCrawl, Coverage]:
        settings = self._crawler.settings
        engine = open_database(settings["DATABASE_URL"], settings["NEWSRUST_HOME"])
        self._lock = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        check_server(self._lock)
        check_migrated(self._lock)
        if not take_lock(self._lock, site):
            raise BlockingIOError(f"another crawl of {site} is running")
        with begin(engine) as connection:
            crawl = open_crawl(connection, site, __version__)
            return OpenCrawl(engine, crawl, site), find_coverage(connection, site)

    async def note_stored(self, item: Article, response: Response) -> None:
        """Count a stored article: the commit is behind it."""
        await self._settle(item.outcome or Outcome.NEW, response)

    async def note_dropped(self, item: Any, exception: Exception, response: Response) -> None:
        """Count a post that was set aside; one that is rejected is kept first."""
        outcome = getattr(exception, "outcome", Outcome.REJECTED)
        if outcome is Outcome.REJECTED:
            rejection = _describe_rejection(item, exception)
            await self._write(reject_post, self._crawl.id, rejection)
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

    def note_page(self, page: int, posts: int, reached: datetime) -> None:
        """Open a page; what it covers counts when its posts are settled."""
        self._frontier.open_page(page, posts, reached)

    def note_failed_page(self, url: str, reason: str, first: bool) -> None:  # noqa: FBT001 - a signal's keyword
        """Note a page that could not be had: unusable if it is the first, else incomplete."""
        status = Exit.UNUSABLE if first else Exit.INCOMPLETE
        self._judge(status, f"{reason} ({url})" if not first else f"{reason} at {url}")

    def look_again(self, spider: Any) -> None:
        """Compare our count with the site's total before the crawl ends."""
        if self._verdict is not None:
            return
        try:
            # Nothing else is under way when the spider is idle: nothing waits for this.
            with begin(self._crawl.engine) as connection:
                self._held = count_held(connection, self._crawl.site)
        except SQLAlchemyError as error:
            self._give_up(error)
            return
        request = spider.look_again(self._held)
        if request is not None:
            self._crawler.engine.crawl(request)
            raise DontCloseSpider

    async def close(self, spider: Any, reason: str) -> None:
        """Write the end of the crawl, and leave the verdict in the stats."""
        status, why = self._verdict or self._conclude(spider, reason)
        try:
            if self._lock is not None and status is not Exit.BUSY and hasattr(spider, "crawl"):
                await asyncio.to_thread(self._close, spider, status, why)
        except SQLAlchemyError as error:
            status = max(status, Exit.UNUSABLE)
            why = why or f"the database cannot be used: {explain_error(error)}"
        self._crawler.stats.set_value("crawl/exit", int(status))
        self._crawler.stats.set_value("crawl/reason", why)
        if self._lock is not None:
            await asyncio.to_thread(self._lock.engine.dispose)

    def _close(self, spider: Any, status: Exit, why: str) -> None:
        outcome = {Exit.COMPLETE: "complete", Exit.INCOMPLETE: "incomplete"}.get(status, "failed")
        compared = status in (Exit.COMPLETE, Exit.INCOMPLETE) and self._held is not None
        self._record(self._tally())
        with begin(self._crawl.engine) as connection:
            close_crawl(
                connection,
                self._crawl.id,
                outcome=outcome,
                reason=why,
                site_posts=spider.site_posts if compared else None,
                held_posts=self._held if compared else None,
            )
        if self._lock is not None:
            self._lock.close()

    def _conclude(self, spider: Any, reason: str) -> tuple[Exit, str]:
        if reason in _STOPS:
            return Exit.INCOMPLETE, _STOPS[reason]
        if reason != "finished":
            return Exit.DEFECT, f"the spider was closed: {reason}"
        if not self._frontier.settled:
            return Exit.DEFECT, "posts were seen that have no outcome"
        if spider.limit_reached:
            return Exit.INCOMPLETE, f"the limit of {spider.arguments.limit} posts was reached"
        if spider.missing:
            return Exit.INCOMPLETE, f"the site counts {spider.missing} posts that were not found"
        return Exit.COMPLETE, ""

    @property
    def _crawl(self) -> OpenCrawl:
        crawl: OpenCrawl = self._crawler.spider.crawl  # type: ignore[union-attr]
        return crawl

    def _tally(self) -> Tally:
        stats = self._crawler.stats
        return Tally(
            outcomes=dict(self._outcomes),
            requests=stats.get_value("downloader/request_count", 0),
            bytes=stats.get_value("downloader/response_bytes", 0),
        )

    def _record(self, tally: Tally) -> None:
        reached, until = self._frontier.reached, self._crawler.spider.clock  # type: ignore[union-attr]
        with begin(self._crawl.engine) as connection:
            window = (reached, until) if reached is not None else None
            record_progress(connection, self._crawl.id, tally, window)

    async def _settle(self, outcome: Outcome, response: Response) -> None:
        self._outcomes[outcome] += 1
        self._crawler.stats.inc_value(f"posts/{outcome}")
        if self._frontier.settle_post(response.meta["page"]):
            try:
                await asyncio.to_thread(self._record, self._tally())
            except SQLAlchemyError as error:
                self._give_up(error)

    async def _write(self, statement: Any, *arguments: Any) -> None:
        def write() -> None:
            with begin(self._crawl.engine) as connection:
                statement(connection, *arguments)

        try:
            await asyncio.to_thread(write)
        except SQLAlchemyError as error:
            self._give_up(error)
            raise

    def _give_up(self, error: SQLAlchemyError) -> None:
        self._judge(Exit.UNUSABLE, f"the database cannot be used: {explain_error(error)}")
        self._stop("unusable")

    def _judge(self, status: Exit, reason: str) -> None:
        # The first cause is the one to tell.
        if self._verdict is None:
            self._verdict = (status, reason)

    def _stop(self, reason: str) -> None:
        # Not awaited: closing waits for the very items that are being processed here.
        closing = self._crawler.engine.close_spider_async(reason=reason)
        task = asyncio.get_running_loop().create_task(closing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _describe_rejection(item: Any, exception: Exception) -> Rejection:
    post: Post | UnreadablePost = item.post if isinstance(item, Article) else item
    return Rejection(
        site=post.site,
        post_id=post.post_id,
        permalink=post.permalink,
        reason=getattr(exception, "reason", type(exception).__name__),
        detail=getattr(exception, "detail", str(exception)),
        payload=post.payload,
        updated=post.updated if isinstance(post, Post) else None,
    )
