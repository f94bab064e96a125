"""What is owed: asked for first, and settled one way or the other within three crawls or a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from newsrust_spider import evidence
from newsrust_spider.errands.desk import Delivery, Desk, Entry, Heard, Silence, Unanswered
from newsrust_spider.errands.reading import LISTED, changes_of
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.owed import Owed, is_due, is_spent


async def pay_what_is_owed(desk: Desk, owed: tuple[Owed, ...], first: Heard) -> None:
    """Ask for what is due; what cannot be had stays owed, or is given up."""
    listed = {name for name, _ in changes_of(first)}
    left: list[Owed] = []
    for debt in owed:
        if not is_due(debt, first.date):
            left.append(replace(debt, crawls=debt.crawls + 1))
            continue
        found = await _ask_for(desk, debt.post_id, debt.updated)
        if isinstance(found, Post | UnreadablePost):
            await desk.keep(Delivery((found,), paid=(debt.post_id,)))
        elif is_spent(debt, first.date) or (not found and debt.post_id not in listed):
            # A post that is gone, and that no list shows, is not waited for.
            why = found or "gone: its own address answers 404"
            given_up = give_up(replace(debt, reason=why), desk.site)
            await desk.keep(Delivery((given_up,), paid=(debt.post_id,)))
        else:
            left.append(replace(debt, crawls=debt.crawls + 1, reason=found or LISTED))
    if left:
        await desk.keep(Delivery(owed=tuple(left)))


async def fetch_named(desk: Desk, named: Sequence[Post | UnreadablePost], date: datetime) -> None:
    """Ask one by one for posts that an answer showed and the walk did not meet.

    ``date`` is the site's clock at that answer.
    """
    owed: list[Owed] = []
    for entry in named:
        if not entry.post_id:
            await desk.keep(Delivery((entry,)))
            continue
        updated = entry.updated or date
        found = await _ask_for(desk, entry.post_id, entry.updated)
        if isinstance(found, Post | UnreadablePost):
            await desk.keep(Delivery((found,)))
        else:
            why = found or LISTED
            owed.append(Owed(entry.post_id, entry.permalink, updated, why, date))
    if owed:
        await desk.keep(Delivery(owed=tuple(owed)))


async def _ask_for(
    desk: Desk, post_id: str, updated: datetime | None
) -> Post | UnreadablePost | str:
    """Return the post, "" where its address answers 404, else why it could not be had."""
    try:
        found = await desk.ask(Entry(post_id))
    except Unanswered as silence:
        if silence.silence is Silence.AWAY:
            raise
        return str(silence)
    if isinstance(found, Post) and not evidence.is_not_older(updated, found.updated):
        return "stale: its own address answers with an older state than the list"
    return found if found is not None else ""


def give_up(debt: Owed, site: str) -> UnreadablePost:
    """Return what becomes of a debt that is waited for no more: a rejected post of ``site``."""
    return UnreadablePost(
        site=site,
        post_id=debt.post_id,
        permalink=debt.permalink,
        reason="owed",
        detail=debt.reason,
        payload=b"",
        updated=debt.updated,
    )
