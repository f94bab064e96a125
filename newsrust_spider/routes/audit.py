"""The audit: what the site lists and counts, beside what we hold; on request it heals."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsrust_spider.blogger.feed import FeedError
from newsrust_spider.blogger.label_counts import read_label_counts
from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.responses import decode_body, explain_failure
from newsrust_spider.routes.feed_pages import FeedPages
from newsrust_spider.routes.post_pages import PostPages
from newsrust_spider.routes.sitemap_pages import SitemapPages
from newsrust_spider.routes.visit import Visit
from newsrust_spider.storage.audit import Audit


class AuditRoute:
    """Asks for totals and addresses; ``heal`` lets it fetch what is missing or stale.

    ``found`` is the comparison, once the site is heard; after healing it is made again.
    """

    def __init__(
        self, visit: Visit, feed_pages: FeedPages, post_pages: PostPages, *, heal: bool
    ) -> None:
        """Take the visit that it is part of."""
        self._visit = visit
        self._feed_pages = feed_pages
        self._sitemap_pages = SitemapPages(visit)
        self._post_pages = post_pages
        self._heal = heal
        self._labels: dict[str, int] = {}
        self.found: Audit | None = None
        visit.route = "audit"

    def begin(self) -> list[Request]:
        """Return the first requests: the total, the home page and the sitemap."""
        home = Request(self._visit.site.home + "/", self.hear_labels, errback=self.fail)
        return [
            self._feed_pages.ask_summary(self.hear_total, self.pass_total),
            home,
            self._sitemap_pages.ask(1, self.read_sitemap),
        ]

    def hear_total(self, response: Response) -> None:
        """Take the total of posts."""
        try:
            self._feed_pages.hear_site(response)
        except FeedError:
            self._visit.site_posts = None

    def pass_total(self, failure: Failure) -> None:  # noqa: ARG002 - an errback's
        """Go on without a total: a feed that is off has none."""
        self._visit.site_posts = None

    async def hear_labels(self, response: Response) -> AsyncIterator[Request]:
        """Take the labels' counts from the theme's own list, or ask the feed of each label."""
        try:
            self._labels = read_label_counts(decode_body(response))
        except UnreadableEntryError:
            self._labels = {}
        if not self._labels:
            for label in await asyncio.to_thread(self._visit.ledger.list_labels):
                url = self._visit.site.feed(f"summary/-/{quote(label, safe='')}", max_results=0)
                arguments = {"label": label}
                yield Request(url, self.hear_label, errback=self.fail, cb_kwargs=arguments)

    def hear_label(self, response: Response, label: str) -> None:
        """Take one label's count from its feed."""
        total = self._feed_pages.read_total(response)
        if total is not None:
            self._labels[label] = total

    async def read_sitemap(self, response: Response, number: int) -> AsyncIterator[Request]:
        """Note the addresses of a page; heal what of them is missing or stale."""
        visit = self._visit
        listed = self._sitemap_pages.read(response)
        if listed is None:
            return
        await asyncio.to_thread(visit.ledger.list_site, listed)
        if listed:
            yield self._sitemap_pages.ask(number + 1, self.read_sitemap)
        if self._heal:
            stale = await asyncio.to_thread(visit.ledger.choose_stale, listed)
            page = visit.number_page()
            visit.tell_walked(page, len(stale), visit.clock)
            for permalink, lastmod in stale:
                yield self._post_pages.ask(permalink, page, lastmod)

    def look_again(self, held_posts: int) -> None:  # noqa: ARG002 - as Completeness has it
        """Compare, once nothing is left to ask."""
        if not self._visit.failed:
            self.found = self._visit.ledger.compare(self._visit.site_posts, self._labels)
            self._visit.missing = self.found.problems

    def fail(self, failure: Failure) -> None:
        """Note a page that could not be had: without it nothing can be said."""
        self._visit.fail(failure.request.url, explain_failure(failure))  # type: ignore[attr-defined]
