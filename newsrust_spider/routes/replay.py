"""Rejected posts, tried again from what was kept of them: no request is made for it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response

from newsrust_spider.blogger.payload import read_payload
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.middlewares.tables import ask_tables
from newsrust_spider.routes.visit import Visit
from newsrust_spider.storage.rejected import Kept, Wanted

YOUNG = Wanted(attempts=5)
"""What every crawl tries again by itself: a new release, or the passing of a date, may help."""


MOST_AT_ONCE = 25
"""Rejected posts that are in memory at once; each has up to 1 MB of payload."""


class Replay:
    """Brings rejected posts back into the pipeline, a few at a time, oldest first."""

    def __init__(self, visit: Visit) -> None:
        """Take the visit that it is part of."""
        self._visit = visit
        self.wanted = YOUNG
        self._after: int | None = 0

    def go_on(self) -> Request | None:
        """Return the request for the next few posts; None where there are no more.

        To be asked for when the spider is idle: so the posts before are settled, no more than
        these few are in memory, and the news came first. A crawl that is to end is not idle.
        """
        if self._after is None:
            return None
        request = ask_tables("rejected", self.bring, after=self._after)
        self._after = None
        return request

    async def bring(
        self,
        response: Response,  # noqa: ARG002 - a callback's
        after: int,
    ) -> AsyncIterator[Post | UnreadablePost]:
        """Yield the ``wanted`` posts behind the id ``after``, a few at most."""
        ledger = self._visit.ledger
        kept = await asyncio.to_thread(ledger.fetch_rejected, self.wanted, after, MOST_AT_ONCE)
        if len(kept) == MOST_AT_ONCE:
            self._after = kept[-1].id
        for one in kept:
            yield self._read(one)

    def _read(self, kept: Kept) -> Post | UnreadablePost:
        visit = self._visit
        found = read_payload(kept.payload, visit.site, kept.permalink, visit.clock, kept.updated)
        if isinstance(found, Post) and "summary_only" not in found.mended:
            return replace(found, payload=kept.payload)
        # A gone page, or a short feed's entry: what was kept has not the text.
        reason, detail = kept.reason, kept.detail
        if isinstance(found, UnreadablePost):
            reason, detail = found.reason, found.detail
        return UnreadablePost(
            site=kept.site,
            post_id=kept.post_id,
            permalink=kept.permalink,
            reason=reason,
            detail=detail,
            payload=kept.payload,
            updated=kept.updated,
        )
