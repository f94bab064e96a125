"""A page of Blogger's JSON feed: text in, posts out. Its shape: GData JSON, ``alt=json``."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from newsrust_spider.blogger.blog_id import find_blog_id
from newsrust_spider.blogger.captcha import is_captcha
from newsrust_spider.blogger.entry import read_entry
from newsrust_spider.blogger.site import Site
from newsrust_spider.blogger.unfit import Unfit, UnfitAnswerError
from newsrust_spider.blogger.value import as_list, text_of
from newsrust_spider.items import Post, UnreadablePost

MOST_ENTRIES = 5000
"""More entries than this in one page is no feed of Blogger's, which gives at most 500."""
MOST_LEVELS = 100
"""Objects and lists inside each other; Blogger's feed has seven."""


class FeedError(UnfitAnswerError):
    """A response that is no page of a feed."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """The entries of one page in the order of the feed, and the total that the site claims.

    ``total`` and ``start_index`` (the place of its first entry, from 1) are None where the feed
    does not give them as numbers; ``short`` says that the entries have a summary where a full
    feed has its content. ``blog`` is Blogger's number of the blog, "" where it is not given.
    """

    entries: tuple[Post | UnreadablePost, ...]
    total: int | None
    short: bool
    start_index: int | None = None
    blog: str = ""

    @property
    def posts(self) -> tuple[Post, ...]:
        """The entries that could be read."""
        return tuple(entry for entry in self.entries if isinstance(entry, Post))


def parse_feed(text: str, site: Site, seen_at: datetime) -> FeedPage:
    """Return the page that ``text`` holds, received at ``seen_at`` of the site's clock.

    Raises FeedError where it is not a JSON feed that ends where it should.
    """
    document = _load(text.removeprefix("\ufeff").strip())
    feed = document.get("feed") if isinstance(document, dict) else None
    if not isinstance(feed, dict):
        raise FeedError(Unfit.NOT_A_FEED, "the answer is JSON, but no feed")
    entries = as_list(feed.get("entry"))
    if len(entries) > MOST_ENTRIES:
        raise FeedError(Unfit.TOO_LARGE, f"{len(entries)} entries in one page")
    return FeedPage(
        entries=tuple(read_entry(entry, site, seen_at) for entry in entries),
        total=_read_count(text_of(feed.get("openSearch$totalResults"))),
        short=any(isinstance(e, dict) and "summary" in e and "content" not in e for e in entries),
        start_index=_read_count(text_of(feed.get("openSearch$startIndex"))),
        blog=find_blog_id(text_of(feed.get("id"))),
    )


def parse_single(text: str, site: Site, seen_at: datetime) -> Post | UnreadablePost:
    """Return the post that the answer for one post's own entry holds; FeedError as `parse_feed`."""
    document = _load(text.removeprefix("\ufeff").strip())
    entry = document.get("entry") if isinstance(document, dict) else None
    if not isinstance(entry, dict):
        raise FeedError(Unfit.NOT_A_FEED, "the answer is JSON, but no entry")
    return read_entry(entry, site, seen_at)


def _read_count(text: str) -> int | None:
    # Ten digits: no blog has more posts, and int() of thousands of digits raises.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None  # noqa: PLR2004


def _load(text: str) -> Any:
    try:
        # Numbers as they are written, for none is used as one: an integer of over 4,300 digits
        # would raise ValueError and cost the page, and NaN is no JSON that could be kept.
        # strict: a raw control character in a title is mended later, not fatal.
        document = json.loads(
            text,
            parse_int=str,
            parse_float=str,
            parse_constant=str,
            strict=False,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise FeedError(Unfit.TOO_DEEP, "the JSON is nested too deep") from None
    except json.JSONDecodeError as error:
        _refuse(text, error)
    # How deep json itself goes differs from one Python to the next.
    level = [document]
    for _ in range(MOST_LEVELS):
        level = [inner for outer in level for inner in _inside(outer)]
    if level:
        raise FeedError(Unfit.TOO_DEEP, f"over {MOST_LEVELS} levels of JSON")
    return document


def _inside(value: object) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _refuse(text: str, error: json.JSONDecodeError) -> NoReturn:
    head = text[:2000].lower()
    if not text:
        raise FeedError(Unfit.EMPTY, "the answer has no body") from None
    if is_captcha(text):
        raise FeedError(Unfit.BLOCKED, "the site asks for a captcha") from None
    if head.startswith("<?xml") or "<feed" in head[:200] or "<rss" in head[:200]:
        raise FeedError(Unfit.NOT_JSON, "an XML feed came where JSON was asked for") from None
    if head.startswith("<"):
        raise FeedError(Unfit.NOT_JSON, "an HTML page came where a feed was asked for") from None
    if not head.startswith(("{", "[")):
        raise FeedError(Unfit.NOT_JSON, f"the answer begins with {text[:20]!r}") from None
    if error.pos >= len(text) - 1 or "Unterminated" in error.msg:
        raise FeedError(
            Unfit.TRUNCATED, f"the feed breaks off after {len(text)} characters"
        ) from None
    raise FeedError(Unfit.BAD_JSON, f"{error.msg} at character {error.pos}") from None


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    pairs = list(pairs)
    found = dict(pairs)
    if len(found) < len(pairs):
        raise FeedError(Unfit.DUP_KEYS, "a JSON object has the same key twice")
    return found
