"""Which posts a feed request asks for: order, bounds, labels, place, and how many fit."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from demo.answer import Request
from demo.blog import Blog, BlogPost, Order
from demo.clock import read_time
from demo.shape import Shape

DEFAULT_RESULTS = 25
MOST_RESULTS = 150
FEED_PATH = re.compile(
    r"(?:/feeds/\d+|/feeds)/posts/(?P<form>default|summary|full)(?:/-/(?P<labels>.+))?/?"
)
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What one feed request asked for, and the posts that it gets.

    ``start`` and ``size`` are the place and number asked for; ``total`` is what the
    feed says that it counts, ``matching`` counts those within the bounds; ``posts`` are those of
    this page.
    """

    form: str
    labels: tuple[str, ...]
    start: int
    size: int
    total: int
    matching: int
    posts: Sequence[BlogPost]

    @property
    def end(self) -> int:
        """The place after the last post of this page."""
        return self.start + len(self.posts)


def select(blog: Blog, shape: Shape, request: Request) -> Selection:
    """Choose the posts of a feed page.

    LookupError where ``path=`` names no post, ValueError where a number or a moment of the query
    cannot be read.
    """
    match = FEED_PATH.fullmatch(request.raw_path)
    labels = (match and match["labels"]) or ""
    wanted = tuple(unquote(label) for label in labels.split("/") if label)
    order = order_of(request, shape)
    everything = named_post(blog, request) or blog.posts(order, wanted)
    found = within_bounds(everything[: shape.breaks_after], order, shape, request)
    start = max(1, int(request.parameters.get("start-index", "1")))
    size = int(request.parameters.get("max-results", DEFAULT_RESULTS))
    page = found[start - 1 : start - 1 + min(max(size, 0), MOST_RESULTS)]
    return Selection(
        form=match["form"] if match else "default",
        labels=wanted,
        start=start,
        size=size,
        total=len(found if shape.totals_heed_bounds else everything),
        matching=len(found),
        posts=page[: fitting(page, shape.budget)],
    )


def named_post(blog: Blog, request: Request) -> tuple[BlogPost, ...]:
    """Give the one post that ``path=`` names; none where it is not asked for."""
    if (path := request.parameters.get("path")) is None:
        return ()
    if post := blog.by_path(path):
        return (post,)
    raise LookupError(path)


def order_of(request: Request, shape: Shape) -> Order:
    """Give the order that the server heeds."""
    asked = request.parameters.get("orderby")
    return "updated" if asked == "updated" and not shape.ignore_order else "published"


def within_bounds(
    posts: Sequence[BlogPost], order: Order, shape: Shape, request: Request
) -> Sequence[BlogPost]:
    """Keep what the bounds of the query let through: min inclusive, max exclusive.

    Bounds on ``updated`` count only where that is the order, as Blogger has it.
    """
    if order == "updated" and not shape.ignore_bounds:
        posts = between(posts, "updated", request)
    if order == "published":
        return between(posts, "published", request)
    low, high = bounds("published", request)
    if (low, high) == (EARLIEST, LATEST):
        return posts
    return [post for post in posts if low <= post.published < high]


def between(posts: Sequence[BlogPost], order: Order, request: Request) -> Sequence[BlogPost]:
    """Cut the posts, which come in this order, newest first, to the bounds on it."""
    low, high = bounds(order, request)

    def age(post: BlogPost) -> float:
        return -(post.updated if order == "updated" else post.published).timestamp()

    first = bisect_right(posts, -high.timestamp(), key=age)
    return posts[first : bisect_right(posts, -low.timestamp(), key=age)]


def bounds(order: Order, request: Request) -> tuple[datetime, datetime]:
    """Read the two bounds of the query on this moment."""
    low, high = (request.parameters.get(f"{order}-{end}") for end in ("min", "max"))
    return read_time(low) if low else EARLIEST, read_time(high) if high else LATEST


def fitting(posts: Sequence[BlogPost], budget: int) -> int:
    """Count the posts that fit into the budget: at least one, if there is one.

    Blogger counts the full text even where it gives summaries.
    """
    for place, post in enumerate(posts):
        budget -= len(post.content)
        if budget < 0 and place:
            return place
    return len(posts)
