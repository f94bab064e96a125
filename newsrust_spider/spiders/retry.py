"""The spider of ``scrapy retry``: it asks the site nothing, and replays rejected posts."""

from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler

from newsrust_spider.spiders.newsrust import NewsrustSpider
from newsrust_spider.storage.rejected import Wanted


class RetrySpider(NewsrustSpider):
    """Replays the rejected posts that the argument ``wanted`` (Wanted) names."""

    name = "retry"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider for the arguments of a crawl, and ``wanted``."""
        wanted: Wanted = kwargs.pop("wanted")
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.replay.wanted = wanted
        spider.visit.route = "retry"
        spider.completeness = NothingToCompare()  # type: ignore[assignment]
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask our tables for the first of the wanted posts."""
        request = self.replay.go_on()
        if request is not None:
            yield request


class NothingToCompare:
    """The site was not asked: nothing can be missing."""

    def look_again(self, held_posts: int) -> None:
        """Ask for nothing."""
