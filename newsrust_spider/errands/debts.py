"""What is owed: asked for first, and settled one way or the other within three crawls or a day."""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime

from newsrust_spider.errands.desk import Delivery, Desk
from newsrust_spider.errands.fetching import LISTED, Fetched, Fetching, in_vain, name_debt
from newsrust_spider.errands.known import AskKnown
from newsrust_spider.errands.questions import Silence, Unanswered
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.owed import Lack, Owed, is_due, is_spent, is_young
from newsrust_spider.reasons import Reason
from newsrust_spider.verdict import Exit, Verdict


async def pay_what_is_owed(
    desk: Desk, owed: Sequence[Owed], date: datetime, listed: Container[str], *, whole: bool = False
) -> None:
    """Ask for what is due; what cannot be had stays owed, or is given up.

    ``date`` is the site's clock; ``listed`` has the numbers, or addresses, of the posts that the
    site lists now: all of them where it is a ``whole`` list.
    """
    fetching, left = Fetching(desk), list[Owed]()
    hangs = False
    for debt in owed:
        if hangs or not is_due(debt, date):
            left += [] if debt.lack is Lack.PROOF else [_count(debt)]
            continue
        try:
            fetched = await fetching.fetch(debt)
        except Unanswered as silence:
            if silence.silence is Silence.AWAY:
                raise
            hangs = True
            fetched = in_vain(debt, silence)
        is_listed = debt.post_id in listed or debt.permalink in listed
        # Of a post that is known by its address alone only its page tells, which may come from a
        # cache of the time before the post was.
        is_proof = whole or debt.post_id.isdigit() or not is_young(debt.since, date)
        settled = _settle(debt, fetched, date, desk.site, may_be_gone=is_proof and not is_listed)
        if isinstance(settled, Owed):
            left.append(settled)
        else:
            await desk.keep(settled)
    if left:
        await desk.keep(Delivery(owed=tuple(left)))


def _settle(
    debt: Owed, fetched: Fetched, date: datetime, site: str, *, may_be_gone: bool
) -> Delivery | Owed:
    """Return what becomes of a debt: the delivery that settles it, or what stays owed."""
    owed, paid = fetched.owed, (debt.post_id,)
    if owed is None or fetched.post is not None:
        return fetched.deliver(() if owed is not None and owed.post_id == debt.post_id else paid)
    if owed.lack is Lack.SIGN and may_be_gone:
        # Of a post that is stored already there is nothing to say.
        gone = () if debt.lack is Lack.PROOF else (give_up(owed, site, Reason.GONE),)
        return Delivery(gone, paid=paid)
    if is_spent(debt, date):
        return Delivery((give_up(owed, site, Reason.OWED),), paid=paid)
    return _count(owed if may_be_gone else contradict(owed))


def _count(debt: Owed) -> Owed:
    return replace(debt, crawls=debt.crawls + 1)


async def judge_debts(desk: Desk, otherwise: Verdict) -> Verdict:
    """Return the verdict on a crawl that leaves something owed, ``otherwise`` where it does not."""
    owed = [debt for debt in (await desk.ask(AskKnown())).owed if debt.lack is not Lack.PROOF]
    if not owed:
        return otherwise
    return Verdict(Exit.INCOMPLETE, f"posts that are owed: {len(owed)}; {owed[0].reason}")


async def fetch_named(desk: Desk, named: Sequence[Post | UnreadablePost], date: datetime) -> None:
    """Ask one by one for posts that an answer showed and the walk did not meet.

    ``date`` is the site's clock at that answer.
    """
    nameless = tuple(entry for entry in named if not entry.post_id)
    if nameless:
        await desk.keep(Delivery(nameless))
    await fetch_each(desk, [name_debt(entry, date) for entry in named if entry.post_id])


async def fetch_each(desk: Desk, debts: Sequence[Owed]) -> None:
    """Ask one by one for posts that a list shows; what cannot be had stays owed."""
    fetching, owed = Fetching(desk), list[Owed]()
    for debt in debts:
        fetched = await fetching.fetch(debt)
        if fetched.post is not None:
            await desk.keep(fetched.deliver())
        elif fetched.owed is not None:
            owed.append(contradict(fetched.owed))
    if owed:
        await desk.keep(Delivery(owed=tuple(owed)))


def contradict(debt: Owed) -> Owed:
    """Return the debt of a post that a list shows: its own addresses alone prove nothing gone."""
    return replace(debt, reason=LISTED) if debt.lack is Lack.SIGN else debt


def give_up(debt: Owed, site: str, reason: Reason) -> UnreadablePost:
    """Return what becomes of a debt that is waited for no more: a rejected post of ``site``."""
    return UnreadablePost(
        site=site,
        post_id="" if debt.post_id == debt.permalink else debt.post_id,
        permalink=debt.permalink,
        reason=reason,
        detail=debt.reason,
        payload=b"",
        updated=debt.updated,
    )
