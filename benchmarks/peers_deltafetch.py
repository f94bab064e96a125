"""The tutorial's spider with scrapy-deltafetch: as it comes, and mended so that it starts.

It remembers the pages that gave an item when the item leaves the spider, not when it is stored.
"""

from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

from scrapy.http import Response

from benchmarks.peers_spiders import PostPages

DeltaFetch: Any = import_module("scrapy_deltafetch").DeltaFetch


class AsynchronousDeltaFetch(DeltaFetch):  # type: ignore[misc]
    """Scrapy asks a spider middleware for this method now; the rest is scrapy-deltafetch's."""

    async def process_spider_output_async(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Pass each request and item through the method that there is."""
        async for found in result:
            for kept in self.process_spider_output(response, [found], None):
                yield kept


class DeltaFetched(PostPages):
    """Set up as the manual of scrapy-deltafetch has it."""

    name = "deltafetch"
    custom_settings = {  # noqa: RUF012 - Scrapy's own way
        "DELTAFETCH_ENABLED": True,
        "SPIDER_MIDDLEWARES": {DeltaFetch: 100},
    }


class DeltaFetchedMended(PostPages):
    """The same, with the method that it lacks."""

    name = "deltafetch_mended"
    custom_settings = {  # noqa: RUF012 - Scrapy's own way
        "DELTAFETCH_ENABLED": True,
        "SPIDER_MIDDLEWARES": {AsynchronousDeltaFetch: 100},
    }
