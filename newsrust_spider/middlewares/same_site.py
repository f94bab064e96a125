"""No request leaves the aggregator's site, whatever a feed, a sitemap or a redirect says."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from newsrust_spider.text import without_credentials


class OffSiteError(IgnoreRequest):
    """A request for another scheme, host or port than the site's."""


class SameSite:
    """Lets requests pass that are for exactly the site of the crawl, robots.txt included."""

    def __init__(self, crawler: Crawler) -> None:
        """Take the crawler whose spider knows its site."""
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for ``crawler``."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise OffSiteError for a request that is not for the site."""
        site = self._crawler.spider.visit.site  # type: ignore[union-attr]
        if not site.owns(request.url):
            place = without_credentials(request.url)[:200]
            message = f"the site sends us elsewhere, to {place!r}"
            raise OffSiteError(message)
