"""No request leaves the aggregator's site, whatever a feed, a sitemap or a redirect says."""

from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from newsrust_spider.blogger.site import Site
from newsrust_spider.text import without_credentials

LONGEST_NAMED = 200
"""Characters of an address elsewhere that are told."""


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
            former = request.meta.get("redirect_urls", [""])[-1]
            home = find_new_home(former, request.url)
            if home:
                raise OffSiteError(f"it has moved to {home}: use site={home}")
            place = without_credentials(request.url)[:LONGEST_NAMED]
            raise OffSiteError(f"the site sends us elsewhere, to {place!r}")


def find_new_home(former: str, url: str) -> str:
    """Return the site to which an address has moved: ``url`` is the same one elsewhere.

    "" where it is another, or names no site. The path and the query tell a blog that has another
    name from a page that only leads away, as to a reader of feeds.

    >>> find_new_home("http://a.example/x?y=1", "https://b.example/x?y=1")
    'https://b.example'
    >>> find_new_home("http://a.example/feeds/posts/default", "http://feeds.example/a")
    ''
    """
    try:
        before, after = urlsplit(former), urlsplit(url)
        if not former or (before.path, before.query) != (after.path, after.query):
            return ""
        home = Site.parse(f"{after.scheme}://{after.netloc}").home
    except ValueError:
        return ""
    return home if len(home) <= LONGEST_NAMED else ""
