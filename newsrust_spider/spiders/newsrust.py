"""The spider: it opens a visit to the site, and plays an errand there."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler

from newsrust_spider.arguments import Arguments
from newsrust_spider.blogger.site import LARGEST_PAGE
from newsrust_spider.errands.news import Order, collect_news
from newsrust_spider.errands.retry import YOUNG, retry_rejected
from newsrust_spider.parts import Parts
from newsrust_spider.routes.visit import Visit
from newsrust_spider.spiders.conversation import Conversation, Errand
from newsrust_spider.spiders.desk import ScrapyDesk
from newsrust_spider.storage.ledger import Ledger
from newsrust_spider.verdict import Verdict


class NewsrustSpider(Spider):
    """Collects a Blogger site: first all of it, then what changed."""

    name = "newsrust"
    ledger: Ledger
    parts: Parts
    visit: Visit
    conversation: Conversation

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ARG003 - Scrapy's
        """Build the spider; ValueError with the remedy for an argument that makes no sense."""
        spider = super().from_crawler(crawler)
        spider.visit = Visit(crawler, Arguments.parse(kwargs, datetime.now(UTC)))
        spider.conversation = Conversation(spider.visit, spider.errand)
        return spider

    def errand(self) -> Errand:
        """Return what the crawl is for."""
        given = self.visit.arguments
        desk = ScrapyDesk(given.site.name, LARGEST_PAGE)
        return _collect(desk, Order(given.since, given.limit))

    async def start(self) -> AsyncIterator[Request]:
        """Begin the conversation."""
        yield self.conversation.begin()

    def resume(self) -> Request | None:
        """Return what is to be asked where nothing is left to do; None where all is done."""
        return self.conversation.resume()

    @property
    def verdict(self) -> Verdict | None:
        """What the errand came to; None where it did not come to its end."""
        return self.conversation.verdict


async def _collect(desk: ScrapyDesk, order: Order) -> Verdict:
    verdict = await collect_news(desk, order)
    await retry_rejected(desk, YOUNG)
    return verdict
