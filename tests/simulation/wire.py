"""The model's answers in Blogger's own form: written as JSON, and read by the real parser."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from newsrust_spider.blogger.feed import FeedPage, parse_feed
from newsrust_spider.blogger.site import Site as Address
from tests.simulation.blog import SITE, State, permalink_of, text_of

ADDRESS = Address.parse(f"https://{SITE}")


def read_by_wire(
    states: Sequence[State], counts: tuple[int, int], now: datetime, *, short: bool, blog: str
) -> FeedPage:
    """Write a page of the feed, and read it; ``counts`` are its total and its start index."""
    total, start_index = counts
    feed = {
        "id": {"$t": f"tag:blogger.com,1999:blog-{blog}"},
        "openSearch$totalResults": {"$t": str(total)},
        "openSearch$startIndex": {"$t": str(start_index)},
        "entry": [_entry(state, short=short) for state in states],
    }
    return parse_feed(json.dumps({"version": "1.0", "feed": feed}), ADDRESS, now)


def _entry(state: State, *, short: bool) -> dict[str, Any]:
    moment = "soon" if state.unreadable else _wire(state.updated)
    return {
        "id": {"$t": f"tag:blogger.com,1999:blog-1.post-{state.post_id}"},
        "published": {"$t": "soon" if state.unreadable else _wire(state.published)},
        "updated": {"$t": moment},
        "title": {"$t": f"Post {state.post_id}"},
        **({"summary": {"$t": ""}} if short else {"content": {"$t": text_of(state)}}),
        "link": [{"rel": "alternate", "href": permalink_of(state.post_id)}],
    }


def _wire(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
