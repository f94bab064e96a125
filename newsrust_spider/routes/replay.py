"""Rejected posts, tried again from what was kept of them: no request is made for it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from newsrust_spider.blogger.payload import read_payload
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.routes.visit import Visit
from newsrust_spider.storage.rejected import Kept, Wanted

YOUNG = Wanted(attempts=5)
"""What every crawl tries again by itself: a new release, or the passing of a date, may help."""


class Replay:
    """Brings rejected posts back into the pipeline, one at a time."""

    def __init__(self, visit: Visit) -> None:
        """Take the visit that it is part of."""
        self._visit = visit

    async def bring(self, wanted: Wanted) -> AsyncIterator[Post | UnreadablePost]:
        """Yield the posts that are ``wanted``, oldest rejection first."""
        ledger = self._visit.ledger
        for number in await asyncio.to_thread(ledger.choose_rejected, wanted):
            kept = await asyncio.to_thread(ledger.fetch_rejected, number)
            if kept is not None:
                yield self._read(kept)

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
