"""Post pages: where the text comes from when the feed does not bring it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsrust_spider.blogger.page import parse_page
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.responses import decode_body, explain_failure
from newsrust_spider.routes.visit import Visit

GONE = (404, 410)


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
    ) -> Iterator[Post | UnreadablePost]:
        """Yield the post."""
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
        if isinstance(found, UnreadablePost):
            found = replace(found, updated=updated)
        elif known is not None:
            mended = tuple(flag for flag in known.mended if flag != "summary_only")
            found = replace(known, content=found.content, payload=found.payload, mended=mended)
        yield found

    def fail(self, failure: Failure) -> None:
        """Note a page that could not be had: what named it stays open for the next crawl."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self._visit.fail(request.url, explain_failure(failure))
