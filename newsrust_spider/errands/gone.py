"""What is gone from the site: by proof alone, since one answer that is cut must purge nothing."""

from newsrust_spider.errands.desk import Desk
from newsrust_spider.errands.differences import Differences, HeldPost
from newsrust_spider.errands.fetching import shows
from newsrust_spider.errands.known import CountHeld
from newsrust_spider.errands.questions import Entry, PostPage, Silence, Unanswered

MOST_SHARE = 0.05
"""Of what is held: more of it that is listed no more is a list that lacks something."""
FEWEST = 10
"""Posts below which a share says nothing: a small blog loses that many in a week."""
LOOKS = 2
"""How often each suspect is looked at: any one answer of a site may be wrong."""


async def find_gone(
    desk: Desk, differences: Differences, total: int | None, *, purge: bool
) -> tuple[tuple[HeldPost, ...], str]:
    """Return those of the suspects that are gone, each by its own page and its own entry.

    A living post has to answer by the same ways, before and after. ``total`` is how many posts
    the site counts: where it counts those that it does not list, the list is short, and nothing
    is gone. The second is then what is to be said of it. Raises Unanswered where there are too
    many suspects to be true, unless it is a ``purge``.
    """
    suspects = differences.suspects
    if not suspects:
        return (), ""
    held = await desk.ask(CountHeld())
    most = max(FEWEST, held * MOST_SHARE)
    if total == 0:
        return (), "the site has no posts any more"
    if len(suspects) > most and not purge:
        unlisted = f"{len(suspects)} of {held} posts are not listed"
        if total is not None and total >= held - most:
            return (), f"{unlisted}, and the site counts them all the same: its list is short"
        raise Unanswered(
            f"{unlisted}, which is no usual deletion: try again later, or look at each of them"
            " with --purge"
        )
    entries = await _prove_control(desk, differences.control)
    gone = suspects
    for _ in range(LOOKS):
        gone = tuple([one for one in gone if await _is_gone(desk, one, entries=entries)])
    if gone and await _prove_control(desk, differences.control) != entries:
        raise Unanswered("a living post of the site answers by its entry no more")
    return gone, ""


async def _prove_control(desk: Desk, control: HeldPost | None) -> bool:
    """Return whether entries are served, after the page of a living post was had."""
    if control is None:
        raise Unanswered("no post that is held is listed: nothing can be compared")
    page = await desk.ask(PostPage(control.permalink))
    if page is None or not shows(page, control.post_id, control.permalink):
        raise Unanswered(f"a post that is listed cannot be had: {control.permalink}")
    return control.post_id.isdigit() and await _has_entry(desk, control.post_id)


async def _has_entry(desk: Desk, post_id: str) -> bool:
    try:
        return await desk.ask(Entry(post_id)) is not None
    except Unanswered as silence:
        if silence.silence is not Silence.OFF:
            raise
        return False


async def _is_gone(desk: Desk, suspect: HeldPost, *, entries: bool) -> bool:
    numbered = suspect.post_id.isdigit()
    if numbered and entries and await _has_entry(desk, suspect.post_id):
        return False
    if not suspect.permalink:
        return numbered and entries
    try:
        page = await desk.ask(PostPage(suspect.permalink))
    except Unanswered as silence:
        if silence.silence is Silence.AWAY:
            raise
        return False
    if page is None:
        return True
    # Another post may have been made at the same address.
    another = page.post_id not in {"", suspect.post_id} and suspect.permalink in page.addresses
    return numbered and another
