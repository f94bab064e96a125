"""Every post accounted for: the site's total beside what is held, at the end of a crawl."""

from dataclasses import replace
from datetime import datetime, timedelta

from newsrust_spider import evidence
from newsrust_spider.coverage.walk import TICK, walk_changes
from newsrust_spider.coverage.windows import BEGINNING, OVERLAP, find_holes
from newsrust_spider.errands.changes import collect_changes
from newsrust_spider.errands.debts import fetch_named
from newsrust_spider.errands.desk import Delivery, Desk
from newsrust_spider.errands.known import AskKnown, CountHeld, Memory, Search
from newsrust_spider.errands.order import WHOLE
from newsrust_spider.errands.pages import Changes, hear_total
from newsrust_spider.errands.questions import Heard, Silence, Unanswered
from newsrust_spider.errands.reading import places_of
from newsrust_spider.errands.search import look_back, search_everywhere
from newsrust_spider.errands.sitemap import ListPages, Taken, take_listed
from newsrust_spider.owed import LONGEST
from newsrust_spider.verdict import Exit, Verdict

STALEST = timedelta(days=1)
"""How old a list by date of publication may be: caches keep it longer than the newest changes."""


async def account_for_every_post(
    desk: Desk, first: Heard, changes: Changes, memory: Memory
) -> Verdict:
    """Compare the total, which came with the posts that were kept, with what is held.

    A fall is noted. A rise is looked for, and the verdict says what was not found. What this
    crawl heard is remembered, so that hearing it again is quiet.
    """
    total, held = changes.total, await desk.ask(CountHeld())
    if total is None:
        await _remember(desk, first, changes, Memory(difference=memory.difference))
        return Verdict(Exit.COMPLETE)
    search = _order_search(memory.search, changes)
    if search is not None:
        rise = evidence.rise_of(total, held, changes.difference)
        return await _look_everywhere(desk, first, _renew(search, rise, changes.date), changes)
    rise = evidence.rise_of(total, held, memory.difference)
    if rise > 0 or changes.deeper:
        rise = await _hear_again(desk, total, changes)
    if rise <= 0:
        difference = memory.difference + rise
        await _remember(desk, first, changes, Memory(difference=difference))
        return Verdict(Exit.COMPLETE)
    return await _look_a_little(desk, first, changes)


def _order_search(unfinished: Search | None, changes: Changes) -> Search | None:
    """Return the search that an earlier crawl left, or the one that a walk that is stuck needs.

    Totals tell of no edits: what no walk comes to is looked for though no post is missing.
    """
    if unfinished is None:
        return Search(changes.date, missing=0) if changes.stuck else None
    return unfinished if changes.gap or unfinished.is_for_posts else None


def _renew(search: Search, rise: int, date: datetime) -> Search:
    """Return ``search`` for what is missing now.

    Where the walk has brought some of the posts that it was ordered for, what is still missing
    may be others, which were not looked for yet: it is as if it was ordered now, and a list that
    an earlier crawl began explains none of them.
    """
    if rise >= search.missing:
        return search
    return replace(search, since=date) if search.below is None else replace(search, missing=0)


async def _hear_again(desk: Desk, total: int, changes: Changes) -> int:
    """Return how the total has risen, or fallen, by both of two answers: the lesser of the two.

    Below its first page a walk may miss what that page's total counts: a post that is edited
    meanwhile is lifted past the reader. So a fall would be noted as too small, and would explain
    as many posts that surface late.
    """
    again, missed = await hear_total(desk, changes)
    await fetch_named(desk, missed, again.date)
    held = await desk.ask(CountHeld())
    if changes.total is None:
        return 0
    changes.total = min(total, changes.total)
    return evidence.rise_of(changes.total, held, changes.difference)


async def _look_a_little(desk: Desk, first: Heard, changes: Changes) -> Verdict:
    await look_back(desk, changes)
    held = await desk.ask(CountHeld())
    rise = evidence.rise_of(changes.total, held, changes.difference)
    search = Search(changes.date, rise) if rise > 0 else None
    await _remember(desk, first, changes, Memory(difference=changes.difference, search=search))
    missing = evidence.rise_of(changes.total, held, 0)
    if search is not None and missing > 0:
        return Verdict(
            Exit.INCOMPLETE,
            f"{missing} posts that the site counts are not held: the next crawl looks for them"
            " everywhere",
        )
    return Verdict(Exit.COMPLETE)


async def _look_everywhere(desk: Desk, first: Heard, search: Search, changes: Changes) -> Verdict:
    # A list that an earlier crawl began shows no edit that came since to a post above its place.
    listed = changes.date if search.below is None else search.since
    if changes.gap and search.below is None:
        # Spans that count right may hide edits: what the walk did not reach is listed whole.
        search = replace(search, below=first.date + TICK)
    left, broken = await _search(desk, search, changes)
    if not broken and left is not None and search.below is not None:
        # What surfaced above the place where this search went on is looked for at once.
        left, broken = await _search(desk, left, changes)
    is_listed = bool(changes.gap) and not broken
    if is_listed:
        changes.gap = ""
    await _remember(desk, first, changes, Memory(difference=changes.difference, search=left))
    if is_listed:
        window = evidence.settle_window(BEGINNING, changes.until, listed - STALEST)
        await desk.keep(Delivery(covers=window))
        await _walk_again(desk, changes)
    missing = evidence.rise_of(changes.total, await desk.ask(CountHeld()), 0)
    if broken or (left is not None and missing > 0):
        return Verdict(Exit.INCOMPLETE, broken or f"{missing} posts are counted and not shown")
    more = changes.difference
    return Verdict(
        Exit.COMPLETE, f"the site counts {more} posts more than it shows" if more > 0 else ""
    )


async def _walk_again(desk: Desk, changes: Changes) -> None:
    """Walk the gap once more, after all was listed by date of publication.

    The list may have brought what contradicted the end. By itself it proves of the last day
    nothing, since it may be a day old.
    """
    known = await desk.ask(AskKnown())
    holes = find_holes(known.windows, min(changes.until, changes.date - OVERLAP))
    await collect_changes(desk, walk_changes(holes, changes.until), changes)


async def _search(desk: Desk, search: Search, changes: Changes) -> tuple[Search | None, str]:
    """Search on; return what is left to search for, and why it broke off.

    Only a finished search explains posts as not shown, and only as many as it was ordered for.
    """
    before = await desk.ask(CountHeld())
    left, broken = await search_everywhere(desk, search, changes)
    held = await desk.ask(CountHeld())
    missing = max(0, search.missing - (held - before))
    rise = evidence.rise_of(changes.total, held, changes.difference)
    if left is not None and left.below is None:
        # What was found may be others, and no list is begun yet: it is as if it was ordered now.
        return Search(changes.date, max(rise, search.missing)), broken
    if left is not None:
        return replace(left, missing=missing), broken
    if rise > 0 and changes.date < search.since + OVERLAP:
        # Other servers may show within minutes what these have not shown.
        return replace(search, below=None, missing=rise), ""
    if rise > 0:
        why = f"the feed lacks {rise} posts that the site counts"
        broken = await _search_sitemap(ListPages(desk, why, may_be_empty=changes.total == 0))
        if broken and changes.date < search.since + LONGEST:
            # The list by date of publication is finished: only the sitemap is asked again.
            return Search(search.since, missing, BEGINNING), broken
        before, held = held, await desk.ask(CountHeld())
        missing = max(0, missing - (held - before))
        rise = max(0, evidence.rise_of(changes.total, held, changes.difference))
    changes.difference += min(rise, missing)
    return (Search(changes.date, rise - missing) if rise > missing else None), ""


async def _search_sitemap(pages: ListPages) -> str:
    """Take what the sitemap shows beside the feed; return why that was not had to its end.

    One that is off can show no more either.
    """
    try:
        await take_listed(pages, WHOLE, Taken())
    except Unanswered as silence:
        if silence.silence is Silence.AWAY:
            raise
        return "" if silence.silence is Silence.OFF else str(silence)
    return ""


async def _remember(desk: Desk, first: Heard, changes: Changes, memory: Memory) -> None:
    if changes.gap and memory.search is None:
        # Where the walk breaks off once more, what lies beyond is found in another order.
        memory = replace(memory, search=Search(changes.date, 0))
    await desk.note(replace(memory, newest=places_of(first, "updated")))
