"""A model of a blog: its posts and what happens to them, as several servers show it.

One log of events is the truth; a server shows it as it was some minutes ago, and never more
than the overlap that crawls read again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

from newsrust_spider.flags import Flag
from newsrust_spider.items import Post

SITE = "blog.example"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
TICK = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class State:
    """A post as it is at one moment."""

    post_id: str
    published: datetime
    updated: datetime
    unreadable: bool = False


def permalink_of(post_id: str) -> str:
    """Give the address of a post's page."""
    return f"https://{SITE}/{post_id}.html"


def text_of(state: State) -> str:
    """Give the text of a post in a state: it differs from one change to the next."""
    return state.updated.isoformat(timespec="milliseconds")


@lru_cache(maxsize=4096)
def post_of(state: State, *, short: bool = False) -> Post:
    """Give the post that the crawl reads; one object a state, since a history asks often."""
    return Post(
        site=SITE,
        post_id=state.post_id,
        permalink=permalink_of(state.post_id),
        title="",
        content="" if short else text_of(state),
        labels=(),
        published=state.published,
        updated=state.updated,
        mended=(Flag.SUMMARY_ONLY,) if short else (),
    )


@dataclass(slots=True)
class Server:
    """One of the blog's servers: its cache is ``lag`` old, its clock goes ``drift`` ahead."""

    lag: timedelta
    drift: timedelta
    seen: int = 0
    posts: dict[str, State] = field(default_factory=dict)


@dataclass(slots=True)
class Blog:
    """The blog at ``now``; ``events`` are (moment, post, state or None for a deletion)."""

    servers: list[Server]
    now: datetime = BEGAN
    events: list[tuple[datetime, str, State | None]] = field(default_factory=list)
    living: dict[str, State] = field(default_factory=dict)
    drafts: dict[str, State] = field(default_factory=dict)
    late: dict[str, datetime] = field(default_factory=dict)
    deletions: list[datetime] = field(default_factory=list)
    _born: int = 0

    @property
    def lag(self) -> timedelta:
        """How old the oldest cache is."""
        return max(server.lag for server in self.servers)

    def tick(self, by: timedelta = TICK) -> datetime:
        """Let time pass."""
        self.now += by
        return self.now

    def put(self, state: State) -> None:
        """Show a state of a post from now on."""
        self.living[state.post_id] = state
        self.events.append((self.now, state.post_id, state))

    def publish(self, *, unreadable: bool = False) -> None:
        """Publish a post."""
        self._born += 1
        moment = self.tick()
        self.put(State(str(1000 + self._born), moment, moment, unreadable))

    def surface(self, age: timedelta) -> None:
        """Let a post appear that bears a moment of the past: scheduled, or restored."""
        self._born += 1
        moment = self.now - age
        state = State(str(1000 + self._born), moment, moment)
        self.tick()
        self.late[state.post_id] = self.now
        self.put(state)

    def edit(self, post_ids: Iterable[str], *, at_once: bool = False) -> None:
        """Change posts, all in one millisecond where that is done at once."""
        self.tick()
        for post_id in post_ids:
            self.put(replace(self.living[post_id], updated=self.now))
            if not at_once:
                self.tick()

    def redate(self, post_id: str, by: timedelta) -> None:
        """Give a post another date of publication, which changes it."""
        state = self.living[post_id]
        published = min(state.published + by, self.now)
        self.put(replace(state, published=published, updated=self.tick()))

    def delete(self, post_id: str) -> None:
        """Take a post off the blog."""
        state = self.living.pop(post_id)
        self.drafts[post_id] = state
        self.deletions.append(self.tick())
        self.events.append((self.now, post_id, None))

    def bring_back(self, post_id: str, *, as_it_was: bool) -> None:
        """Publish a draft again, with or without a new ``updated``."""
        state = self.drafts.pop(post_id)
        self.tick()
        if as_it_was:
            self.late[post_id] = self.now
            self.put(state)
        else:
            self.put(replace(state, updated=self.now))

    def view(self, server: Server) -> dict[str, State]:
        """Give the posts that a server shows now, by their numbers."""
        shown = self.now - server.lag
        while server.seen < len(self.events) and self.events[server.seen][0] <= shown:
            _, post_id, state = self.events[server.seen]
            if state is None:
                server.posts.pop(post_id, None)
            else:
                server.posts[post_id] = state
            server.seen += 1
        return server.posts

    def shown_at(self, moment: datetime) -> dict[str, State]:
        """Give the posts that the blog had at ``moment``."""
        posts: dict[str, State] = {}
        for happened, post_id, state in self.events:
            if happened > moment:
                break
            if state is None:
                posts.pop(post_id, None)
            else:
                posts[post_id] = state
        return posts

    def settled(self, before: datetime) -> dict[str, State]:
        """Give the posts that every server showed at the moment ``before`` and from then on."""
        return self.shown_at(before - self.lag)


def some(dice: Random, posts: Sequence[str], most: int) -> list[str]:
    """Choose some of the posts, at least one where there is any."""
    return dice.sample(posts, min(len(posts), dice.randint(1, most)))
