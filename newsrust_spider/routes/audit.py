"""The audit: what the site lists and counts, beside what we hold; on request it heals."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsrust_spider.blogger.feed import FeedError, parse_feed
from newsrust_spider.blogger.label_counts import read_label_counts
from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.errands.desk import Heard, Newest, Unanswered
from newsrust_spider.middlewares.tables import ask_tables
from newsrust_spider.responses import decode_body, explain_failure
from newsrust_spider.routes.post_pages import PostPages
from newsrust_spider.routes.sitemap_pages import SitemapPages
from newsrust_spider.routes.visit import Visit
from newsrust_spider.spiders.questions import address_of, read_answer
from newsrust_spider.storage.audit import Audit


class AuditRoute:
    """Asks for totals and addresses; ``heal`` lets it fetch what is missing or stale.

    ``found`` is the comparison, once the site is heard; after healing it is made again.
    """

    def __init__(self, visit: Visit, post_pages: PostPages, *, heal: bool) -> None:
        """Take the visit that it is part of."""
        self._visit = visit
        self._sitemap_pages = SitemapPages(visit)
        self._post_pages = post_pages
        self._heal = heal
        self._labels: dict[str, int] = {}
        self._compared = False
        self.found: Audit | None = None
        visit.route = "audit"

    def begin(self) -> list[Request]:
        """Return the first requests: the total, the home page and the sitemap."""
        home = Request(self._visit.site.home + "/", self.hear_labels, errback=self.fail)
        newest = address_of(Newest(), self._visit.site)
        return [
            Request(newest, self.hear_total, errback=self.pass_total, dont_filter=True),
            home,
            self._sitemap_pages.ask(1, self.read_sitemap),
        ]

    def hear_total(self, response: Response) -> None:
        """Take the total of posts, and the site's clock."""
        try:
            heard = read_answer(Newest(), response, self._visit.site)
        except (FeedError, Unanswered):
            return
        assert isinstance(heard, Heard)  # noqa: S101 - the answer to that question
        self._visit.tell_site(heard.page.total, heard.date)

    def pass_total(self, failure: Failure) -> None:
        """Go on without a total: a feed that is off has none."""

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
        with suppress(FeedError):
            total = parse_feed(decode_body(response), self._visit.site, self._visit.clock).total
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
            ticket = visit.parts.open(len(stale), apart=True)
            for permalink, lastmod in stale:
                yield self._post_pages.ask(permalink, ticket, lastmod)

    def resume(self) -> Request | None:
        """Return the request for the comparison, once nothing is left to ask; then None."""
        if self._compared or self._visit.failed:
            return None
        self._compared = True
        return ask_tables("comparison", self.compare)

    async def compare(self, response: Response) -> None:  # noqa: ARG002 - a callback's
        """Compare what the site lists and counts with what we hold."""
        visit = self._visit
        # A post that a stage set aside is on its way though nothing waits for it.
        await visit.parts.all_stored()
        compare = visit.ledger.compare
        self.found = await asyncio.to_thread(compare, visit.site_posts, self._labels)

    def fail(self, failure: Failure) -> None:
        """Note a page that could not be had: without it nothing can be said."""
        self._visit.fail(failure.request.url, explain_failure(failure))  # type: ignore[attr-defined]
