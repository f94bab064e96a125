"""Section B of the catalogue: feeds and sitemaps, by the page and by the entry."""

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.asyncgen import as_async_generator
from sqlalchemy import text

from newsrust_spider import settings
from newsrust_spider.blogger.feed import FeedError, parse_feed
from newsrust_spider.blogger.site import LARGEST_PAGE, Site, wire_moment
from newsrust_spider.blogger.sitemap import SitemapError, parse_sitemap
from newsrust_spider.errands.known import Known
from newsrust_spider.errands.questions import Entry, ListPage, Newest, PageOf, Unanswered
from newsrust_spider.items import Outcome, Post, UnreadablePost
from newsrust_spider.middlewares.encoding import EncodingError, decode_body
from newsrust_spider.middlewares.same_site import OffSiteError, SameSite
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.parts import Parts
from newsrust_spider.spiders.newsrust import NewsrustSpider
from newsrust_spider.spiders.questions import BrokenAnswerError, address_of, read_answer
from newsrust_spider.storage.articles import Filed
from newsrust_spider.storage.ledger import Ledger
from newsrust_spider.storage.lots import Lot
from newsrust_spider.verdict import Exit, Verdict
from tests.forms import LONG
from tests.storage.catalogue.catalogue import (
    SEEN_AT,
    STORED,
    Place,
    Row,
    all_ids,
    at_positions,
    changed,
    check,
    crawl_page,
    ids_of,
    rows_of,
    titled,
    wrap,
)

SITE = Site.parse("https://www.newsrust.com")
LENIENT = "Read leniently at once: to ask for the page again would bring the same characters."
XML = "The crawl asks for JSON: XML of any kind is refused before anything of it is parsed."
Page: TypeAlias = Callable[[], str]
MOST_QUESTIONS = 200
"""Questions after which a conversation about 25 posts counts as endless."""
MANY = 1_000_000 if LONG else 100_000
"""Entries of a page that is refused for having more than 5,000."""


def raw(old: str, new: str, **changes: Any) -> Callable[[Place], str]:
    """Send an entry with ``new`` on the wire where its JSON has ``old``."""
    return lambda at: json.dumps(at.entry(**changes)).replace(old, new)


def make_rows() -> Iterator[Row]:
    """Give the rows of the section whose input is an entry."""

    def row(number: str, what: str, sent: Any, outcome: str = STORED, **rest: Any) -> Row:
        return Row(id=number, what=what, sent=sent, outcome=outcome, **rest)

    yield row("B06", "no link", changed(link=...), "no_url")
    yield row("B06", "links as a text", changed(link="x"), "no_url")
    yield row("B07", "no id", changed(id=...), flags=("no_id",))
    for what, empty in (("no title", ...), ("an empty title", {"$t": " "})):
        told = {"headline": lambda headline: headline.startswith("The pier reopened")}
        yield row("B08", what, changed(title=empty), flags=("no_title",), holds=told)
    yield row(
        "B09", "a summary", changed(content=..., summary={"$t": "S."}), flags=("summary_only",)
    )
    yield row("B10", "a title that is a number", titled(7), holds={"headline": "7"})
    for title in (None, [1], {"a": 1}, True):
        yield row(
            *("B10", f"a title that is {title!r}", titled(title)),
            flags=("no_title",),
            because="A title that is no text says nothing; the post is worth more than it.",
        )
    yield row("B10", "a content that is a list", changed(content={"$t": [1]}), "empty_body")
    for number in ("NaN", "Infinity", "1e999"):
        sent = raw('"$t": 7', f'"$t": {number}', title={"$t": 7})
        yield row(
            *("B13", f"a title {number}", sent),
            holds={"headline": number},
            because="No number is used as one: it stands as it is written, as in E18.",
        )
        yield row("B13", f"unused {number}", raw('"size": 7', f'"size": {number}', size=7))
        date = raw('"$t": 7', f'"$t": {number}', published={"$t": 7})
        yield row("B13", f"a date {number}", date, "bad_date")
    yield row(
        *("B14", "5,000 digits", raw('"size": 7', f'"size": {"9" * 5000}', size=7)),
        because="Read as text, an integer of any length costs neither the page nor the post.",
    )
    for number, what, on_wire in (
        ("B17", "a raw control character", "Pi\x01er"),
        ("B18", "NUL", "Pi\\u0000er"),
    ):
        sent = raw("Pier", on_wire, title={"$t": "Pier"})
        because = LENIENT if number == "B17" else ""
        yield row(number, what, sent, holds={"headline": "Pier"}, because=because)
    for number, body, left in (
        ("B19", "a\ud800b", "a\ufffdb"),
        ("B20", "a\udc00\ud83db", "a\ufffd\ufffdb"),
    ):
        yield row(
            *(number, "lone surrogates in the body"),
            lambda at, html=body: at.entry(content={"$t": at.signed(f"<p>{html}</p>")}),
            flags=("broken_characters",),
            holds={"body": left},
        )
    for poison in ("null", "7", '"x"', "[]", "[[]]"):
        yield row("B22", f"an entry that is {poison}", lambda _, sent=poison: sent, "bad_type")
    yield row("B22", "an entry without anything", lambda _: {}, "no_url")
    yield row(
        "B31",
        "another id, the same source",
        changed(),
        "duplicate",
        twin=lambda at: at.link(),
    )
    yield row(
        "B34",
        "updated before published",
        changed(published={"$t": wire_moment(SEEN_AT)}, updated={"$t": "2022-06-21T00:00:00Z"}),
        flags=("updated_before_published",),
    )


ROWS = tuple(make_rows())


@pytest.mark.parametrize(("row", "position"), at_positions(ROWS))
def test_an_entry_ends_as_the_catalogue_says(row: Row, position: int, ledger: Ledger) -> None:
    check(row, position, ledger)


BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://evil.example/"> %a;]>'
ATOM = "<?xml version='1.0'?>{}<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>"


def healthy() -> str:
    """Give the JSON of a healthy page."""
    place = Place(SITE, 0)
    return wrap(place.entry(number) for number in range(25))


PAGES: dict[tuple[str, str], tuple[Page, str, str]] = {
    ("B01", "HTML"): (lambda: "<html><body>Not found</body></html>", "not_json", ""),
    ("B02", "cut"): (lambda: healthy()[:5000], "truncated", ""),
    **{("B03", j): (lambda j=j: j, "not_a_feed", "") for j in ("null", "[]", '"x"', "3")},  # type: ignore[misc]
    ("B11", "100,000 lists"): (lambda: "[" * 100_000, "too_deep", ""),
    ("B12", "1,000 objects"): (
        lambda: wrap(['{"a":' * 1000 + "1" + "}" * 1000]),
        "too_deep",
        "",
    ),
    ("B12", "101 levels"): (lambda: wrap(["[" * 98 + "]" * 98]), "too_deep", ""),
    ("B15", "a key twice"): (lambda: '{"feed":{"link":[1],"link":[]}}', "dup_keys", ""),
    ("B15", "a key of an entry twice"): (
        lambda: wrap([Place(SITE, 0).entry(), '{"title":1,"title":2}']),
        "dup_keys",
        "",
    ),
    ("B21", "JSONP"): (lambda: f"callback({healthy()});", "not_json", ""),
    ("B38", f"{MANY:,} entries"): (lambda: wrap(["{}"] * MANY), "too_large", ""),
    ("B38", "5,001 entries"): (lambda: wrap(["{}"] * 5001), "too_large", ""),
    ("B39", "billion laughs"): (lambda: ATOM.format(BOMB, "&b;"), "not_json", XML),
    ("B40", "billion laughs"): (lambda: BOMB + ATOM.format("", "&b;"), "not_json", XML),
    ("B42", "an external entity"): (lambda: ATOM.format(ENTITY, "&a;"), "not_json", XML),
    ("B43", "a parameter entity"): (lambda: ATOM.format(PARAMETER, ""), "not_json", XML),
    ("B44", "3,000 levels of XML"): (lambda: ATOM.format("", "<a>" * 3000), "not_json", XML),
    ("B45", "XML that is cut"): (lambda: ATOM.format("", "")[:-7], "not_json", XML),
    ("B46", "XML in Windows-1252"): (
        lambda: ATOM.format("", "caf\xe9").encode("cp1252").decode("utf-8", "replace"),
        "not_json",
        XML,
    ),
}


class Site25:
    """A conversation with a site whose ``answer`` to each question is the test's.

    ``asked`` are the addresses that were asked for, ``posts`` what was handed over, ``verdict``
    what the errand came to. Nothing is held.
    """

    def __init__(self, answer: Callable[[object], str]) -> None:
        """Talk to www.newsrust.com, until nothing is left to ask."""
        nothing = Known()
        ledger = SimpleNamespace(
            known=nothing,
            find_known=lambda: nothing,
            find_states=lambda _: {},
            count_held=lambda _: len(self.posts),
            fetch_rejected=lambda *_: [],
            remember=lambda _: None,
        )
        crawler: Any = SimpleNamespace(
            settings=Settings({"RETRY_TIMES": 0, "RETRY_PRIORITY_ADJUST": -1}),
            signals=SignalManager(),
        )
        crawler.stats = MemoryStatsCollector(crawler)
        crawler.spider = NewsrustSpider.from_crawler(crawler, site=SITE.home)
        crawler.spider.ledger = ledger
        self._answer = answer
        self._conversation = crawler.spider.conversation
        self.asked: list[str] = []
        self.posts: list[Post | UnreadablePost] = []
        asyncio.run(self._talk(crawler.spider))
        self.verdict: Verdict | None = self._conversation.verdict

    async def _talk(self, spider: Any) -> None:
        async def store(lot: Lot) -> list[Filed]:
            return [Filed(Outcome.UNCHANGED) for _ in lot.arrivals]

        spider.parts = Parts(store, lambda: False, blamed_by_nobody)
        requests = [self._conversation.begin()]
        while requests and len(self.asked) < MOST_QUESTIONS:
            request = requests.pop()
            answer = self._answer_to(request)
            if answer is None:
                continue
            async for found in as_async_generator(request.callback(answer, **request.cb_kwargs)):
                if isinstance(found, Request):
                    requests.append(found)
                else:
                    self.posts.append(found)
                    spider.parts.set_aside(found, PostSetAside())

    def _answer_to(self, request: Request) -> TextResponse | None:
        """Answer a question of the feed; the pages of posts are gone, all else is silence."""
        question = request.cb_kwargs.get("question")
        if request.url.startswith("tables:"):
            return TextResponse(request.url, request=request)
        self.asked.append(request.url)
        if request.url.endswith(".html"):
            return TextResponse(request.url, status=404, request=request)
        if question is None:
            return None
        body = self._answer(question).encode()
        return TextResponse(request.url, body=body, encoding="utf-8", request=request)


def blamed_by_nobody(error: Exception) -> None:
    """Fail: nothing is stored that could be refused."""
    raise error


def after_the_first(page: str) -> Callable[[object], str]:
    """Answer the first question as it should be, and each later one with ``page``."""
    return lambda question: healthy() if isinstance(question, Newest) else page


@pytest.mark.parametrize(
    ("page", "reason"), [p[:2] for p in PAGES.values()], ids=map(" ".join, PAGES)
)
def test_a_page_that_is_no_feed_is_refused_at_each_of_its_places(page: Page, reason: str) -> None:
    sent = page()
    with pytest.raises(FeedError) as refusal:
        parse_feed(sent, SITE, SEEN_AT)
    assert refusal.value.reason == reason
    first = Site25(lambda _: sent)
    if reason == "not_json":
        # A feed that is off answers with a page: the sitemap serves then.
        assert first.asked[1:] == [f"{SITE.home}/sitemap.xml?page=1"]
    else:
        assert first.verdict is not None
        assert (first.verdict.status, reason in first.verdict.reason) == (Exit.UNUSABLE, True)
    later = Site25(after_the_first(sent))
    assert later.posts == []
    assert later.verdict is not None
    assert (later.verdict.status, reason in later.verdict.reason) == (Exit.INCOMPLETE, True)


def test_b04_a_page_without_entries_proves_nothing() -> None:
    empty = '{"feed":{}}'

    def answer(question: object) -> str:
        if isinstance(question, Entry):
            return json.dumps({"entry": Place(SITE, 0).entry(int(question.post_id))})
        return healthy() if isinstance(question, Newest) else empty

    first, later = Site25(lambda _: empty), Site25(answer)
    assert len(first.asked) == 2, "the first answer alone decides nothing"
    for talk, status in ((first, Exit.UNUSABLE), (later, Exit.INCOMPLETE)):
        assert talk.verdict is not None
        assert (talk.verdict.status, "inconsistent" in talk.verdict.reason) == (status, True)


def test_b05_one_entry_that_is_no_list_is_taken(ledger: Ledger) -> None:
    place = Place.new("B05", 0)
    page = json.dumps({"feed": {"entry": place.entry()}})
    assert [end.how for end in crawl_page(page, place, ledger)] == [STORED]
    assert [end.how for end in crawl_page(page, place, ledger)] == ["unchanged"]


def test_b09_the_page_of_a_post_is_asked_for_where_the_feed_has_a_summary() -> None:
    place = Place(SITE, 0)
    short = place.entry(1, content=..., summary={"$t": "Short."})
    talk = Site25(after_the_first(wrap([place.entry(0), short], total=2)))
    assert f"{SITE.home}/2022/06/1.html" in talk.asked


def test_b15_json_without_a_key_twice_is_a_page() -> None:
    assert parse_feed('{"feed":{"link":[1]}}', SITE, SEEN_AT).entries == ()


def test_b16_a_byte_order_mark_is_passed_over() -> None:
    talk = Site25(lambda _: "\ufeff" + healthy())
    assert len(talk.posts) == 25


@pytest.mark.parametrize(
    "href",
    [
        pytest.param("https://www.newsrust.com/feeds/posts/default?alt=json", id="B23 itself"),
        pytest.param("https://www.newsrust.com/feeds/posts/default?start-index=1", id="B24 back"),
        pytest.param("file://www.newsrust.com/proc/self/environ", id="B25 file"),
        pytest.param("http://169.254.169.254/", id="B26 metadata"),
        pytest.param("/feeds/posts/default?start-index=26", id="B27 relative"),
    ],
)
def test_b23_b24_b25_b26_b27_a_next_link_is_never_followed(href: str) -> None:
    """The crawl builds its addresses itself: what a feed calls its next page is not read."""
    page = healthy().replace(
        '{"feed": {', '{"feed": {"link": [' + json.dumps({"rel": "next", "href": href}) + "],"
    )
    talk = Site25(lambda _: page)
    assert len(talk.asked) > 2
    assert href not in talk.asked
    assert all(url.startswith(f"{SITE.home}/feeds/posts/") for url in talk.asked)
    assert all("?alt=json&redirect=false" in url for url in talk.asked)


@pytest.mark.parametrize(
    "href", ["file://www.newsrust.com/proc/self/environ", "http://169.254.169.254/"]
)
def test_b25_b26_and_if_it_were_it_would_not_leave_the_site(href: str) -> None:
    spider = SimpleNamespace(visit=SimpleNamespace(site=SITE))
    guard = SameSite(SimpleNamespace(spider=spider))  # type: ignore[arg-type]
    with pytest.raises(OffSiteError):
        guard.process_request(Request(href))


def test_b23_b24_b28_the_same_page_again_and_again_comes_to_an_end() -> None:
    talk = Site25(lambda _: healthy())
    assert len(talk.asked) < MOST_QUESTIONS
    assert talk.verdict is not None
    assert talk.verdict.status in {Exit.COMPLETE, Exit.INCOMPLETE}


def test_b29_b30_posts_that_appear_during_the_walk_leave_no_gap_and_no_double() -> None:
    place = Place(SITE, 0)
    published = [place.entry(number) for number in range(60)]
    pages = 0

    def answer(question: object) -> str:
        nonlocal pages
        walk = question.walk if isinstance(question, PageOf) else None
        if walk is None:
            return wrap(published[:25], total=len(published))
        below = published
        if walk.bound is not None:
            bound = wire_moment(walk.bound)
            below = [entry for entry in published if entry[walk.order]["$t"] < bound]
        start = walk.start_index - 1
        page = wrap(below[start : start + 25], total=len(published))
        pages += 1
        newest = {"$t": wire_moment(SEEN_AT + timedelta(minutes=pages))}
        published.insert(0, place.entry(70 + pages, updated=newest, published=newest))
        return page

    talk = Site25(answer)
    assert pages >= 4
    seen = sorted((post.post_id for post in talk.posts), key=int)
    assert len(seen) == len(set(seen))
    assert seen[:60] == [str(number) for number in range(60)]


def test_b30_the_same_entry_twice_is_one_row(ledger: Ledger) -> None:
    place = Place.new("B30", 0)
    page = wrap([place.entry(1), place.entry(2), place.entry(1)])
    assert sorted(end.how for end in crawl_page(page, place, ledger)) == [
        STORED,
        STORED,
        "unchanged",
    ]
    assert len(rows_of(place, ledger)) == 2


def test_b32_an_edited_post_is_changed_and_its_former_text_kept(ledger: Ledger) -> None:
    place = Place.new("B32", 0)
    crawl_page(wrap([place.entry(1)]), place, ledger)
    later = place.entry(
        1,
        updated={"$t": wire_moment(SEEN_AT + timedelta(hours=1))},
        content={"$t": place.signed("<p>Corrected.</p>", 1)},
    )
    (end,) = crawl_page(wrap([later]), place, ledger)
    assert end.how == "changed"
    assert [row[:2] for row in rows_of(place, ledger)] == [("1", "changed")]
    former = ledger.run(
        lambda database: database.scalar(
            text(
                "SELECT v.body FROM article_versions v JOIN posts p USING (article_id)"
                " WHERE p.site = :site"
            ),
            {"site": place.site.name},
        )
    )
    assert former == "The pier reopened, day 1."


def test_b33_a_page_in_no_order_is_stored_and_all_is_walked(ledger: Ledger) -> None:
    place = Place.new("B33", 0)
    page = wrap(place.entry((number * 7) % 25) for number in range(25))
    assert {end.how for end in crawl_page(page, place, ledger)} == {STORED}
    talk = Site25(lambda _: page)
    assert len({post.post_id for post in talk.posts}) == 25
    assert any("orderby=published" in url for url in talk.asked)


def test_b35_no_entry_but_a_total_is_no_end() -> None:
    talk = Site25(lambda _: wrap([], total=12_000))
    assert talk.verdict is not None
    assert "inconsistent: no entry, but a total of 12000" in talk.verdict.reason


@pytest.mark.parametrize("total", ["abc", "-1", "1" + "0" * 30, None, [1]])
def test_b36_a_total_that_is_none_is_ignored(total: object) -> None:
    page = wrap([Place(SITE, 0).entry(1)], total=total)
    assert parse_feed(page, SITE, SEEN_AT).total is None
    talk = Site25(lambda _: page)
    assert [post.post_id for post in talk.posts] == ["1"]


def test_b37_fewer_entries_than_asked_for_are_not_the_end() -> None:
    assert LARGEST_PAGE > 25
    talk = Site25(lambda _: healthy())
    assert len([url for url in talk.asked if "/feeds/posts/default" in url]) > 1


URLSET = "<?xml version='1.0' encoding='UTF-8'?>{}<urlset>{}</urlset>"
GOOD = f"<url><loc>{SITE.home}/2022/06/x.html</loc></url>"
SITEMAPS = {
    ("B41", "billion laughs"): (URLSET.format(BOMB, "<url>&b;</url>"), "dtd"),
    ("B42", "an external entity"): (URLSET.format(ENTITY, "&a;"), "dtd"),
    ("B43", "a parameter entity"): (URLSET.format(PARAMETER, ""), "dtd"),
    ("B44", "3,000 levels"): (URLSET.format("", "<a>" * 3000 + "</a>" * 3000), "too_deep"),
    ("B45", "cut"): (URLSET.format("", GOOD * 9)[:400], "truncated"),
    ("B49", "an index"): (
        f"<sitemapindex><sitemap><loc>{SITE.home}/sitemap.xml</loc></sitemap></sitemapindex>",
        "not_a_sitemap",
    ),
}


@pytest.mark.parametrize(("xml", "reason"), SITEMAPS.values(), ids=map(" ".join, SITEMAPS))
@pytest.mark.parametrize("number", [1, 2, 20])
def test_b41_b42_b43_b44_b45_b49_a_sitemap_that_is_none_ends_its_walk_as_failed(
    xml: str, reason: str, number: int
) -> None:
    with pytest.raises(SitemapError) as refusal:
        parse_sitemap(xml, SITE)
    assert refusal.value.reason == reason
    question = ListPage(number)
    answer = TextResponse(address_of(question, SITE), body=xml.encode(), encoding="utf-8")
    # One that breaks off is asked for once more before.
    with pytest.raises(BrokenAnswerError if reason == "truncated" else Unanswered) as unanswered:
        read_answer(question, answer, SITE)
    assert str(unanswered.value).partition(":")[0] == reason


def test_b46_a_sitemap_in_windows_1252_that_says_utf_8_is_read() -> None:
    place = f"<url><loc>{SITE.home}/2022/06/caf\xe9.html</loc></url>"
    (entry,) = parse_sitemap(URLSET.format("", place).encode("cp1252"), SITE).entries
    assert entry.permalink.endswith("caf\xe9.html")


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("", ""),
        ("<loc/>", ""),
        ("<loc>a</loc>", "a"),
        ("<loc>/2022/06/y.html</loc>", "/2022/06/y.html"),
    ],
)
def test_b47_b48_a_place_without_an_address_is_passed_over_and_told(
    place: str, told: str, position: int
) -> None:
    places = [GOOD, GOOD.replace("x.html", "z.html")]
    places.insert(position, f"<url>{place}</url>")
    page = parse_sitemap(URLSET.format("", "".join(places)), SITE)
    assert [entry.permalink[-6:] for entry in page.entries] == ["x.html", "z.html"]
    assert page.foreign == (told,)


def test_b50_a_compressed_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(b"\0" * (settings.DOWNLOAD_MAXSIZE + 1))
    with pytest.raises(EncodingError, match="too_large"):
        decode_body("gzip", bomb, settings.DOWNLOAD_MAXSIZE)


def test_every_id_of_the_section_is_here() -> None:
    by_page = {number for number, _ in (*PAGES, *SITEMAPS)}
    assert ids_of(globals(), ROWS) | by_page == all_ids("B", 50)
