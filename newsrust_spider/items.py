"""What travels through the crawl: a post as Blogger says it, an article as a newsroom would."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from newsrust_spider.flags import Flag
from newsrust_spider.reasons import Reason

LONGEST_PAYLOAD = 1_000_000
"""Bytes of a raw entry or page that are kept for a rejected post."""


class Outcome(StrEnum):
    """The five ends of a post; the counts of a crawl add up to the posts that it saw."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Ticket:
    """With which delivery of its crawl a post came: the ``number`` of a part of it, 0 for none.

    ``replayed`` says that a former crawl has rejected the post, and that it is tried again.
    """

    number: int = 0
    replayed: bool = False


NO_TICKET = Ticket()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One Blogger post, read from a feed entry or a post page.

    ``content`` is its HTML as it came; the two moments are aware and in UTC; ``labels`` are
    cleaned and in the order of the post. ``mended`` names what the parser had to repair.
    ``payload`` is the raw entry, kept so that a rejected post can be replayed. ``ticket`` says with
    which delivery it came.
    """

    site: str
    post_id: str
    permalink: str
    title: str
    content: str
    labels: tuple[str, ...]
    published: datetime | None
    updated: datetime
    author: str = ""
    image_url: str = ""
    mended: tuple[Flag, ...] = ()
    payload: bytes = field(default=b"", repr=False, compare=False)
    ticket: Ticket = field(default=NO_TICKET, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadablePost:
    """A feed entry that cannot become a post: it is rejected by name, never lost.

    ``post_id`` and ``permalink`` are empty where even they could not be read; ``ticket`` is as in a
    Post.
    """

    site: str
    post_id: str
    permalink: str
    reason: Reason
    detail: str
    payload: bytes = field(repr=False)
    updated: datetime | None = None
    ticket: Ticket = field(default=NO_TICKET, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What one publisher printed, taken from the ``post`` that retells it.

    ``source_link`` is the original's address as the aggregator wrote it ("" where there is
    none), ``source_url`` its canonical form and the identity of the article, ``publisher`` the
    registered domain of it, ``publisher_name`` its display name where we know one. ``content``
    is the HTML that is left to be cleaned; ``body`` is plain text, its paragraphs parted by blank
    lines, and empty until the boilerplate is gone; ``outcome`` is empty until it is stored.
    """

    post: Post
    source_link: str
    source_url: str | None
    publisher: str | None
    publisher_name: str | None = None
    headline: str
    content: str = field(repr=False)
    body: str = field(default="", repr=False)
    excerpt: str = ""
    byline: str = ""
    image_url: str = ""
    word_count: int = 0
    cleaning: tuple[Flag, ...] = ()
    outcome: Outcome | None = None
