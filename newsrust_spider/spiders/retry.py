"""The spider of ``scrapy retry``: it asks the site nothing, and replays rejected posts."""

from typing import Any, Self

from scrapy.crawler import Crawler

from newsrust_spider.blogger.site import LARGEST_PAGE
from newsrust_spider.errands.known import Wanted
from newsrust_spider.errands.retry import retry_rejected
from newsrust_spider.spiders.conversation import Errand
from newsrust_spider.spiders.desk import ScrapyDesk
from newsrust_spider.spiders.newsrust import NewsrustSpider
from newsrust_spider.verdict import Exit, Verdict


class RetrySpider(NewsrustSpider):
    """Replays the rejected posts that the argument ``wanted`` (Wanted) names."""

    name = "retry"
    wanted: Wanted

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider for the arguments of a crawl, and ``wanted``."""
        wanted: Wanted = kwargs.pop("wanted")
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.wanted = wanted
        spider.visit.route = "retry"
        return spider

    def errand(self) -> Errand:
        """Return the errand that replays them."""
        return self._retry(ScrapyDesk(self.visit.site.name, LARGEST_PAGE))

    async def _retry(self, desk: ScrapyDesk) -> Verdict:
        await retry_rejected(desk, self.wanted)
        return Verdict(Exit.COMPLETE)
