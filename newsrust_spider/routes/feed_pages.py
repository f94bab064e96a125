"""Pages of the feed: asked for, read, and compared with where the walk stands."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response

from newsrust_spider.blogger.feed import FeedError, FeedPage, parse_feed
from newsrust_spider.feed_query import feed_query
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.responses import decode_body, read_date
from newsrust_spider.routes.post_pages import PostPages
from newsrust_spider.routes.visit import Visit
from newsrust_spider.walk import OutOfOrderError, Walk, walk_everything

logger = logging.getLogger("newsrust")

CLOCK_SKEW = timedelta(days=1)
"""More than this between our clock and the site's, and every date check would be wrong."""

Found = Post | UnreadablePost | Request


class FeedPages:
    """Asks for pages of the feed and reads them, each in the light of the one before."""

    def __init__(self, visit: Visit, post_pages: PostPages) -> None:
        """Take the visit that it is part of."""
        self._visit = visit
        self._post_pages = post_pages
        self._recent: frozenset[str] = frozenset()

    def ask_summary(self, callback: Any, errback: Any) -> Request:
        """Return the request for the newest change and the total."""
        url = self._visit.site.feed("summary", orderby="updated", max_results=1)
        # Asked once more at the end, which the filter of duplicates would drop in silence.
        return Request(url, callback, errback=errback, dont_filter=True)

    def ask(self, walk: Walk, callback: Any, errback: Any) -> Request:
        """Return the request for the next page of ``walk``."""
        return Request(
            self._visit.site.feed("default", **feed_query(walk)),
            callback,
            errback=errback,
            cb_kwargs={"walk": walk},
            meta={"page": self._visit.number_page()},
            dont_filter=True,
        )

    def hear_site(self, response: Response) -> FeedPage | None:
        """Read the answer to the summary, and tell total and clock; None where that fails."""
        now = datetime.now(UTC)
        date = read_date(response, now)
        if abs(now - date) > CLOCK_SKEW:
            self._visit.fail(response.url, f"our clock says {now:%F}, the site's {date:%F}")
            return None
        # The earlier of the two: a window that ends too early is read again, one that ends too
        # late would hide what has yet to come.
        clock = min(date, now)
        page = parse_feed(decode_body(response), self._visit.site, clock)
        self._visit.tell_site(page.total, clock)
        return page

    def read_total(self, response: Response) -> int | None:
        """Return the total that a feed claims; None where it cannot be read."""
        try:
            return parse_feed(decode_body(response), self._visit.site, self._visit.clock).total
        except FeedError:
            return None

    def parse(self, response: Response) -> FeedPage | list[Request]:
        """Return the page, or what is to be asked for instead of a broken one."""
        try:
            return parse_feed(decode_body(response), self._visit.site, self._visit.clock)
        except FeedError as error:
            again = self._retry(response, error.reason)
            if again is None:
                self._visit.fail(response.url, str(error))
            return [again] if again else []

    def _retry(self, response: Response, reason: str) -> Request | None:
        spider: Any = self._visit.spider
        return get_retry_request(response.request, spider=spider, reason=reason)  # type: ignore[arg-type]

    def find_problem(self, page: FeedPage, walk: Walk) -> str:
        """Return what makes the page useless for the walk, "" where nothing does."""
        first = walk.bound is None and walk.start_index == 1
        if first and not page.entries and page.total:
            return f"inconsistent: no entry, but a total of {page.total}"
        keys = frozenset(entry.post_id or entry.permalink for entry in page.entries)
        if walk.start_index > 1 and keys and keys == self._recent:
            return "pagination_loop: the same page came again"
        return ""

    def go_on(self, page: FeedPage, walk: Walk) -> Walk:
        """Return the walk after the page, in another order where the feed keeps none."""
        moments = [getattr(post, walk.order) for post in page.posts]
        try:
            return walk.after([m for m in moments if m is not None], len(page.entries))
        except OutOfOrderError as error:
            if walk.order == "updated":
                logger.warning("%s: walking all of it by 'published' instead", error)
                return walk_everything(self._visit.clock)
            logger.warning("%s: walking all of it by offset instead", error)
            return walk_everything(self._visit.clock).without_order()

    def choose(self, page: FeedPage, walk: Walk) -> list[Post | UnreadablePost]:
        """Return the entries that the walk wants and that the page before did not have."""
        # Entries that share the time of a page's end come on the next page too.
        recent = self._recent
        self._recent = frozenset(e.post_id or e.permalink for e in page.entries) - {""}
        return [
            entry
            for entry in page.entries
            if (entry.post_id or entry.permalink) not in recent
            and (isinstance(entry, UnreadablePost) or walk.wants(entry.updated))
        ]

    def complete(self, entries: list[Post | UnreadablePost], page: int) -> Iterator[Found]:
        """Yield the entries, or for those without their text the requests for their pages."""
        for entry in entries:
            if isinstance(entry, Post) and "summary_only" in entry.mended:
                yield self._post_pages.ask(entry.permalink, page, entry.updated, entry)
            else:
                yield entry
