"""What the log says: one line an event, never an article, never a stack for what is expected."""

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Request, Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure

from newsrust_spider.database.engine import DatabaseUnusableError
from newsrust_spider.database.lock import SiteBusyError
from newsrust_spider.items import Article, Outcome, Post, UnreadablePost
from newsrust_spider.outcomes import GivenUp
from newsrust_spider.text import one_line, visible

LONGEST_NAME = 120

_BOOKKEEPERS = (
    "scrapy.addons",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.engine",
    "scrapy.crawler",
    "scrapy.extensions.memusage",
    "scrapy.middleware",
    "scrapy.statscollectors",
    "scrapy.utils.log",
    "scrapy.utils.ossignal",
)


def quieten_scrapy(level: str) -> None:
    """Keep Scrapy's own bookkeeping out of a log at INFO; at DEBUG all of it is wanted.

    By filters: Scrapy configures logging anew for each crawler, which resets levels.
    """
    if level.upper() != "DEBUG":
        logging.getLogger("alembic").setLevel(logging.WARNING)
        # What it finds wrong has no address there; that a page has no body is told by us.
        logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
        for name in _BOOKKEEPERS:
            logging.getLogger(name).addFilter(_is_worth_telling)


def _level_of(error: BaseException | None) -> int:
    expected = isinstance(error, SQLAlchemyError | DatabaseUnusableError | SiteBusyError)
    return logging.DEBUG if expected else logging.ERROR


def _is_worth_telling(record: logging.LogRecord) -> bool:
    # A database that fails is told once, by the crawl record.
    error = record.exc_info[1] if record.exc_info else None
    return record.levelno >= logging.ERROR and _level_of(error) >= logging.ERROR


def name_post(item: object) -> str:
    """Return a short, printable name of the post behind ``item``: its address, else its number.

    On one line: an address with a line end in it must not forge a line of the log.
    """
    post = item.post if isinstance(item, Article) else item
    if isinstance(post, Post | UnreadablePost):
        name = post.permalink or post.post_id or "a post without address"
        return one_line(name[:LONGEST_NAME])
    return type(item).__name__


def _is_replayed(item: object) -> bool:
    post = item.post if isinstance(item, Article) else item
    return isinstance(post, Post | UnreadablePost) and post.ticket.replayed


class ShortFormatter(LogFormatter):
    """Scrapy's log lines, shortened: its own would quote whole articles."""

    def dropped(
        self, item: Any, exception: BaseException, response: Any, spider: Any
    ) -> LogFormatterResult:
        """Name a rejected post at WARNING; what is merely known already at DEBUG.

        That one which was tried again has failed once more is no news in a crawl.
        """
        known = getattr(exception, "outcome", Outcome.REJECTED) is not Outcome.REJECTED
        known |= _is_replayed(item) and spider.visit.route != "retry"
        known |= isinstance(exception, GivenUp)
        return {
            "level": logging.DEBUG if known else logging.WARNING,
            "msg": "set aside %(post)s: %(why)s",
            "args": {"post": name_post(item), "why": visible(str(exception)[:300])},
        }

    def scraped(self, item: Any, response: Any, spider: Spider) -> LogFormatterResult:
        """Name the article at DEBUG."""
        return {
            "level": logging.DEBUG,
            "msg": "stored %(post)s",
            "args": {"post": name_post(item)},
        }

    def item_error(
        self, item: Any, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult:
        """Name the post; a database that fails is told once, by the crawl record."""
        return {
            "level": _level_of(exception),
            "msg": "a defect while %(post)s was processed",
            "args": {"post": name_post(item)},
        }

    def spider_error(
        self, failure: Failure, request: Request, response: Any, spider: Spider
    ) -> LogFormatterResult:
        """Name the address; a database that fails is told once, by the crawl record."""
        return {
            "level": _level_of(failure.value),
            "msg": "a defect while %(url)s was read",
            "args": {"url": one_line(request.url[:LONGEST_NAME])},
        }

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        """Name the address at DEBUG: the errback's own line follows."""
        return {
            "level": logging.DEBUG,
            "msg": "could not download %(url)s",
            "args": {"url": visible(request.url)},
        }

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:
        """Say at DEBUG what was answered."""
        return {
            "level": logging.DEBUG,
            "msg": "%(status)d %(url)s",
            "args": {"status": response.status, "url": visible(request.url)},
        }
