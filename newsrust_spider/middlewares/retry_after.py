"""Asked to stay away, the crawl does: by Retry-After, or by a page that suspects a robot.

Scrapy heeds neither, and asks again at once.
"""

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from newsrust_spider.blogger.captcha import LARGEST, is_captcha

BUSY = (429, 503)
"""The statuses that bring the header: RFC 9110, section 10.2.3, and RFC 6585, section 4."""


class AskedToWaitError(IgnoreRequest):
    """The site asks us to come back later; the next crawl does."""


class HeedRetryAfter:
    """Ends a request whose answer asks to wait, and every later one of the crawl unasked."""

    def __init__(self) -> None:
        """Begin welcome."""
        self._told = ""

    def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's
        """Let the request pass; AskedToWaitError once the site has asked to wait."""
        if self._told:
            raise AskedToWaitError(self._told)

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        """Return the response; AskedToWaitError where it asks to wait."""
        wait = response.headers.get(b"Retry-After")
        if response.status in BUSY and wait:
            said = wait.decode("latin-1")[:40]
            self._told = f"the site answers {response.status}: retry after {said!r}"
        elif response.status == 200 and _is_captcha(response.body):  # noqa: PLR2004
            self._told = "blocked: the site takes us for a robot and shows a captcha"
        if self._told:
            raise AskedToWaitError(self._told)
        return response


def _is_captcha(body: bytes) -> bool:
    # Its signs are ASCII, which stays what it is.
    return len(body) <= LARGEST and is_captcha(body.decode("latin-1"))
