"""Requests that our own tables answer: nothing leaves this machine for them.

Items that ``start()`` yields let Scrapy 2.19 never close: its scraper then waits for a check that
only a response triggers. So what is replayed comes as the answer to a request, as all else does.
"""

from scrapy import Spider
from scrapy.downloadermiddlewares.stats import DownloaderStats
from scrapy.http import Request, Response

SCHEME = "tables:"


def ask_tables(question: str, callback: object, **arguments: object) -> Request:
    """Return the request whose answer, an empty one, calls ``callback`` with ``arguments``."""
    return Request(f"{SCHEME}//{question}", callback, cb_kwargs=arguments, dont_filter=True)  # type: ignore[arg-type]


def is_from_tables(response: Response | None) -> bool:
    """Tell whether our tables gave ``response``."""
    return response is not None and response.url.startswith(SCHEME)


class AnswerFromTables:
    """Answers such a request; it stands in front of all that would ask the site."""

    def process_request(self, request: Request) -> Response | None:
        """Return the empty answer, or None for a request of the site."""
        return Response(request.url) if request.url.startswith(SCHEME) else None


class CountTheWire(DownloaderStats):
    """Scrapy's counts of what was downloaded, without what our tables answered."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002 - deprecated, but part of the signature
    ) -> Request | Response:
        """Count an answer of the site."""
        return response if is_from_tables(response) else super().process_response(request, response)
