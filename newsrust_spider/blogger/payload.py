"""The payload of a rejected post, read again: a feed entry in JSON, or the HTML of its page."""

import json
from datetime import datetime

from newsrust_spider.blogger.entry import read_entry
from newsrust_spider.blogger.page import parse_page
from newsrust_spider.blogger.site import Site
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.reasons import Reason


def read_payload(
    payload: bytes, site: Site, permalink: str, seen_at: datetime, updated: datetime | None
) -> Post | UnreadablePost:
    """Return the post in ``payload``, as the rules of today read it; never raises.

    ``permalink`` and ``updated`` are what is known of a page from elsewhere. A feed entry that
    had to be cut to be kept is no JSON any more: it comes back as an UnreadablePost.
    """
    text = payload.decode("utf-8", "replace")
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        if text.lstrip().startswith(("{", "[")):
            return _cut(payload, site, permalink)
        return parse_page(text, site, permalink, seen_at, updated)
    return read_entry(entry, site, seen_at)


def _cut(payload: bytes, site: Site, permalink: str) -> UnreadablePost:
    return UnreadablePost(
        site=site.name,
        post_id="",
        permalink=permalink,
        reason=Reason.PAYLOAD_CUT,
        detail="the entry was too large to be kept whole",
        payload=payload,
    )
