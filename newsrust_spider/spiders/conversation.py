"""An errand, played by Scrapy: questions become requests, and what is handed over, items.

The errand is driven from one callback and one errback. A request is yielded before the posts
that were handed over before it, so that the next page is on its way while they are stored.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsrust_spider.errands.desk import Delivery
from newsrust_spider.errands.questions import Heard, ListPage, Newest, Unanswered
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.middlewares.tables import ask_tables
from newsrust_spider.spiders.handing_over import hand_over
from newsrust_spider.spiders.questions import (
    BrokenAnswerError,
    SiteQuestion,
    address_of,
    is_of_site,
    read_answer,
    read_failure,
)
from newsrust_spider.spiders.tables import ask_ledger
from newsrust_spider.spiders.visit import Visit
from newsrust_spider.verdict import Exit, Verdict

Errand = Coroutine[Any, Any, Verdict]
Found = Request | Post | UnreadablePost


class Conversation:
    """The one of an errand, on ``visit``; ``verdict`` is there once it has come to its end."""

    def __init__(self, visit: Visit, begin: Callable[[], Errand]) -> None:
        """Begin with nothing asked; ``begin`` gives the errand."""
        self._visit = visit
        self._begin = begin
        self._errand: Errand
        self.verdict: Verdict | None = None

    def begin(self) -> Request:
        """Return the first request, which our own tables answer: items come from callbacks only."""
        return ask_tables("errand", self.go_on)

    async def go_on(self, response: Response) -> AsyncIterator[Found]:  # noqa: ARG002 - a callback's
        """Play the errand up to its first question."""
        self._errand = self._begin()
        async for found in self._play(partial(self._errand.send, None)):
            yield found

    async def hear(self, response: Response, question: SiteQuestion) -> AsyncIterator[Found]:
        """Give the errand the answer; one that broke off is asked for once more."""
        try:
            answer = read_answer(question, response, self._visit.site)
        except Unanswered as silence:
            step = partial(self._errand.throw, silence)
        except BrokenAnswerError as broken:
            spider = self._visit.spider
            again = get_retry_request(response.request, spider=spider, reason=broken.reason)  # type: ignore[arg-type]
            if again is not None:
                yield again
                return
            step = partial(self._errand.throw, Unanswered(str(broken)))
        else:
            if isinstance(answer, Heard) and isinstance(question, Newest):
                self._visit.tell_site(answer.page.total, answer.date)
            step = partial(self._errand.send, answer)
        async for found in self._play(step):
            yield found

    async def miss(self, failure: Failure) -> AsyncIterator[Found]:
        """Tell the errand why there is no answer."""
        question: SiteQuestion = failure.request.cb_kwargs["question"]  # type: ignore[attr-defined]
        silence = read_failure(question, failure)
        step = partial(self._errand.send, None)
        if silence is not None:
            step = partial(self._errand.throw, silence)
        async for found in self._play(step):
            yield found

    async def _play(self, step: Callable[[], object]) -> AsyncIterator[Found]:
        """Take ``step``, and all that follow from it up to the next question of the site."""
        parts = self._visit.parts
        handed: list[Found] = []
        while not parts.given_up:
            act = self._take(step)
            if isinstance(act, Delivery):
                handed += hand_over(act, parts, self._visit.most_at_once)
                if not parts.is_crowded:
                    step = partial(self._errand.send, None)
                    continue
            request = self._request(act) if is_of_site(act) else None
            if request is not None:
                yield request
            # What is waited for has to be on its way first.
            for one in handed:
                yield one
            if request is not None or self.verdict is not None:
                return
            handed = []
            step = partial(self._errand.send, await self._answer(act))

    def _take(self, step: Callable[[], object]) -> object:
        try:
            return step()
        except StopIteration as ended:
            self.verdict = ended.value
        except Unanswered as silence:
            self.verdict = Verdict(Exit.UNUSABLE, str(silence))
        return None

    def _request(self, question: Any) -> Request:
        if isinstance(question, ListPage) and question.why:
            self._visit.turn_to_sitemap(question.why)
        return Request(
            address_of(question, self._visit.site),
            self.hear,
            errback=self.miss,
            cb_kwargs={"question": question},
            dont_filter=True,
        )

    async def _answer(self, act: object) -> object:
        if isinstance(act, Delivery):
            await self._visit.parts.room()
            return None
        await self._visit.parts.all_stored()
        if self._visit.parts.given_up:
            return None
        return await asyncio.to_thread(ask_ledger, act, self._visit)  # type: ignore[arg-type]
