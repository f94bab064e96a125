"""Whether the crawl has all that the site counts, and where to look for what it has not."""

from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsrust_spider.blogger.feed import FeedError, FeedPage
from newsrust_spider.responses import explain_failure
from newsrust_spider.routes.feed import FeedRoute
from newsrust_spider.routes.feed_pages import FeedPages, Found
from newsrust_spider.routes.sitemap import SitemapRoute
from newsrust_spider.routes.visit import Visit
from newsrust_spider.walk import Walk, walk_everything
from newsrust_spider.windows import BEGINNING

LOOK_BACK_PAGES = 20
"""Pages that are searched by ``published`` for posts that the site counts and we do not hold:
a scheduled post surfaces near the top of that order, and 20 pages are some weeks."""


class Completeness:
    """Compares totals at the end of a crawl, and looks for the posts that are missing."""

    def __init__(
        self, visit: Visit, pages: FeedPages, feed: FeedRoute, sitemap: SitemapRoute
    ) -> None:
        """Take the visit and the routes by which missing posts can be found."""
        self._visit = visit
        self._pages = pages
        self._feed = feed
        self._sitemap = sitemap
        self._asked_again = False
        self._look_back: Walk | None = None
        self._looked_back = 0

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
            if self._feed.end is not None:
                visit.tell_walked(0, 0, self._feed.end)
            return None
        if visit.pages and not self._asked_again:
            self._asked_again = True
            return self._pages.ask_summary(self.hear_again, self.fail)
        walk = self._look_back or walk_everything(visit.clock)
        if not walk.done and self._looked_back < LOOK_BACK_PAGES:
            return self._pages.ask(walk, self.read_look_back, self.fail)
        if not self._sitemap.walked:
            return self._sitemap.begin(f"the feed lacks {excess} posts that the site counts")
        visit.missing = excess
        return None

    def hear_again(self, response: Response) -> None:
        """Take the total anew: posts came or went while the walk was under way."""
        try:
            self._pages.hear_site(response)
        except FeedError as error:
            self._visit.fail(response.url, str(error))

    def read_look_back(self, response: Response, walk: Walk) -> Iterator[Found]:
        """Yield the posts of a page of the search by ``published``."""
        page = self._pages.parse(response)
        if not isinstance(page, FeedPage):
            yield from page
            return
        self._looked_back += 1
        self._look_back = self._pages.go_on(page, walk)
        entries = self._pages.choose(page, walk)
        self._visit.tell_walked(response.meta["page"], len(entries), self._visit.clock)
        yield from self._pages.complete(entries, response.meta["page"])

    def fail(self, failure: Failure) -> None:
        """Note a page that could not be had."""
        self._visit.fail(failure.request.url, explain_failure(failure))  # type: ignore[attr-defined]

    def _count_excess(self, held_posts: int) -> int:
        # Totals can be compared only where all of the blog is asked for.
        visit = self._visit
        if visit.site_posts is None or visit.arguments.since != BEGINNING:
            return 0
        return visit.site_posts - held_posts - visit.ledger.coverage.difference
