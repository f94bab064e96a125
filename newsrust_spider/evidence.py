"""When an answer counts: only where it proves itself. One rule a function; pure.

The feed says what it was asked (``openSearch:startIndex``), what it counts
(``openSearch:totalResults``) and when a post changed (``updated``). Each rule below holds for
both kinds of totals: of those posts that a query's bounds let through, or of the whole blog.
Which of the two Blogger gives is not known.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from newsrust_spider.blogger.feed import FeedPage
from newsrust_spider.blogger.sitemap import SitemapPage
from newsrust_spider.coverage.windows import BEGINNING, OVERLAP, Window, find_holes

Change = tuple[str, datetime]
"""A post's number, and the moment of its last change."""
Place = tuple[str, datetime | None]
"""What stands at a place of a page: a post's name and its moment, where that can be read."""


def doubt_answer(page: FeedPage, start_index: int, blog: str) -> str:
    """Return why ``page`` is no answer to the question for ``start_index``, "" where it is one.

    A redirect to another page of the same feed, or a cache that does not look at the query,
    gives the right form and the wrong posts. So does another blog than ``blog``, Blogger's number
    of ours; "" where that is not known, as on either side.
    """
    if blog and page.blog and page.blog != blog:
        return f"another_blog: the answer is of blog {page.blog}, and the site is blog {blog}"
    if page.start_index is not None and page.start_index != start_index:
        return f"wrong_page: asked from post {start_index}, the answer begins at {page.start_index}"
    return ""


def doubt_page(post_id: str, addresses: Sequence[str], wanted_id: str, wanted_address: str) -> str:
    """Return why a page is not that of the post that was asked for, "" where it is.

    A page names its post by its number, ``post_id``, or by the ``addresses`` that it calls its
    own. The number outranks them where both are known: a post may have moved, and another may
    have been made at its address. A blog that is served by two names calls the same path of the
    other one its own. An age warning, a browser check or a login names nothing.

    >>> doubt_page("7", (), "7", "https://a.example/7.html")
    ''
    >>> doubt_page("8", ("https://a.example/8.html",), "", "https://a.example/7.html")
    "another_page: the post's address leads to https://a.example/8.html"
    >>> doubt_page("7", ("https://b.example/7.html",), "", "https://a.example/7.html")
    ''
    >>> doubt_page("", (), "7", "https://a.example/7.html")
    'no_post: its page does not say which post it shows'
    """
    if post_id and wanted_id.isdigit():
        named = f"another_page: the post's address leads to the page of post {post_id}"
        return "" if post_id == wanted_id else named
    path = urlsplit(wanted_address).path
    at_path = post_id and any(urlsplit(address).path == path for address in addresses)
    if wanted_address in addresses or at_path:
        return ""
    if addresses:
        return f"another_page: the post's address leads to {addresses[0]}"
    return "no_post: its page does not say which post it shows"


def doubt_list(listed: SitemapPage) -> str:
    """Return why a page of the sitemap is none of this site's, "" where it may be one.

    >>> doubt_list(SitemapPage((), ("https://b.example/1.html",)))
    "foreign: the sitemap lists 'https://b.example/1.html', which is not of this site"
    """
    if listed.entries or not listed.foreign:
        return ""
    return f"foreign: the sitemap lists {listed.foreign[0]!r}, which is not of this site"


def end_of_walk(newest: Sequence[Change], date: datetime) -> datetime | None:
    """Return where a crawl begins to read: at the newest change that the first answer showed.

    ``date`` is the site's clock at that answer; a change dated later bounds nothing. None where
    nothing is shown. Our own clock has no say, and no later answer moves it: what changes
    while the crawl runs belongs to the next one.
    """
    return min(max(moment for _, moment in newest), date) if newest else None


def settle_window(reached: datetime, until: datetime, date: datetime) -> Window | None:
    """Return what a walk from ``until`` down to ``reached`` has covered for good, None for nothing.

    ``date`` is the site's clock when the walk began. A change becomes visible some time after
    its ``updated``, so the last minutes before ``date`` are left to the next crawl.
    """
    end = min(until, date - OVERLAP)
    return Window(max(reached, BEGINNING), end) if reached < end else None


def is_not_older(held: datetime | None, came: datetime) -> bool:
    """Tell whether a state of a post counts: caches also give states that are over.

    ``held`` and ``came`` are the moments of the last change, None where nothing is held.
    """
    return held is None or came >= held


def proves_end(
    unseen: int | None, *, heeds_bounds: bool, below: int, gone: int, missing: int | None
) -> bool:
    """Tell whether an empty page is the end of the feed.

    ``unseen`` is the page's own total less the posts above its place, None where it has none.
    ``heeds_bounds`` says that this total counts only what the bounds let through, since it is
    smaller than the whole blog's. ``below`` counts the living posts that are held and belong
    below that place: an empty page contradicts them, but for ``gone`` of them, which are known
    to be deleted. ``missing`` counts the posts of the whole blog that are neither held nor
    explained. Deletions that nobody noticed lower it, so it tells nothing of a page that was asked
    for but once (None).

    >>> proves_end(0, heeds_bounds=True, below=0, gone=0, missing=3)
    True
    >>> proves_end(3, heeds_bounds=True, below=0, gone=0, missing=0)
    False
    >>> proves_end(3, heeds_bounds=False, below=0, gone=0, missing=0)
    True
    """
    counted = unseen is not None and unseen <= 0
    all_held = missing is not None and missing <= 0
    return below <= gone and (counted or (all_held and not heeds_bounds))


def follows_on(
    before: Sequence[Place], page: Sequence[Place], start_index: int, *, moved: bool = False
) -> bool:
    """Tell whether a page that was asked for by offset follows on the page ``before`` it.

    Such a page is asked for from the last post of the one before. Where that post is not on it,
    or in another state, posts were taken away above, or another server's cache answers: posts
    may have been skipped. So an empty page is no end here. A page of one post is not asked for
    again: there a total that ``moved`` tells of it.

    >>> a, b, c = (("a", None), ("b", None), ("c", None))
    >>> follows_on([a, b], [b, c], 2), follows_on([a, b], [c], 2)
    (True, False)
    >>> follows_on([a], [b, c], 2), follows_on([a], [c], 2, moved=True)
    (True, False)
    """
    if start_index == 1 or not before:
        return True
    if len(before) == 1 or not before[-1][0]:
        return not moved
    return before[-1] in page


def is_quiet(
    heard: Sequence[Place],
    before: Sequence[Place],
    covered: Iterable[Window],
    since: datetime,
    total: int | None = None,
) -> bool:
    """Tell whether the newest entries are as they were heard before, and all is covered.

    What is held is not asked: the newest post may have been deleted. Where no moment of what was
    ``heard`` can be read, changes may hide below it, unless it is all of the site's ``total``.
    """
    if not heard or tuple(heard) != tuple(before):
        return False
    moments = [moment for _, moment in heard if moment is not None]
    if not moments:
        return total is not None and total <= len(heard)
    return not find_holes(covered, max(moments), since=since)


def is_unheld(name: str, updated: datetime, held: Mapping[str, datetime]) -> bool:
    """Tell whether a post that changed at ``updated`` is not ``held`` in that state, or a newer."""
    return name not in held or held[name] < updated


def find_unheld(shown: Iterable[Change], held: Mapping[str, datetime]) -> list[Change]:
    """Return those of the changes ``shown`` whose state is not held, or is held in an older one."""
    return [(name, at) for name, at in shown if is_unheld(name, at, held)]


def rise_of(total: int | None, held: int, difference: int) -> int:
    """Return how many posts the site counts that neither are held nor are explained.

    ``difference`` is the site's total less what was held, as far as it is explained: below 0
    where posts were deleted at the site. A fall gives a number below 0.
    """
    return 0 if total is None else total - held - difference


def oldest_shown(shown: Sequence[Change]) -> datetime | None:
    """Return the moment above which ``shown`` names each change; None where it has no order."""
    moments = [moment for _, moment in shown]
    return moments[-1] if moments and moments == sorted(moments, reverse=True) else None
