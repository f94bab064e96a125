"""Labels: how many posts the site counts with each, and which of ours say something else."""

from newsrust_spider.coverage.windows import BEGINNING
from newsrust_spider.errands.desk import Delivery, Desk
from newsrust_spider.errands.differences import CountLabels, LabelsOf, NoteLabels, WithLabel
from newsrust_spider.errands.fetching import Fetching, is_short, name_debt
from newsrust_spider.errands.known import StatesOf
from newsrust_spider.errands.questions import (
    Counts,
    LabelCounts,
    LabelPage,
    LabelTotal,
    Silence,
    Unanswered,
)
from newsrust_spider.items import Post
from newsrust_spider.owed import Owed


async def compare_labels(desk: Desk, *, heal: bool) -> tuple[dict[str, tuple[int, int]], str]:
    """Return for each label what the site counts and what we hold, and keep that.

    With ``heal`` the posts of each label whose counts differ are read anew, since labels may
    change while ``updated`` does not. The second is why that could not be done, "" where it was.
    """
    ours = await desk.ask(CountLabels())
    theirs, why = await _hear_counts(desk, ours)
    if heal and not why:
        try:
            for label in sorted(theirs.keys() | ours.keys()):
                if theirs.get(label, 0) != ours.get(label, 0):
                    await _heal(desk, label)
        except Unanswered as silence:
            if silence.silence is Silence.AWAY:
                raise
            why = f"the labels were not healed: {silence}"
        ours = await desk.ask(CountLabels())
    counts = {label: (theirs[label], ours.get(label, 0)) for label in theirs}
    await desk.note(NoteLabels(counts))
    return counts, why


async def _hear_counts(desk: Desk, ours: Counts) -> tuple[Counts, str]:
    """Return the site's counts: the theme's own list, or what the feed of each label says."""
    try:
        theirs = await desk.ask(LabelCounts())
        if theirs:
            return theirs, ""
        return {label: await desk.ask(LabelTotal(label)) for label in sorted(ours)}, ""
    except Unanswered as silence:
        if silence.silence is Silence.AWAY:
            raise
        return {}, f"the labels could not be compared: {silence}"


async def _heal(desk: Desk, label: str) -> None:
    """Take anew each post whose labels are not those that the feed of ``label`` shows."""
    fetching, seen = Fetching(desk), set[str]()
    before: tuple[str, ...] = ()
    start_index = 1
    while True:
        heard = await desk.ask(LabelPage(label, start_index))
        names = tuple(post.post_id for post in heard.page.posts)
        if not heard.page.entries or names == before:
            break
        for post in await _choose_relabelled(desk, heard.page.posts):
            await _take(fetching, name_debt(post, heard.date), post)
        seen |= set(names)
        before, start_index = names, start_index + len(heard.page.entries)
    for post_id in await desk.ask(WithLabel(label)):
        if post_id not in seen:
            # Its number is all that is needed: the entry is asked for whatever its state.
            await _take(fetching, Owed(post_id, "", BEGINNING, "", heard.date), None)


async def _choose_relabelled(desk: Desk, posts: tuple[Post, ...]) -> list[Post]:
    numbers = tuple(post.post_id for post in posts)
    labels = await desk.ask(LabelsOf(numbers))
    known = await desk.ask(StatesOf(numbers))
    return [
        post
        for post in posts
        if (post.post_id in labels and labels[post.post_id] != frozenset(post.labels))
        or (post.post_id not in labels and post.post_id not in known)
    ]


async def _take(fetching: Fetching, debt: Owed, post: Post | None) -> None:
    if post is not None and not is_short(post):
        await fetching.desk.keep(Delivery((post,)))
        return
    fetched = await fetching.fetch(debt, post)
    if fetched.post is not None:
        await fetching.desk.keep(fetched.deliver())
