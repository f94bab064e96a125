"""Pages of the sitemap: asked for one by one until a page is empty.

Its index is capped at 20 pages, and later pages answer all the same.
"""

from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsrust_spider.blogger.sitemap import SitemapError, parse_sitemap
from newsrust_spider.responses import decode_body, explain_failure
from newsrust_spider.routes.visit import Visit
from newsrust_spider.storage.held import Change


class SitemapPages:
    """Asks for pages of the sitemap and reads them."""

    def __init__(self, visit: Visit) -> None:
        """Take the visit that it is part of."""
        self._visit = visit
        self._last: list[Change] = []

    def ask(self, number: int, callback: Any) -> Request:
        """Return the request for page ``number``, from 1; ``callback`` is given the number too."""
        return Request(
            f"{self._visit.site.home}/sitemap.xml?page={number}",
            callback,
            errback=self.fail,
            cb_kwargs={"number": number},
            dont_filter=True,
        )

    def read(self, response: Response) -> list[Change] | None:
        """Return the addresses of a page with their last changes; None where it is no sitemap."""
        try:
            sitemap = parse_sitemap(decode_body(response), self._visit.site)
        except SitemapError as error:
            self._visit.fail(response.url, str(error))
            return None
        listed = [(entry.permalink, entry.lastmod) for entry in sitemap.entries]
        if listed and listed == self._last:
            self._visit.fail(response.url, "pagination_loop: the same page came again")
            return None
        self._last = listed
        return listed

    def fail(self, failure: Failure) -> None:
        """Note that the sitemap could not be had."""
        self._visit.fail(failure.request.url, explain_failure(failure))  # type: ignore[attr-defined]
