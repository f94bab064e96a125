"""Scrapy's desk: what an errand does there, its conversation takes up act by act."""

import types
from collections.abc import Generator
from typing import Any

from newsrust_spider.errands.desk import Delivery
from newsrust_spider.errands.differences import NoteLabels, NoteListed
from newsrust_spider.errands.known import Blog, Memory


@types.coroutine
def _act(act: object) -> Generator[object, Any, Any]:
    # No event loop drives an errand: whoever sends to it has this act, and sends the answer.
    return (yield act)


class ScrapyDesk:
    """The desk of an errand that is driven by ``send()`` and ``throw()``: see Conversation."""

    def __init__(self, site: str, page_size: int) -> None:
        """Take the name of the site, and how many posts a page of its feed brings at most."""
        self.site = site
        self.page_size = page_size
        self.blog = ""

    async def ask(self, question: object) -> Any:
        """Ask the site or our tables."""
        answer = await _act(question)
        if isinstance(answer, Blog):
            self.blog = answer.blog_id
        return answer

    async def keep(self, delivery: Delivery) -> None:
        """Hand over what is to be stored."""
        await _act(delivery)

    async def note(self, note: Memory | NoteListed | NoteLabels) -> None:
        """Leave a note in our tables."""
        await _act(note)
