"""The search for posts that the total betrays: a little at once, everywhere in the next crawl.

A post that surfaces with an old ``updated`` lies inside a covered window, and only the site's
total tells of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from newsrust_spider import evidence
from newsrust_spider.coverage.walk import TICK, Walk, walk_everything
from newsrust_spider.coverage.windows import BEGINNING, Window
from newsrust_spider.errands.desk import Delivery, Desk
from newsrust_spider.errands.fetching import keep_whole
from newsrust_spider.errands.known import CountHeld, Search, StatesOf
from newsrust_spider.errands.pages import Changes, NoEnd, Pages, hear_total
from newsrust_spider.errands.questions import Total, Unanswered
from newsrust_spider.errands.reading import Reading, name_of, read_page
from newsrust_spider.items import Post, UnreadablePost

NARROWEST = timedelta(hours=1)
"""The shortest span that is halved no more, however many posts share it."""
TOP_LEVELS = 3
"""Halvings of the whole span that are asked whatever they count: a deletion and a late post in
the two halves of a span leave its total as it was."""


async def look_back(desk: Desk, changes: Changes) -> None:
    """Keep what the newest page by ``published`` lists and we do not hold; hear its total."""
    reading = await read_page(desk, walk_everything(changes.date))
    await _keep_unheld(desk, reading)
    changes.total = reading.total


async def search_everywhere(
    desk: Desk, search: Search, changes: Changes
) -> tuple[Search | None, str]:
    """Look for missing posts wherever the site may list them, from where ``search`` stands.

    Returns None and "" where that is finished, else where to go on and why it broke off.
    """
    if search.below == BEGINNING:
        return None, ""
    try:
        if search.below is None:
            before = await desk.ask(CountHeld())
            await _narrow_down(desk, changes.date + TICK)
            held = await desk.ask(CountHeld())
            rise = evidence.rise_of(changes.total, held, changes.difference)
            if rise <= 0 and 0 < search.missing <= held - before:
                # What was found may be others: the list is spared where two totals agree to it.
                await hear_total(desk, changes)
                if evidence.rise_of(changes.total, held, changes.difference) <= 0:
                    return None, ""
    except Unanswered as silence:
        return search, str(silence)
    walk = walk_everything(changes.date)
    if search.below is not None:
        walk = walk.at_bound(search.below)
    return await _list_all(desk, walk, search, changes)


async def _list_all(
    desk: Desk, walk: Walk, search: Search, changes: Changes
) -> tuple[Search | None, str]:
    pages = Pages(desk, walk, changes)
    try:
        while not pages.walk.done:
            await _keep_unheld(desk, await pages.turn())
    except NoEnd as doubt:
        stood = search.below
        if stood is not None and pages.walk.bound == stood <= changes.date:
            # What is held below may be gone: where a second crawl finds no more, it is.
            return None, ""
        return replace(search, below=pages.walk.bound), str(doubt)
    except Unanswered as silence:
        return replace(search, below=pages.walk.bound or search.below), str(silence)
    return None, ""


async def _narrow_down(desk: Desk, high: datetime) -> None:
    """Find by totals where posts are missing, and list that; where totals heed no bounds, nothing.

    A deletion and a late post in one span leave its total as it was: what is still missing after
    it has to be looked for in a list of everything.
    """
    spans = [(BEGINNING, high, 0, await desk.ask(Total("published", BEGINNING, high)))]
    while spans:
        low, high, level, site = spans.pop()
        held = await desk.ask(CountHeld("published", low, high))
        if site == 0 or (site <= held and level > TOP_LEVELS):
            continue
        if site <= desk.page_size or high - low <= NARROWEST:
            await _list_span(desk, low, high)
            continue
        middle = low + (high - low) / 2
        older = await desk.ask(Total("published", low, middle))
        newer = await desk.ask(Total("published", middle, high))
        if 2 * (older + newer) > 3 * site:
            # The two halves together count more than the whole: bounds are not heeded.
            return
        spans += [(low, middle, level + 1, older), (middle, high, level + 1, newer)]


async def _list_span(desk: Desk, low: datetime, high: datetime) -> None:
    walk = Walk("published", (Window(low - TICK, high),), reached=high, bound=high)
    while not walk.done:
        reading = await read_page(desk, walk)
        await _keep_unheld(desk, reading)
        walk = walk.after(list(reading.moments.values()), reading.received)


async def _keep_unheld(desk: Desk, reading: Reading) -> None:
    held = await desk.ask(StatesOf(tuple(name for name, _ in reading.places)))
    unheld = [entry for entry in reading.entries if _is_unheld(entry, held)]
    if unheld or reading.owed:
        await keep_whole(desk, unheld, reading.date, Delivery(owed=reading.owed))


def _is_unheld(entry: Post | UnreadablePost, held: Mapping[str, datetime]) -> bool:
    name = name_of(entry)
    if isinstance(entry, Post):
        return evidence.is_unheld(name, entry.updated, held)
    return name not in held
