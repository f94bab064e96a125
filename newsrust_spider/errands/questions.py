"""What an errand asks the site, and what it may hear."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsrust_spider.blogger.feed import FeedPage
from newsrust_spider.blogger.sitemap import SitemapPage
from newsrust_spider.coverage.walk import Walk
from newsrust_spider.items import Post, UnreadablePost


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


# --- Of the feed ------------------------------------------------------------------------------


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
class LabelPage:
    """The posts with one ``label``, newest first, from the 1-based ``start_index`` on."""

    label: str
    start_index: int = 1


@dataclass(frozen=True, slots=True)
class Heard:
    """A page of the feed, as the site answered it at ``date``, by its own clock."""

    page: FeedPage
    date: datetime


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
class LabelTotal:
    """How many posts the site counts with one ``label``."""

    label: str


# --- Of its pages -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PostPage:
    """The page of the post at ``permalink``; None where that answers that it is gone.

    ``updated`` is the last change of the post, as a list said it.
    """

    permalink: str
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came at ``date``, by the site's clock: the ``post`` that it shows.

    It names that post itself, by its number (``post_id``) or its ``addresses``; "" and none
    where it does not.
    """

    post: Post | UnreadablePost
    post_id: str
    addresses: tuple[str, ...]
    date: datetime


@dataclass(frozen=True, slots=True)
class ListPage:
    """Page ``number`` of the sitemap, from 1; ``why`` it is asked in place of the feed."""

    number: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the sitemap, as the site answered it at ``date``, by its own clock."""

    page: SitemapPage
    date: datetime


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """How many posts each label has, as the theme tells its own scripts; {} where it does not."""


Counts = Mapping[str, int]
