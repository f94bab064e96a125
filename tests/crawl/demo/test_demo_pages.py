"""The stand-in's pages, sitemaps and robots.txt are those of Blogger with the MagOne theme."""

import http.client
import urllib.error
from collections.abc import Callable, Iterator
from email.message import Message
from typing import NamedTuple
from urllib.request import Request, urlopen

import pytest
from parsel import Selector

from demo import Blog, Shape, StandIn

Fetch = Callable[[str], str]


@pytest.fixture(scope="module")
def site() -> Iterator[StandIn]:
    with StandIn(posts=400) as running:
        yield running


@pytest.fixture
def fetch(site: StandIn) -> Fetch:
    def get(target: str) -> str:
        with urlopen(site.url + target) as response:  # noqa: S310
            return str(response.read().decode())

    return get


class Reply(NamedTuple):
    status: int
    headers: Message
    body: bytes


def ask(site: StandIn, target: str, method: str = "GET", **headers: str) -> Reply:
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=5)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, target, headers=names)
    response = connection.getresponse()
    reply = Reply(response.status, response.headers, response.read())
    connection.close()
    return reply


def test_a_post_page_holds_the_post_where_magone_has_it(site: StandIn, fetch: Fetch) -> None:
    post = next(p for p in site.blog.posts() if p.image and len(p.labels) > 1)
    source = fetch(post.path)
    page = Selector(source)
    assert page.css("h1 ::text").getall() == [post.title]
    assert page.css("a.post-id").attrib == {
        "class": "post-id", "data-id": post.post_id, "name": post.post_id,
    }  # fmt: skip
    assert f"<div class='post-body-inner'>{post.content}</div>" in source
    body = page.css(f"#post-body-{post.post_id}")
    assert body.attrib["itemprop"] == "description articleBody"
    assert body.css("p.post-excerpt::text").get("").endswith("...")
    assert page.css("a.post-label .label-name::text").getall() == list(post.labels)
    assert page.css("span.post-label-data.hide").getall()
    assert page.css("[itemprop=image] img").attrib["src"].endswith("/s1600/photo.jpg")
    assert page.css(".post-related::text, .post-breadcrumb::text").getall() == []
    assert f"'postId': '{post.post_id}'" in source


def test_the_first_head_is_commented_out_and_content_comes_first(
    site: StandIn, fetch: Fetch
) -> None:
    source = fetch(site.blog.posts()[0].path)
    assert source.index("<!--\n<head>") < source.index("-->\n<head>")
    assert "<meta content='blogger' name='generator'/>" in source
    assert "application/ld+json" not in source.partition("<body")[0]


def test_three_hidden_blocks_stand_on_every_page(site: StandIn, fetch: Fetch) -> None:
    for target in (site.blog.posts()[0].path, "/", "/p/about.html"):
        page = Selector(fetch(target))
        labels = page.css("#magone-labels::text").get("")
        assert labels.endswith(",")
        assert f"World,{site.blog.label_counts()['World']}," in labels
        assert [div.attrib["class"] for div in page.css("#global-blogger-data > div")] == [
            "languageDirection", "pageType", "pageTitle", "pageName", "metaDescription",
            "postImageUrl", "postImageThumbnailUrl", "title", "url", "homepageUrl",
            "canonicalHomepageUrl", "canonicalUrl", "enabledCommentProfileImages", "blogId",
            "encoding",
        ]  # fmt: skip
        assert len(page.css("span[data-l10n]")) == 76


@pytest.mark.parametrize("target", ["/", "/search", "/search/label/World", "/2024/", "/2024/05/"])
def test_list_pages_hold_no_posts(fetch: Fetch, target: str) -> None:
    page = Selector(fetch(target))
    assert page.css(".blog-posts *").getall() == []
    assert page.css("h1.blog-title")


def test_the_static_page_has_no_labels_and_no_date(fetch: Fetch) -> None:
    page = Selector(fetch("/p/about.html"))
    assert page.css(".page.post .post-body-inner p")
    assert not page.css(".post-label, abbr.updated")


def test_an_unknown_address_is_404(site: StandIn) -> None:
    missing = ask(site, "/2024/05/nothing-here.html")
    assert missing.status == 404
    assert b"<title>404 | " in missing.body
    assert b"post-404" in missing.body


def test_a_post_without_a_title_has_no_h1(site: StandIn, fetch: Fetch) -> None:
    untitled = next(post for post in site.blog.posts() if not post.title)
    assert not Selector(fetch(untitled.path)).css("h1")
    assert "/blog-post" in untitled.path


def test_a_telephone_is_sent_to_the_same_page_under_another_address(
    site: StandIn, fetch: Fetch
) -> None:
    path = site.blog.posts()[0].path
    sent = ask(site, path, User_Agent="Mozilla/5.0 (iPhone) Mobile")
    assert (sent.status, sent.headers["Location"]) == (302, f"{site.url}{path}?m=1")
    assert fetch(f"{path}?m=1") == fetch(path)


def test_robots_are_bloggers_own_or_the_owners(site: StandIn, fetch: Fetch) -> None:
    assert fetch("/robots.txt") == (
        "User-agent: Mediapartners-Google\nDisallow: \n\nUser-agent: *\nDisallow: /search\n"
        f"Disallow: /share-widget\nAllow: /\n\nSitemap: {site.url}/sitemap.xml\n\n"
    )
    site.shape.robots = "User-agent: *\nDisallow: /\n"
    assert fetch("/robots.txt") == site.shape.robots
    site.shape = Shape()


def test_a_large_sitemap_is_an_index_of_pages(site: StandIn, fetch: Fetch) -> None:
    index = fetch("/sitemap.xml")
    assert index.count("<sitemap><loc>") == 3
    assert "lastmod" not in index
    counts = [fetch(f"/sitemap.xml?page={n}").count("<loc>") for n in (1, 2, 3, 4)]
    assert counts == [150, 150, 100, 0]
    assert site.blog.posts()[0].path in fetch("/sitemap.xml?page=1")


def test_the_index_names_twenty_pages_while_later_ones_answer() -> None:
    with StandIn(posts=230, shape=Shape(sitemap_page=10)) as small:

        def get(target: str) -> bytes:
            with urlopen(small.url + target) as response:  # noqa: S310
                return bytes(response.read())

        assert get("/sitemap.xml").count(b"<loc>") == 20
        assert get("/sitemap.xml?page=23").count(b"<loc>") == 10
        assert get("/sitemap.xml?page=24").count(b"<loc>") == 0


def test_a_small_blog_has_one_plain_sitemap() -> None:
    with StandIn(blog=Blog(posts=12)) as small, urlopen(f"{small.url}/sitemap.xml") as response:  # noqa: S310
        text = response.read().decode()
    assert "<urlset" in text
    assert text.count("<lastmod>") == 12


def test_validators_spare_the_body(site: StandIn) -> None:
    first = ask(site, "/feeds/posts/default?max-results=1")
    etag = first.headers["ETag"]
    assert len(etag) == len('W/""') + 64
    again = ask(site, "/feeds/posts/default?max-results=1", If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")


def test_gzip_is_sent_to_those_who_accept_it(site: StandIn) -> None:
    compressed = ask(site, "/feeds/posts/default", Accept_Encoding="gzip")
    plain = ask(site, "/feeds/posts/default")
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert len(compressed.body) < len(plain.body) / 2
    assert plain.headers["Content-Encoding"] is None
    assert plain.headers["Server"] == "blogger-renderd"
    assert plain.headers["Date"]


def test_head_gives_the_headers_alone(site: StandIn) -> None:
    headed = ask(site, "/", method="HEAD")
    assert headed.status == 200
    assert int(headed.headers["Content-Length"]) > 20_000
    assert headed.body == b""


def test_requests_are_written_down_in_order(site: StandIn) -> None:
    del site.requests[:]
    for target in ("/robots.txt", "/", "/robots.txt?x=1"):
        ask(site, target)
    assert site.requests == ["/robots.txt", "/", "/robots.txt?x=1"]


def test_a_request_may_come_under_another_name(site: StandIn) -> None:
    request = Request(f"{site.url}/robots.txt", headers={"Host": "www.newsrust.example"})  # noqa: S310
    with urlopen(request) as response:  # noqa: S310
        assert b"Sitemap: http://www.newsrust.example/sitemap.xml" in response.read()
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urlopen(f"{site.url}/sitemap.xml?page=last")  # noqa: S310
