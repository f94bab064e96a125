"""Every address in every place where a site can write one: nothing but the site is asked.

The middlewares, their order and the requests are those of a crawl; only the wire is the test's,
and notes what would go out. What it says is read as the one reads it that connects (Twisted).
"""

import asyncio
import html
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import get_args

import pytest
from scrapy import Request, Spider
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings
from twisted.web.client import URI

from newsrust_spider.arguments import Arguments
from newsrust_spider.blogger.feed import parse_feed
from newsrust_spider.blogger.page import read_page
from newsrust_spider.blogger.site import Site
from newsrust_spider.blogger.sitemap import SitemapError, parse_sitemap
from newsrust_spider.coverage.walk import walk_everything
from newsrust_spider.errands.questions import (
    Entry,
    LabelCounts,
    LabelPage,
    LabelTotal,
    ListPage,
    Newest,
    PageOf,
    PostPage,
    SummaryOf,
    Total,
)
from newsrust_spider.items import Post
from newsrust_spider.spiders.questions import SiteQuestion, address_of
from newsrust_spider.spiders.visit import Visit
from tests.pure.newsrust_spider.middlewares.addresses import ELSEWHERE, addresses

NOON = datetime(2022, 6, 1, 12, tzinfo=UTC)
HOMES = ("https://www.newsrust.com", "http://127.0.0.1:8000")
REDIRECTS = (301, 302, 303, 307, 308)


class Wire:
    """A crawl's way out for one site: the real middlewares, and nothing behind them.

    ``sent`` are the addresses that would have been asked for. Where one of them is ``turned``,
    it is answered with a redirect to ``place``; the rest with ``body``.
    """

    def __init__(self, site: Site) -> None:
        """Build the middlewares of a crawl of ``site``."""
        settings = Settings({"TWISTED_REACTOR_ENABLED": False})
        settings.setmodule("newsrust_spider.settings", priority="project")
        self._crawler = Crawler(Spider, settings)
        visit = Visit(self._crawler, Arguments(site), "feed")
        spider = SimpleNamespace(visit=visit, name="newsrust")
        self._crawler.spider = spider  # type: ignore[assignment]
        engine = SimpleNamespace(download_async=self.fetch)
        self._crawler.engine = engine  # type: ignore[assignment]
        self._crawler._apply_settings()
        self.begin_anew()

    def begin_anew(self, turned: str = "", place: str = "", status: int = 302) -> None:
        """Forget what was sent and what robots.txt said."""
        self._middlewares = DownloaderMiddlewareManager.from_crawler(self._crawler)
        self._turned, self._place, self._status = turned, place, status
        self.sent: list[str] = []

    async def fetch(self, request: Request) -> Response:
        """Take a request through the middlewares until it has an answer, as the engine does."""
        found: Request | Response = request
        while isinstance(found, Request):
            found = await self._middlewares.download_async(self._answer, found)
        return found

    async def _answer(self, request: Request) -> Response:
        self.sent.append(request.url)
        headers = {"Refresh": f"0;url={self._place}", "Link": f"<{self._place}>; rel=next"}
        if request.url == self._turned:
            place = self._place.encode("utf-8", "replace")
            return Response(request.url, self._status, {"Location": place}, request=request)
        missing = 404 if request.url.endswith("/robots.txt") else 200
        body = hostile_page(self._place).encode()
        return HtmlResponse(request.url, missing, headers, body, request=request, encoding="utf-8")


def hostile_page(place: str) -> str:
    quoted = html.escape(place)
    return (
        f"<html><head><base href='{quoted}'><meta http-equiv='refresh' content='0;url={quoted}'>"
        f"<link rel='canonical' href='{quoted}'><link rel='next' href='{quoted}'>"
        f"<meta property='og:url' content='{quoted}'></head>"
        "<body class='item-view'><article class='post'>"
        f"<h3 class='post-title'>T</h3><a class='timestamp-link' href='{quoted}'>now</a>"
        "<div class='post-body entry-content'><p>It rained all day in the harbour.</p></div>"
        "</article></body></html>"
    )


def hostile_feed(place: str) -> str:
    relations = ("self", "next", "previous", "hub", "alternate", "edit", "replies", "enclosure")
    links = [{"rel": rel, "type": "text/html", "href": place} for rel in relations]
    entry = {
        "id": {"$t": "tag:blogger.com,1999:blog-1.post-1"},
        "published": {"$t": "2022-06-01T12:00:00.000Z"},
        "updated": {"$t": "2022-06-01T12:00:00.000Z"},
        "title": {"$t": "T"},
        "summary": {"$t": "S"},
        "link": links,
    }
    feed = {"openSearch$totalResults": {"$t": "1"}, "link": links, "entry": [entry]}
    return json.dumps({"version": "1.0", "feed": feed})


def hostile_sitemap(place: str, kind: str, item: str) -> str:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f"<{kind} xmlns='{space}'><{item}><loc>{html.escape(place)}</loc></{item}></{kind}>"


def request(question: SiteQuestion, site: Site) -> Request:
    return Request(address_of(question, site))


def places(site: Site) -> list[Request]:
    """Return the requests that a crawl makes, one of each kind."""
    walk = walk_everything(NOON)
    questions: tuple[SiteQuestion, ...] = (
        Newest(),
        PageOf(walk),
        SummaryOf(walk),
        Entry("1"),
        Total("published", NOON, NOON),
        LabelPage("World"),
        LabelTotal("World"),
        LabelCounts(),
        ListPage(1),
        PostPage(f"{site.home}/2022/06/x.html"),
    )
    assert {type(question) for question in questions} == set(get_args(SiteQuestion))
    return [request(question, site) for question in questions]


async def try_fetch(wire: Wire, request: Request) -> None:
    """Fetch ``request``; that it is refused, or that its redirect cannot be read, is well."""
    with suppress(IgnoreRequest, ValueError):
        await wire.fetch(request)


async def redirect(wire: Wire, site: Site, place: str) -> None:
    for number, asked in enumerate(places(site)):
        wire.begin_anew(asked.url, place, REDIRECTS[number % len(REDIRECTS)])
        await try_fetch(wire, asked)
        assert wire.sent[:2] == [f"{site.home}/robots.txt", asked.url]
        check(wire, site)


async def redirect_robots(wire: Wire, site: Site, place: str) -> None:
    for status in REDIRECTS:
        wire.begin_anew(f"{site.home}/robots.txt", place, status)
        await try_fetch(wire, Request(site.home + "/"))
        assert wire.sent[0] == f"{site.home}/robots.txt"
        check(wire, site)


async def name_in_feed(wire: Wire, site: Site, place: str) -> None:
    page = parse_feed(hostile_feed(place), site, NOON)
    assert len(page.entries) == 1
    onward = walk_everything(NOON).after([NOON], len(page.entries))
    await try_fetch(wire, request(PageOf(onward), site))
    for post in page.posts:
        if post.permalink:
            await try_fetch(wire, request(PostPage(post.permalink), site))


async def name_in_sitemap(wire: Wire, site: Site, place: str) -> None:
    for entry in parse_sitemap(hostile_sitemap(place, "urlset", "url"), site).entries:
        await try_fetch(wire, request(PostPage(entry.permalink), site))


async def name_in_index(wire: Wire, site: Site, place: str) -> None:
    with pytest.raises(SitemapError, match="not_a_sitemap"):
        parse_sitemap(hostile_sitemap(place, "sitemapindex", "sitemap"), site)
    assert wire.sent == []


async def name_in_page(wire: Wire, site: Site, place: str) -> None:
    address = f"{site.home}/2022/06/x.html"
    wire.begin_anew("", place)
    response = await wire.fetch(request(PostPage(address), site))
    assert wire.sent == [f"{site.home}/robots.txt", address]
    post = read_page(response.text, site, address, NOON, NOON).post
    assert isinstance(post, Post)
    assert site.owns(post.permalink)


async def ask(wire: Wire, site: Site, place: str) -> None:  # noqa: ARG001 - as the other ways
    try:
        asked = Request(place, dont_filter=True)
    except ValueError:
        return
    await try_fetch(wire, asked)
    # Not even the robots.txt of another host is asked for.
    assert wire.sent == []


WAYS: dict[str, Callable[[Wire, Site, str], Awaitable[None]]] = {
    "redirects of all that a crawl asks for": redirect,
    "redirects of robots.txt": redirect_robots,
    "links of a feed": name_in_feed,
    "addresses in a sitemap": name_in_sitemap,
    "pages of a sitemap index": name_in_index,
    "base, refresh, canonical and next in a page and its headers": name_in_page,
    "a request of any origin": ask,
}


def check(wire: Wire, site: Site) -> None:
    """Hold what was sent against the site, with the eyes of the one that would connect."""
    for url in wire.sent:
        read = URI.fromBytes(url.encode("ascii"))  # type: ignore[no-untyped-call]
        assert (read.scheme.decode(), read.host.decode(), read.port) == (
            site.scheme,
            site.host,
            site.port,
        )


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_but_the_site_is_asked(way: str, home: str) -> None:
    site = Site.parse(home)
    wire = Wire(site)

    async def try_all() -> None:
        for place in addresses(home, 8001).values():
            wire.begin_anew()
            await WAYS[way](wire, site, place)
            check(wire, site)

    asyncio.run(try_all())


def test_the_table_is_long_enough_and_has_no_address_twice() -> None:
    assert len(ELSEWHERE) >= 90
    assert len(set(ELSEWHERE.values())) == len(ELSEWHERE)


@pytest.mark.parametrize("home", HOMES)
def test_the_wire_would_notice(home: str) -> None:
    site = Site.parse(home)
    wire = Wire(site)
    wire.begin_anew(f"{site.home}/x", "/y")
    asyncio.run(wire.fetch(Request(f"{site.home}/x")))
    assert wire.sent == [f"{site.home}/{name}" for name in ("robots.txt", "x", "y")]
    wire.sent.append("http://evil.example/")
    with pytest.raises(AssertionError):
        check(wire, site)
