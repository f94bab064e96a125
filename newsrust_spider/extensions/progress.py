"""What a person sees of a crawl: a live bar on a terminal, a few plain lines in a log."""

import logging
import sys
from collections import Counter
from datetime import datetime
from time import monotonic
from typing import Any, Self

from rich import progress
from rich.console import Console
from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.utils.log import get_scrapy_root_handler

from newsrust_spider import signals
from newsrust_spider.items import Article, Outcome
from newsrust_spider.log import name_post
from newsrust_spider.outcomes import GivenUp
from newsrust_spider.text import one_line

logger = logging.getLogger("newsrust")

MOST_HEADLINES = 20
"""New headlines that a log names: an hour's news, and never a back-fill of 300,000."""
LINE_EVERY = 60.0
"""Seconds between two lines of a long crawl in a log."""


class Progress:
    """Counts outcomes and shows them; where stderr is a terminal as a bar, else in the log."""

    def __init__(self, crawler: Crawler, *, terminal: bool) -> None:
        """Begin with nothing seen; ``terminal`` tells whether someone watches."""
        self._crawler = crawler
        self._counts: Counter[str] = Counter()
        self._site_posts = 0
        self._begun = self._spoken = monotonic()
        self._bar = _build_bar() if terminal else None
        self._task = progress.TaskID(0)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension and listen."""
        watched = sys.stderr.isatty() and not crawler.settings["LOG_FILE"]
        shown = cls(crawler, terminal=watched)
        for receiver, signal in (
            (shown.begin, signals.site_asked),
            (shown.count_stored, scrapy_signals.item_scraped),
            (shown.count_dropped, scrapy_signals.item_dropped),
            (shown.end, scrapy_signals.spider_closed),
        ):
            crawler.signals.connect(receiver, signal=signal)
        return shown

    def begin(self, posts: int | None, clock: datetime) -> None:
        """Say what the site has, and start the bar."""
        first, self._site_posts = not self._site_posts, posts or 0
        if first:
            spider: Any = self._crawler.spider
            held, name = spider.ledger.known.held, spider.visit.site.name
            logger.info("%s has %s posts, we hold %s", name, f"{self._site_posts:,}", f"{held:,}")
        if self._bar is not None and first:
            self._task = self._bar.add_task("posts", total=None, counts="", of="", rate="")
            self._begun = monotonic()
            self._bar.start()
            # The log's handler keeps the stderr of before: its lines would tear the bar.
            handler = get_scrapy_root_handler()
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(sys.stderr)

    def count_stored(self, item: Article) -> None:
        """Count an article, and name it while there are few."""
        outcome = item.outcome or Outcome.NEW
        self._count(outcome)
        if self._bar is None and self._counts[outcome] <= MOST_HEADLINES:
            where = item.publisher or name_post(item)
            logger.info("%s: %s (%s)", outcome, one_line(item.headline)[:120], where)
            if self._counts[outcome] == MOST_HEADLINES:
                logger.info("%s: … and more", outcome)

    def count_dropped(self, exception: Exception) -> None:
        """Count a post that was set aside; one that was given up has no outcome."""
        if not isinstance(exception, GivenUp):
            self._count(getattr(exception, "outcome", Outcome.REJECTED))

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def _count(self, outcome: str) -> None:
        self._counts[outcome] += 1
        seen = self._counts.total()
        counts = ", ".join(f"{number:,} {name}" for name, number in self._counts.items())
        if self._bar is not None:
            spider: Any = self._crawler.spider
            left = self._site_posts - spider.ledger.known.held
            # Of an hour's news nobody knows the total: edits are not counted by the site.
            total = left if left >= seen else None
            self._bar.update(
                self._task,
                completed=seen,
                total=total,
                counts=counts,
                of=f" of {total:,}" if total else "",
                rate=f"{seen / max(monotonic() - self._begun, 0.1):,.0f}/s",
            )
        elif monotonic() - self._spoken > LINE_EVERY:
            self._spoken = monotonic()
            logger.info("%s posts seen so far: %s", f"{seen:,}", counts)


def _build_bar() -> progress.Progress:
    return progress.Progress(
        progress.TextColumn("[bold]{task.completed:,}{task.fields[of]} posts"),
        progress.BarColumn(bar_width=20),
        progress.TextColumn("{task.fields[counts]}"),
        progress.TextColumn("{task.fields[rate]}"),
        progress.TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
    )
