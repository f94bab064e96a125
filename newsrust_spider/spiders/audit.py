"""The spider of ``scrapy audit newsrust``: it asks the site what it has."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler

from newsrust_spider.routes.audit import AuditRoute
from newsrust_spider.routes.feed_pages import FeedPages
from newsrust_spider.routes.post_pages import PostPages
from newsrust_spider.spiders.newsrust import NewsrustSpider


class AuditSpider(NewsrustSpider):
    """Compares a site with our tables; the argument ``heal`` lets it fetch what is missing."""

    name = "audit"
    completeness: AuditRoute  # type: ignore[assignment]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider for the arguments of a crawl, and ``heal`` (bool)."""
        heal = bool(kwargs.pop("heal", False))
        spider = super().from_crawler(crawler, *args, **kwargs)
        post_pages = PostPages(spider.visit)
        feed_pages = FeedPages(spider.visit, post_pages)
        spider.completeness = AuditRoute(spider.visit, feed_pages, post_pages, heal=heal)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for totals and addresses."""
        await asyncio.to_thread(self.ledger.begin_listing)
        for request in self.completeness.begin():
            yield request
