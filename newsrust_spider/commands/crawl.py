"""``scrapy crawl``, with an exit status that says how the crawl ended."""

import argparse
import logging
import os
import signal
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from newsrust_spider import __version__
from newsrust_spider.arguments import Arguments
from newsrust_spider.commands.base import make_strict
from newsrust_spider.commands.options import check_level, check_options
from newsrust_spider.commands.terminal import refuse
from newsrust_spider.database.engine import read_database_url
from newsrust_spider.items import Outcome
from newsrust_spider.log import quieten_scrapy
from newsrust_spider.text import visible
from newsrust_spider.verdict import Exit

logger = logging.getLogger("newsrust")


class Command(ScrapyCrawl):
    """Scrapy exits 0 whatever happens; this one tells cron the truth (see ``Exit``)."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add Scrapy's own options; all others are refused."""
        super().add_options(parser)
        make_strict(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what cannot be meant with one line and exit 2, before anything starts."""
        known = dict(self.settings or {})
        try:
            check_options(opts.set, known)
            super().process_options(args, opts)
            settings: Any = self.settings
            check_level(settings["LOG_LEVEL"])
            Arguments.parse(opts.spargs, datetime.now(UTC))
            _check_names(args)
            if settings["DATABASE_URL"]:
                read_database_url(settings["DATABASE_URL"])
            if settings["LOG_FILE"]:
                _begin_log(settings["LOG_FILE"])
        except (ValueError, UsageError) as error:
            refuse(str(error))
        quieten_scrapy(settings["LOG_LEVEL"])

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl; the exit status is the verdict of the crawl record."""
        self.crawl(args[0], opts.spargs)

    def crawl(self, spider: str, arguments: Mapping[str, Any]) -> Crawler:
        """Run ``spider`` to its end, set the exit status, and return what ran it."""
        process = self.crawler_process
        assert process is not None  # noqa: S101 - scrapy.cmdline sets it
        crawler = self._create_crawler(spider)
        _heed_hangup()
        try:
            process.crawl(crawler, **arguments)
            process.start()
        except (SystemExit, KeyboardInterrupt):
            # Raised inside a callback or a stage, it leaves the reactor's threads hanging.
            logger.exception("a defect: the process was to end within the crawl")
            logging.shutdown()
            os._exit(Exit.DEFECT)
        self.exitcode = _tell_end(crawler, failed=process.bootstrap_failed)
        return crawler


def _check_names(args: list[str]) -> None:
    options = [name for name in args if name.startswith("-")]
    if options:
        raise ValueError(f"there is no option {options[0]}: see `scrapy crawl -h`")
    if args != ["newsrust"]:
        raise ValueError(f"name one spider, newsrust, not {' '.join(args) or 'none'}")


def _begin_log(path: str) -> None:
    # A log that takes no line is found now, not by a stack for each line that it refuses.
    try:
        log = Path(path).open("a", encoding="utf-8")  # noqa: SIM115 - the two ends differ
    except OSError as error:
        raise ValueError(f"LOG_FILE={path}: {error.strerror}") from None
    try:
        with log:
            log.write(f"newsrust {__version__}\n")
    except OSError as error:
        refuse(f"the log {path} cannot be written: {error.strerror}", Exit.DEFECT)
    logging.raiseExceptions = False  # the same, should the disk fill up later


def _heed_hangup() -> None:
    # A terminal that closes ends the crawl as SIGTERM does. It may say so twice, and a second
    # SIGTERM would be an unclean end; under nohup it is to be ignored, and stays so.
    def hang_up(*_: object) -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.raise_signal(signal.SIGTERM)

    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, hang_up)


def _tell_end(crawler: Crawler, *, failed: bool) -> Exit:
    if failed:
        logger.error("a defect: the crawl could not start")
        return Exit.DEFECT
    stats = crawler.stats
    status = stats.get_value("crawl/exit")
    if status is None:
        logger.error("interrupted before it could close: the next crawl goes on from there")
        return Exit.INCOMPLETE
    verdict = Exit(status)
    reason = stats.get_value("crawl/reason")
    if verdict is not Exit.COMPLETE and not stats.get_value("downloader/request_count"):
        logger.error("%s: %s", verdict.name.lower(), visible(reason))
        return verdict
    counts = {outcome: stats.get_value(f"posts/{outcome}", 0) for outcome in Outcome}
    took = timedelta(seconds=round(stats.get_value("elapsed_time_seconds", 0)))
    logger.log(
        logging.INFO if verdict is Exit.COMPLETE else logging.ERROR,
        "%s%s: %d posts seen = %s; %d requests, %.1f MB, %s",
        verdict.name.lower(),
        f" ({visible(reason)})" if reason else "",
        sum(counts.values()),
        " + ".join(f"{number} {outcome}" for outcome, number in counts.items()),
        stats.get_value("downloader/request_count", 0),
        stats.get_value("downloader/response_bytes", 0) / 1e6,
        took,
    )
    return verdict
