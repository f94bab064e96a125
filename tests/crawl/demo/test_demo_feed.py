"""The stand-in's feeds are Blogger's, oddities included."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest

from demo import Shape, StandIn

Fetch = Callable[[str], str]
Read = Callable[[str], Any]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def shared() -> Iterator[StandIn]:
    with StandIn(posts=260) as site:
        yield site


@pytest.fixture
def site(shared: StandIn) -> StandIn:
    shared.shape = Shape()
    return shared


@pytest.fixture
def fetch(site: StandIn) -> Fetch:
    def get(target: str) -> str:
        with urlopen(site.url + target) as response:  # noqa: S310
            return str(response.read().decode())

    return get


@pytest.fixture
def read(fetch: Fetch) -> Read:
    return lambda target: json.loads(fetch(f"/feeds/posts/{target}"))["feed"]


def ids(feed: Any) -> list[str]:
    return [entry["id"]["$t"].rpartition("-")[2] for entry in feed.get("entry", [])]


def test_keys_of_the_feed_come_in_bloggers_order(read: Read) -> None:
    assert list(read("default?alt=json")) == [
        "xmlns", "xmlns$openSearch", "xmlns$blogger", "xmlns$georss", "xmlns$gd", "xmlns$thr",
        "id", "updated", "category", "title", "subtitle", "link", "author", "generator",
        "openSearch$totalResults", "openSearch$startIndex", "openSearch$itemsPerPage", "entry",
    ]  # fmt: skip


def test_keys_of_an_entry_come_in_bloggers_order(site: StandIn, read: Read) -> None:
    entries = read("default?alt=json&max-results=100")["entry"]
    full = max(entries, key=len)
    assert list(full) == [
        "id", "published", "updated", "category", "title", "content", "link", "author",
        "media$thumbnail", "thr$total",
    ]  # fmt: skip
    assert [(each["rel"], each["type"]) for each in full["link"]] == [
        ("replies", "application/atom+xml"),
        ("replies", "text/html"),
        ("edit", "application/atom+xml"),
        ("self", "application/atom+xml"),
        ("alternate", "text/html"),
    ]
    assert full["link"][-1]["href"].startswith(f"{site.url}/20")


def test_only_bloggers_escapes_are_written(fetch: Fetch) -> None:
    text = fetch("/feeds/posts/default?alt=json&max-results=50")
    assert set(re.findall(r"\\(u[0-9A-F]{4}|.)", text)) == {
        "/", '"', "n", "u003C", "u003E", "u0026",
    }  # fmt: skip
    assert not re.search("[<>&]", text)
    assert '"http://www.w3.org/2005/Atom"' in text
    assert r'"https:\/\/www.blogger.com\/feeds\/' in text
    assert "\u2019" in text


def test_what_a_post_lacks_is_not_named(site: StandIn, read: Read) -> None:
    site.shape.comments = False
    unlabelled = next(post for post in site.blog.posts() if not post.labels)
    bare = read(f"default?alt=json&path={unlabelled.path}")["entry"][0]
    assert "category" not in bare
    assert "thr$total" not in bare
    assert [each["rel"] for each in bare["link"]] == ["edit", "self", "alternate"]


@pytest.mark.parametrize("size", [0, 20, 150, 999])
def test_items_per_page_echoes_the_request(read: Read, size: int) -> None:
    feed = read(f"default?alt=json&max-results={size}")
    assert feed["openSearch$itemsPerPage"]["$t"] == str(size)
    assert feed["openSearch$totalResults"]["$t"] == "260"
    assert len(ids(feed)) <= min(size, 150)


def test_twenty_five_posts_come_unasked(read: Read) -> None:
    assert len(ids(read("default?alt=json"))) == 25


@pytest.mark.parametrize("query", ["max-results=0", "start-index=261", "start-index=9999"])
def test_without_posts_there_is_no_entry_key(read: Read, query: str) -> None:
    assert "entry" not in read(f"default?alt=json&{query}")


@pytest.mark.parametrize("form", ["default", "summary"])
def test_pages_over_the_budget_come_back_short(site: StandIn, read: Read, form: str) -> None:
    site.shape.budget = 100_000
    short = read(f"{form}?alt=json&max-results=150")
    assert 10 < len(ids(short)) < 60
    next_page = next(each["href"] for each in short["link"] if each["rel"] == "next")
    assert next_page.startswith("https://www.blogger.com/feeds/")
    assert f"start-index={len(ids(short)) + 1}&" in next_page


def test_walking_by_the_number_received_finds_every_post_once(site: StandIn, read: Read) -> None:
    found: list[str] = []
    while page := ids(read(f"default?alt=json&max-results=150&start-index={len(found) + 1}")):
        found += page
    assert found == [post.post_id for post in site.blog.posts()]


def test_a_label_feed_counts_and_holds_the_posts_of_its_label(site: StandIn, read: Read) -> None:
    label = "Art & Culture"
    feed = read(f"default/-/{quote(label)}?alt=json&max-results=150")
    assert feed["openSearch$totalResults"]["$t"] == str(site.blog.label_counts()[label])
    assert all(label in [each["term"] for each in one["category"]] for one in feed["entry"])
    links = {each["rel"]: each["href"] for each in feed["link"]}
    assert links["alternate"] == f"{site.url}/search/label/Art%20%26%20Culture"


def test_labels_are_named_by_use(site: StandIn, read: Read) -> None:
    terms = [each["term"] for each in read("default?alt=json&max-results=0")["category"]]
    counts = site.blog.label_counts()
    assert [counts[term] for term in terms] == sorted(counts.values(), reverse=True)


def test_published_bounds_include_the_first_and_exclude_the_last_moment(
    site: StandIn, read: Read
) -> None:
    newer, older = site.blog.posts()[10], site.blog.posts()[20]
    low, high = (quote(post.published.isoformat()) for post in (older, newer))
    feed = read(f"default?alt=json&published-min={low}&published-max={high}")
    assert ids(feed) == [post.post_id for post in site.blog.posts()[11:21]]
    assert feed["openSearch$totalResults"]["$t"] == "260"


def test_updated_bounds_count_only_in_that_order(site: StandIn, read: Read) -> None:
    posts = site.blog.posts("updated")
    bound = f"updated-max={quote(posts[4].updated.isoformat())}"
    ordered = read(f"default?alt=json&orderby=updated&{bound}&max-results=3")
    assert ids(ordered) == [post.post_id for post in posts[5:8]]
    assert ids(read(f"default?alt=json&{bound}&max-results=1")) == [site.blog.posts()[0].post_id]


def test_a_server_may_ignore_bounds_or_order(site: StandIn, read: Read) -> None:
    bound = (
        f"orderby=updated&updated-max={quote(site.blog.posts('updated')[9].updated.isoformat())}"
    )
    site.shape.ignore_bounds = True
    newest = site.blog.posts("updated")[0].post_id
    assert ids(read(f"default?alt=json&{bound}"))[0] == newest
    site.shape.ignore_order = True
    assert ids(read(f"default?alt=json&{bound}")) == [p.post_id for p in site.blog.posts()[:25]]


def test_totals_may_count_only_what_the_bounds_let_through(site: StandIn, read: Read) -> None:
    middle = site.blog.posts("updated")[10].updated
    bound = f"orderby=updated&updated-min={quote(middle.isoformat())}"
    query = f"summary?alt=json&max-results=0&{bound}"
    whole = read(query)["openSearch$totalResults"]["$t"]
    site.shape.totals_heed_bounds = True
    assert whole == str(len(site.blog))
    assert read(query)["openSearch$totalResults"]["$t"] == "11"


def test_a_query_that_cannot_be_read_is_refused(fetch: Fetch) -> None:
    for query in ("max-results=many", "published-max=yesterday"):
        with pytest.raises(OSError, match="400"):
            fetch(f"/feeds/posts/default?{query}")


def test_moments_are_local_with_milliseconds_and_both_offsets(site: StandIn, read: Read) -> None:
    newest, oldest = read("default?alt=json")["entry"][0], read("default?alt=json&start-index=260")
    moments = [entry["published"]["$t"] for entry in (newest, oldest["entry"][0])]
    assert all(re.fullmatch(r"\d{4}(-\d\d){2}T(\d\d:){2}\d\d\.\d{3}-0[45]:00", m) for m in moments)
    assert datetime.fromisoformat(moments[0]) == site.blog.posts()[0].published
    offsets = {post.published.microsecond for post in site.blog.posts()}
    assert 0 not in offsets


def test_jsonp_begins_as_blogger_begins_it(fetch: Fetch) -> None:
    named = fetch("/feeds/posts/default?alt=json&callback=show&max-results=1")
    assert named.startswith('// API callback\nshow({"version":"1.0","encoding":"UTF-8","feed":{')
    assert named.endswith("}});")
    assert "callback" not in named.partition("\n")[2]
    old = fetch("/feeds/posts/default?alt=json-in-script&max-results=0")
    assert old.startswith('gdata.io.handleScriptLoaded({"version"')


def test_one_post_is_an_entry_of_its_own(site: StandIn, fetch: Fetch) -> None:
    post = site.blog.posts()[3]
    told = json.loads(fetch(f"/feeds/posts/default/{post.post_id}?alt=json"))
    assert list(told) == ["version", "encoding", "entry"]
    assert told["entry"]["content"]["$t"] == post.content


def test_a_path_gives_that_post_or_404(site: StandIn, read: Read, fetch: Fetch) -> None:
    post = site.blog.posts()[3]
    assert ids(read(f"default?alt=json&path={post.path}")) == [post.post_id]
    with pytest.raises(OSError, match="404"):
        fetch("/feeds/posts/default?alt=json&path=/2020/01/nothing.html")


def test_a_short_feed_has_summaries_without_tags(site: StandIn, read: Read) -> None:
    site.shape.feed = "short"
    for entry in read("default?alt=json&max-results=60")["entry"]:
        assert "content" not in entry
        assert len(entry["summary"]["$t"]) <= 399
        assert "</" not in entry["summary"]["$t"]


def test_atom_json_and_rss_agree(fetch: Fetch, read: Read) -> None:
    entries = read("default?alt=json&max-results=40")["entry"]
    atom = ET.fromstring(fetch("/feeds/posts/default?max-results=40"))  # noqa: S314
    rss = ET.fromstring(fetch("/rss.xml?max-results=40"))  # noqa: S314
    told = [(entry["title"]["$t"], entry["content"]["$t"]) for entry in entries]
    texts = [
        (e.findtext(f"{ATOM}title"), e.findtext(f"{ATOM}content"))
        for e in atom.iter(f"{ATOM}entry")
    ]
    assert texts == told
    assert [(i.findtext("title"), i.findtext("description")) for i in rss.iter("item")] == told


def test_atom_is_quoted_as_blogger_quotes_it(fetch: Fetch) -> None:
    text = fetch("/atom.xml?max-results=1")
    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?><?xml-stylesheet href=")
    assert 'xmlns:gd="http://schemas.google.com/g/2005" xmlns:thr=\'' in text
    assert '<category scheme="http://www.blogger.com/atom/ns#" term="' in text
    assert "<title type='text'>" in text


def test_links_may_drift_to_https(site: StandIn, read: Read) -> None:
    site.shape.link_scheme = "mixed"
    schemes = {e["link"][-1]["href"].partition(":")[0] for e in read("default?alt=json")["entry"]}
    assert schemes == {"http", "https"}


def test_comment_and_page_feeds_are_empty(fetch: Fetch) -> None:
    for target in ("comments/default", "pages/default", "123456/comments/default"):
        assert "entry" not in json.loads(fetch(f"/feeds/{target}?alt=json"))["feed"]


def test_feedburner_takes_the_feed_to_another_host(site: StandIn, fetch: Fetch) -> None:
    site.shape.feed = "feedburner"
    before = len(site.elsewhere_requests)
    assert "Nothing to see" in fetch("/feeds/posts/default?alt=json")
    assert site.elsewhere_requests[before:] == ["/newsrust"]
    assert fetch("/feeds/posts/default?alt=json&redirect=false").startswith('{"version"')


def test_a_feed_may_be_off_or_private(site: StandIn, fetch: Fetch) -> None:
    site.shape.feed = "off"
    with pytest.raises(OSError, match="404"):
        fetch("/feeds/posts/default?alt=json")
    site.shape.feed = "login"
    assert fetch("/feeds/posts/default?alt=json").startswith("<!DOCTYPE html>")


def test_a_change_moves_to_the_top_of_the_updated_order(site: StandIn, read: Read) -> None:
    post = site.blog.posts()[50]
    site.blog.edit(post.post_id, paragraphs=["Corrected & <short>."])
    top = read("default?alt=json&orderby=updated&max-results=1")["entry"][0]
    assert top["id"]["$t"].endswith(post.post_id)
    assert "&amp; &lt;short&gt;." in top["content"]["$t"]
    assert datetime.fromisoformat(top["updated"]["$t"]) - post.updated > timedelta(hours=1)
