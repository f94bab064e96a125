"""The spider: it opens a visit to the site, and plays an errand there."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler

from newsrust_spider.arguments import Arguments
from newsrust_spider.blogger.site import LARGEST_PAGE
from newsrust_spider.errands.audit import Findings, audit_site
from newsrust_spider.errands.known import Wanted
from newsrust_spider.errands.news import collect_news
from newsrust_spider.errands.order import AuditOrder, Order
from newsrust_spider.errands.retry import YOUNG, retry_rejected
from newsrust_spider.parts import Parts
from newsrust_spider.spiders.conversation import Conversation, Errand
from newsrust_spider.spiders.desk import ScrapyDesk
from newsrust_spider.spiders.visit import Route, Visit
from newsrust_spider.storage.ledger import Ledger
from newsrust_spider.verdict import Exit, Verdict


class NewsrustSpider(Spider):
    """Collects a Blogger site: first all of it, then what changed.

    The argument ``order`` gives it another errand, as the commands do that are not ``crawl``: an
    AuditOrder, whose ``found`` then tells what differs, or the Wanted of a retry.
    """

    name = "newsrust"
    ledger: Ledger
    parts: Parts
    visit: Visit
    conversation: Conversation
    found: Findings

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ARG003 - Scrapy's
        """Build the spider; ValueError with the remedy for an argument that makes no sense."""
        order: AuditOrder | Wanted | None = kwargs.pop("order", None)
        spider = super().from_crawler(crawler)
        spider.found = Findings()
        arguments = Arguments.parse(kwargs, datetime.now(UTC))
        desk = ScrapyDesk(arguments.site.name, LARGEST_PAGE)
        route: Route = "feed"
        begin: Callable[[], Errand] = partial(
            _collect, desk, Order(arguments.since, arguments.limit)
        )
        if isinstance(order, AuditOrder):
            order = replace(order, since=arguments.since)
            route, begin = "audit", partial(audit_site, desk, order, spider.found)
        elif isinstance(order, Wanted):
            route, begin = "retry", partial(_retry, desk, order)
        spider.visit = Visit(crawler, arguments, route)
        spider.conversation = Conversation(spider.visit, begin)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Begin the conversation."""
        yield self.conversation.begin()


async def _collect(desk: ScrapyDesk, order: Order) -> Verdict:
    verdict = await collect_news(desk, order)
    await retry_rejected(desk, YOUNG)
    return verdict


async def _retry(desk: ScrapyDesk, wanted: Wanted) -> Verdict:
    await retry_rejected(desk, wanted)
    return Verdict(Exit.COMPLETE)
