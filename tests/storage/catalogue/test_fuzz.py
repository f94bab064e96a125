"""Whatever comes, it ends in a row that the database takes or in a refusal with a name."""

import json
import string
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsrust_spider.blogger.decode import decode_page
from newsrust_spider.blogger.feed import FeedError, parse_feed
from newsrust_spider.blogger.labels import LONGEST_LABEL, MOST_LABELS, clean_labels
from newsrust_spider.blogger.moment import EARLIEST, FUTURE, read_moment
from newsrust_spider.blogger.page import parse_page
from newsrust_spider.blogger.site import Site
from newsrust_spider.blogger.sitemap import SitemapError, parse_sitemap
from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.items import Article, Post, UnreadablePost
from newsrust_spider.limits import LONGEST_ADDRESS
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.storage.ledger import Ledger
from newsrust_spider.text import without_credentials
from pipelines.boilerplate import remove_boilerplate
from pipelines.links.canonical_url import NoCanonicalUrl, canonical_url
from pipelines.source_link import ExtractArticle
from tests.storage.catalogue.catalogue import SEEN_AT, Place, crawl_page, rows_of, wrap
from tests.storage.catalogue.test_html import own_page

SITE = Site.parse("https://a.example")
PLACE = Place(SITE, 0)

wild = st.text(st.characters(exclude_categories=()), max_size=60)
"""Any characters: lone surrogates, NUL and unassigned ones too."""
PIECES = (
    *("<p>", "</p>", "<div>", "</div>", "<br>", "<a href='", "'>", "Source Link", "</a>", "<!--"),
    *("-->", "<script>", "</script>", "&amp;", "&#0;", "&#xD800;", "<pre>", "<table>", "<td>", "<"),
    *("<img src=x>", "[post_ads]", "Text.", " ", "\n", "http://p.example/1", "<plaintext>"),
)
markup = st.lists(st.sampled_from(PIECES) | wild, max_size=20).map("".join)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | wild | markup,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("$t", "href", "rel", "term", "name", "url")), inner)
    ),
    max_leaves=6,
)
PARTS = (
    *("http", "https", "javascript", ":", "//", "\\\\", "@", "user:pw@", "[::1]", "[", "127.1"),
    *("p.example", "a.example", ":99999", "/", "..", "?", "#", "%", "%00", "&", "=", "\t", "\n"),
    *("xn--", "\uff0e", "\u3002", "b\u00fccher.example", "amp", "utm_source", "x" * 3000),
)
addresses = st.lists(st.sampled_from(PARTS) | wild, max_size=8).map("".join)
dates = (
    st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{4,12}([Z]|[+-][0-9:]{4,5})?)?\Z") | wild
)
KEYS = ("id", "published", "updated", "category", "title", "content", "link", "author", "summary")
some = settings(max_examples=80, suppress_health_check=list(HealthCheck))


def check_text(*texts: str) -> None:
    """Assert that Postgres takes ``texts``."""
    for one in texts:
        assert "\0" not in one
        one.encode()


def check_item(item: Post | UnreadablePost) -> Article | None:
    """Assert that all of ``item`` can be stored, and give its article, if it has one."""
    assert len(item.permalink.encode()) <= LONGEST_ADDRESS
    assert SITE.permalink(item.permalink) == item.permalink
    if isinstance(item, UnreadablePost):
        assert item.reason
        check_text(item.post_id, item.permalink, item.reason, item.detail)
        return None
    check_text(item.post_id, item.permalink, item.title, item.content, item.author, item.image_url)
    check_labels(item.labels)
    for moment in (item.published, item.updated):
        assert moment is None or EARLIEST <= moment <= SEEN_AT + FUTURE + timedelta(seconds=1)
    try:
        article = remove_boilerplate(ExtractArticle().process_item(item))
    except PostSetAside as refusal:
        check_text(str(refusal.reason), refusal.detail, str(refusal))
        return None
    check_text(article.source_link, article.headline, article.body, article.excerpt)
    check_text(article.byline, article.image_url, *article.cleaning)
    assert article.body
    assert article.headline
    assert len(article.source_url or "") <= LONGEST_ADDRESS
    return article


def check_labels(labels: tuple[str, ...]) -> None:
    """Assert that ``labels`` are few, short, different, and none is empty."""
    check_text(*labels)
    assert len(labels) <= MOST_LABELS
    assert all(label.strip() and len(label) <= LONGEST_LABEL for label in labels)
    assert len({label.casefold() for label in labels}) == len(labels)


def refusal_of(read: Callable[[], object]) -> str:
    """Return the reason for which ``read`` refuses, "" where it does not."""
    found = None
    try:
        read()
    except (FeedError, SitemapError, UnreadableEntryError) as refusal:
        found = refusal
    check_text(str(found))
    return found.reason if found else ""


@some
@given(st.dictionaries(st.sampled_from(KEYS), json_values, min_size=1))
def test_any_value_in_any_place_of_an_entry(changes: dict[str, Any]) -> None:
    page = parse_feed(wrap([PLACE.entry(1), PLACE.entry(**changes), PLACE.entry(2)]), SITE, SEEN_AT)
    found = [check_item(entry) for entry in page.entries]
    assert len(found) == 3
    assert found[0] is not None
    assert found[2] is not None


@some
@given(title=wild, content=markup, link=addresses, labels=st.lists(wild), moment=dates)
def test_any_text_in_the_places_of_text(
    title: str, content: str, link: str, labels: list[str], moment: str
) -> None:
    entry = PLACE.entry(
        title={"$t": title},
        content={"$t": f'{content}<p><a href="{link}">Source Link</a></p>'},
        category=[{"term": label} for label in labels],
        published={"$t": moment},
    )
    (item,) = parse_feed(wrap([entry]), SITE, SEEN_AT).entries
    check_item(item)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), json_values), min_size=5, max_size=5))
def test_every_post_of_any_page_has_its_row(ledger: Ledger, changes: list[dict[str, Any]]) -> None:
    place = Place.new("fuzz", 0)
    changed = {number: json.loads(json.dumps(change)) for number, change in enumerate(changes)}
    for number, change in changed.items():
        change["id"] = {"$t": f"post-{number}"}
    page = wrap(
        [place.entry(50 + n) for n in range(5)] + [place.entry(n, **c) for n, c in changed.items()]
    )
    ends = crawl_page(page, place, ledger)
    assert {end.how for end in ends[:5]} == {"stored"}
    assert all(end.how and end.how != "poison_row" for end in ends)
    rows = rows_of(place, ledger)
    assert len(rows) == len(ends) == 10
    crawl_page(page, place, ledger)
    assert rows_of(place, ledger) == rows


@some
@given(markup | wild)
def test_any_text_as_a_feed_or_a_sitemap(text: str) -> None:
    for prefix in ("", "{", '{"feed":', "<urlset>"):
        feed = refusal_of(lambda sent=prefix + text: parse_feed(sent, SITE, SEEN_AT))  # type: ignore[misc]
        sitemap = refusal_of(lambda sent=prefix + text: parse_sitemap(sent, SITE))  # type: ignore[misc]
        assert not feed or feed.isidentifier()
        assert not sitemap or sitemap.isidentifier()


@some
@given(markup, st.binary(max_size=40), st.sampled_from((None, "utf-8", "latin-1", "utf-7", "x")))
def test_any_text_as_a_page(html: str, body: bytes, declared: str | None) -> None:
    for page in (
        html,
        f"<html>{html}</html>",
        own_page(html),
        own_page(decode_page(body, declared)),
    ):
        check_item(parse_page(page, SITE, "https://a.example/2022/06/x.html", SEEN_AT, None))


@some
@given(st.data())
def test_a_page_with_a_wound(data: st.DataObject) -> None:
    page = own_page("<p>The pier reopened.</p><p><a href='//p.example/1'>Source Link</a></p>")
    start = data.draw(st.integers(0, len(page)))
    end = data.draw(st.integers(start, min(start + 200, len(page))))
    wounded = page[:start] + data.draw(markup) + page[end:]
    check_item(parse_page(wounded, SITE, "https://a.example/2022/06/x.html", SEEN_AT, SEEN_AT))


@some
@given(addresses)
def test_any_address(address: str) -> None:
    permalink = SITE.permalink(address)
    assert len(permalink.encode("utf-8", "surrogatepass")) <= LONGEST_ADDRESS
    assert "user:pw@" not in without_credentials("https://" + "user:pw@" + address)[:16]
    assert isinstance(SITE.owns(address), bool)
    try:
        found = canonical_url(address)
    except NoCanonicalUrl:
        return
    assert found.isascii()
    assert len(found) <= LONGEST_ADDRESS
    assert canonical_url(found) == found


@some
@given(dates)
def test_any_date(text: str) -> None:
    reason = refusal_of(lambda: read_moment(text, SEEN_AT))
    assert reason in {"", "bad_date", "future_date"}
    if not reason:
        moment = read_moment(text, SEEN_AT)
        assert EARLIEST <= moment <= SEEN_AT + FUTURE + timedelta(seconds=1)
        assert moment.utcoffset() == timedelta(0)


@some
@given(st.lists(wild | st.text(string.ascii_letters, max_size=3) | json_values, max_size=150))
def test_any_labels(terms: list[Any]) -> None:
    labels, mended = clean_labels(terms)
    check_labels(labels)
    assert clean_labels(labels) == (labels, ())
    assert all(flag.startswith("label") for flag in mended)
