"""The spider: it opens a visit to the site, and lets the routes decide what to ask for."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler

from newsrust_spider.arguments import Arguments
from newsrust_spider.routes.completeness import Completeness
from newsrust_spider.routes.feed import FeedRoute
from newsrust_spider.routes.feed_pages import FeedPages
from newsrust_spider.routes.post_pages import PostPages
from newsrust_spider.routes.replay import Replay
from newsrust_spider.routes.sitemap import SitemapRoute
from newsrust_spider.routes.visit import Visit
from newsrust_spider.storage.ledger import Ledger


class NewsrustSpider(Spider):
    """Collects a Blogger site: first all of it, then what changed."""

    name = "newsrust"
    ledger: Ledger
    visit: Visit
    feed: FeedRoute
    completeness: Completeness
    replay: Replay

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ARG003 - Scrapy's
        """Build the spider; ValueError with the remedy for an argument that makes no sense."""
        spider = super().from_crawler(crawler)
        spider.visit = Visit(crawler, Arguments.parse(kwargs, datetime.now(UTC)))
        spider.replay = Replay(spider.visit)
        post_pages = PostPages(spider.visit)
        feed_pages = FeedPages(spider.visit, post_pages)
        sitemap = SitemapRoute(spider.visit, post_pages)
        spider.feed = FeedRoute(spider.visit, feed_pages, sitemap)
        spider.completeness = Completeness(spider.visit, feed_pages, spider.feed, sitemap)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask what is newest and how many posts there are: all that an hour without news costs.

        When nothing is left to ask, posts that were rejected not long ago are tried again.
        """
        yield self.feed.ask_site()
