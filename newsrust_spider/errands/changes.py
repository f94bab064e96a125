"""The walk through the holes: every change that no crawl has covered, newest first."""

from datetime import datetime

from newsrust_spider import evidence
from newsrust_spider.coverage.walk import Walk
from newsrust_spider.errands.desk import Delivery, Desk
from newsrust_spider.errands.fetching import keep_whole
from newsrust_spider.errands.known import StatesOf
from newsrust_spider.errands.pages import Changes, NoEnd, Pages
from newsrust_spider.errands.questions import Silence, Unanswered
from newsrust_spider.errands.reading import Reading, name_of
from newsrust_spider.items import Post, UnreadablePost


async def collect_changes(desk: Desk, walk: Walk, changes: Changes) -> None:
    """Read all pages of ``walk`` and hand over what it wants.

    Raises Unanswered where it breaks off, for the next crawl to go on from there. Where a former
    one did so in the same place, ``changes`` is stuck: the gap is looked for in another order,
    unless the site asks to be left alone.
    """
    pages = Pages(desk, walk, changes)
    while not pages.walk.done and not changes.limit_reached:
        before, recent = pages.walk, pages.before
        try:
            reading = await pages.turn()
        except Unanswered as silence:
            if silence.silence is Silence.AWAY:
                raise
            changes.stuck = _is_stuck(before, changes)
            if not isinstance(silence, NoEnd) and not changes.stuck:
                raise
            changes.gap = str(silence)
            return
        news = await _choose_news(desk, reading, before, recent)
        if before.bound is not None or before.start_index > 1:
            # What came since the first page is not in its total: it is left to the next crawl.
            news = [e for e in news if e.updated is None or e.updated <= changes.until]
        changes.seen |= {n: at for n, at in reading.moments.items() if n in changes.shown}
        news, reached = await _heed_limit(desk, news, pages.walk.reached, changes)
        window = evidence.settle_window(reached, changes.until, changes.date)
        due = Delivery(covers=window, owed=reading.owed)
        await keep_whole(desk, news, reading.date, due)


def _is_stuck(walk: Walk, changes: Changes) -> bool:
    """Tell whether ``walk`` stands where a former crawl broke off, and breaks off once more."""
    return walk.bound is not None and changes.until > walk.reached == walk.holes[0].until


async def _choose_news(
    desk: Desk, reading: Reading, walk: Walk, before: Reading
) -> list[Post | UnreadablePost]:
    """Return what the walk wants of a page, and what else stands there in a state not held.

    A draft that came back has a moment that may be covered, and a state that may be new to us.
    """
    # Entries that share the moment of a page's end come on the next page too.
    came = [entry for entry in reading.entries if not _came_before(entry, before)]
    seen = {e.post_id: e.updated for e in came if isinstance(e, Post) and not walk.wants(e.updated)}
    held = await desk.ask(StatesOf(tuple(seen))) if seen else {}
    unheld = evidence.find_unheld(seen.items(), held)
    known = seen.items() - set(unheld)
    return [e for e in came if not isinstance(e, Post) or (e.post_id, e.updated) not in known]


def _came_before(entry: Post | UnreadablePost, before: Reading) -> bool:
    if isinstance(entry, UnreadablePost):
        return bool(name_of(entry)) and (name_of(entry), None) in before.places
    return before.moments.get(entry.post_id) == entry.updated


async def _heed_limit(
    desk: Desk, news: list[Post | UnreadablePost], reached: datetime, changes: Changes
) -> tuple[list[Post | UnreadablePost], datetime]:
    """Cut ``news`` to what the limit leaves; it counts posts that are new to us."""
    if changes.left is None:
        return news, reached
    held = await desk.ask(StatesOf(tuple(name_of(entry) for entry in news)))
    for place, entry in enumerate(news):
        if isinstance(entry, UnreadablePost) or entry.post_id in held:
            continue
        if changes.left == 0:
            changes.limit_reached = True
            cut = [e.updated for e in news[place:] if isinstance(e, Post)]
            # What has no moment is found by no later walk: it is kept now.
            undated = [e for e in news[place:] if isinstance(e, UnreadablePost)]
            return news[:place] + undated, max((reached, *cut))
        changes.left -= 1
    return news, reached
