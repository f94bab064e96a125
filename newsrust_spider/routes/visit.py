"""What the routes of one crawl share: the site, its clock, and how they tell what they did."""

from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from scrapy.crawler import Crawler

from newsrust_spider import signals
from newsrust_spider.arguments import Arguments
from newsrust_spider.parts import Parts
from newsrust_spider.storage.ledger import Ledger

Entry = TypeVar("Entry")
Route = Literal["feed", "sitemap", "audit", "retry"]


class Visit:
    """One crawl's visit to its site.

    ``clock`` is the site's at the first answer, ``site_posts`` its total, ``route`` the way that
    the posts come; ``failed`` tells that a page could not be had, ``pages`` how many pages of
    the sitemap were read.
    """

    def __init__(self, crawler: Crawler, arguments: Arguments) -> None:
        """Begin with nothing asked."""
        self._crawler = crawler
        self.arguments = arguments
        self.site = arguments.site
        self.route: Route = "feed"
        self.clock = datetime.now(UTC)
        self.site_posts: int | None = None
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

    @property
    def parts(self) -> Parts:
        """What is on its way through the stages."""
        parts: Parts = self.spider.parts
        return parts

    @property
    def most_at_once(self) -> int:
        """How many posts of one answer Scrapy lets into the stages at once."""
        return self._crawler.settings.getint("CONCURRENT_ITEMS")

    @property
    def shortfall(self) -> str:
        """Why not all was had that was asked for; "" where it was."""
        if self.limit_reached:
            return f"the limit of {self.arguments.limit} posts was reached"
        return "some pages could not be had" if self.failed else ""

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

    def fail(self, url: str, reason: str) -> None:
        """Tell that a page could not be had or read."""
        self.failed = True
        self._crawler.signals.send_catch_log(
            signals.page_failed, url=url, reason=reason, first=self.pages == 0
        )
