"""The spider of ``scrapy audit newsrust``: it asks the site what it has."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler

from newsrust_spider.routes.audit import AuditRoute
from newsrust_spider.routes.post_pages import PostPages
from newsrust_spider.spiders.newsrust import NewsrustSpider
from newsrust_spider.verdict import Exit, Verdict


class AuditSpider(NewsrustSpider):
    """Compares a site with our tables; the argument ``heal`` lets it fetch what is missing."""

    name = "audit"
    audit: AuditRoute

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider for the arguments of a crawl, and ``heal`` (bool)."""
        heal = bool(kwargs.pop("heal", False))
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.audit = AuditRoute(spider.visit, PostPages(spider.visit), heal=heal)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for totals and addresses."""
        await asyncio.to_thread(self.ledger.begin_listing)
        for request in self.audit.begin():
            yield request

    def resume(self) -> Request | None:
        """Return the request for the comparison, once nothing is left to ask."""
        return self.audit.resume()

    @property
    def verdict(self) -> Verdict | None:
        """What the comparison came to; None where it was not made."""
        if self.audit.found is None:
            return None
        found = self.audit.found.problems
        if found:
            return Verdict(
                Exit.INCOMPLETE, f"{found} things that the site counts or lists are not held"
            )
        return Verdict(Exit.COMPLETE)
