"""The errand of ``scrapy crawl newsrust``: what is new, and whether every post is accounted for."""

from datetime import datetime

from newsrust_spider import evidence
from newsrust_spider.coverage.walk import TICK, walk_changes
from newsrust_spider.coverage.windows import Window, find_holes
from newsrust_spider.errands.account import account_for_every_post
from newsrust_spider.errands.changes import collect_changes
from newsrust_spider.errands.debts import fetch_named, judge_debts, pay_what_is_owed
from newsrust_spider.errands.desk import Delivery, Desk
from newsrust_spider.errands.known import AskKnown, Known, Memory, StatesOf
from newsrust_spider.errands.order import Order
from newsrust_spider.errands.pages import Changes
from newsrust_spider.errands.questions import Heard, Silence, Unanswered
from newsrust_spider.errands.reading import (
    changes_of,
    hear_newest,
    identify,
    name_of,
    places_of,
)
from newsrust_spider.errands.sitemap import collect_by_sitemap
from newsrust_spider.evidence import Change
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.verdict import Exit, Verdict

COMPLETE = Verdict(Exit.COMPLETE)


async def collect_news(desk: Desk, order: Order) -> Verdict:
    """Collect what changed since the last crawl, then account for every post.

    Where the feed is off, the sitemap serves. Raises Unanswered where the site does not answer
    the first question.
    """
    try:
        first = await hear_newest(desk)
    except Unanswered as silence:
        if silence.silence is Silence.OFF:
            return await collect_by_sitemap(desk, order, f"the feed is off ({silence})")
        raise
    await identify(desk, first)
    known = await desk.ask(AskKnown())
    if not first.page.entries and (known.held or first.page.total != 0):
        first = await _hear_again(desk)
    try:
        if known.owed:
            listed = {name for name, _ in changes_of(first)}
            await pay_what_is_owed(desk, known.owed, first.date, listed)
            known = await desk.ask(AskKnown())
        verdict = COMPLETE
        if not _is_quiet(first, known, order):
            verdict = await _collect(desk, first, known, order)
    except Unanswered as silence:
        return Verdict(Exit.INCOMPLETE, str(silence))
    return verdict if verdict.status is not Exit.COMPLETE else await judge_debts(desk, verdict)


def _is_quiet(first: Heard, known: Known, order: Order) -> bool:
    memory = known.memory or Memory()
    if memory.search is not None:
        return False
    if evidence.rise_of(first.page.total, known.held, memory.difference) != 0:
        return False
    heard = places_of(first, "updated")
    return evidence.is_quiet(heard, memory.newest, known.windows, order.since, first.page.total)


async def _collect(desk: Desk, first: Heard, known: Known, order: Order) -> Verdict:
    memory = known.memory or Memory()
    changes, unheld = await _take_changes(desk, first, known, order)
    if changes.limit_reached:
        return Verdict(Exit.INCOMPLETE, f"the limit of {order.limit} posts was reached")
    await fetch_named(desk, await _passed_by(desk, first, unheld, changes), first.date)
    verdict = COMPLETE
    if order.is_whole:
        verdict = await account_for_every_post(desk, first, changes, memory)
    if changes.gap:
        return Verdict(Exit.INCOMPLETE, changes.gap)
    return Verdict(verdict.status, verdict.reason or changes.remark)


async def _hear_again(desk: Desk) -> Heard:
    # An empty answer is believed where it comes twice.
    again = await hear_newest(desk)
    if not again.page.entries and again.page.total != 0:
        total = "no total" if again.page.total is None else f"a total of {again.page.total}"
        raise Unanswered(f"inconsistent: no entry, but {total}")
    return again


async def _take_changes(
    desk: Desk, first: Heard, known: Known, order: Order
) -> tuple[Changes, list[Change]]:
    """Walk the holes; return what that came to, and what the first answer showed as news."""
    shown = changes_of(first)
    difference = (known.memory or Memory()).difference
    if not first.page.entries:
        return Changes(first.date, first.date, first.page.total, difference), []
    until = evidence.end_of_walk(shown, first.date) or first.date
    held = await desk.ask(StatesOf(tuple(name for name, _ in shown)))
    unheld = [(name, at) for name, at in evidence.find_unheld(shown, held) if at > order.since]
    holes = find_holes(known.windows, until, since=order.since)
    walked, proven = _sort_holes(holes, shown, unheld)
    for window in proven:
        covers = evidence.settle_window(window.reached, window.until, first.date)
        if covers is not None:
            await desk.keep(Delivery(covers=covers))
    names = frozenset(name for name, _ in unheld)
    changes = Changes(
        until, first.date, first.page.total, difference, shown=names, left=order.limit
    )
    wanted = _with_late(walked, unheld, until)
    if wanted:
        await collect_changes(desk, walk_changes(wanted, until), changes)
    return changes, unheld


def _sort_holes(
    holes: tuple[Window, ...], shown: list[Change], unheld: list[Change]
) -> tuple[list[Window], list[Window]]:
    """Return the holes to walk, and those of which the first answer showed all, which is held."""
    floor = evidence.oldest_shown(shown)
    walked = [
        hole
        for hole in holes
        if floor is None
        or hole.reached < floor
        or any(hole.reached < at <= hole.until for _, at in unheld)
    ]
    return walked, [hole for hole in holes if hole not in walked]


def _with_late(walked: list[Window], unheld: list[Change], until: datetime) -> list[Window]:
    """Return the holes, newest first, with one more for each late change that was shown."""
    late = {at for _, at in unheld if not any(h.reached < at <= h.until for h in walked)}
    single = [Window(at - TICK, at) for at in late if at <= until]
    return sorted((*walked, *single), reverse=True)


async def _passed_by(
    desk: Desk, first: Heard, unheld: list[Change], changes: Changes
) -> list[Post | UnreadablePost]:
    """Return what the first answer showed as news, and the walk did not bring."""
    missed = {(n, at) for n, at in unheld if n not in changes.seen or changes.seen[n] < at}
    passed: list[Post | UnreadablePost] = [
        post for post in first.page.posts if (post.post_id, post.updated) in missed
    ]
    unreadable = [e for e in first.page.entries if isinstance(e, UnreadablePost)]
    held = await desk.ask(StatesOf(tuple(map(name_of, unreadable)))) if unreadable else {}
    return passed + [entry for entry in unreadable if name_of(entry) not in held]
