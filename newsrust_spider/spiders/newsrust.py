"""The spider: it decides what to ask for next. It parses nothing and knows no SQL."""

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from newsrust_spider import signals
from newsrust_spider.arguments import Arguments
from newsrust_spider.blogger.feed import FeedError, FeedPage, parse_feed
from newsrust_spider.blogger.site import LARGEST_PAGE, USUAL_PAGE, wire_moment
from newsrust_spider.failures import explain_failure, read_clock
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.storage.ledger import Ledger
from newsrust_spider.walk import OutOfOrderError, Walk, walk_changes, walk_everything
from newsrust_spider.windows import BEGINNING, Window, find_holes, reread_newest

logger = logging.getLogger("newsrust")

LOOK_BACK_PAGES = 20
"""Pages that are searched by ``published`` for posts that the site counts and we do not hold:
a scheduled post surfaces near the top of that order, and 20 pages are some weeks."""
CLOCK_SKEW = timedelta(days=1)
"""More than this between our clock and the site's, and every date check would be wrong."""


class NewsrustSpider(Spider):
    """Collects a Blogger site by its feed: first all of it, then what changed."""

    name = "newsrust"
    arguments: Arguments
    ledger: Ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ARG003 - Scrapy's
        """Build the spider; ValueError with the remedy for an argument that makes no sense."""
        arguments = Arguments.parse(kwargs, datetime.now(UTC))
        spider = super().from_crawler(crawler)
        spider.arguments = arguments
        spider.clock = datetime.now(UTC)
        return spider

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        """Begin with nothing asked and nothing walked."""
        super().__init__(name, **kwargs)
        self.site_posts: int | None = None
        self.clock: datetime
        self.taken = 0
        self.limit_reached = False
        self.missing = 0
        self._pages = 0
        self._failed = False
        self._recent: frozenset[str] = frozenset()
        self._end: datetime | None = None
        self._asked_again = False
        self._look_back: Walk | None = None
        self._looked_back = 0

    async def start(self) -> AsyncIterator[Request]:
        """Ask what is newest and how many posts there are: all that an hour without news costs."""
        yield self._ask_site(self.begin)

    def begin(self, response: Response) -> Iterator[Request]:
        """Compare the site's newest change with what is covered, and start the walk."""
        page = self._hear_site(response)
        if page is None:
            return
        spans = tuple(Window(*span) for span in self.ledger.coverage.spans)
        newest = page.posts[0] if page.posts else None
        known = newest is not None and (newest.post_id, newest.updated) == (
            self.ledger.coverage.newest_change
        )
        if newest and known and not find_holes(spans, newest.updated, since=self.arguments.since):
            self._tell_walked(0, newest.updated)
            return
        holes = find_holes(reread_newest(spans), self.clock, since=self.arguments.since)
        yield self._ask_page(walk_changes(holes, self.clock), self.parse)

    def parse(self, response: Response, walk: Walk) -> Iterator[Request | Post | UnreadablePost]:
        """Yield the next page's request, then the posts of this one."""
        page = self._read(response)
        if not isinstance(page, FeedPage):
            yield from page
            return
        problem = self._find_problem(page, walk)
        if problem:
            self._fail(response.url, problem)
            return
        onward = self._go_on(page, walk)
        entries = self._take(page, walk)
        reached = walk.reached if self.limit_reached else onward.reached
        if onward.done and not page.entries and self.arguments.since == BEGINNING:
            # An empty page may also be a server's mishap: look_again decides by the total.
            self._end, reached = onward.reached, walk.reached
        self._tell_walked(len(entries), reached, response)
        if not onward.done and not self.limit_reached:
            yield self._ask_page(onward, self.parse)
        yield from entries

    def look_again(self, held_posts: int) -> Request | None:
        """Return what to ask once nothing is left to do, given how many posts we hold.

        A post that surfaces with an old ``updated`` lies inside a covered window; the site's
        total betrays it. It is then looked for by ``published``, a page at a time.
        """
        if self._failed or self.limit_reached:
            return None
        excess = 0
        if self.site_posts is not None and self._whole:
            excess = self.site_posts - held_posts - self.ledger.coverage.difference
        if excess <= 0:
            if self._end is not None:
                self._tell_walked(0, self._end)
            return None
        if self._pages and not self._asked_again:
            self._asked_again = True
            return self._ask_site(self.hear_again)
        walk = self._look_back or walk_everything(self.clock)
        if walk.done or self._looked_back >= LOOK_BACK_PAGES:
            self.missing = excess
            return None
        return self._ask_page(walk, self.parse_look_back)

    def hear_again(self, response: Response) -> None:
        """Take the total anew: posts came or went while the walk was under way."""
        self._hear_site(response)

    def parse_look_back(
        self, response: Response, walk: Walk
    ) -> Iterator[Request | Post | UnreadablePost]:
        """Yield the posts of a page of the search by ``published``."""
        page = self._read(response)
        if not isinstance(page, FeedPage):
            yield from page
            return
        self._looked_back += 1
        self._look_back = self._go_on(page, walk)
        entries = self._take(page, walk)
        self._tell_walked(len(entries), self.clock, response)
        yield from entries

    def fail_request(self, failure: Failure) -> None:
        """Note a page that could not be had: the walk ends there, and the next crawl goes on."""
        self._fail(failure.request.url, explain_failure(failure))  # type: ignore[attr-defined]

    @property
    def _whole(self) -> bool:
        # Totals can be compared only where all of the blog is asked for.
        return self.arguments.since == BEGINNING

    def _ask_site(self, callback: Any) -> Request:
        url = self.arguments.site.feed("summary", orderby="updated", max_results=1)
        # Asked once more at the end, which the filter of duplicates would drop in silence.
        return Request(url, callback, errback=self.fail_request, dont_filter=True)

    def _ask_page(self, walk: Walk, callback: Any) -> Request:
        # An hour's news is small, and Blogger sends whole articles: begin with its usual page.
        small = walk.bound is None and not walk.by_offset and walk.holes[-1].reached > BEGINNING
        size = USUAL_PAGE if small else LARGEST_PAGE
        query: dict[str, str | int] = {"max_results": size, "orderby": walk.order}
        if walk.bound is not None:
            query[f"{walk.order}_max"] = wire_moment(walk.bound)
        if walk.start_index > 1:
            query["start_index"] = walk.start_index
        self._pages += 1
        return Request(
            self.arguments.site.feed("default", **query),
            callback,
            errback=self.fail_request,
            cb_kwargs={"walk": walk},
            meta={"page": self._pages},
            dont_filter=True,
        )

    def _hear_site(self, response: Response) -> FeedPage | None:
        now = datetime.now(UTC)
        self.clock = read_clock(response, now)
        if now - self.clock > CLOCK_SKEW:
            self._fail(response.url, f"our clock says {now:%F}, the site's {self.clock:%F}")
            return None
        try:
            page = parse_feed(_decode(response), self.arguments.site, self.clock)
        except FeedError as error:
            self._fail(response.url, str(error))
            return None
        self.site_posts = page.total
        self.crawler.signals.send_catch_log(signals.site_asked, posts=page.total, clock=self.clock)
        return page

    def _read(self, response: Response) -> FeedPage | list[Request]:
        try:
            return parse_feed(_decode(response), self.arguments.site, self.clock)
        except FeedError as error:
            again = get_retry_request(response.request, spider=self, reason=error.reason)  # type: ignore[arg-type]
            if again is None:
                self._fail(response.url, str(error))
            return [again] if again else []

    def _find_problem(self, page: FeedPage, walk: Walk) -> str:
        first = walk.bound is None and walk.start_index == 1
        if first and not page.entries and page.total:
            return f"inconsistent: no entry, but a total of {page.total}"
        keys = frozenset(entry.post_id or entry.permalink for entry in page.entries)
        if walk.start_index > 1 and keys and keys == self._recent:
            return "pagination_loop: the same page came again"
        return ""

    def _go_on(self, page: FeedPage, walk: Walk) -> Walk:
        moments = [getattr(post, walk.order) for post in page.posts]
        try:
            return walk.after([m for m in moments if m is not None], len(page.entries))
        except OutOfOrderError as error:
            if walk.order == "updated":
                logger.warning("%s: walking all of it by 'published' instead", error)
                return walk_everything(self.clock)
            logger.warning("%s: walking all of it by offset instead", error)
            return walk_everything(self.clock).without_order()

    def _take(self, page: FeedPage, walk: Walk) -> list[Post | UnreadablePost]:
        # Entries that share the time of a page's end come on the next page too.
        fresh = [
            entry
            for entry in page.entries
            if (entry.post_id or entry.permalink) not in self._recent
            and (isinstance(entry, UnreadablePost) or walk.wants(entry.updated))
        ]
        self._recent = frozenset(e.post_id or e.permalink for e in page.entries) - {""}
        limit = self.arguments.limit
        if limit is not None and self.taken + len(fresh) >= limit:
            self.limit_reached = True
            fresh = fresh[: limit - self.taken]
        self.taken += len(fresh)
        return fresh

    def _tell_walked(self, posts: int, reached: datetime, response: Response | None = None) -> None:
        page = response.meta["page"] if response is not None else 0
        self.crawler.signals.send_catch_log(
            signals.page_walked, page=page, posts=posts, reached=reached
        )

    def _fail(self, url: str, reason: str) -> None:
        first = self._pages == 0
        self._failed = True
        self.crawler.signals.send_catch_log(
            signals.page_failed, url=url, reason=reason, first=first
        )


def _decode(response: Response) -> str:
    # A wrong charset in the header would garble it: Blogger's JSON is always UTF-8.
    try:
        return response.body.decode("utf-8")
    except UnicodeDecodeError:
        return (
            response.text if isinstance(response, TextResponse) else response.body.decode("latin-1")
        )
