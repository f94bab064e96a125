"""A sitemap gives addresses of its own site, or is refused by its reason."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import Blog, Shape
from demo.answer import Request
from demo.sitemap import sitemap
from newsrust_spider.blogger.site import Site
from newsrust_spider.blogger.sitemap import (
    SitemapEntry,
    SitemapError,
    SitemapPage,
    parse_sitemap,
)

SITE = Site.parse("https://www.a.example")
START = "<?xml version='1.0' encoding='UTF-8'?>"
SPACE = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"


def urlset(*places: str) -> str:
    listed = "".join(f"<url>{place}</url>" for place in places)
    return f"{START}<urlset {SPACE}>{listed}</urlset>"


def loc(address: str, lastmod: str = "") -> str:
    return f"<loc>{address}</loc>" + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "")


def only(*places: str) -> SitemapEntry:
    (entry,) = parse_sitemap(urlset(*places), SITE).entries
    return entry


def reason_of(xml: str | bytes) -> str:
    with pytest.raises(SitemapError) as refused:
        parse_sitemap(xml, SITE)
    assert str(refused.value).startswith(f"{refused.value.reason}: ")
    return refused.value.reason


def test_the_stand_in_s_pages_name_every_post_once() -> None:
    blog, host = Blog(posts=310, seed=5), "127.0.0.1:8000"
    site = Site.parse(f"http://{host}")
    requests = [Request(f"/sitemap.xml?page={number}", host) for number in (1, 2, 3)]
    pages = [parse_sitemap(sitemap(blog, Shape(), request), site) for request in requests]
    found = {entry.permalink: entry.lastmod for page in pages for entry in page.entries}
    assert found == {
        site.home + post.path: post.updated.replace(microsecond=0) for post in blog.posts()
    }
    assert [page.foreign for page in pages] == [(), (), ()]


def test_a_page_past_the_end_is_empty() -> None:
    assert parse_sitemap(urlset(), SITE) == SitemapPage()
    assert parse_sitemap(f"<urlset {SPACE}/>", SITE) == SitemapPage()


def test_an_address_gets_its_one_spelling() -> None:
    entry = only(loc("\n http://www.A.example/2022/06/x.html?m=1#c ", "2015-04-14T22:22:03Z"))
    assert entry.permalink == "https://www.a.example/2022/06/x.html"
    assert entry.lastmod == datetime(2015, 4, 14, 22, 22, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lastmod", "moment"),
    [
        ("2015-04-14", datetime(2015, 4, 14, tzinfo=UTC)),
        ("2015-04-14T22:22+02:00", datetime(2015, 4, 14, 20, 22, tzinfo=UTC)),
        ("0000-00-00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_last_change_is_a_moment_or_nothing(lastmod: str, moment: datetime | None) -> None:
    assert only(loc("https://www.a.example/x.html", lastmod)).lastmod == moment


@pytest.mark.parametrize(
    "place",
    [
        *("", "<lastmod>2015-04-14</lastmod>", loc(""), loc("a"), loc("/2022/06/x.html")),
        *(loc("https://b.example/x"), loc("ftp://www.a.example/x"), loc("http://[/x")),
        *(loc("file://www.a.example/etc/passwd"), loc("https://169.254.169.254/"), loc("//x/y")),
    ],
)
def test_an_address_that_is_not_ours_is_passed_over_and_told(place: str) -> None:
    good = loc("https://www.a.example/2022/06/x.html")
    page = parse_sitemap(urlset(place, good, place), SITE)
    assert [entry.permalink for entry in page.entries] == ["https://www.a.example/2022/06/x.html"]
    told = place.partition("<loc>")[2].partition("</loc>")[0]
    assert page.foreign == (told, told)


def test_what_is_told_of_it_has_no_password_and_an_end() -> None:
    long = "https://me:secret@b.example/" + "x" * 500
    (told,) = parse_sitemap(urlset(loc(long)), SITE).foreign
    assert told.startswith("https://b.example/xxx")
    assert len(told) == 200


def test_an_index_is_no_empty_page() -> None:
    listed = "<sitemap><loc>http://www.a.example/sitemap.xml?page=1</loc></sitemap>"
    assert reason_of(f"<sitemapindex {SPACE}>{listed}</sitemapindex>") == "not_a_sitemap"


def test_bytes_of_another_encoding_than_declared_are_read() -> None:
    xml = urlset(loc("https://www.a.example/2022/06/café.html")).encode("cp1252")
    assert parse_sitemap(xml, SITE).entries[0].permalink.endswith("/café.html")


def test_a_picture_s_address_is_not_a_post_s() -> None:
    picture = "<i:image xmlns:i='urn:i'><i:loc>https://www.a.example/p.jpg</i:loc></i:image>"
    assert only(picture + loc("https://www.a.example/x.html")).permalink.endswith("/x.html")


BOMB = "<!DOCTYPE z [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("", "empty"),
        (b" \n", "empty"),
        ("not xml", "not_xml"),
        ('{"feed": {}}', "not_xml"),
        ("<!DOCTYPE html><html><body>Sorry</body></html>", "not_xml"),
        ("<html><body>Sorry</body></html>", "not_xml"),
        (BOMB + urlset(loc("&b;")).removeprefix(START), "dtd"),
        ("<!DOCTYPE z SYSTEM 'file:///etc/hostname'><urlset/>", "dtd"),
        ("<!doctype z><urlset/>", "dtd"),
        ("<!DOCTYPE z [<!ENTITY % p SYSTEM 'http://b.example/'> %p;]><urlset/>", "dtd"),
        ((BOMB + "<urlset/>").encode("utf-16"), "dtd"),
        (urlset(loc("https://www.a.example/x.html"))[:-10], "truncated"),
        (urlset(loc("https://www.a.example/x.html"))[:120], "truncated"),
        ("<urlset><url></urlset>", "bad_xml"),
        ("<urlset>" + "<url>" * 3000 + "</url>" * 3000 + "</urlset>", "too_deep"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "not_a_sitemap"),
        (urlset(*["<loc/>"] * 50_001), "too_large"),
        (b"<urlset>" + b" " * 52_428_800 + b"</urlset>", "too_large"),
    ],
)
def test_what_is_no_whole_sitemap_is_refused(xml: str | bytes, reason: str) -> None:
    assert reason_of(xml) == reason


@given(st.text() | st.binary() | st.text().map(urlset))
def test_nothing_else_is_raised(xml: str | bytes) -> None:
    with suppress(SitemapError):
        assert isinstance(parse_sitemap(xml, SITE), SitemapPage)
