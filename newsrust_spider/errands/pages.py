"""The pages of a walk: each follows on the one before, and the end is proven."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from newsrust_spider import evidence
from newsrust_spider.coverage.walk import TICK, OutOfOrderError, Walk, walk_everything
from newsrust_spider.errands.desk import Desk
from newsrust_spider.errands.known import CountHeld, StatesOf
from newsrust_spider.errands.questions import Heard, Unanswered
from newsrust_spider.errands.reading import NOTHING, Reading, changes_of, hear_newest, read_page
from newsrust_spider.items import Post

MOST_READINGS = 4
"""Readings of what shifts under the reader: one, and three restarts."""


class NoEnd(Unanswered):
    """An empty page that contradicts what is known."""


@dataclass(slots=True)
class Changes:
    """What a walk has come to.

    ``until`` is where the crawl begins to read, ``date`` the site's clock at that moment. A walk
    is ``stuck`` where it broke off and a former crawl did so in the same place.
    ``shown`` are the posts that the first answer named, ``seen`` those of them that the walk
    brought, with their last change. ``total`` is the site's, from the answer whose posts were
    kept, ``difference`` what explains it beside what is held. A walk that went ``deeper`` than
    that answer may have missed what it counts. ``left`` is how many new posts may still be taken
    (None: all of them). ``gap`` says why the walk broke off before its end, ``remark`` what else
    is to be said of it.
    """

    until: datetime
    date: datetime
    total: int | None
    difference: int = 0
    deeper: bool = False
    gap: str = ""
    remark: str = ""
    shown: frozenset[str] = frozenset()
    seen: dict[str, datetime] = field(default_factory=dict)
    left: int | None = None
    limit_reached: bool = False
    stuck: bool = False


@dataclass(slots=True)
class Pages:
    """The pages of ``walk``; ``before`` is the last one that was read."""

    desk: Desk
    walk: Walk
    changes: Changes
    before: Reading = NOTHING
    _readings: int = 1

    async def turn(self) -> Reading:
        """Return the next page, and let ``walk`` stand behind it.

        Raises Unanswered where it cannot be had or the posts do not hold still, NoEnd for an
        empty page that proves nothing.
        """
        reading = await self._read()
        while not self._follows_on(reading):
            if self._readings == MOST_READINGS:
                shifting = "shifting: the posts do not hold still while they are read"
                raise Unanswered(shifting) if reading.received else NoEnd(shifting)
            self._readings += 1
            self.walk, self.before = replace(self.walk, start_index=1), NOTHING
            reading = await self._read()
        if self.walk.start_index > 1 and len(reading.places) > 1:
            self._doubt_repetition(reading)
        self.changes.deeper = self.walk.bound is not None or self.walk.start_index > 1
        if not self.changes.deeper:
            self.changes.total = reading.total
        self.walk, self.before = self._go_on(reading), reading
        return reading

    def _doubt_repetition(self, reading: Reading) -> None:
        if reading.places == self.before.places:
            raise Unanswered("pagination_loop: the same page came again")

    def _go_on(self, reading: Reading) -> Walk:
        try:
            return self.walk.after(list(reading.moments.values()), reading.received)
        except OutOfOrderError as disorder:
            # A server that does not heed the order is walked by ``published``, or by offset alone.
            everything = walk_everything(self.changes.until)
            by_age = self.walk.order == "updated"
            way = "by 'published'" if by_age else "by offset"
            self.changes.remark = f"{disorder}: all of it was walked {way} instead"
            return everything if by_age else everything.without_order()

    def _follows_on(self, reading: Reading) -> bool:
        return evidence.follows_on(
            self.before.places,
            reading.places,
            self.walk.start_index,
            moved=reading.total != self.before.total,
        )

    async def _read(self) -> Reading:
        reading = await read_page(self.desk, self.walk)
        if reading.received or not self._follows_on(reading):
            return reading
        if await _is_end(self, reading, gone=0, again=False):
            return reading
        reading = await read_page(self.desk, self.walk)
        if reading.received or await _is_end(self, reading, gone=0, again=True):
            return reading
        await hear_total(self.desk, self.changes)
        total, held = self.changes.total, await self.desk.ask(CountHeld())
        # Posts that are known to be gone may belong below; so may some that have gone since.
        gone = max(0, -self.changes.difference, held - (held if total is None else total))
        if not await _is_end(self, reading, gone=gone, again=True):
            raise NoEnd(f"inconsistent: an empty page, but a total of {total}")
        return reading


async def hear_total(desk: Desk, changes: Changes) -> tuple[Heard, list[Post]]:
    """Hear the site's total once more, for ``changes``.

    What came since the crawl began, and is left to the next one, is not counted. Returns the
    answer, and what else it shows that is not held.
    """
    again = await hear_newest(desk)
    states = await desk.ask(StatesOf(tuple(name for name, _ in changes_of(again))))
    unheld = [post for post in again.page.posts if post.post_id not in states]
    missed = [post for post in unheld if post.updated <= changes.until]
    total = again.page.total
    changes.total = None if total is None else total - (len(unheld) - len(missed))
    return again, missed


async def _is_end(pages: Pages, reading: Reading, *, gone: int, again: bool) -> bool:
    desk, walk, changes = pages.desk, pages.walk, pages.changes
    held = await desk.ask(CountHeld())
    below = max(0, held - (walk.start_index - 1))
    if walk.bound is not None:
        # The bound lets the last post in that was read: it stands first, then it is behind us.
        high = walk.bound if walk.start_index == 1 else walk.bound - TICK
        below = await desk.ask(CountHeld(walk.order, high=high))
    # Of those that were known to be gone some may have come back.
    missing = evidence.rise_of(changes.total, held, max(0, changes.difference))
    total = reading.total
    return evidence.proves_end(
        None if total is None else total - (walk.start_index - 1),
        heeds_bounds=total is not None and total < (changes.total or 0),
        below=below,
        gone=gone,
        missing=missing if again else None,
    )
