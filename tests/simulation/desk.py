"""The simulator's desk: the errand asks the model of the site and the model of the tables."""

from collections import deque
from collections.abc import Coroutine
from random import Random
from typing import Any, TypeVar

from newsrust_spider.errands.desk import Delivery
from newsrust_spider.errands.differences import (
    ChooseStale,
    Compare,
    CountLabels,
    NoteLabels,
    NoteListed,
)
from newsrust_spider.errands.known import AskKnown, Blog, CountHeld, Identify, Memory, StatesOf
from tests.simulation.blog import SITE
from tests.simulation.site import Site
from tests.simulation.tables import Tables

T = TypeVar("T")

OF_TABLES = (AskKnown, CountHeld, StatesOf, ChooseStale, Compare, CountLabels)
MOST_WAITING = 3
"""Deliveries that may be under way: while one is stored, the next page is asked for."""


class Killed(Exception):  # noqa: N818 - it is no error of anybody's
    """The crawl is gone, as by ``kill -9``."""


class Desk:
    """Answers at once; what is handed over is stored later, in its order, or is lost by a kill."""

    site = SITE

    def __init__(self, site: Site, tables: Tables, killed_at: int | None, dice: Random) -> None:
        """Take the two models; the crawl is killed at the question of that number."""
        self.page_size = site.habits.page
        self._site = site
        self._tables = tables
        self._killed_at = killed_at
        self._dice = dice
        self._waiting: deque[Delivery] = deque()
        self._steps = 0
        self.blog = ""

    async def ask(self, question: Any) -> Any:
        """Answer from the model that knows."""
        self._step()
        if isinstance(question, Identify):
            self.blog = question.blog_id
            return Blog(question.blog_id, SITE, frozenset({SITE}))
        if isinstance(question, OF_TABLES):
            self._store_all()
            return self._tables.answer(question)
        return self._site.answer(question)

    async def keep(self, delivery: Delivery) -> None:
        """Store it, sooner or later."""
        self._waiting.append(delivery)
        while len(self._waiting) > self._dice.randint(0, MOST_WAITING):
            self._tables.store(self._waiting.popleft())
        self._step()

    async def note(self, note: Memory | NoteListed | NoteLabels) -> None:
        """Note it, after all that was handed over is stored."""
        self._step()
        self._store_all()
        self._tables.note(note)

    def _store_all(self) -> None:
        while self._waiting:
            self._tables.store(self._waiting.popleft())

    def end(self) -> None:
        """Store what is left: the errand came to its end."""
        self._store_all()

    def _step(self) -> None:
        self._steps += 1
        if self._steps == self._killed_at:
            raise Killed


def play(errand: Coroutine[Any, Any, T]) -> T:
    """Play an errand to its end: nothing in it waits, so one step is all of it."""
    try:
        errand.send(None)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]
    raise AssertionError("the errand waits for something that is no question")
