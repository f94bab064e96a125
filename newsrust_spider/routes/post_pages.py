"""Post pages: where the text comes from when the feed does not bring it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsrust_spider.blogger.page import parse_page
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.responses import decode_body, explain_failure
from newsrust_spider.routes.visit import Visit

GONE = (404, 410)
BROKEN = ("empty", "truncated", "blocked")
"""What says nothing of the post: the page is asked for again, in the next crawl at the latest."""


class PostPages:
    """Asks for the pages of posts, and reads each as the feed would have brought it."""

    def __init__(self, visit: Visit) -> None:
        """Take the visit that it is part of."""
        self._visit = visit

    def ask(
        self, permalink: str, page: int, updated: datetime | None, known: Post | None = None
    ) -> Request:
        """Return the request for a post's page.

        ``page`` is the number of the page that named it, ``known`` what a short feed said of it.
        """
        return Request(
            permalink,
            self.read,
            errback=self.fail,
            cb_kwargs={"permalink": permalink, "updated": updated, "known": known},
            # A post that is gone is an answer, not a failure.
            meta={"page": page, "handle_httpstatus_list": GONE},
            dont_filter=True,
        )

    def read(
        self, response: Response, permalink: str, updated: datetime | None, known: Post | None
    ) -> Iterator[Post | UnreadablePost | Request]:
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
            )
            return
        html = decode_body(response)
        found = parse_page(html, self._visit.site, permalink, self._visit.clock, updated)
        if isinstance(found, UnreadablePost) and found.reason in BROKEN:
            yield from self._ask_again(response, found)
            return
        if isinstance(found, UnreadablePost):
            post_id = known.post_id if known else found.post_id
            found = replace(found, post_id=post_id, updated=updated)
        elif known is not None:
            mended = tuple(flag for flag in known.mended if flag != "summary_only")
            found = replace(known, content=found.content, payload=found.payload, mended=mended)
        yield found

    def _ask_again(self, response: Response, found: UnreadablePost) -> Iterator[Request]:
        asked: Request = response.request  # type: ignore[assignment]
        again = get_retry_request(asked, spider=self._visit.spider, reason=found.reason)
        if again is None:
            self._visit.fail(response.url, f"{found.reason}: {found.detail}")
        else:
            yield again

    def fail(self, failure: Failure) -> None:
        """Note a page that could not be had: what named it stays open for the next crawl."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self._visit.fail(request.url, explain_failure(failure))
