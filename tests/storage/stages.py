"""Posts sent through stages of the pipeline, all at once and gathered as a crawl does."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from inspect import isawaitable
from typing import Any

from newsrust_spider.items import Article, Post, Ticket, UnreadablePost
from newsrust_spider.outcomes import GivenUp, PostSetAside
from newsrust_spider.parts import Parts
from newsrust_spider.storage.articles import Filed
from newsrust_spider.storage.crawls import Tally
from newsrust_spider.storage.lots import Lot

Item = Article | Post | UnreadablePost
End = Article | PostSetAside


async def send_through(stages: Sequence[Any], items: Sequence[Item], crawler: Any) -> list[End]:
    """Return how each of ``items`` ended; raises what storing raised.

    ``crawler`` has a spider with an open ledger.
    """
    blamed: list[Exception] = []

    async def store(lot: Lot) -> list[Filed]:
        return await asyncio.to_thread(crawler.spider.ledger.store, lot, Tally({}))

    parts = crawler.spider.parts = Parts(store, lambda: False, blamed.append)
    ticket = parts.open(len(items))
    given_up: list[GivenUp] = []

    async def send(item: Item) -> Any:
        found: Any = _with_ticket(item, ticket)
        try:
            for stage in stages:
                made = stage.process_item(found)
                found = await made if isawaitable(made) else made
        except PostSetAside as aside:
            if not aside.is_stored:
                parts.set_aside(_with_ticket(item, ticket), aside)
            return aside
        except GivenUp as end:
            given_up.append(end)
        return found

    ends = await asyncio.gather(*map(send, items))
    await parts.finish()
    for error in (*blamed, *given_up):
        raise error
    return ends


def _with_ticket(item: Item, ticket: Ticket) -> Item:
    if isinstance(item, Article):
        return replace(item, post=replace(item.post, ticket=ticket))
    return replace(item, ticket=ticket)
