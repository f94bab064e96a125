"""Section A of the catalogue: whatever the wire does, nothing is lost, faked or hung.

Each row strikes the first request, a later page of the feed, a page of the sitemap and a post's
page, and the next crawl without it makes the collection equal to the truth.

Where one might expect another end, docs/inputs.md says why it is not that one.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import CannotResolveHostError
from sqlalchemy import Engine
from twisted.python.failure import Failure

from demo.blog import Blog
from demo.faults import Fault, Reply, Spoiler
from demo.site import StandIn
from newsrust_spider.responses import explain_failure
from newsrust_spider.verdict import Exit
from tests.crawl.catalogue import http_faults as wire
from tests.crawl.catalogue import tls
from tests.crawl.catalogue.crawler import Crawled, CrawlerProcess
from tests.crawl.newsrust_spider.spiders.test_crawl import read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.forms import LONG

Crawl = Callable[..., Crawled]
MOST_MEMORY = 512 * 1024 * 1024
LONGEST_LOG = 1_000_000
RESET = "the connection breaks off"
CUT = "the answer breaks off"
IN_TIME = {"DOWNLOAD_TIMEOUT": 0.5}


@dataclass(frozen=True)
class Row:
    """A fault that costs the page it strikes: ``why`` is in the reason of the crawl."""

    fault: Fault | Spoiler
    why: str
    settings: tuple[tuple[str, object], ...] = ()


SLOW = tuple(IN_TIME.items())
PAGES: dict[str, Row] = {
    "A03": Row(Fault.HANG, "no answer in time", SLOW),
    "A04": Row(Fault.DRIP, "no answer in time", SLOW),
    "A05": Row(wire.drip_headers, "no answer in time", SLOW),
    "A06": Row(Fault.RESET, CUT),
    "A07": Row(Fault.CLOSE, RESET),
    "A08": Row(wire.raw(wire.head(Content_Length="1000"), b"x" * 18), CUT),
    "A09": Row(wire.raw(wire.head(Transfer_Encoding="chunked"), b"5\r\nhello\r\n"), CUT),
    "A10": Row(wire.raw(wire.head(Transfer_Encoding="chunked"), b"ZZZ\r\nhello\r\n"), CUT),
    "A11": Row(Fault.CUT_GZIP, "truncated"),
    "A11 plain": Row(Fault.CUT_BODY, "truncated"),
    "A12": Row(Fault.NOT_GZIP, "encoding"),
    "A13": Row(wire.send_bomb(1, 600), "too_large"),
    "A14": Row(wire.send_bomb(2, 600), "encoding"),
    "A15": Row(wire.send_bomb(3, 600), "encoding"),
    "A16": Row(Fault.UNKNOWN_ENCODING, "encoding"),
    "A17": Row(partial(wire.claim_length, 30 * wire.MB), "too large"),
    "A18": Row(partial(wire.stream, 30 * wire.MB), "too large"),
    "A19": Row(wire.raw(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 100_000, b"\r\n\r\n"), RESET),
    "A21": Row(Fault.GARBAGE, RESET),
    "A22": Row(wire.raw(b"<html>as it was in 1991</html>"), RESET),
    "A23": Row(
        wire.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"), RESET
    ),
    "A24": Row(wire.status(204, b""), "empty"),
    "A24 not asked for": Row(wire.status(304, b""), "304"),
    "A25": Row(Fault.EMPTY, "empty"),
    "A26": Row(wire.status(429, Retry_After="3600"), "retry after '3600'"),
    "A27": Row(wire.status(503, Retry_After="120"), "retry after '120'"),
    "A28": Row(Fault.SERVER_ERROR, "500"),
    "A32": Row(wire.status(999), "999"),
    "A32 another": Row(wire.status(600), "600"),
    "A33": Row(Fault.REDIRECT_LOOP, "redirections"),
    "A35": Row(wire.body(wire.CAPTCHA), "blocked"),
}


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of the certificates that ``careful`` trusts."""
    return tmp_path_factory.mktemp("trust") / "trusted.pem"


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory, trusted: Path) -> Iterator[CrawlerProcess]:
    """Start a crawler to which the certificates of this test are all that there are."""
    trusted.write_bytes(b"".join(tls.certificate(kind)[0] for kind in ("good", "old", "other")))
    environment = {**os.environ, "NEWSRUST_DELAY": "0", "SSL_CERT_FILE": str(trusted)}
    crawler = CrawlerProcess(tmp_path_factory.mktemp("careful") / "log", environment)
    yield crawler
    crawler.stop()


@pytest.fixture(scope="module")
def blog() -> Blog:
    return Blog(30, seed=1)


@pytest.fixture
def site(blog: Blog) -> Iterator[StandIn]:
    with StandIn(blog=blog) as stand_in:
        stand_in.shape.budget = 25_000
        stand_in.shape.sitemap_page = 12
        yield stand_in


@pytest.fixture
def crawl(site: StandIn, process: CrawlerProcess, embedded_database: Engine) -> Crawl:
    """Crawl the site, and hold what every row of the catalogue promises."""

    def run(address: str = "", **settings: object) -> Crawled:
        url = embedded_database.url.render_as_string(hide_password=False)
        settings = {"DATABASE_URL": url, "RETRY_TIMES": 1} | settings
        ended = process.crawl(address or site.url, **settings)
        while ended.status == Exit.BUSY:
            # The server takes a moment to end the session of the crawl before, and its lock.
            ended = process.crawl(address or site.url, **settings)
        assert ended.memory <= MOST_MEMORY
        assert len(ended.log) < LONGEST_LOG
        assert "Traceback" not in ended.log
        assert site.elsewhere_requests == []
        return ended

    return run


@pytest.fixture
def heal(site: StandIn, crawl: Crawl, embedded_database: Engine) -> Callable[[], None]:
    """Crawl once more without any fault: the collection is then what the site has published."""

    def run() -> None:
        site.behave()
        ended = crawl()
        assert ended.status == 0, ended.log
        check_against_truth(site, embedded_database)

    return run


Heal = Callable[[], None]


def at_place(place: int) -> list[Any]:
    """Return the rows to try at one of the three places: in the short form each at one, in turn."""
    return [
        pytest.param(row, id=name)
        for number, (name, row) in enumerate(PAGES.items())
        if LONG or number % 3 == place
    ]


@pytest.mark.parametrize("row", at_place(0))
def test_a_first_request_that_fails_ends_with_69_and_stores_nothing(
    site: StandIn, crawl: Crawl, heal: Heal, embedded_database: Engine, row: Row
) -> None:
    site.misbehave("/feeds/posts/summary", row.fault, times=None)
    ended = crawl(**dict(row.settings))
    assert (ended.status, row.why in ended.reason) == (69, True), ended
    assert read(embedded_database, "SELECT 1 FROM posts") == []
    heal()


@pytest.mark.parametrize("row", at_place(1))
def test_a_later_page_that_fails_leaves_the_crawl_incomplete(
    site: StandIn, crawl: Crawl, heal: Heal, embedded_database: Engine, row: Row
) -> None:
    site.misbehave("/feeds/posts/default", row.fault, times=None, skip=1)
    ended = crawl(**dict(row.settings))
    assert (ended.status, row.why in ended.reason) == (1, True), ended
    assert 0 < len(read(embedded_database, "SELECT 1 FROM posts")) < len(site.blog)
    heal()


@pytest.mark.parametrize("row", at_place(2))
def test_a_page_of_the_sitemap_or_of_a_post_that_fails_leaves_the_crawl_incomplete(
    site: StandIn, crawl: Crawl, heal: Heal, embedded_database: Engine, row: Row
) -> None:
    site.blog = Blog(14, seed=1)  # two pages of the sitemap, and a request a post
    site.shape.feed = "off"
    site.misbehave("/sitemap.xml?page=2", row.fault, times=None)
    ended = crawl(**dict(row.settings))
    assert (ended.status, row.why in ended.reason) == (1, True), ended
    site.behave()
    victim = site.blog.posts()[-1]
    site.misbehave(victim.path, row.fault, times=None)
    ended = crawl(**dict(row.settings))
    assert (ended.status, row.why in ended.reason) == (1, True), ended
    held = read(
        embedded_database, "SELECT 1 FROM posts WHERE permalink LIKE :p", p=f"%{victim.path}"
    )
    assert held == []
    heal()


NOT_A_FEED = wire.body(b'{"error": {"code": 400}}', "application/json; charset=UTF-8")


@pytest.mark.parametrize(("target", "status"), [("summary", 69), ("default", 1)])
def test_a36_json_that_is_no_feed_fails_the_page(
    site: StandIn, crawl: Crawl, heal: Heal, target: str, status: int
) -> None:
    site.misbehave(f"/feeds/posts/{target}", NOT_A_FEED, times=None, skip=int(status == 1))
    ended = crawl()
    assert (ended.status, "not_a_feed" in ended.reason) == (status, True), ended
    heal()


def test_a01_a_refused_connection_ends_with_69(crawl: Crawl, blog: Blog) -> None:
    with StandIn(blog=blog) as gone:
        address = gone.url
    ended = crawl(address)
    assert (ended.status, "refused" in ended.reason) == (69, True), ended
    with StandIn(blog=blog, port=int(address.rpartition(":")[2])):
        assert crawl(address).status == 0


def test_a02_an_unknown_host_is_told_as_such() -> None:
    # By the function alone: no test asks the DNS.
    failure = Failure(CannotResolveHostError("nosuch.example"))  # type: ignore[no-untyped-call]
    assert explain_failure(failure) == "the host's name is unknown"


FEED_OFF: dict[str, Spoiler] = {
    "A29": wire.status(404),
    "A31": wire.status(403),
    "A34": wire.leave_for_loopback,
}
"""Decided otherwise for the first request: these are also what a feed answers that its owner
has switched off, and the sitemap then brings every post."""


@pytest.mark.parametrize("fault", FEED_OFF.values(), ids=FEED_OFF)
def test_a_feed_that_looks_switched_off_is_replaced_by_the_sitemap(
    site: StandIn, crawl: Crawl, embedded_database: Engine, fault: Spoiler
) -> None:
    site.misbehave("/feeds/", fault, times=None)
    ended = crawl()
    assert (ended.status, "the feed is off" in ended.log) == (0, True), ended
    check_against_truth(site, embedded_database)


@pytest.mark.parametrize("fault", FEED_OFF.values(), ids=FEED_OFF)
def test_a_site_that_refuses_feed_and_sitemap_ends_with_69(
    site: StandIn, crawl: Crawl, heal: Heal, embedded_database: Engine, fault: Spoiler
) -> None:
    site.misbehave("/feeds/", fault, times=None)
    site.misbehave("/sitemap.xml", fault, times=None)
    ended = crawl()
    assert ended.status == 69, ended
    assert read(embedded_database, "SELECT 1 FROM posts") == []
    heal()


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (wire.status(404), "404"),
        (wire.status(403), "403"),
        (wire.status(451), "451"),
        (wire.leave_for_loopback, "elsewhere"),
    ],
    ids=["A29", "A31", "A31 another", "A34"],
)
def test_a_page_that_is_refused_or_leads_elsewhere_leaves_the_crawl_incomplete(
    site: StandIn, crawl: Crawl, heal: Heal, fault: Spoiler, why: str
) -> None:
    site.misbehave("/feeds/posts/default", fault, times=None, skip=1)
    ended = crawl()
    assert (ended.status, why in ended.reason) == (1, True), ended
    heal()


@pytest.mark.parametrize(
    ("fault", "why"),
    [(wire.status(403), "403"), (wire.status(451), "451"), (wire.leave_for_loopback, "elsewhere")],
    ids=["A31", "A31 another", "A34"],
)
def test_a_post_that_is_refused_or_leads_elsewhere_is_not_lost(
    site: StandIn, crawl: Crawl, heal: Heal, fault: Spoiler, why: str
) -> None:
    site.shape.feed = "short"
    site.misbehave(site.blog.posts()[7].path, fault, times=None)
    ended = crawl()
    assert (ended.status, why in ended.reason) == (1, True), ended
    heal()


OWED: dict[str, Row] = {
    "A30": Row(wire.status(404), "404"),
    "A30 another": Row(wire.status(410), "404"),
    "A38": Row(wire.body(wire.PDF, "application/pdf"), "no_post"),
}


@pytest.mark.parametrize("row", OWED.values(), ids=OWED)
def test_a_post_that_is_gone_or_no_page_is_owed_and_its_neighbours_are_stored(
    site: StandIn, crawl: Crawl, heal: Heal, embedded_database: Engine, row: Row
) -> None:
    site.shape.feed = "short"
    victim = site.blog.posts()[7]
    site.misbehave(victim.path, row.fault, times=None)
    ended = crawl()
    assert (ended.status, "posts that are owed: 1" in ended.reason) == (1, True), ended
    assert row.why in ended.reason
    held = {row.post_id for row in read(embedded_database, "SELECT post_id FROM posts")}
    assert held == {post.post_id for post in site.blog.posts()} - {victim.post_id}
    heal()


@pytest.mark.parametrize("row", OWED.values(), ids=OWED)
def test_it_is_set_aside_after_three_crawls_in_vain(
    site: StandIn, crawl: Crawl, embedded_database: Engine, row: Row
) -> None:
    site.shape.feed = "short"
    victim = site.blog.posts()[7]
    site.misbehave(victim.path, row.fault, times=None)
    assert [crawl().status for _ in range(4)] == [1, 1, 1, 0]
    rejected = read(
        embedded_database,
        "SELECT reason, detail FROM rejected_posts WHERE post_id = :id",
        id=victim.post_id,
    )
    assert [(one.reason, row.why in one.detail) for one in rejected] == [("owed", True)]
    assert len(read(embedded_database, "SELECT 1 FROM posts")) == len(site.blog)


def test_a30_an_article_stays_when_the_page_of_its_post_is_gone(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.feed = "short"
    crawl()
    before = read(embedded_database, "SELECT count(*) FROM articles")
    victim = next(post for post in site.blog.posts() if post.paragraphs)
    site.blog.edit(victim.post_id, title="It was edited")
    site.misbehave(victim.path, wire.status(404), times=None)
    assert [crawl().status for _ in range(4)] == [1, 1, 1, 0]
    assert read(embedded_database, "SELECT count(*) FROM articles") == before


@pytest.mark.parametrize("row", ["A26", "A27", "A35"])
def test_a_site_that_wants_us_to_wait_is_not_asked_for_anything_else(
    site: StandIn, crawl: Crawl, heal: Heal, row: str
) -> None:
    site.shape.feed = "short"
    site.misbehave(".html", PAGES[row].fault, times=None)
    ended = crawl()
    assert (ended.status, PAGES[row].why in ended.reason) == (1, True), ended
    assert len([target for target in site.requests if target.endswith(".html")]) == 1
    heal()


@pytest.mark.parametrize("match", ["", "/feeds/"], ids=["everything", "feeds"])
def test_a35_a_captcha_is_no_feed_that_is_off(
    site: StandIn, crawl: Crawl, heal: Heal, embedded_database: Engine, match: str
) -> None:
    site.misbehave(match, wire.body(wire.CAPTCHA), times=None)
    ended = crawl()
    assert (ended.status, "blocked" in ended.reason) == (69, True), ended
    assert read(embedded_database, "SELECT 1 FROM posts") == []
    assert not any("sitemap" in target for target in site.requests)
    heal()


HARMLESS: dict[str, Spoiler] = {
    "A20": wire.with_headers(lambda: {f"X-{number}": "x" for number in range(10_000)}),
    "A37": wire.typed("application/octet-stream"),
    "A39": wire.with_headers(lambda: {"Set-Cookie": "who=you; Domain=example.com; Path=/"}),
}


@pytest.mark.parametrize("feed", ["full", "off"])
@pytest.mark.parametrize("fault", HARMLESS.values(), ids=HARMLESS)
def test_what_is_odd_and_does_no_harm_costs_nothing(
    site: StandIn, crawl: Crawl, embedded_database: Engine, fault: Spoiler, feed: str
) -> None:
    site.shape.feed = feed  # type: ignore[assignment]
    site.misbehave("/robots.txt", fault)
    site.misbehave("sitemap" if feed == "off" else "/feeds/", fault)
    site.misbehave(".html", fault)
    ended = crawl()
    assert ended.status == 0, ended
    check_against_truth(site, embedded_database)


def test_a39_no_cookie_is_sent_back(site: StandIn, crawl: Crawl) -> None:
    sent: list[str] = []

    def listen(reply: Reply) -> None:
        sent.extend(reply.request.headers)
        reply.send(replace(reply.answer, headers={"Set-Cookie": "who=you; Path=/"}))

    site.misbehave("", listen, times=None)
    assert crawl().status == 0
    assert "Accept-Encoding" in sent
    assert "Cookie" not in sent


NO_ROBOTS: dict[str, Row] = {
    "A41": Row(wire.status(500), "robots.txt answers 500"),
    "A41 busy": Row(wire.status(503, b"User-agent: *\nAllow: /\n"), "robots.txt answers 503"),
    "A41 hangs": Row(Fault.HANG, "robots.txt gives no answer: no answer in time", SLOW),
    "A42": Row(wire.body(b"User-agent: *\nDisallow: /\n", "text/plain"), "robots.txt"),
    "A45": Row(wire.leave_for_loopback, "robots.txt gives no answer: the site sends us elsewhere"),
}


@pytest.mark.parametrize("row", NO_ROBOTS.values(), ids=NO_ROBOTS)
def test_without_leave_of_robots_txt_nothing_is_asked(
    site: StandIn, crawl: Crawl, heal: Heal, row: Row
) -> None:
    site.misbehave("/robots.txt", row.fault, times=None)
    ended = crawl(**dict(row.settings))
    assert (ended.status, row.why in ended.reason) == (69, True), ended
    assert set(site.requests) == {"/robots.txt"}
    heal()


MANY_RULES = b"User-agent: *\n" + b"".join(b"Disallow: /no/%d*x$\n" % n for n in range(50_000))
ODD_ROBOTS = {"A43": MANY_RULES, "A44": bytes(range(256)) * 40}


@pytest.mark.parametrize("robots", ODD_ROBOTS.values(), ids=ODD_ROBOTS)
def test_an_odd_robots_txt_that_forbids_nothing_of_ours_is_no_obstacle(
    site: StandIn, crawl: Crawl, embedded_database: Engine, robots: bytes
) -> None:
    site.misbehave("/robots.txt", wire.body(robots, "text/plain"), times=None)
    ended = crawl()
    assert ended.status == 0, ended
    check_against_truth(site, embedded_database)


@pytest.mark.parametrize("kind", ["unknown", "old", "other"])
def test_a40_a_certificate_that_proves_nothing_is_refused(
    site: StandIn, careful: CrawlerProcess, embedded_database: Engine, tmp_path: Path, kind: str
) -> None:
    url = embedded_database.url.render_as_string(hide_password=False)
    address = tls.wrap(site, kind, tmp_path)
    ended = careful.crawl(address, DATABASE_URL=url, RETRY_TIMES=1)
    assert (ended.status, "certificate" in ended.reason) == (69, True), ended
    assert site.requests == []


def test_a40_a_certificate_that_is_trusted_is_taken(
    site: StandIn, careful: CrawlerProcess, embedded_database: Engine, tmp_path: Path
) -> None:
    url = embedded_database.url.render_as_string(hide_password=False)
    address = tls.wrap(site, "good", tmp_path)
    ended = careful.crawl(address, DATABASE_URL=url, RETRY_TIMES=1)
    assert ended.status == 0, ended
    assert len(read(embedded_database, "SELECT 1 FROM posts")) == len(site.blog)


def test_every_row_of_the_section_has_a_test() -> None:
    tables = (PAGES, FEED_OFF, OWED, HARMLESS, NO_ROBOTS, ODD_ROBOTS)
    held = {row[:3] for table in tables for row in table}
    held |= {name[5:8].upper() for name in globals() if re.match(r"test_a\d\d_", name)}
    assert held == {f"A{number:02}" for number in range(1, 46)}
