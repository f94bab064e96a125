"""Deliveries on their way through the stages, in parts: each is stored in one transaction.

A part is whole when each of its posts has come to the end of the pipeline, or was set aside on
the way. Parts are stored in the order in which they were handed over, so that a window is
recorded only after all that it covers. While one is stored, others become whole: they are then
stored together, so that posts that come one by one cost no transaction each where they come fast.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count

from scrapy.exceptions import DropItem

from newsrust_spider.errands.desk import NOTHING_DUE, Delivery
from newsrust_spider.items import Article, Post, Ticket, UnreadablePost
from newsrust_spider.outcomes import GivenUp
from newsrust_spider.part import Part, Waiting, describe_aside, describe_stored
from newsrust_spider.storage.articles import Filed
from newsrust_spider.storage.lots import Arrival, Lot

MOST_TOGETHER = 25
"""Posts of several parts that one transaction stores: a crawl that is killed loses no more."""
MOST_WAITING = 300
"""Posts that may be under way before the next page is read: two of the largest pages."""
LOOK_UP = 0.5
"""Seconds between two looks at whether the crawl is to end."""


class Parts:
    """The parts that are open.

    ``store`` stores a lot and says how each of its posts ended; ``has_ended`` tells that the
    crawl is to end: what was not begun to be stored is then given up. ``blame`` is told what
    storing raised.
    """

    def __init__(
        self,
        store: Callable[[Lot], Awaitable[list[Filed]]],
        has_ended: Callable[[], bool],
        blame: Callable[[Exception], None],
    ) -> None:
        """Begin with none."""
        self._store = store
        self._has_ended = has_ended
        self._blame = blame
        self._open: dict[int, Part] = {}
        self._numbers = count(1)
        self._changed = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self.given_up = False

    def open(self, posts: int, delivery: Delivery = NOTHING_DUE) -> Ticket:
        """Open a part of so many posts; return the ticket that each of them is to carry."""
        number = next(self._numbers)
        self._open[number] = Part(posts, delivery)
        self._go_on()
        return Ticket(number, delivery.replayed)

    async def add(self, article: Article) -> Filed:
        """Return how ``article`` ended, once it is stored.

        Raises GivenUp where it is not, LookupError for a post without its ticket.
        """
        future: asyncio.Future[Filed] = asyncio.get_running_loop().create_future()
        self._arrive(article.post, describe_stored(article), future)
        return await future

    def set_aside(self, item: Article | Post | UnreadablePost, exception: DropItem) -> None:
        """Note a post that a stage set aside; LookupError for one without its ticket."""
        post = item.post if isinstance(item, Article) else item
        self._arrive(post, describe_aside(post, exception), None)

    @property
    def under_way(self) -> int:
        """How many posts are neither stored nor being stored."""
        return sum(part.unsettled for part in self._open.values())

    @property
    def is_crowded(self) -> bool:
        """Whether no page more may be read for now."""
        return self.under_way > MOST_WAITING

    @property
    def all_are_stored(self) -> bool:
        """Whether nothing that was handed over is left."""
        return not self._open and not self.given_up

    async def room(self) -> None:
        """Wait until one page more may be read."""
        await self._wait(lambda: not self.is_crowded)

    async def all_stored(self) -> None:
        """Wait until all that was handed over is stored, or given up."""
        await self._wait(lambda: not self._open)

    def give_up(self) -> None:
        """Let go of all that is not stored: the crawl ends."""
        self.given_up = True
        for part in self._open.values():
            _let_go(part.waiting)
        self._open.clear()
        self._go_on()

    async def finish(self) -> None:
        """Wait for what is being stored; to be called at the end of the crawl."""
        self._go_on()
        if self._work is not None:
            await self._work

    async def _wait(self, reached: Callable[[], bool]) -> None:
        while not (self.given_up or reached()):
            if self._has_ended():
                # Scrapy drops the requests whose posts are waited for, and tells nobody.
                self.give_up()
                return
            self._changed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LOOK_UP)

    def _arrive(
        self, post: Post | UnreadablePost, arrival: Arrival, future: asyncio.Future[Filed] | None
    ) -> None:
        waiting = (arrival, future)
        if self.given_up:
            _let_go([waiting])
            return
        part = self._open.get(post.ticket.number)
        if part is None:
            message = "a post came without the ticket of its delivery: a stage has swapped it"
            raise LookupError(message)
        part.waiting.append(waiting)
        part.missing -= 1
        self._go_on()

    def _go_on(self) -> None:
        if self._work is None or self._work.done():
            self._work = asyncio.get_running_loop().create_task(self._store_all())

    async def _store_all(self) -> None:
        while due := self._find_due():
            waiting = [one for part in due.values() for one in part.take()]
            if self._has_ended():
                _let_go(waiting)
                self.give_up()
                break
            *_, last = due.values()
            try:
                ends = await self._store(Lot(tuple(one for one, _ in waiting), last.delivery))
            except Exception as error:  # noqa: BLE001 - each has its verdict
                _let_go(waiting)
                self._blame(error)
                self.give_up()
                break
            for (_, future), end in zip(waiting, ends, strict=True):
                if future is not None and not future.done():
                    future.set_result(end)
            for number in due:
                self._open.pop(number, None)
            self._changed.set()
        self._changed.set()

    def _find_due(self) -> dict[int, Part]:
        """Return the first parts that are whole, as many as one transaction is to store."""
        due: dict[int, Part] = {}
        together = 0
        for number, part in self._open.items():
            together += len(part.waiting)
            if not part.is_whole or (due and together > MOST_TOGETHER):
                break
            due[number] = part
            if part.is_last:
                break
        return due


def _let_go(waiting: list[Waiting]) -> None:
    for _, future in waiting:
        if future is not None and not future.done():
            future.set_exception(GivenUp("the crawl ended before it was stored"))
