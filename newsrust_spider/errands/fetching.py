"""One post that a list names, had by whatever way the site serves it: its entry, or its page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newsrust_spider import evidence
from newsrust_spider.coverage.windows import BEGINNING
from newsrust_spider.errands.desk import NOTHING_DUE, Delivery, Desk
from newsrust_spider.errands.known import StatesOf
from newsrust_spider.errands.questions import Entry, Page, PostPage, Silence, Unanswered
from newsrust_spider.flags import Flag
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.owed import Lack, Owed, is_young

MOST_SILENT = 3
"""Posts that are asked for in vain, before the site is held to be sick, and not they."""
LISTED = "the site lists it, and its own address answers 404"
GONE = "its own addresses answer 404"
YOUNG = "its page may be older than its last change"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of asking for a post: the ``post``, and what of it is ``owed`` still."""

    post: Post | UnreadablePost | None = None
    owed: Owed | None = None

    def deliver(self, paid: tuple[str, ...] = ()) -> Delivery:
        """Return the post with the proof of it that is owed still: they must not be parted."""
        posts = () if self.post is None else (self.post,)
        return Delivery(posts, owed=() if self.owed is None else (self.owed,), paid=paid)


@dataclass(slots=True)
class Fetching:
    """Posts fetched one after the other, for as long as the site gives any."""

    desk: Desk
    _silent: int = 0
    _answered: bool = False

    async def fetch(self, debt: Owed, known: Post | None = None) -> Fetched:
        """Ask for one post; ``known`` is what a short feed says of it.

        Raises Unanswered where none of the first few could be had: a site that hangs is not to
        be asked for each of them.
        """
        try:
            fetched = await _fetch(self.desk, debt, known)
        except Unanswered as silence:
            if silence.silence is Silence.AWAY:
                raise
            self._silent += 1
            if self._silent == MOST_SILENT and not self._answered:
                raise
            return in_vain(debt, silence)
        self._answered = True
        return fetched


def in_vain(debt: Owed, silence: Unanswered) -> Fetched:
    """Return what came of asking for a post whose site was silent: it stays owed."""
    return Fetched(owed=replace(debt, reason=str(silence), lack=Lack.POST))


def name_debt(named: Post | UnreadablePost, date: datetime) -> Owed:
    """Return the debt that an entry is until it is had; ``date`` is the site's clock."""
    return Owed(named.post_id, named.permalink, named.updated or BEGINNING, "", date)


def is_short(entry: Post | UnreadablePost) -> bool:
    """Tell whether an entry came without its text."""
    return isinstance(entry, Post) and Flag.SUMMARY_ONLY in entry.mended


async def keep_whole(
    desk: Desk,
    entries: Sequence[Post | UnreadablePost],
    date: datetime,
    due: Delivery = NOTHING_DUE,
) -> None:
    """Hand over ``entries``, and with the last of them what is ``due`` once all are stored.

    Of posts without their text the pages are asked for; those that are held in that state are
    passed over. ``date`` is the site's clock at the answer that brought them.
    """
    # A page of posts is read again where they share a moment: the proof of a post that is not
    # handed over once more must not stand for the post.
    kept = {entry.post_id for entry in entries}
    proven = tuple(one for one in due.owed if one.lack is not Lack.PROOF or one.post_id in kept)
    due = replace(due, owed=proven)
    short = [entry for entry in entries if isinstance(entry, Post) and is_short(entry)]
    whole = tuple(entry for entry in entries if not is_short(entry))
    if not short:
        await desk.keep(replace(due, posts=whole))
        return
    if whole:
        await desk.keep(Delivery(whole))
    held = await desk.ask(StatesOf(tuple(post.post_id for post in short)))
    owed, fetching = list(due.owed), Fetching(desk)
    for post in short:
        if not evidence.is_unheld(post.post_id, post.updated, held):
            continue
        fetched = await fetching.fetch(name_debt(post, date), post)
        if fetched.post is not None:
            await desk.keep(fetched.deliver())
        elif fetched.owed is not None:
            owed.append(fetched.owed)
    await desk.keep(replace(due, owed=tuple(owed)))


def shows(page: Page, post_id: str, permalink: str) -> bool:
    """Tell whether ``page`` is that of the post of this number and address."""
    return not evidence.doubt_page(page.post_id, page.addresses, post_id, permalink)


async def _fetch(desk: Desk, debt: Owed, known: Post | None) -> Fetched:
    entry = known if known is not None else await _ask_entry(desk, debt)
    if entry is not None and not is_short(entry):
        return Fetched(entry)
    if isinstance(entry, Post):
        # It may have changed since it was named.
        debt = replace(debt, updated=max(debt.updated, entry.updated))
    address = debt.permalink or (entry.permalink if entry is not None else "")
    updated = debt.updated if debt.updated > BEGINNING else None
    page = await desk.ask(PostPage(address, updated)) if address else None
    if page is None and entry is not None:
        raise Unanswered(LISTED)
    if page is None:
        return Fetched(owed=replace(debt, reason=GONE, lack=Lack.SIGN))
    doubt = evidence.doubt_page(page.post_id, page.addresses, debt.post_id, address)
    if doubt:
        raise Unanswered(doubt)
    post = _join(page, entry, debt)
    young = is_young(debt.updated, page.date)
    proof = replace(debt, post_id=post.post_id or debt.post_id, reason=YOUNG, lack=Lack.PROOF)
    return Fetched(post, proof if young else None)


async def _ask_entry(desk: Desk, debt: Owed) -> Post | UnreadablePost | None:
    if not debt.post_id.isdigit():
        return None  # it is known by its address alone
    try:
        found = await desk.ask(Entry(debt.post_id))
    except Unanswered as silence:
        if silence.silence is Silence.OFF:
            return None
        raise
    if isinstance(found, Post) and not evidence.is_not_older(debt.updated, found.updated):
        raise Unanswered("stale: its own address answers with an older state than the list")
    return found


def _join(page: Page, entry: Post | UnreadablePost | None, debt: Owed) -> Post | UnreadablePost:
    """Return the post with the text of its page, and what a short feed says of it otherwise."""
    if isinstance(page.post, UnreadablePost):
        number = debt.post_id if debt.post_id.isdigit() else page.post.post_id
        updated = debt.updated if debt.updated > BEGINNING else page.post.updated
        return replace(page.post, post_id=number, updated=updated)
    if not isinstance(entry, Post):
        return page.post
    mended = tuple(flag for flag in entry.mended if flag != Flag.SUMMARY_ONLY)
    return replace(entry, content=page.post.content, payload=page.post.payload, mended=mended)
