"""The end of a crawl before its time: the first cause counts."""

import asyncio
import logging
from typing import Any

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from newsrust_spider.extensions.blame import judge_error
from newsrust_spider.verdict import Exit, Verdict

logger = logging.getLogger("newsrust")


class Ending:
    """Listens to what goes wrong, closes the spider where that is to end the crawl.

    ``verdict`` is what the first cause says of the crawl; None while nothing went wrong.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Listen; nothing has gone wrong yet."""
        self._crawler = crawler
        self._closing: asyncio.Task[None] | None = None
        self.verdict: Verdict | None = None
        for receiver, signal in (
            (self.note_broken, scrapy_signals.item_error),
            (self.note_defect, scrapy_signals.spider_error),
        ):
            crawler.signals.connect(receiver, signal=signal)

    @property
    def begun(self) -> bool:
        """Whether the crawl is ending: who gave up once waits for nothing more."""
        engine: Any = self._crawler.engine
        # Limits close the engine behind our back; it says so nowhere else.
        slot = engine._slot if engine is not None else None  # noqa: SLF001
        closes = slot is not None and slot.closing is not None
        return self._closing is not None or closes or not self._crawler.crawling

    def note_broken(self, item: Any, response: Response | None, failure: Failure) -> None:
        """Stop at the first post that could not be stored: its page stays open."""
        self.blame(failure.value, "a stage")

    def note_defect(self, failure: Failure) -> None:
        """Stop where the spider itself raised."""
        self.blame(failure.value, "the spider")

    def blame(self, error: BaseException | None, where: str) -> None:
        """End the crawl for ``error``; a defect is logged with its stack, once."""
        verdict = judge_error(error, where)
        if verdict.status is Exit.DEFECT and self.verdict is None:
            logger.error("a defect in %s", where, exc_info=error)
        self.end(verdict)

    def end(self, verdict: Verdict) -> None:
        """End the crawl with ``verdict``, unless another came first."""
        self._judge(verdict)
        parts = getattr(self._crawler.spider, "parts", None)
        if parts is not None:
            # A post that could not be stored keeps its neighbours waiting for ever.
            parts.give_up()
        # Not awaited: closing waits for the very items that are being processed here.
        if self._closing is None and self._crawler.engine.spider is not None:
            closing = self._crawler.engine.close_spider_async(reason=verdict.outcome)
            self._closing = asyncio.get_running_loop().create_task(closing)

    def _judge(self, verdict: Verdict) -> None:
        if self.verdict is None:
            self.verdict = verdict
