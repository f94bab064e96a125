"""The route by the sitemap: all addresses, and the pages of those that are new or changed."""

import asyncio
import logging
from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsrust_spider.blogger.sitemap import SitemapError, parse_sitemap
from newsrust_spider.responses import decode_body, explain_failure
from newsrust_spider.routes.post_pages import PostPages
from newsrust_spider.routes.visit import Visit
from newsrust_spider.windows import BEGINNING

logger = logging.getLogger("newsrust")


class SitemapRoute:
    """Walks ``/sitemap.xml?page=N`` until a page is empty: its index is capped at 20 pages.

    Addresses that we hold with the same last change are passed over. The order of a sitemap
    promises nothing, so that there is no early stop, and only the end of it covers a window.
    """

    def __init__(self, visit: Visit, post_pages: PostPages) -> None:
        """Take the visit that it is part of."""
        self._visit = visit
        self._post_pages = post_pages
        self.walked = False

    def begin(self, why: str) -> Request:
        """Return the first request; ``why`` the feed does not serve is logged."""
        logger.warning("%s: taking the sitemap and the pages of the posts", why)
        self._visit.route = "sitemap"
        self.walked = True
        return self._ask(1)

    async def read(self, response: Response, number: int) -> AsyncIterator[Request]:
        """Yield the next page's request, and one for each post that is new or changed."""
        visit = self._visit
        try:
            sitemap = parse_sitemap(decode_body(response), visit.site)
        except SitemapError as error:
            visit.fail(response.url, str(error))
            return
        changes = [(entry.permalink, entry.lastmod) for entry in sitemap.entries]
        wanted = await asyncio.to_thread(visit.ledger.choose_stale, changes)
        wanted = [change for change in wanted if (change[1] or visit.clock) > visit.arguments.since]
        page = visit.number_page()
        room = visit.cut_to_limit(wanted)
        reached = visit.clock if sitemap.entries or visit.limit_reached else BEGINNING
        visit.tell_walked(page, len(room), max(reached, visit.arguments.since))
        if sitemap.entries and not visit.limit_reached:
            yield self._ask(number + 1)
        for permalink, lastmod in room:
            yield self._post_pages.ask(permalink, page, lastmod)

    def fail(self, failure: Failure) -> None:
        """Note that the sitemap could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self._visit.fail(request.url, explain_failure(failure))

    def _ask(self, number: int) -> Request:
        url = f"{self._visit.site.home}/sitemap.xml?page={number}"
        return Request(
            url, self.read, errback=self.fail, cb_kwargs={"number": number}, dont_filter=True
        )
