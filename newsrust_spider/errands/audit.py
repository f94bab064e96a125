"""The errand of ``scrapy audit``: what the site lists and counts, beside what we hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsrust_spider import evidence
from newsrust_spider.blogger.sitemap import SitemapEntry
from newsrust_spider.coverage.windows import BEGINNING
from newsrust_spider.errands.debts import judge_debts, pay_what_is_owed
from newsrust_spider.errands.desk import Delivery, Desk
from newsrust_spider.errands.differences import Compare, Differences, HeldPost, NoteListed
from newsrust_spider.errands.gone import find_gone
from newsrust_spider.errands.known import AskKnown, CountHeld, Memory, Search
from newsrust_spider.errands.labels import compare_labels
from newsrust_spider.errands.order import AuditOrder
from newsrust_spider.errands.questions import Heard, Silence, Unanswered
from newsrust_spider.errands.reading import hear_newest, identify
from newsrust_spider.errands.sitemap import ListPages
from newsrust_spider.owed import Owed
from newsrust_spider.verdict import Exit, Verdict


@dataclass(slots=True)
class Findings:
    """What an audit found, as far as it came.

    ``missing`` are addresses that the site lists and we do not hold, ``stale`` those that we
    hold in an older state, ``gone`` those of posts that are proven to be gone from the site.
    ``labels`` gives for each label what the site counts and what we hold. Where it was not
    ``compared``, nothing of this is known. ``doubt`` is why it could not be told what is gone,
    ``remark`` what else is to be said.
    """

    compared: bool = False
    site_posts: int | None = None
    held_posts: int = 0
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    labels: dict[str, tuple[int, int]] = field(default_factory=dict)
    doubt: str = ""
    remark: str = ""

    @property
    def wrong_labels(self) -> dict[str, tuple[int, int]]:
        """The labels whose two counts differ."""
        return {label: counts for label, counts in self.labels.items() if counts[0] != counts[1]}


async def audit_site(desk: Desk, order: AuditOrder, found: Findings) -> Verdict:
    """Compare the site with our tables, and note in ``found`` what differs.

    Posts are marked as gone by proof alone. Labels are reported, and are no failure: they may
    change without a sign. Raises Unanswered where not even the list can be had.
    """
    first = await _hear_total(desk)
    if first is not None:
        await identify(desk, first)
    pages = ListPages(desk, may_be_empty=first is not None and first.page.total == 0)
    try:
        date = await _note_all(pages)
        await _compare(desk, order, found, first, date)
        return await _judge(desk, order, found, first)
    except Unanswered as silence:
        if pages.number == 1:
            raise
        return Verdict(Exit.INCOMPLETE, str(silence))


async def _compare(
    desk: Desk, order: AuditOrder, found: Findings, first: Heard | None, date: datetime
) -> None:
    """Note in ``found`` what differs, after it was healed where ``order`` says so."""
    total = None if first is None else first.page.total
    differences = await desk.ask(Compare(order.since))
    await _mark_gone(desk, differences, total, order, found)
    if order.heal:
        await _heal(desk, differences, date)
        differences = await desk.ask(Compare(order.since))
    found.missing, found.stale = map(_addresses, (differences.missing, differences.stale))
    found.labels, remark = await compare_labels(desk, heal=order.heal)
    found.remark = found.remark or remark
    found.compared = True


async def _hear_total(desk: Desk) -> Heard | None:
    """Return the newest changes and the total; None where the feed is off."""
    try:
        return await hear_newest(desk)
    except Unanswered as silence:
        if silence.silence is not Silence.OFF:
            raise
        return None


async def _note_all(pages: ListPages) -> datetime:
    """Note all that the sitemap lists; return the site's clock at its first page."""
    date = None
    while not pages.done:
        listed = await pages.turn()
        date = date or listed.date
        await pages.desk.note(NoteListed(listed.page.entries, first=pages.number == 1))
    assert date is not None  # noqa: S101 - the first page was had
    return date


async def _mark_gone(
    desk: Desk, differences: Differences, total: int | None, order: AuditOrder, found: Findings
) -> None:
    """Mark what is proven to be gone; where that cannot be told, the rest of the audit goes on."""
    try:
        gone, found.remark = await find_gone(desk, differences, total, purge=order.purge)
    except Unanswered as silence:
        if silence.silence is Silence.AWAY:
            raise
        found.doubt = str(silence)
        return
    if gone:
        await desk.keep(Delivery(gone=tuple(post.post_id for post in gone)))
    found.gone = _addresses(gone)


async def _heal(desk: Desk, differences: Differences, date: datetime) -> None:
    """Ask for what is missing or stale, as for a debt that is due now: it stays owed in vain."""
    before = {debt.permalink: debt for debt in (await desk.ask(AskKnown())).owed}
    owed = []
    for entry in (*differences.missing, *differences.stale):
        address, updated = entry.permalink, entry.lastmod or BEGINNING
        debt = before.get(address, Owed(address, address, updated, "an audit found it", date))
        owed.append(replace(debt, updated=max(debt.updated, updated), crawls=0))
    await pay_what_is_owed(desk, owed, date, {debt.permalink for debt in owed})


def _addresses(posts: Sequence[SitemapEntry | HeldPost]) -> tuple[str, ...]:
    return tuple(post.permalink for post in posts)


async def _judge(desk: Desk, order: AuditOrder, found: Findings, first: Heard | None) -> Verdict:
    lacking = len(found.missing) + len(found.stale)
    more = 0
    if first is not None and order.since == BEGINNING:
        more = await _account(desk, found, first)
    found.held_posts = await desk.ask(CountHeld())
    if lacking:
        remedy = "; --heal fetches them" if not order.heal else ""
        return Verdict(Exit.INCOMPLETE, f"missing or stale posts: {lacking}{remedy}")
    if more > 0:
        unlisted = f"posts that the site counts and does not list: {more}"
        return Verdict(Exit.INCOMPLETE, f"{unlisted}; the next crawl looks for them")
    if found.doubt:
        return Verdict(Exit.INCOMPLETE, found.doubt)
    return await judge_debts(desk, Verdict(Exit.COMPLETE, found.remark))


async def _account(desk: Desk, found: Findings, first: Heard) -> int:
    """Return how many posts the site counts that are neither held nor explained.

    The total is heard twice, since one server may count what another does not. A fall is noted,
    and for a rise a search is ordered.
    """
    again = await hear_newest(desk)
    totals = [heard.page.total for heard in (first, again) if heard.page.total is not None]
    if not totals:
        return 0
    found.site_posts = min(totals)
    memory = (await desk.ask(AskKnown())).memory or Memory()
    held = await desk.ask(CountHeld())
    rise = evidence.rise_of(found.site_posts, held, memory.difference)
    if rise < 0:
        await desk.note(replace(memory, difference=memory.difference + rise))
    elif rise > 0 and memory.search is None:
        await desk.note(replace(memory, search=Search(first.date, rise)))
    return rise
