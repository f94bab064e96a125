"""``scrapy crawl`` itself, of a site that names every address of the table: nobody is called.

A listener on this machine counts who comes to the addresses that name it; that nothing is sent
to the others is what the guard of the whole suite holds (tests/loopback).
"""

import html
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from itertools import cycle

import pytest
from sqlalchemy import Engine

from demo.answer import Answer, Request, redirect, respond
from demo.routes import Site
from demo.site import StandIn, request_of
from newsrust_spider.verdict import Exit, Verdict
from tests.crawl.newsrust_spider.spiders.test_crawl import last_crawl, read
from tests.process.conftest import Crawl, Scrapy
from tests.pure.newsrust_spider.middlewares.addresses import ELSEWHERE, addresses

Lead = Callable[[Request, Answer, Iterator[str]], Answer]


class Listener:
    """Counts the connections to one port of two loopback addresses."""

    def __init__(self, stack: ExitStack) -> None:
        """Listen until ``stack`` ends."""
        self.callers: list[object] = []
        first = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.port: int = first.getsockname()[1]
        listening = [first]
        with suppress(OSError):
            listening.append(stack.enter_context(socket.create_server(("127.0.0.2", self.port))))
        for server in listening:
            threading.Thread(target=self._accept, args=(server,), daemon=True).start()

    def _accept(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, caller = server.accept()
                self.callers.append(caller)
                connection.close()


class Lure(StandIn):
    """A stand-in whose answers ``lead`` away; ``places`` has one address after another.

    ``named`` are those that were named so far.
    """

    lead: Lead
    places: Iterator[str]
    named: list[str]

    def name_places(self) -> Iterator[str]:
        for place in self.places:
            self.named.append(place)
            yield place

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        request = request_of(handler)
        self.requests.append(request.target)
        answer = Site(self.blog, self.shape, self.elsewhere).answer(request)
        respond(handler, self.lead(request, answer, self.name_places()), request, compress=False)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Listen at a port that nobody has a reason to call."""
    with ExitStack() as stack:
        yield Listener(stack)


@pytest.fixture
def site(listener: Listener) -> Iterator[Lure]:
    """Serve a site with a post for each address and one more, that does nothing wrong yet."""
    with Lure(posts=len(ELSEWHERE) + 1) as lure:
        lure.places, lure.named = cycle(addresses(lure.url, listener.port).values()), []
        lure.shape.budget = 10**9
        yield lure


def send_away(part: str) -> Lead:
    """Redirect what contains ``part`` to one address after another."""

    def lead(request: Request, answer: Answer, place: Iterator[str]) -> Answer:
        if part not in request.target:
            return answer
        # A header's bytes, one a character, as http.server writes them; no second header.
        return redirect(next(place).replace("\r\n", "%0D%0A").encode().decode("latin-1"))

    return lead


def rewrite(part: str, pattern: str, written: Callable[[str], str]) -> Lead:
    """Put an address in each place of ``pattern`` in what contains ``part``."""

    def lead(request: Request, answer: Answer, place: Iterator[str]) -> Answer:
        if part not in request.target:
            return answer
        body = re.sub(
            pattern, lambda found: found[1] + written(next(place)) + found[2], answer.body.decode()
        )
        return replace(answer, body=body.encode())

    return lead


def in_json(place: str) -> str:
    return (
        place.replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")
    )


def send_most_away(part: str) -> Lead:
    """Let the first of them be: a site that gives nothing at all is not asked for long."""
    away = send_away(part)
    first: list[str] = []

    def lead(request: Request, answer: Answer, place: Iterator[str]) -> Answer:
        if part in request.target and not first:
            first.append(request.target)
        return answer if request.target in first else away(request, answer, place)

    return lead


PERMALINK = r'("rel":"alternate","type":"text.{1,2}html","href":")[^"]*(","title")'
PLACES = {
    "redirects of post pages": ("short", send_most_away(".html"), 1),
    "permalinks": ("short", rewrite("/default", PERMALINK, in_json), 69),
    "the sitemap": ("off", rewrite("/sitemap.xml", "(<loc>)[^<]*(</loc>)", html.escape), 1),
    "base and refresh": (
        "short",
        rewrite(
            ".html",
            "(<head[^>]*>)()",
            lambda place: (
                f"<base href='{html.escape(place)}'>"
                f"<meta http-equiv='refresh' content='0;url={html.escape(place)}'>"
            ),
        ),
        0,
    ),
}
"""For each place the shape of the feed, how to put addresses there, and how the crawl ends: posts
that have no address of the site are rejected, and so many of them end it; others are owed."""


@pytest.mark.parametrize("way", PLACES)
def test_a_crawl_that_is_told_every_address_goes_to_none(
    way: str, site: Lure, crawl: Crawl, listener: Listener, embedded_database: Engine
) -> None:
    site.shape.feed, site.lead, status = PLACES[way]  # type: ignore[assignment]
    site.shape.sitemap_page = 1000
    site.shape.budget = 10_000_000
    ended = crawl()
    assert ended.status == status, ended.log
    assert "Traceback" not in ended.log
    assert (listener.callers, site.elsewhere_requests) == ([], [])
    assert len(set(site.named)) == len(ELSEWHERE)
    row = last_crawl(embedded_database)
    assert row.outcome == Verdict(Exit(ended.status)).outcome
    if way == "base and refresh":
        assert row.posts_seen == len(site.blog)
        permalinks = read(embedded_database, "SELECT permalink FROM posts")
        assert all(post.permalink.startswith(site.url) for post in permalinks)


@pytest.mark.parametrize(
    ("part", "status"), [("/robots.txt", 69), ("/sitemap.xml", 69), ("/feeds/", 0)]
)
def test_a_site_that_sends_every_crawl_away_sends_none(
    part: str, status: int, site: Lure, crawl: Crawl, listener: Listener
) -> None:
    # Without its feed a site is read by its sitemap: to the end, and so with 0.
    site.lead = send_away(part)
    site.places = cycle([f"http://127.0.0.1:{listener.port}/x"])
    site.shape.feed = "off" if part == "/sitemap.xml" else "full"
    ended = crawl()
    assert ended.status == status, ended.log
    assert "elsewhere" in ended.log
    assert "Traceback" not in ended.log
    assert (listener.callers, site.elsewhere_requests) == ([], [])
    assert site.named
    if part == "/robots.txt":
        assert ended.requests == ["/robots.txt"]


@pytest.mark.parametrize("host", ["127.1", "2130706433"])
def test_a_site_whose_name_resolves_to_a_private_address_is_not_called(
    host: str, site: Lure, scrapy: Scrapy
) -> None:
    address = site.url.replace("127.0.0.1", host)
    ended = scrapy("crawl", "newsrust", "-a", f"site={address}")
    assert ended.returncode == 69, ended.stderr
    assert site.requests == []
    assert "Traceback" not in ended.stderr
