"""What an errand asks our tables of a list: what of it we hold, and what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsrust_spider.blogger.sitemap import SitemapEntry
from newsrust_spider.coverage.windows import BEGINNING


@dataclass(frozen=True, slots=True)
class ChooseStale:
    """Which of these ``entries`` of the sitemap we do not hold, or hold in an older state.

    What is owed is left out: it is asked for in its turn.
    """

    entries: tuple[SitemapEntry, ...]


@dataclass(frozen=True, slots=True)
class NoteListed:
    """Note a page of the sitemap, for the comparison at its end; ``first`` forgets all others."""

    entries: tuple[SitemapEntry, ...]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """What differs between all that was noted and what we hold; no change before ``since``."""

    since: datetime = BEGINNING


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A living post that is held, as it is known."""

    post_id: str
    permalink: str


@dataclass(frozen=True, slots=True)
class Differences:
    """What a whole list shows beside what we hold.

    ``missing`` are listed and not held, ``stale`` held in an older state. ``suspects`` may be
    gone: they are listed no more, or another post stands at their address. ``control`` is a post
    that is listed and held; None where there is none.
    """

    missing: tuple[SitemapEntry, ...] = ()
    stale: tuple[SitemapEntry, ...] = ()
    suspects: tuple[HeldPost, ...] = ()
    control: HeldPost | None = None


@dataclass(frozen=True, slots=True)
class CountLabels:
    """How many of the living posts that we hold have each label."""


@dataclass(frozen=True, slots=True)
class WithLabel:
    """The numbers of the living posts that we hold with ``label``."""

    label: str


@dataclass(frozen=True, slots=True)
class LabelsOf:
    """The labels of those of these posts that are held and living; rejected ones are left out."""

    post_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteLabels:
    """Keep for each label what the site counts and what we hold."""

    counts: Mapping[str, tuple[int, int]]
