"""When the post of a page was published."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from newsrust_spider.blogger.moment import read_moment
from newsrust_spider.blogger.page.around import Surroundings
from newsrust_spider.blogger.page.tree import Element, find, has_class
from newsrust_spider.blogger.value import as_list

_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)
_MOMENTS = (
    find("descendant::*[contains(@itemprop, 'datePublished')]"),
    find(f"descendant::*[self::abbr or self::time][{has_class('published')}]"),
    find("descendant::*[self::abbr or self::time]"),
)
_ATTRIBUTES = ("datetime", "title", "content")
_META = find("//meta[@property='article:published_time']/@content")
_STRUCTURED = find("//script[@type='application/ld+json']/text()")
_LONGEST_JSON = 200_000
_POSTINGS = frozenset(("BlogPosting", "Article", "NewsArticle"))


def read_published(root: Element, around: Surroundings, seen_at: datetime) -> datetime | None:
    """Return when the post was published, to the second; None where no machine could tell.

    Raises UnreadableEntryError as `read_moment` does.
    """
    for text in _texts(root, around):
        if _SHAPE.match(text):
            return read_moment(text, seen_at)
    return None


def _texts(root: Element, around: Surroundings) -> Iterator[str]:
    for path in _MOMENTS:
        for element in around.nearest(path):
            yield from (element.get(name, "").strip() for name in _ATTRIBUTES)
    yield from (text.strip() for text in _META(root))
    for posting in _read_postings(root):
        yield str(posting.get("datePublished", "")).strip()


def _read_postings(root: Element) -> Iterator[Mapping[str, Any]]:
    for text in _STRUCTURED(root):
        if len(text) <= _LONGEST_JSON:
            try:
                found = json.loads(text, parse_int=str, strict=False)
            except (ValueError, RecursionError):
                continue
            yield from filter(_is_posting, as_list(found))


def _is_posting(value: object) -> bool:
    kinds = as_list(value.get("@type")) if isinstance(value, Mapping) else []
    return any(isinstance(kind, str) and kind in _POSTINGS for kind in kinds)
