"""The desk of an errand: what it may ask the site, and what it hands over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, overload

from newsrust_spider.blogger.feed import FeedPage
from newsrust_spider.coverage.walk import Walk
from newsrust_spider.coverage.windows import Window
from newsrust_spider.errands.known import (
    AskKnown,
    AskRejected,
    CountHeld,
    Known,
    Memory,
    Rejected,
    StatesOf,
)
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.owed import Owed


class Silence(StrEnum):
    """Why a question of the site has no answer that counts."""

    SICK = "sick"
    """No answer, or a broken one: it may be had later."""
    OFF = "off"
    """The owner has switched the feed off: an answer that says so, a login, an HTML page."""
    AWAY = "away"
    """The site asks to be asked no more in this crawl."""


class Unanswered(Exception):  # noqa: N818 - an answer of a kind, not always an error
    """A question that got no answer that counts; the text says why, in one line."""

    def __init__(self, why: str, silence: Silence = Silence.SICK) -> None:
        """Keep the kind of silence."""
        super().__init__(why)
        self.silence = silence


# --- What an errand asks the site -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest changes as summaries, and the total: all that a quiet hour costs."""


@dataclass(frozen=True, slots=True)
class PageOf:
    """The next page of ``walk``."""

    walk: Walk


@dataclass(frozen=True, slots=True)
class SummaryOf:
    """A small page at the same place, without the texts: what stands there, where it is sick."""

    walk: Walk


@dataclass(frozen=True, slots=True)
class Entry:
    """One post, by its number; None where the site has it no more."""

    post_id: str


@dataclass(frozen=True, slots=True)
class Total:
    """How many posts the site counts in a span of ``order``: low is in it, high is not."""

    order: str
    low: datetime
    high: datetime


@dataclass(frozen=True, slots=True)
class WalkSitemap:
    """All that the sitemap lists and we do not hold, from the pages of the posts.

    The answer says why that did not come to its end, "" where it did. ``why`` the feed does not
    serve is logged.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A page of the feed, as the site answered it at ``date``, by its own clock."""

    page: FeedPage
    date: datetime


# --- What an errand hands over ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is to be stored in one transaction.

    ``covers`` is the window that is covered once ``posts`` are stored; ``owed`` is what could
    not be had, ``paid`` the numbers of posts that are owed no more. ``replayed`` posts are
    rejected ones that are tried again.
    """

    posts: tuple[Post | UnreadablePost, ...] = ()
    covers: Window | None = None
    owed: tuple[Owed, ...] = ()
    paid: tuple[str, ...] = ()
    replayed: bool = False


NOTHING_DUE = Delivery()


class Desk(Protocol):
    """Where an errand asks and hands over; ``ask`` raises Unanswered for the site's silence."""

    @property
    def site(self) -> str:
        """The name of the site, as its posts bear it."""

    @property
    def page_size(self) -> int:
        """How many posts a page of the feed brings at most."""

    @overload
    async def ask(self, question: Newest | PageOf | SummaryOf) -> Heard: ...
    @overload
    async def ask(self, question: Entry) -> Post | UnreadablePost | None: ...
    @overload
    async def ask(self, question: Total | CountHeld) -> int: ...
    @overload
    async def ask(self, question: AskKnown) -> Known: ...
    @overload
    async def ask(self, question: StatesOf) -> Mapping[str, datetime]: ...
    @overload
    async def ask(self, question: AskRejected) -> Rejected: ...
    @overload
    async def ask(self, question: WalkSitemap) -> str: ...
    async def keep(self, delivery: Delivery) -> None:
        """Hand over what is to be stored, in the order of the calls."""

    async def remember(self, memory: Memory) -> None:
        """Leave ``memory`` to the next crawl, once all that was handed over is stored."""
