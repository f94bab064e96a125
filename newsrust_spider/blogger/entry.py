"""One entry of a Blogger feed: JSON object in, Post out (or the reason why not)."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from newsrust_spider.blogger.labels import clean_labels
from newsrust_spider.blogger.moment import read_moment
from newsrust_spider.blogger.site import Site
from newsrust_spider.blogger.value import UnreadableEntryError, as_list, text_of
from newsrust_spider.flags import Flag
from newsrust_spider.items import LONGEST_PAYLOAD, Post, UnreadablePost
from newsrust_spider.limits import LONGEST_ADDRESS
from newsrust_spider.reasons import Reason
from newsrust_spider.text import one_line

SUSPICIOUS = datetime(1995, 1, 1, tzinfo=UTC)
"""No web news is older; a post may be dated so all the same, and is flagged."""
_POST_ID = re.compile(r"post-([0-9]{1,25})$")


def _find_permalink(entry: Mapping[str, Any], site: Site) -> str:
    # The first link of an entry is the comments feed: take rel=alternate, as HTML.
    for link in as_list(entry.get("link")):
        if isinstance(link, Mapping) and link.get("rel") == "alternate":
            kind = link.get("type", "text/html")
            if kind == "text/html" and isinstance(link.get("href"), str):
                return site.permalink(link["href"])
    return ""


def _find_post_id(entry: Mapping[str, Any]) -> str:
    match = _POST_ID.search(text_of(entry.get("id"))[-60:])
    return match[1] if match else ""


def _find_author(entry: Mapping[str, Any]) -> str:
    authors = [a for a in as_list(entry.get("author")) if isinstance(a, Mapping)]
    return one_line(text_of(authors[0].get("name")))[:200] if authors else ""


def _find_image(entry: Mapping[str, Any]) -> str:
    thumbnail = entry.get("media$thumbnail")
    url = thumbnail.get("url") if isinstance(thumbnail, Mapping) else None
    return one_line(url) if isinstance(url, str) and len(url) <= LONGEST_ADDRESS else ""


def _read_dates(
    entry: Mapping[str, Any], seen_at: datetime
) -> tuple[datetime | None, datetime, tuple[Flag, ...]]:
    texts = {key: text_of(entry.get(key)) for key in ("published", "updated")}
    found = {key: read_moment(text, seen_at) for key, text in texts.items() if text.strip()}
    updated = found.get("updated") or found.get("published")
    if updated is None:
        raise UnreadableEntryError(Reason.BAD_DATE, "neither published nor updated is given")
    absent = {"published": Flag.NO_PUBLISHED, "updated": Flag.NO_UPDATED}
    mended = [flag for key, flag in absent.items() if key not in found]
    if updated < found.get("published", updated):
        mended.append(Flag.UPDATED_BEFORE_PUBLISHED)
    if found.get("published", updated) < SUSPICIOUS:
        mended.append(Flag.SUSPICIOUS_DATE)
    return found.get("published"), updated, tuple(mended)


def read_entry(entry: object, site: Site, seen_at: datetime) -> Post | UnreadablePost:
    """Return the post that a feed's ``entry`` describes, read at ``seen_at`` of the site's clock.

    Never raises: what cannot be read comes back as an UnreadablePost that says why.
    """
    payload = json.dumps(entry, ensure_ascii=True).encode()[:LONGEST_PAYLOAD]
    fields = entry if isinstance(entry, Mapping) else {}
    permalink = _find_permalink(fields, site)
    post_id = _find_post_id(fields)
    try:
        if not isinstance(entry, Mapping):
            raise UnreadableEntryError(Reason.BAD_TYPE, "the entry is not an object")
        return _read_post(entry, site, seen_at, permalink, post_id, payload)
    except UnreadableEntryError as error:
        return UnreadablePost(
            site=site.name,
            post_id=post_id,
            permalink=permalink,
            reason=error.reason,
            detail=error.detail,
            payload=payload,
        )


def _read_post(  # noqa: PLR0913, PLR0917 - what read_entry found already
    entry: Mapping[str, Any],
    site: Site,
    seen_at: datetime,
    permalink: str,
    post_id: str,
    payload: bytes,
) -> Post:
    if not permalink:
        raise UnreadableEntryError(Reason.NO_URL, "no link of the entry is its own address")
    published, updated, mended = _read_dates(entry, seen_at)
    terms = [c.get("term") for c in as_list(entry.get("category")) if isinstance(c, Mapping)]
    labels, mended_labels = clean_labels(terms)
    if not post_id:
        mended += (Flag.NO_ID,)
    if "content" not in entry and "summary" in entry:
        mended += (Flag.SUMMARY_ONLY,)
    return Post(
        site=site.name,
        post_id=post_id or permalink,
        permalink=permalink,
        title=text_of(entry.get("title")),
        content=text_of(entry.get("content", entry.get("summary"))),
        labels=labels,
        published=published,
        updated=updated,
        author=_find_author(entry),
        image_url=_find_image(entry),
        mended=mended + mended_labels,
        payload=payload,
    )
