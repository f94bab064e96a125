"""One entry of a Blogger feed: JSON object in, Post out (or the reason why not)."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from newsrust_spider.blogger.site import Site
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.text import mend_text, one_line

MOST_LABELS = 100
LONGEST_LABEL = 200
LONGEST_PAYLOAD = 1_000_000
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
SUSPICIOUS = datetime(1995, 1, 1, tzinfo=UTC)
"""No web news is older; a post may be dated so all the same, and is flagged."""
FUTURE = timedelta(hours=48)
"""How far ahead of the site's clock a date may lie: every zone, and a day of grace."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_POST_ID = re.compile(r"post-([0-9]{1,25})$")


class UnreadableEntryError(ValueError):
    """An entry that cannot become a Post; ``reason`` is one word of the rejected posts."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the ``reason`` and what was found, in one line."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def text_of(value: object) -> str:
    """Return the text of a GData value ``{"$t": …}``, "" where there is none.

    >>> text_of({"type": "text", "$t": "Two dead"}), text_of({"$t": 7}), text_of(None)
    ('Two dead', '7', '')
    """
    found = value.get("$t") if isinstance(value, Mapping) else value
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return mend_text(str(found))


def read_moment(text: str, seen_at: datetime) -> datetime:
    """Return a feed's date and time in UTC; one without an offset is taken as UTC.

    Raises UnreadableEntryError: ``bad_date`` where it is not an RFC 3339 moment between 1970
    and 9999, ``future_date`` where it lies over 48 hours after ``seen_at``, the site's clock.

    >>> read_moment("2022-06-21T18:16:00.005-07:00", datetime.now(UTC)).isoformat()
    '2022-06-22T01:16:00.005000+00:00'
    """
    text = text.strip()
    leap = text[16:19] == ":60"
    plain = f"{text[:16]}:59{text[19:]}" if leap else text
    try:
        if not _MOMENT.fullmatch(plain):
            raise ValueError  # fromisoformat would take week dates and the like
        moment = datetime.fromisoformat(plain)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableEntryError("bad_date", f"{text[:40]!r} is not a date") from None
    if moment < EARLIEST:
        raise UnreadableEntryError("bad_date", f"{text[:40]!r} is before 1970")
    if moment > seen_at + FUTURE:
        raise UnreadableEntryError("future_date", f"{text[:40]!r} is in the future")
    return moment + timedelta(seconds=1) if leap else moment


def clean_labels(terms: Iterable[object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the labels among ``terms``, each once, and what had to be mended.

    Labels are the same when they differ in case or white space only; the first spelling stays.

    >>> clean_labels(["World", " world ", "Art & Culture", "", None])
    (('World', 'Art & Culture'), ('label_dropped',))
    """
    labels: dict[str, str] = {}
    mended: dict[str, None] = {}
    for term in terms:
        label = one_line(text_of(term))
        if not label:
            mended["label_dropped"] = None
            continue
        if len(label) > LONGEST_LABEL:
            mended["label_cut"] = None
            label = label[:LONGEST_LABEL].rstrip()
        labels.setdefault(label.casefold(), label)
    if len(labels) > MOST_LABELS:
        mended["labels_cut"] = None
    return tuple(labels.values())[:MOST_LABELS], tuple(mended)


def as_list(value: object) -> list[Any]:
    """Return a JSON value that may stand for a list of one as a list.

    >>> as_list({"rel": "next"}), as_list(None)
    ([{'rel': 'next'}], [])
    """
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _find_permalink(entry: Mapping[str, Any], site: Site) -> str:
    # The first link of an entry is the comments feed: take rel=alternate, as HTML.
    for link in as_list(entry.get("link")):
        if isinstance(link, Mapping) and link.get("rel") == "alternate":
            kind = link.get("type", "text/html")
            if kind == "text/html" and isinstance(link.get("href"), str):
                return site.permalink(mend_text(link["href"]))
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
    return one_line(url) if isinstance(url, str) and len(url) <= 2000 else ""  # noqa: PLR2004


def _read_dates(
    entry: Mapping[str, Any], seen_at: datetime
) -> tuple[datetime | None, datetime, tuple[str, ...]]:
    texts = {key: text_of(entry.get(key)) for key in ("published", "updated")}
    found = {key: read_moment(text, seen_at) for key, text in texts.items() if text.strip()}
    updated = found.get("updated") or found.get("published")
    if updated is None:
        raise UnreadableEntryError("bad_date", "neither published nor updated is given")
    mended = [f"no_{key}" for key in texts if key not in found]
    if found.get("published", updated) < SUSPICIOUS:
        mended.append("suspicious_date")
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
            raise UnreadableEntryError("bad_type", "the entry is not an object")
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
        raise UnreadableEntryError("no_url", "no link of the entry is its own address")
    published, updated, mended = _read_dates(entry, seen_at)
    terms = [c.get("term") for c in as_list(entry.get("category")) if isinstance(c, Mapping)]
    labels, mended_labels = clean_labels(terms)
    if not post_id:
        mended += ("no_id",)
    if "content" not in entry and "summary" in entry:
        mended += ("summary_only",)
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
