"""The route by the feed: newest change first, by key, until what is covered begins."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newsrust_spider.blogger.feed import FeedError, FeedPage, parse_feed
from newsrust_spider.feed_query import feed_query
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.middlewares.same_site import OffSiteError
from newsrust_spider.responses import decode_body, explain_failure, read_clock
from newsrust_spider.routes.post_pages import PostPages
from newsrust_spider.routes.sitemap import SitemapRoute
from newsrust_spider.routes.visit import Visit
from newsrust_spider.walk import OutOfOrderError, Walk, walk_changes, walk_everything
from newsrust_spider.windows import BEGINNING, Window, find_holes, reread_newest

logger = logging.getLogger("newsrust")

LOOK_BACK_PAGES = 20
"""Pages that are searched by ``published`` for posts that the site counts and we do not hold:
a scheduled post surfaces near the top of that order, and 20 pages are some weeks."""
CLOCK_SKEW = timedelta(days=1)
"""More than this between our clock and the site's, and every date check would be wrong."""
FEED_OFF = (401, 403, 404, 410)
"""What a feed that its owner has switched off may answer; also an HTML page, or a login."""

Found = Post | UnreadablePost | Request


class FeedRoute:
    """Walks the feed; hands over to the sitemap where the feed is off or breaks off."""

    def __init__(self, visit: Visit, post_pages: PostPages, sitemap: SitemapRoute) -> None:
        """Take the visit that it is part of, and the routes that it hands over to."""
        self._visit = visit
        self._post_pages = post_pages
        self._sitemap = sitemap
        self._recent: frozenset[str] = frozenset()
        self._end: datetime | None = None
        self._asked_again = False
        self._look_back: Walk | None = None
        self._looked_back = 0

    def ask_site(self) -> Request:
        """Return the first request: the newest change, and the total of posts."""
        return self._ask_summary(self.begin, self.find_feed_off)

    def begin(self, response: Response) -> Iterator[Request]:
        """Compare the site's newest change with what is covered, and start the walk."""
        visit = self._visit
        try:
            page = self._hear_site(response)
        except FeedError as error:
            if error.reason == "not_json":
                yield self._sitemap.begin(f"the feed is off ({error})")
            else:
                visit.fail(response.url, str(error))
            return
        if page is None:
            return
        spans = tuple(Window(*span) for span in visit.ledger.coverage.spans)
        newest = page.posts[0] if page.posts else None
        known = newest is not None and (newest.post_id, newest.updated) == (
            visit.ledger.coverage.newest_change
        )
        if newest and known and not find_holes(spans, newest.updated, since=visit.arguments.since):
            visit.tell_walked(0, 0, newest.updated)
            return
        holes = find_holes(reread_newest(spans), visit.clock, since=visit.arguments.since)
        yield self._ask_page(walk_changes(holes, visit.clock), self.read)

    def read(self, response: Response, walk: Walk) -> Iterator[Found]:
        """Yield the next page's request, then the posts of this one."""
        visit = self._visit
        page = self._parse(response)
        if not isinstance(page, FeedPage):
            yield from page
            return
        problem = self._find_problem(page, walk)
        if problem:
            visit.fail(response.url, problem)
            return
        onward = self._go_on(page, walk)
        entries = visit.cut_to_limit(self._choose(page, walk))
        reached = walk.reached if visit.limit_reached else onward.reached
        if onward.done and not page.entries and visit.arguments.since == BEGINNING:
            # An empty page may also be a server's mishap: look_again decides by the total.
            self._end, reached = onward.reached, walk.reached
        visit.tell_walked(response.meta["page"], len(entries), reached)
        if not onward.done and not visit.limit_reached:
            yield self._ask_page(onward, self.read)
        yield from self._complete(entries, response.meta["page"])

    def look_again(self, held_posts: int) -> Request | None:
        """Return what to ask once nothing is left to do, given how many posts we hold.

        A post that surfaces with an old ``updated`` lies inside a covered window; the site's
        total betrays it. It is then looked for by ``published``, a page at a time, and at last
        in the sitemap.
        """
        visit = self._visit
        if visit.failed or visit.limit_reached:
            return None
        excess = self._count_excess(held_posts)
        if excess <= 0:
            if self._end is not None:
                visit.tell_walked(0, 0, self._end)
            return None
        if visit.pages and not self._asked_again:
            self._asked_again = True
            return self._ask_summary(self.hear_again, self.fail)
        walk = self._look_back or walk_everything(visit.clock)
        if not walk.done and self._looked_back < LOOK_BACK_PAGES:
            return self._ask_page(walk, self.read_look_back)
        if not self._sitemap.walked:
            return self._sitemap.begin(f"the feed lacks {excess} posts that the site counts")
        visit.missing = excess
        return None

    def hear_again(self, response: Response) -> None:
        """Take the total anew: posts came or went while the walk was under way."""
        try:
            self._hear_site(response)
        except FeedError as error:
            self._visit.fail(response.url, str(error))

    def read_look_back(self, response: Response, walk: Walk) -> Iterator[Found]:
        """Yield the posts of a page of the search by ``published``."""
        page = self._parse(response)
        if not isinstance(page, FeedPage):
            yield from page
            return
        self._looked_back += 1
        self._look_back = self._go_on(page, walk)
        entries = self._choose(page, walk)
        self._visit.tell_walked(response.meta["page"], len(entries), self._visit.clock)
        yield from self._complete(entries, response.meta["page"])

    def find_feed_off(self, failure: Failure) -> Iterator[Request]:
        """Hand over to the sitemap where the feed is off; else the site cannot be used."""
        error, why = failure.value, explain_failure(failure)
        refused = isinstance(error, HttpError) and error.response.status in FEED_OFF
        if refused or isinstance(error, OffSiteError):
            yield self._sitemap.begin(f"the feed is off ({why})")
        else:
            self.fail(failure)

    def find_break(self, failure: Failure) -> Iterator[Request]:
        """Note a page that could not be had; the next crawl goes on from there.

        Where it did so already, and the first page of an older hole fails once more, the
        sitemap brings what lies beyond.
        """
        request: Request = failure.request  # type: ignore[attr-defined]
        walk: Walk = request.cb_kwargs["walk"]
        stuck = walk.bound is not None and walk == walk_changes(walk.holes, self._visit.clock)
        if stuck and not self._sitemap.walked:
            yield self._sitemap.begin(f"the feed breaks off ({explain_failure(failure)})")
        else:
            self.fail(failure)

    def fail(self, failure: Failure) -> None:
        """Note a page that could not be had."""
        self._visit.fail(failure.request.url, explain_failure(failure))  # type: ignore[attr-defined]

    def _count_excess(self, held_posts: int) -> int:
        # Totals can be compared only where all of the blog is asked for.
        visit = self._visit
        if visit.site_posts is None or visit.arguments.since != BEGINNING:
            return 0
        return visit.site_posts - held_posts - visit.ledger.coverage.difference

    def _ask_summary(self, callback: Any, errback: Any) -> Request:
        url = self._visit.site.feed("summary", orderby="updated", max_results=1)
        # Asked once more at the end, which the filter of duplicates would drop in silence.
        return Request(url, callback, errback=errback, dont_filter=True)

    def _ask_page(self, walk: Walk, callback: Any) -> Request:
        return Request(
            self._visit.site.feed("default", **feed_query(walk)),
            callback,
            errback=self.find_break,
            cb_kwargs={"walk": walk},
            meta={"page": self._visit.number_page()},
            dont_filter=True,
        )

    def _hear_site(self, response: Response) -> FeedPage | None:
        now = datetime.now(UTC)
        clock = read_clock(response, now)
        if now - clock > CLOCK_SKEW:
            self._visit.fail(response.url, f"our clock says {now:%F}, the site's {clock:%F}")
            return None
        page = parse_feed(decode_body(response), self._visit.site, clock)
        self._visit.tell_site(page.total, clock)
        return page

    def _parse(self, response: Response) -> FeedPage | list[Request]:
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

    def _find_problem(self, page: FeedPage, walk: Walk) -> str:
        first = walk.bound is None and walk.start_index == 1
        if first and not page.entries and page.total:
            return f"inconsistent: no entry, but a total of {page.total}"
        keys = frozenset(entry.post_id or entry.permalink for entry in page.entries)
        if walk.start_index > 1 and keys and keys == self._recent:
            return "pagination_loop: the same page came again"
        return ""

    def _go_on(self, page: FeedPage, walk: Walk) -> Walk:
        moments = [getattr(post, walk.order) for post in page.posts]
        try:
            return walk.after([m for m in moments if m is not None], len(page.entries))
        except OutOfOrderError as error:
            if walk.order == "updated":
                logger.warning("%s: walking all of it by 'published' instead", error)
                return walk_everything(self._visit.clock)
            logger.warning("%s: walking all of it by offset instead", error)
            return walk_everything(self._visit.clock).without_order()

    def _choose(self, page: FeedPage, walk: Walk) -> list[Post | UnreadablePost]:
        # Entries that share the time of a page's end come on the next page too.
        recent = self._recent
        self._recent = frozenset(e.post_id or e.permalink for e in page.entries) - {""}
        return [
            entry
            for entry in page.entries
            if (entry.post_id or entry.permalink) not in recent
            and (isinstance(entry, UnreadablePost) or walk.wants(entry.updated))
        ]

    def _complete(self, entries: list[Post | UnreadablePost], page: int) -> Iterator[Found]:
        for entry in entries:
            if isinstance(entry, Post) and "summary_only" in entry.mended:
                yield self._post_pages.ask(entry.permalink, page, entry.updated, entry)
            else:
                yield entry
