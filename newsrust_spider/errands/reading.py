"""One page of the feed, read so that it counts; and what stands there where it is sick."""

from dataclasses import dataclass
from datetime import UTC, datetime

from newsrust_spider import evidence
from newsrust_spider.coverage.walk import Order, Walk
from newsrust_spider.errands.debts import contradict
from newsrust_spider.errands.desk import Desk
from newsrust_spider.errands.fetching import Fetching, name_debt
from newsrust_spider.errands.known import Identify
from newsrust_spider.errands.questions import (
    Heard,
    Newest,
    PageOf,
    Silence,
    SummaryOf,
    Unanswered,
)
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.owed import Owed

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as the errand has it.

    ``entries`` are its posts. ``places`` tells what stands there, in the page's order: a name
    and the moment that the walk goes by, None where it cannot be read. ``date`` is the site's
    clock at the answer. ``owed`` are the posts whose text could not be had.
    """

    entries: tuple[Post | UnreadablePost, ...]
    places: tuple[evidence.Place, ...]
    total: int | None
    date: datetime
    owed: tuple[Owed, ...] = ()

    @property
    def received(self) -> int:
        """How many entries the page has."""
        return len(self.places)

    @property
    def moments(self) -> dict[str, datetime]:
        """The moments of the posts that can be read, by their names."""
        return {name: at for name, at in self.places if at is not None}


NOTHING = Reading((), (), None, NEVER)


def name_of(entry: Post | UnreadablePost) -> str:
    """Return what tells an entry from others: its number, or else its address."""
    return entry.post_id or entry.permalink


def changes_of(heard: Heard) -> list[evidence.Change]:
    """Return the changes that an answer shows, in its order; entries that are unreadable aside."""
    return [(post.post_id, post.updated) for post in heard.page.posts]


async def read_page(desk: Desk, walk: Walk) -> Reading:
    """Return the page of ``walk``; raises Unanswered where not even its summary can be had."""
    try:
        heard = await _ask_twice(desk, PageOf(walk), walk.start_index)
    except Unanswered as silence:
        if silence.silence is not Silence.SICK:
            raise
        return await _name_each(desk, walk, silence)
    return Reading(
        entries=heard.page.entries,
        places=places_of(heard, walk.order),
        total=heard.page.total,
        date=heard.date,
    )


async def hear_newest(desk: Desk) -> Heard:
    """Return the newest changes as summaries; raises Unanswered where they cannot be had."""
    return await _ask_twice(desk, Newest(), 1)


async def identify(desk: Desk, heard: Heard) -> None:
    """Find out which blog answers, before anything of it is stored."""
    if heard.page.blog:
        await desk.ask(Identify(heard.page.blog))


async def _ask_twice(desk: Desk, question: Newest | PageOf | SummaryOf, start_index: int) -> Heard:
    doubt = ""
    for _ in range(2):
        heard = await desk.ask(question)
        doubt = evidence.doubt_answer(heard.page, start_index, desk.blog)
        if not doubt:
            return heard
    raise Unanswered(doubt)


def places_of(heard: Heard, order: Order) -> tuple[evidence.Place, ...]:
    """Return what stands at each place of an answer: a name, and its moment in ``order``."""
    return tuple(
        (name_of(entry), getattr(entry, order) if isinstance(entry, Post) else None)
        for entry in heard.page.entries
    )


async def _name_each(desk: Desk, walk: Walk, sick: Unanswered) -> Reading:
    """Ask for the posts of a sick page one by one: one of them must not cost the others.

    Where nothing stands there, its summary may prove the end. Raises ``sick`` where none of the
    first few can be had either: a site that hangs is not to be asked for each of them.
    """
    try:
        heard = await _ask_twice(desk, SummaryOf(walk), walk.start_index)
    except Unanswered as silence:
        if silence.silence is Silence.AWAY:
            raise
        raise sick from None
    entries: list[Post | UnreadablePost] = []
    owed: list[Owed] = []
    fetching = Fetching(desk)
    for named in heard.page.entries:
        if isinstance(named, UnreadablePost):
            entries.append(named)
        elif walk.wants(named.updated):
            try:
                fetched = await fetching.fetch(name_debt(named, heard.date))
            except Unanswered as silence:
                raise silence if silence.silence is Silence.AWAY else sick from None
            entries += [] if fetched.post is None else [fetched.post]
            owed += [] if fetched.owed is None else [contradict(fetched.owed)]
    return Reading(
        entries=tuple(entries),
        places=places_of(heard, walk.order),
        total=heard.page.total,
        date=heard.date,
        owed=tuple(owed),
    )
