"""The sitemap, where the feed does not serve: all addresses, and the pages of what is new."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from newsrust_spider import evidence
from newsrust_spider.blogger.sitemap import SitemapEntry, SitemapPage
from newsrust_spider.coverage.windows import BEGINNING
from newsrust_spider.errands.debts import fetch_each, judge_debts, pay_what_is_owed
from newsrust_spider.errands.desk import Desk
from newsrust_spider.errands.differences import ChooseStale
from newsrust_spider.errands.known import AskKnown, CountHeld
from newsrust_spider.errands.order import Order
from newsrust_spider.errands.questions import Listed, ListPage, Silence, Unanswered
from newsrust_spider.owed import Owed
from newsrust_spider.verdict import Exit, Verdict


@dataclass(slots=True)
class ListPages:
    """The pages of the sitemap, from the first on; ``why`` it serves in place of the feed.

    Its index is capped at 20 pages, and later pages answer all the same: so pages are asked for
    until one is empty. One that lists nothing at all is believed where it ``may_be_empty``, or
    where we hold nothing. ``foreign`` is an address on the pages that is not of this site.
    """

    desk: Desk
    why: str = ""
    may_be_empty: bool = False
    number: int = 0
    done: bool = False
    foreign: str = ""
    _last: Listed | None = None

    async def turn(self) -> Listed:
        """Return the next page; an empty one is the end, and proven to be it.

        Raises Unanswered for a page that cannot be had, or is none of this site's.
        """
        self.number += 1
        listed = await self._read(self.number)
        if not listed.page.entries:
            listed = await self._prove_end()
        self.done = not listed.page.entries
        self._last = listed
        self.foreign = self.foreign or next(iter(listed.page.foreign), "")
        return listed

    async def _read(self, number: int) -> Listed:
        try:
            listed = await self.desk.ask(ListPage(number, self.why))
        except Unanswered as silence:
            if silence.silence is not Silence.OFF or self._last is None:
                raise
            # Beyond its end a page is empty, or it is not there.
            return replace(self._last, page=SitemapPage())
        doubt = evidence.doubt_list(listed.page)
        before = () if self._last is None else self._last.page.entries
        if not doubt and listed.page.entries and listed.page.entries == before:
            doubt = "pagination_loop: the same page of the sitemap came again"
        if doubt:
            raise Unanswered(doubt)
        return listed

    async def _prove_end(self) -> Listed:
        """Return the page once more: an empty answer is believed where nothing comes behind it."""
        again = await self._read(self.number)
        if again.page.entries:
            return again
        beyond = await self._read(self.number + 1)
        doubtful = self.number == 1 and not self.may_be_empty
        held = await self.desk.ask(CountHeld()) if doubtful else 0
        if beyond.page.entries or held:
            raise Unanswered(f"inconsistent: page {self.number} of the sitemap is empty")
        return again


@dataclass(slots=True)
class Taken:
    """What came of walking the list: its ``addresses``.

    ``date`` is the site's clock at its first page.
    """

    addresses: set[str] = field(default_factory=set)
    date: datetime | None = None
    limit_reached: bool = False

    def note(self, listed: Listed) -> None:
        """Note what a page of the list names."""
        entries = listed.page.entries
        self.date = self.date or listed.date
        self.addresses |= {entry.permalink for entry in entries}


async def collect_by_sitemap(desk: Desk, order: Order, why: str) -> Verdict:
    """Collect what the sitemap lists and we do not hold; ``why`` the feed does not serve.

    Raises Unanswered where not even its first page can be had.
    """
    known = await desk.ask(AskKnown())
    pages = ListPages(desk, why)
    taken = Taken()
    try:
        await take_listed(pages, order, taken)
        assert taken.date is not None  # noqa: S101 - of a list that was walked
        if taken.limit_reached:
            return Verdict(Exit.INCOMPLETE, f"the limit of {order.limit} posts was reached")
        # Now it is known which of the debts the site lists still.
        before = {debt.post_id for debt in known.owed}
        owed = [debt for debt in (await desk.ask(AskKnown())).owed if debt.post_id in before]
        await pay_what_is_owed(desk, owed, taken.date, taken.addresses, whole=True)
    except Unanswered as silence:
        if taken.date is None:
            raise
        return Verdict(Exit.INCOMPLETE, str(silence))
    return await judge_debts(desk, Verdict(Exit.COMPLETE, _remark(pages)))


async def take_listed(pages: ListPages, order: Order, taken: Taken) -> None:
    """Walk the list to its end, and hand over what of it is new or changed.

    No window is covered: its order promises nothing, its pages come from caches that differ, and
    no total proves it whole. A feed that comes back is walked from where it was left. Raises
    Unanswered where the list breaks off.
    """
    left = order.limit
    while not pages.done:
        listed = await pages.turn()
        taken.note(listed)
        stale = await pages.desk.ask(ChooseStale(listed.page.entries))
        wanted = [entry for entry in stale if (entry.lastmod or listed.date) > order.since]
        if left is not None:
            taken.limit_reached = len(wanted) >= left
            wanted, left = wanted[:left], left - len(wanted)
        await fetch_each(pages.desk, [_owe(entry, listed.date) for entry in wanted])
        if taken.limit_reached:
            return


def _owe(entry: SitemapEntry, date: datetime) -> Owed:
    address, updated = entry.permalink, entry.lastmod or BEGINNING
    return Owed(address, address, updated, "", date)


def _remark(pages: ListPages) -> str:
    foreign = pages.foreign
    return f"the sitemap also lists {foreign!r}, which is not of this site" if foreign else ""
