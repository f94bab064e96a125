"""The desk of an errand: where it asks, and hands over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, overload

from newsrust_spider.blogger.sitemap import SitemapEntry
from newsrust_spider.coverage.windows import Window
from newsrust_spider.errands.differences import (
    ChooseStale,
    Compare,
    CountLabels,
    Differences,
    LabelsOf,
    NoteLabels,
    NoteListed,
    WithLabel,
)
from newsrust_spider.errands.known import (
    AskKnown,
    AskRejected,
    Blog,
    CountHeld,
    Identify,
    Known,
    Memory,
    Rejected,
    StatesOf,
)
from newsrust_spider.errands.questions import (
    Counts,
    Entry,
    Heard,
    LabelCounts,
    LabelPage,
    LabelTotal,
    Listed,
    ListPage,
    Newest,
    Page,
    PageOf,
    PostPage,
    SummaryOf,
    Total,
)
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.owed import Owed


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is to be stored in one transaction.

    ``covers`` is the window that is covered once ``posts`` are stored; ``owed`` is what could
    not be had, ``paid`` the numbers of posts that are owed no more, ``gone`` the numbers of posts
    that are proven to be gone from the site. ``replayed`` posts are rejected ones that are tried
    again.
    """

    posts: tuple[Post | UnreadablePost, ...] = ()
    covers: Window | None = None
    owed: tuple[Owed, ...] = ()
    paid: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
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

    @property
    def blog(self) -> str:
        """Blogger's number of the blog; "" until it was asked for by Identify."""

    @overload
    async def ask(self, question: Newest | PageOf | SummaryOf | LabelPage) -> Heard: ...
    @overload
    async def ask(self, question: Entry) -> Post | UnreadablePost | None: ...
    @overload
    async def ask(self, question: PostPage) -> Page | None: ...
    @overload
    async def ask(self, question: ListPage) -> Listed: ...
    @overload
    async def ask(self, question: Total | LabelTotal | CountHeld) -> int: ...
    @overload
    async def ask(self, question: LabelCounts | CountLabels) -> Counts: ...
    @overload
    async def ask(self, question: Identify) -> Blog: ...
    @overload
    async def ask(self, question: AskKnown) -> Known: ...
    @overload
    async def ask(self, question: StatesOf) -> Mapping[str, datetime]: ...
    @overload
    async def ask(self, question: ChooseStale) -> tuple[SitemapEntry, ...]: ...
    @overload
    async def ask(self, question: Compare) -> Differences: ...
    @overload
    async def ask(self, question: LabelsOf) -> Mapping[str, frozenset[str]]: ...
    @overload
    async def ask(self, question: WithLabel) -> tuple[str, ...]: ...
    @overload
    async def ask(self, question: AskRejected) -> Rejected: ...
    async def keep(self, delivery: Delivery) -> None:
        """Hand over what is to be stored, in the order of the calls."""

    async def note(self, note: Memory | NoteListed | NoteLabels) -> None:
        """Leave a note in our tables, once all that was handed over is stored."""
