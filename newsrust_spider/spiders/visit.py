"""One crawl's visit to its site: what it knows of it, and whom it may ask."""

import logging
from datetime import UTC, datetime
from typing import Any, Literal

from scrapy.crawler import Crawler

from newsrust_spider import signals
from newsrust_spider.arguments import Arguments
from newsrust_spider.parts import Parts
from newsrust_spider.storage.ledger import Ledger

logger = logging.getLogger("newsrust")

Route = Literal["feed", "sitemap", "audit", "retry"]


class Visit:
    """One crawl's visit to its site.

    ``clock`` is the site's at the first answer, ``site_posts`` its total, ``route`` the way that
    the posts come.
    """

    def __init__(self, crawler: Crawler, arguments: Arguments, route: Route) -> None:
        """Begin with nothing asked."""
        self._crawler = crawler
        self.arguments = arguments
        self.site = arguments.site
        self.route: Route = route
        self.clock = datetime.now(UTC)
        self.site_posts: int | None = None

    @property
    def spider(self) -> Any:
        """The spider that makes this visit."""
        return self._crawler.spider

    @property
    def ledger(self) -> Ledger:
        """The open ledger of this crawl."""
        ledger: Ledger = self.spider.ledger
        return ledger

    @property
    def parts(self) -> Parts:
        """What is on its way through the stages."""
        parts: Parts = self.spider.parts
        return parts

    @property
    def most_at_once(self) -> int:
        """How many posts of one answer Scrapy lets into the stages at once."""
        return self._crawler.settings.getint("CONCURRENT_ITEMS")

    def tell_site(self, posts: int | None, clock: datetime) -> None:
        """Tell the total that the site gives, and what its clock says."""
        self.site_posts, self.clock = posts, clock
        self._crawler.signals.send_catch_log(signals.site_asked, posts=posts, clock=clock)

    def turn_to_sitemap(self, why: str) -> None:
        """Tell, once, that the sitemap serves in place of the feed, and ``why``."""
        if self.route == "feed":
            self.route = "sitemap"
            logger.warning("%s: taking the sitemap and the pages of the posts", why)
