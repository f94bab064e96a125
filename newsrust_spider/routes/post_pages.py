"""Post pages: where the text comes from when the feed does not bring it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsrust_spider.blogger.page import parse_page
from newsrust_spider.errands.debts import give_up
from newsrust_spider.items import Post, Ticket, UnreadablePost
from newsrust_spider.owed import Owed, is_spent
from newsrust_spider.responses import decode_body, explain_failure
from newsrust_spider.routes.visit import Visit

Found = Post | UnreadablePost | Request
GONE = (404, 410)
BROKEN = ("empty", "truncated", "blocked")
"""What says nothing of the post: the page is asked for again, in the next crawl at the latest."""


class PostPages:
    """Asks for the pages of posts, and reads each as the feed would have brought it."""

    def __init__(self, visit: Visit) -> None:
        """Take the visit that it is part of."""
        self._visit = visit

    def ask(
        self, permalink: str, ticket: Ticket, updated: datetime | None, known: Post | None = None
    ) -> Request:
        """Return the request for a post's page.

        ``ticket`` is for what comes of it, ``known`` what a short feed said of it.
        """
        told = {"permalink": permalink, "ticket": ticket, "updated": updated, "known": known}
        return Request(
            permalink,
            self.read,
            errback=self.fail,
            cb_kwargs=told,
            # A post that is gone is an answer, not a failure.
            meta={"handle_httpstatus_list": GONE},
            dont_filter=True,
        )

    def read(
        self,
        response: Response,
        permalink: str,
        ticket: Ticket,
        updated: datetime | None,
        known: Post | None,
    ) -> Iterator[Found]:
        """Yield the post, or the request for its page once more where that came broken."""
        if response.status in GONE:
            yield UnreadablePost(
                site=self._visit.site.name,
                post_id=known.post_id if known else "",
                permalink=permalink,
                reason="gone",
                detail=f"its page answers {response.status}",
                payload=known.payload if known else b"",
                updated=updated,
                ticket=ticket,
            )
            return
        html = decode_body(response)
        found = parse_page(html, self._visit.site, permalink, self._visit.clock, updated)
        if isinstance(found, UnreadablePost) and found.reason in BROKEN:
            yield from self._ask_again(response, found, ticket, known)
            return
        if isinstance(found, UnreadablePost):
            post_id = known.post_id if known else found.post_id
            found = replace(found, post_id=post_id, updated=updated)
        elif known is not None:
            mended = tuple(flag for flag in known.mended if flag != "summary_only")
            found = replace(known, content=found.content, payload=found.payload, mended=mended)
        yield replace(found, ticket=ticket)

    def _ask_again(
        self, response: Response, found: UnreadablePost, ticket: Ticket, known: Post | None
    ) -> Iterator[Found]:
        asked: Request = response.request  # type: ignore[assignment]
        again = get_retry_request(asked, spider=self._visit.spider, reason=found.reason)
        if again is None:
            why = f"{found.reason}: {found.detail}"
            yield from self._do_without(response.url, why, ticket, known)
        else:
            yield again

    def fail(self, failure: Failure) -> Iterator[UnreadablePost]:
        """Do without a page that could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        told = request.cb_kwargs["ticket"], request.cb_kwargs["known"]
        yield from self._do_without(request.url, explain_failure(failure), *told)

    def _do_without(
        self, url: str, why: str, ticket: Ticket, known: Post | None
    ) -> Iterator[UnreadablePost]:
        """Leave a post that a short feed named owed; of others the list stays open."""
        if known is None:
            self._visit.parts.miss(ticket)
            self._visit.fail(url, why)
            return
        now, reason = self._visit.clock, f"{why} at {url}"
        debts = self._visit.ledger.known.owed
        before = next((debt for debt in debts if debt.post_id == known.post_id), None)
        if before is not None and is_spent(before, now):
            given_up = give_up(replace(before, reason=reason), known.site)
            yield replace(given_up, ticket=ticket)
        elif before is not None:
            debt = replace(before, reason=reason, crawls=before.crawls + 1)
            self._visit.parts.owe(ticket, debt)
        else:
            debt = Owed(known.post_id, known.permalink, known.updated, reason, now)
            self._visit.parts.owe(ticket, debt)
