"""robots.txt, obeyed also when it does not answer, and by the first requests too."""

import asyncio
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler
from twisted.python.failure import Failure

from newsrust_spider.responses import explain_failure

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LARGEST_ROBOTS = 512 * 1024
"""Bytes of a robots.txt that are read: RFC 9309, section 2.5, asks for at least 500 KiB."""


class RobotsUnavailableError(IgnoreRequest):
    """robots.txt gives no answer: RFC 9309, section 2.3.1.4, then forbids everything."""


class ForbiddenError(IgnoreRequest):
    """robots.txt forbids this address; others may be allowed."""


class ObeyRobots(RobotsTxtMiddleware):
    """Scrapy's middleware, but a server error or no answer means no.

    Scrapy 2.19 allows everything then, and lets through the third and later of several first
    requests while robots.txt is on its way; here each waits for the one answer.
    """

    def __init__(self, crawler: "Crawler") -> None:
        """Begin without an answer."""
        super().__init__(crawler)
        self._asking = asyncio.Lock()
        self._answers: dict[str, RobotParser | RobotsUnavailableError] = {}

    async def robot_parser(self, request: Request) -> RobotParser:
        """Return the rules for the request's host; raises RobotsUnavailableError."""
        home = "/".join(request.url.split("/", 3)[:3])
        async with self._asking:
            if home not in self._answers:
                self._answers[home] = await self._ask(home)
        answer = self._answers[home]
        if isinstance(answer, RobotsUnavailableError):
            raise answer
        return answer

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise ForbiddenError where the rules forbid ``request``."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise ForbiddenError(f"robots.txt forbids {request.url}") from None

    async def _ask(self, home: str) -> RobotParser | RobotsUnavailableError:
        request = Request(
            f"{home}/robots.txt",
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True},
            callback=NO_CALLBACK,
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not an answer
            why = explain_failure(Failure(error))  # type: ignore[no-untyped-call]
            return RobotsUnavailableError(f"robots.txt gives no answer: {why}")
        return self._read(response)

    def _read(self, response: Response) -> RobotParser | RobotsUnavailableError:
        if response.status >= 500 or response.status == 429:  # noqa: PLR2004
            return RobotsUnavailableError(f"robots.txt answers {response.status}")
        rules = response.body[:LARGEST_ROBOTS] if response.status < 400 else b""  # noqa: PLR2004
        return build_from_crawler(self._parserimpl, self.crawler, rules)
