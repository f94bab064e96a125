"""Section D of the catalogue: addresses, as links to originals, as permalinks, as requests."""

import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request, Response
from sqlalchemy import text
from twisted.internet.error import DNSLookupError

from newsrust_spider.blogger.entry import read_entry
from newsrust_spider.blogger.site import Site
from newsrust_spider.limits import LONGEST_ADDRESS
from newsrust_spider.log import ShortFormatter
from newsrust_spider.middlewares.resolver import check_address
from newsrust_spider.middlewares.same_site import OffSiteError, SameSite
from newsrust_spider.spiders.newsrust import NewsrustSpider
from newsrust_spider.storage.ledger import Ledger
from pipelines.source_link import BadSourceUrl
from tests.storage.catalogue.catalogue import (
    SEEN_AT,
    Place,
    Row,
    all_ids,
    at_positions,
    changed,
    check,
    crawl_page,
    ids_of,
    linked,
    wrap,
)

HERE = "https://www.newsrust.com"
SECRET = "hunter2"  # noqa: S105 - invented
TOO_LONG = (
    "The address is what makes two posts one article, and the database keeps at most 2,000"
    " characters of it: a longer one is a defect of the page, and the post is kept as rejected."
)

BAD_SOURCES = {
    "D01": ("http://[::1", "http://[::1]/x"),
    "D02": ("http://p.example:99999/x", "http://p.example:abc/x"),
    "D03": ("javascript:alert(1)", "mailto:a@p.example", "tel:110", "data:text/html,x"),
    "D04": ("//x/a", "x", ""),
    "D05": ("http://", "http:///a"),
    "D07": ("http://p.example/a\ud800b",),
}
# Two links to one article; D14 to D16 hold some that are two articles.
SAME = {
    "D06": [("http://p.example/{0}/ferry", "http://p.example/{0}/fer&#10;r&#13;y&#9;")],
    "D10": [
        ("http://ex.com/{0}/a", "http://ex\u3002com/{0}/a"),
        ("http://ex.com/{0}/b", "http://\uff45\uff58.com/{0}/b"),
        ("http://b\u00fccher.example/{0}", "http://xn--bcher-kva.example/{0}"),
    ],
    "D11": [("http://ex.com/{0}/b/", "HTTP://EX.com:80/%7Ea/../{0}/b/")],
    "D12": [
        ("http://p.example/{0}?id=7", "http://p.example/{0}?utm_source=feed&id=7&fbclid=x&gclid=y")
    ],
    "D13": [("http://p.example/{0}/f", "http://p.example/{0}/f#x")],
    "D14": [("http://p.example/{0}?b=2&a=1", "http://p.example/{0}?a=1&b=2")],
    "D15": [
        ("http://p.example/{0}/a", "https://www.p.example/{0}/a/"),
        ("http://p.example/{0}/c", "https://m.p.example/{0}/c"),
        ("http://p.example/{0}/ferry-back", "https://p.example/{0}/ferry-back/amp/"),
    ],
    "D17": [("http://p.example/{0}/u", "http://user:hunter2@p.example/{0}/u")],
    "D25": [("http://p.example/{0}/dot", "http://p.example./{0}/dot")],
}
DISTINCT = {
    "D13": [("http://p.example/{0}/h#!/x", "http://p.example/{0}/h#!/y")],
    "D14": [("http://p.example/{0}?a=1&a=2", "http://p.example/{0}?a=2&a=1")],
    "D16": [("http://p.example/{0}/%C3%A9", "http://p.example/{0}/%E9")],
}
BAD_PERMALINKS = {
    "D01": ("http://[::1",),
    "D03": ("javascript:alert(1)", "mailto:a@p.example", "tel:110", "data:text/html,x"),
    "D04": ("//x/a", "x", ""),
    "D05": ("http://", "http:///a"),
    "D07": ("http://{0}/2022/06/a\ud800b.html",),
    "D08": ("http://{0}/2022/06/" + "a" * 20_000, "http://{0}/2022/06/" + "\u754c" * 700),
}


def alternate(href: str) -> list[dict[str, str]]:
    """Give the links of an entry whose own address is ``href``."""
    return [{"rel": "alternate", "type": "text/html", "href": href}]


def make_rows() -> Iterator[Row]:
    """Give the rows of the section whose input is an entry."""
    for number, links in BAD_SOURCES.items():
        for link in links:
            what = f"source {link!a}"
            yield Row(id=number, what=what, sent=linked(link), outcome="bad_source_url")
    for outcome, pairs in (("duplicate", SAME), ("stored", DISTINCT)):
        for number, cases in pairs.items():
            for first, second in cases:
                yield Row(
                    id=number,
                    what=f"{outcome} {second!a}",
                    sent=linked(lambda at, link=second: link.format(at.site.host)),  # type: ignore[misc]
                    outcome=outcome,
                    twin=lambda at, link=first: link.format(at.site.host),  # type: ignore[misc]
                )
    for number, addresses in BAD_PERMALINKS.items():
        for address in addresses:
            yield Row(
                id=number,
                what=f"permalink {address[:40]!a}",
                sent=lambda at, href=address: at.entry(link=alternate(href.format(at.site.host))),  # type: ignore[misc]
                outcome="no_url",
            )
    for what, length, outcome in (
        ("20 KB", 20_000, "bad_source_url"),
        ("one character too many", LONGEST_ADDRESS + 1, "bad_source_url"),
        ("the longest", LONGEST_ADDRESS, "stored"),
    ):
        yield Row(
            id="D08" if length > 10_000 else "D09",
            what=f"source {what}",
            sent=linked(lambda at, size=length: random_link(at, size)),  # type: ignore[misc]
            outcome=outcome,
            because=TOO_LONG,
        )


def random_link(place: Place, length: int) -> str:
    """Give an address of ``length`` characters that no database can compress."""
    address = f"https://p.example/{place.site.host}/"
    state = 1
    tail = ""
    while len(address) + len(tail) < length:
        state = state * 6364136223846793005 % 2**64
        tail += "abcdefghijklmnopqrstuvwxyzABCDEF"[state >> 59]
    return address + tail


ROWS = tuple(make_rows())


@pytest.mark.parametrize(("row", "position"), at_positions(ROWS))
def test_an_address_ends_as_the_catalogue_says(row: Row, position: int, ledger: Ledger) -> None:
    check(row, position, ledger)


@pytest.mark.parametrize(
    "make",
    [
        lambda at: linked(f"http://user:{SECRET}@p.example/{at.site.host}")(at),
        lambda at: linked(f"http:\\\\user:{SECRET}@p.example/{at.site.host}")(at),
        lambda at: linked(f"http://user:{SECRET}@{at.site.host}/2022/06/x.html")(at),
        linked(f"http://user:{SECRET}@p.example:99999/x"),
        linked(f"ftp://user:{SECRET}@p.example/x"),
        lambda at: at.entry(link=alternate(f"http://user:{SECRET}@{at.site.host}/x.html")),
        lambda at: at.entry(link=alternate(f"http://user:{SECRET}@p.example/x.html")),
        lambda at: (
            at.entry(media_thumbnail=0)
            | {"media$thumbnail": {"url": f"http://user:{SECRET}@p.example/s72-c/x.jpg"}}
        ),
        changed(content={"$t": f"<img src='//u:{SECRET}@p.example/x.jpg'><p>The pier.</p>"}),
    ],
)
def test_d17_a_password_is_neither_stored_nor_logged(make: Any, ledger: Ledger) -> None:
    place = Place.new("D17", 0)
    page = wrap([make(place)])
    # What came is kept as it came: the content of a post, the payload of a rejected one.
    columns = {
        "articles": "a::text",
        "posts": "(a.permalink, a.post_id, a.title, a.labels)::text",
        "rejected_posts": "(a.permalink, a.post_id, a.reason, a.detail)::text",
    }
    (end,) = crawl_page(page, place, ledger)
    for table, shown in columns.items():
        query = text(f"SELECT count(*) FROM {table} a WHERE {shown} LIKE :secret")  # noqa: S608
        found = ledger.run(lambda db, q=query: db.scalar(q, {"secret": f"%{SECRET}%"}))  # type: ignore[misc]
        assert found == 0, (table, end)


def test_d17_the_log_names_a_rejected_post_without_a_password() -> None:
    place = Place.new("D17", 0)
    entry = place.entry(link=alternate(f"http://user:{SECRET}@{place.site.host}/x.html"))
    post = read_entry(entry, place.site, SEEN_AT)
    seen = Response(f"http://{place.site.host}")
    said = ShortFormatter().dropped(post, BadSourceUrl("x"), seen, NewsrustSpider())
    line = logging.makeLogRecord({"msg": said["msg"], "args": said["args"]}).getMessage()
    assert "/x.html" in line
    assert SECRET not in line


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("http://www.newsrust.com@127.0.0.1/", id="D18"),
        pytest.param("http://127.0.0.1:8901\\@www.newsrust.com/", id="D19"),
        pytest.param("https://www.newsrust.com:6023/", id="D23 telnet"),
        pytest.param("https://www.newsrust.com:5432/", id="D23 Postgres"),
        pytest.param("ftp://www.newsrust.com/", id="D24 ftp"),
        pytest.param("s3://www.newsrust.com/", id="D24 s3"),
        pytest.param("https://www.newsrust.com.evil.example/", id="D25"),
    ],
)
@pytest.mark.parametrize("tail", ["feeds/posts/default?alt=json", "2022/06/x.html", "sitemap.xml"])
def test_d18_d19_d23_d24_no_request_leaves_the_site(address: str, tail: str) -> None:
    site = Site.parse(HERE)
    visit = SimpleNamespace(site=site)
    guard = SameSite(SimpleNamespace(spider=SimpleNamespace(visit=visit)))  # type: ignore[arg-type]
    assert not site.owns(address + tail)
    with pytest.raises(OffSiteError):
        guard.process_request(Request(address + tail))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "017700000001", "127.1", "\uff11\uff12\uff17.1"]
)
def test_d20_d22_a_name_that_leads_to_this_machine_is_refused_by_the_resolver(host: str) -> None:
    assert not Site.parse(HERE).owns(f"https://{host}/x")
    for name in (host, f"evil.{host}.example", "evil.www.newsrust.com"):
        with pytest.raises(DNSLookupError, match="private address"):
            check_address("127.0.0.1", name)


@pytest.mark.parametrize("address", ["::1", "::ffff:127.0.0.1"])
def test_d21_a_private_address_of_ipv6_is_refused(address: str) -> None:
    assert not Site.parse(HERE).owns(f"https://[{address}]/x")
    with pytest.raises(DNSLookupError, match="private address"):
        check_address(address, "www.newsrust.com")


def test_d25_a_dot_behind_the_host_is_the_same_host() -> None:
    assert Site.parse(HERE + "./").name == "www.newsrust.com"
    assert Site.parse(HERE).owns("https://www.newsrust.com./x")
    assert Site.parse(HERE).permalink("http://www.newsrust.com./x.html") == HERE + "/x.html"


def test_d08_an_address_of_ours_that_is_as_long_as_can_be_kept_is_kept(ledger: Ledger) -> None:
    place = Place.new("D08", 0)
    start = f"{place.site.home}/2022/06/"
    tail = random_link(place, LONGEST_ADDRESS - len(start) + 1)
    for address, how in ((start + tail[1:], "stored"), (start + tail + "x", "no_url")):
        entry = place.entry(id=..., link=alternate(address))
        (end,) = crawl_page(wrap([entry]), place, ledger)
        assert end.how == how


def test_every_id_of_the_section_is_here() -> None:
    assert ids_of(globals(), ROWS) == all_ids("D", 25)
