"""What the routes of one crawl share: the site, its clock, and how they tell what they did."""

from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from scrapy.crawler import Crawler

from newsrust_spider import signals
from newsrust_spider.arguments import Arguments
from newsrust_spider.storage.ledger import Ledger

Entry = TypeVar("Entry")
Route = Literal["feed", "sitemap", "audit", "retry"]


class Visit:
    """One crawl's visit to its site.

    ``clock`` is the site's at the first answer, ``site_posts`` its total, ``route`` the way that
    the posts come; ``failed`` tells that a page could not be had, ``missing`` how many posts the
    site counts that were not found.
    """

    def __init__(self, crawler: Crawler, arguments: Arguments) -> None:
        """Begin with nothing asked."""
        self._crawler = crawler
        self.arguments = arguments
        self.site = arguments.site
        self.route: Route = "feed"
        self.clock = datetime.now(UTC)
        self.site_posts: int | None = None
        self.missing = 0
        self.pages = 0
        self.failed = False
        self.limit_reached = False
        self._taken = 0

    @property
    def spider(self) -> Any:
        """The spider that makes this visit."""
        return self._crawler.spider

    @property
    def ledger(self) -> Ledger:
        """The open ledger of this crawl."""
        ledger: Ledger = self.spider.ledger
        return ledger

    def number_page(self) -> int:
        """Return the number of the next page in this crawl, from 1."""
        self.pages += 1
        return self.pages

    def cut_to_limit(self, entries: list[Entry]) -> list[Entry]:
        """Return ``entries``, or as many of them as the limit of the crawl leaves."""
        limit = self.arguments.limit
        if limit is not None and self._taken + len(entries) >= limit:
            self.limit_reached = True
            entries = entries[: limit - self._taken]
        self._taken += len(entries)
        return entries

    def tell_site(self, posts: int | None, clock: datetime) -> None:
        """Tell the total that the site gives, and what its clock says."""
        self.site_posts, self.clock = posts, clock
        self._crawler.signals.send_catch_log(signals.site_asked, posts=posts, clock=clock)

    def tell_walked(self, page: int, posts: int, reached: datetime) -> None:
        """Tell that ``page`` brings ``posts`` posts and covers the site down to ``reached``."""
        self._crawler.signals.send_catch_log(
            signals.page_walked, page=page, posts=posts, reached=reached
        )

    def fail(self, url: str, reason: str) -> None:
        """Tell that a page could not be had or read."""
        self.failed = True
        self._crawler.signals.send_catch_log(
            signals.page_failed, url=url, reason=reason, first=self.pages == 0
        )
