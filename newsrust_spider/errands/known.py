"""What an errand asks our tables, once all that it handed over is stored, and leaves there."""

from dataclasses import dataclass
from datetime import datetime

from newsrust_spider.coverage.windows import Window
from newsrust_spider.evidence import Place
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.owed import Owed


@dataclass(frozen=True, slots=True)
class Identify:
    """The blog of Blogger's number ``blog_id``, as which the site answers; asked before the rest.

    What is held of it under another name is from then on held under this one.
    """

    blog_id: str


@dataclass(frozen=True, slots=True)
class Blog:
    """A blog: Blogger's number of it, the ``site`` it is crawled as, and all of its hosts."""

    blog_id: str
    site: str
    hosts: frozenset[str]


@dataclass(frozen=True, slots=True)
class AskKnown:
    """What earlier crawls left."""


@dataclass(frozen=True, slots=True)
class StatesOf:
    """The moment of the last change of each of these posts that is held and not gone."""

    post_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountHeld:
    """How many living posts are held or owed, of those whose ``order`` lies in a span.

    Rejected posts are held too. ``low`` is in the span, ``high`` is not; None leaves an end open.
    Posts without that moment count where the upper end is open.
    """

    order: str = "updated"
    low: datetime | None = None
    high: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rejected posts: by ``ids``, by ``reason``, or those with few ``attempts``; or all."""

    ids: tuple[int, ...] = ()
    reason: str = ""
    attempts: int | None = None


@dataclass(frozen=True, slots=True)
class AskRejected:
    """The next few of the ``wanted`` posts that former crawls rejected, behind the id ``after``."""

    wanted: Wanted
    after: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """Rejected posts, read from what was kept of them; ``last`` is the id of the last one."""

    posts: tuple[Post | UnreadablePost, ...]
    last: int


@dataclass(frozen=True, slots=True)
class Search:
    """An unfinished search for posts that the total betrays.

    ``below`` is the time of publication down to which it has come; None: it has yet to begin.
    ``missing`` is how many posts were missing when it was ordered, at ``since`` by the site's
    clock; 0 where a walk broke off, and all is to be listed if it does so again.
    """

    since: datetime
    missing: int
    below: datetime | None = None

    @property
    def is_for_posts(self) -> bool:
        """Whether posts are missing, or were when it began."""
        return self.missing > 0 or self.below is not None


@dataclass(frozen=True, slots=True)
class Memory:
    """What a crawl leaves to the next one.

    ``newest`` is what stood on the newest page, as it was heard. ``difference`` is
    the site's total less what is held, as far as it is explained.
    """

    newest: tuple[Place, ...] = ()
    difference: int = 0
    search: Search | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier crawls left: what is covered, what is owed, what the last one remembered.

    ``held`` counts the living posts, rejected and owed ones too.
    """

    windows: tuple[Window, ...] = ()
    held: int = 0
    memory: Memory | None = None
    owed: tuple[Owed, ...] = ()
