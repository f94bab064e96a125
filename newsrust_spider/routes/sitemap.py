"""The route by the sitemap: all addresses, and the pages of those that are new or changed."""

import asyncio
import logging
from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.http import Response

from newsrust_spider.errands.desk import Delivery
from newsrust_spider.evidence import settle_window
from newsrust_spider.routes.post_pages import PostPages
from newsrust_spider.routes.sitemap_pages import SitemapPages
from newsrust_spider.routes.visit import Visit

logger = logging.getLogger("newsrust")


class SitemapRoute:
    """Walks the sitemap to its end.

    Addresses that we hold with the same last change are passed over. ``is_under_way`` tells that
    it was begun, and that nobody was told yet how it ended.
    """

    def __init__(self, visit: Visit, post_pages: PostPages) -> None:
        """Take the visit that it is part of."""
        self._visit = visit
        self._pages = SitemapPages(visit)
        self._post_pages = post_pages
        self.is_under_way = False

    def begin(self, why: str) -> Request:
        """Return the first request; ``why`` the feed does not serve is logged."""
        logger.warning("%s: taking the sitemap and the pages of the posts", why)
        self._visit.route = "sitemap"
        self.is_under_way = True
        return self._pages.ask(1, self.read)

    async def read(self, response: Response, number: int) -> AsyncIterator[Request]:
        """Yield the next page's request, and one for each post that is new or changed."""
        visit = self._visit
        listed = self._pages.read(response)
        if listed is None:
            return
        stale = await asyncio.to_thread(visit.ledger.choose_stale, listed)
        since = visit.arguments.since
        wanted = visit.cut_to_limit([one for one in stale if (one[1] or visit.clock) > since])
        visit.pages += 1
        ticket = visit.parts.open(len(wanted), apart=True)
        if not listed and not visit.limit_reached:
            # The order of a sitemap promises nothing: only its end covers a window.
            window = settle_window(since, visit.clock, visit.clock)
            visit.parts.open(0, Delivery(covers=window))
        elif not visit.limit_reached:
            yield self._pages.ask(number + 1, self.read)
        for permalink, lastmod in wanted:
            yield self._post_pages.ask(permalink, ticket, lastmod)
