"""Several first requests at once wait for the one robots.txt, and none goes out against it."""

import asyncio
from collections.abc import Callable

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse

from newsrust_spider.blogger.site import Site
from tests.pure.newsrust_spider.middlewares.test_every_way_in import Wire

HOME = "https://www.newsrust.com"
Answering = Callable[[Request], Response]


def say(status: int, body: bytes = b"", **named: str) -> Answering:
    headers = {name.replace("_", "-"): value for name, value in named.items()}
    return lambda request: TextResponse(request.url, status, headers, body, request=request)


def break_off(request: Request) -> Response:
    raise ConnectionError(request.url)


def time_out(request: Request) -> Response:
    raise TimeoutError(request.url)


FORBIDDING: dict[str, Answering] = {
    "Disallow": say(200, b"User-agent: *\nDisallow: /\n"),
    "Disallow for us": say(200, b"User-agent: newsrust\nDisallow: /\n\nUser-agent: *\nAllow: /\n"),
    "500": say(500),
    "502": say(502),
    "503": say(503),
    "503 with rules that allow": say(503, b"User-agent: *\nAllow: /\n"),
    "429": say(429),
    "429 with Retry-After": say(429, b"", retry_after="60"),
    "a redirect elsewhere": say(301, Location="http://127.0.0.1:8001/robots.txt"),
    "a redirect without end": say(302, Location=f"{HOME}/robots.txt"),
    "a connection that breaks off": break_off,
    "no answer in time": time_out,
}


class SlowWire(Wire):
    """A wire where robots.txt takes its time, and answers as it is told."""

    robots: Answering

    async def _answer(self, request: Request) -> Response:
        if not request.url.endswith("/robots.txt"):
            return await super()._answer(request)
        self.sent.append(request.url)
        for _ in range(10):
            await asyncio.sleep(0)
        return self.robots(request)


async def fetch_at_once(wire: SlowWire, count: int) -> list[Response | BaseException]:
    requests = [Request(f"{HOME}/{number}") for number in range(count)]
    return await asyncio.gather(*map(wire.fetch, requests), return_exceptions=True)


@pytest.mark.parametrize("count", [1, 3, 8])
@pytest.mark.parametrize("answer", FORBIDDING)
def test_nothing_is_fetched_that_robots_do_not_clearly_allow(answer: str, count: int) -> None:
    wire = SlowWire(Site.parse(HOME))
    wire.robots = FORBIDDING[answer]
    ended = asyncio.run(fetch_at_once(wire, count))
    assert [type(one) for one in ended if not isinstance(one, IgnoreRequest)] == []
    assert set(wire.sent) == {f"{HOME}/robots.txt"}


@pytest.mark.parametrize("status", [200, 401, 403, 404, 410])
def test_first_requests_at_once_ask_for_one_robots_and_then_go_out(status: int) -> None:
    wire = SlowWire(Site.parse(HOME))
    wire.robots = say(status)
    ended = asyncio.run(fetch_at_once(wire, 3))
    assert [type(one).__name__ for one in ended] == ["HtmlResponse"] * 3
    assert wire.sent == [f"{HOME}/{name}" for name in ("robots.txt", "0", "1", "2")]
