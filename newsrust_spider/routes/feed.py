"""The route by the feed: newest change first, by key, until what is covered begins."""

from collections.abc import Iterator
from datetime import datetime

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newsrust_spider.blogger.feed import FeedError, FeedPage
from newsrust_spider.middlewares.same_site import OffSiteError
from newsrust_spider.responses import explain_failure
from newsrust_spider.routes.feed_pages import FeedPages, Found
from newsrust_spider.routes.sitemap import SitemapRoute
from newsrust_spider.routes.visit import Visit
from newsrust_spider.walk import Walk, walk_changes
from newsrust_spider.windows import BEGINNING, Window, find_holes, reread_newest

FEED_OFF = (401, 403, 404, 410)
"""What a feed that its owner has switched off may answer; also an HTML page, or a login."""


class FeedRoute:
    """Walks the feed; hands over to the sitemap where the feed is off or breaks off.

    ``end`` is how far down the site is covered if the end of the feed is that of the blog.
    """

    def __init__(self, visit: Visit, pages: FeedPages, sitemap: SitemapRoute) -> None:
        """Take the visit that it is part of, and the route that it hands over to."""
        self._visit = visit
        self._pages = pages
        self._sitemap = sitemap
        self.end: datetime | None = None

    def ask_site(self) -> Request:
        """Return the first request: the newest change, and the total of posts."""
        return self._pages.ask_summary(self.begin, self.find_feed_off)

    def begin(self, response: Response) -> Iterator[Request]:
        """Compare the site's newest change with what is covered, and start the walk."""
        visit = self._visit
        try:
            page = self._pages.hear_site(response)
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
        yield self._ask(walk_changes(holes, visit.clock))

    def read(self, response: Response, walk: Walk) -> Iterator[Found]:
        """Yield the next page's request, then the posts of this one."""
        visit = self._visit
        page = self._pages.parse(response)
        if not isinstance(page, FeedPage):
            yield from page
            return
        problem = self._pages.find_problem(page, walk)
        if problem:
            visit.fail(response.url, problem)
            return
        onward = self._pages.go_on(page, walk)
        entries = visit.cut_to_limit(self._pages.choose(page, walk))
        reached = walk.reached if visit.limit_reached else onward.reached
        if onward.done and not page.entries and visit.arguments.since == BEGINNING:
            # An empty page may also be a server's mishap: Completeness decides by the total.
            self.end, reached = onward.reached, walk.reached
        visit.tell_walked(response.meta["page"], len(entries), reached)
        if not onward.done and not visit.limit_reached:
            yield self._ask(onward)
        yield from self._pages.complete(entries, response.meta["page"])

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

    def _ask(self, walk: Walk) -> Request:
        return self._pages.ask(walk, self.read, self.find_break)
