"""Retry-After, heeded: Scrapy asks again at once, whatever a server says."""

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

BUSY = (429, 503)
"""The statuses that bring the header: RFC 9110, section 10.2.3, and RFC 6585, section 4."""


class AskedToWaitError(IgnoreRequest):
    """The site asks us to come back later; the next crawl does."""


class HeedRetryAfter:
    """Ends a request whose answer asks to wait: nothing is asked again in this crawl for it."""

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        """Return the response; AskedToWaitError where it asks to wait."""
        wait = response.headers.get(b"Retry-After")
        if response.status in BUSY and wait:
            said = wait.decode("latin-1")[:40]
            raise AskedToWaitError(f"the site answers {response.status}: retry after {said!r}")
        return response
