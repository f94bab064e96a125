"""``scrapy crawl``, with an exit status that says how the crawl ended."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler

from newsrust_spider.arguments import Arguments
from newsrust_spider.exits import Exit
from newsrust_spider.items import Outcome
from newsrust_spider.log import quieten_scrapy
from newsrust_spider.storage.database import read_database_url

logger = logging.getLogger("newsrust")


class Command(ScrapyCrawl):
    """Scrapy exits 0 whatever happens; this one tells cron the truth (see ``Exit``)."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what cannot be meant with one line and exit 2, before anything starts."""
        known = dict(self.settings or {})
        super().process_options(args, opts)
        try:
            _check_settings(opts.set, known)
            Arguments.parse(opts.spargs, datetime.now(UTC))
            if args != ["newsrust"]:
                raise ValueError("name the spider: newsrust")
            if self.settings["JOBDIR"]:  # type: ignore[index]
                raise ValueError("JOBDIR is not supported: the database is the only state")
            if self.settings["DATABASE_URL"]:  # type: ignore[index]
                read_database_url(self.settings["DATABASE_URL"])  # type: ignore[index]
        except ValueError as error:
            _refuse(str(error))
        quieten_scrapy(self.settings["LOG_LEVEL"])  # type: ignore[index]

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl; the exit status is the verdict of the crawl record."""
        self.crawl(args[0], opts.spargs)

    def crawl(self, spider: str, arguments: Mapping[str, Any]) -> Crawler:
        """Run ``spider`` to its end, set the exit status, and return what ran it."""
        process = self.crawler_process
        assert process is not None  # noqa: S101 - scrapy.cmdline sets it
        crawler = self._create_crawler(spider)
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


def _refuse(message: str) -> NoReturn:
    sys.stderr.write(f"newsrust: {message}\n")
    raise SystemExit(Exit.USAGE)


def _check_settings(given: list[str], known: dict[str, object]) -> None:
    for name, value in (pair.split("=", 1) for pair in given):
        if name not in known:
            raise ValueError(f"-s {name}: there is no such setting")
        if isinstance(known[name], int | float) and not isinstance(known[name], bool):
            try:
                float(value)
            except ValueError:
                raise ValueError(f"-s {name}={value}: this setting is a number") from None
        if name == "LOG_LEVEL" and value.upper() not in logging.getLevelNamesMapping():
            raise ValueError(f"-s LOG_LEVEL={value}: write DEBUG, INFO, WARNING or ERROR")


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
        logger.error("%s: %s", verdict.name.lower(), reason)
        return verdict
    counts = {outcome: stats.get_value(f"posts/{outcome}", 0) for outcome in Outcome}
    took = timedelta(seconds=round(stats.get_value("elapsed_time_seconds", 0)))
    logger.log(
        logging.INFO if verdict is Exit.COMPLETE else logging.ERROR,
        "%s%s: %d posts seen = %s; %d requests, %.1f MB, %s",
        verdict.name.lower(),
        f" ({reason})" if reason else "",
        sum(counts.values()),
        " + ".join(f"{number} {outcome}" for outcome, number in counts.items()),
        stats.get_value("downloader/request_count", 0),
        stats.get_value("downloader/response_bytes", 0) / 1e6,
        took,
    )
    return verdict
