"""What the site is asked for, and what its answers and its silence say."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newsrust_spider.blogger.site import Site
from newsrust_spider.blogger.sitemap import SitemapEntry, SitemapPage
from newsrust_spider.coverage.walk import walk_changes
from newsrust_spider.coverage.windows import BEGINNING, Window
from newsrust_spider.errands.known import AskKnown
from newsrust_spider.errands.questions import (
    Entry,
    Heard,
    LabelCounts,
    LabelPage,
    LabelTotal,
    Listed,
    ListPage,
    Newest,
    Page,
    PageOf,
    PostPage,
    Silence,
    SummaryOf,
    Total,
    Unanswered,
)
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.middlewares.retry_after import AskedToWaitError
from newsrust_spider.middlewares.robots import ForbiddenError, RobotsUnavailableError
from newsrust_spider.middlewares.same_site import OffSiteError
from newsrust_spider.spiders.questions import (
    BrokenAnswerError,
    SiteQuestion,
    address_of,
    is_of_site,
    read_answer,
    read_failure,
)
from newsrust_spider.spiders.tables import ask_ledger

SITE = Site.parse("https://a.example")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
WALK = walk_changes((Window(BEGINNING, NOON),), NOON)
ENTRY = {
    "id": {"$t": "tag:blogger.com,1999:blog-1.post-7"},
    "updated": {"$t": "2026-01-01T12:00:00.000Z"},
    "title": {"$t": "T"},
    "content": {"$t": "<p>Text.</p>"},
    "link": [{"rel": "alternate", "type": "text/html", "href": "https://a.example/x.html"}],
}


PERMALINK = "https://a.example/2026/01/x.html"
CANONICAL = f"<link rel='canonical' href='{PERMALINK}'/>"
NUMBER = "<script>_SetDataContext([{'data': {'pageType': 'item', 'postId': '7'}}])</script>"
BODY = "<div class='post-body'><p>It rained all day.</p></div>"


def answer(
    body: str, ago: timedelta = timedelta(0), url: str = "https://a.example/x"
) -> TextResponse:
    said = format_datetime(datetime.now(UTC) - ago, usegmt=True)
    return TextResponse(url, body=body.encode(), headers={"Date": said})


def html(*parts: str) -> str:
    return f"<html><body>{''.join(parts)}</body></html>"


def page(*parts: str, url: str = PERMALINK, updated: datetime | None = None) -> Page:
    found = read_answer(PostPage(PERMALINK, updated), answer(html(*parts), url=url), SITE)
    assert isinstance(found, Page)
    return found


def urlset(*addresses: str) -> str:
    places = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f"<urlset>{places}</urlset>"


def feed(total: object = 1) -> str:
    return json.dumps({"feed": {"openSearch$totalResults": {"$t": total}, "entry": [ENTRY]}})


def silence_of(question: SiteQuestion, error: Exception) -> Unanswered | None:
    failure: Any = Failure(error)  # type: ignore[no-untyped-call]
    failure.request = Request("https://a.example/x")
    return read_failure(question, failure)


def refusal(status: int) -> HttpError:
    return HttpError(TextResponse("https://a.example/x", status=status))


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (Newest(), "summary?alt=json&redirect=false&orderby=updated&max-results=25"),
        (PageOf(WALK), "default?alt=json&redirect=false&max-results=150&orderby=updated"),
        (SummaryOf(WALK), "summary?alt=json&redirect=false&max-results=25&orderby=updated"),
        (Entry("7"), "default/7?alt=json&redirect=false"),
        (
            LabelPage("Art & War/Peace", 151),
            (
                "default/-/Art%20%26%20War%2FPeace?alt=json&redirect=false"
                "&max-results=150&start-index=151"
            ),
        ),
        (
            LabelTotal("Café?"),
            "summary/-/Caf%C3%A9%3F?alt=json&redirect=false&max-results=0",
        ),
        (
            Total("published", NOON, NOON),
            (
                "summary?alt=json&redirect=false&orderby=published&max-results=0"
                "&published-min=2026-01-01T12%3A00%3A00.000Z&published-max=2026-01-01T12%3A00%3A00.000Z"
            ),
        ),
    ],
)
def test_each_question_of_the_feed_has_its_address(question: SiteQuestion, asked: str) -> None:
    assert address_of(question, SITE) == f"https://a.example/feeds/posts/{asked}"


@pytest.mark.parametrize(
    ("question", "address"),
    [
        (PostPage(PERMALINK), PERMALINK),
        (ListPage(3, "the feed is off"), "https://a.example/sitemap.xml?page=3"),
        (LabelCounts(), "https://a.example/"),
    ],
)
def test_each_question_of_a_page_has_its_address(question: SiteQuestion, address: str) -> None:
    assert address_of(question, SITE) == address


def test_what_is_asked_of_our_tables_is_not_asked_of_the_site() -> None:
    assert is_of_site(LabelTotal("World"))
    assert is_of_site(ListPage(1))
    assert not is_of_site(AskKnown())


def test_answers_are_read_by_their_question() -> None:
    heard = read_answer(Newest(), answer(feed()), SITE)
    assert isinstance(heard, Heard)
    assert abs(heard.date - datetime.now(UTC)) < timedelta(minutes=1)
    assert read_answer(Total("updated", NOON, NOON), answer(feed(12)), SITE) == 12
    assert read_answer(LabelTotal("World"), answer(feed(12)), SITE) == 12
    labelled = read_answer(LabelPage("World"), answer(feed()), SITE)
    assert isinstance(labelled, Heard)
    assert [post.post_id for post in labelled.page.posts] == ["7"]
    post = read_answer(Entry("7"), answer(json.dumps({"entry": ENTRY})), SITE)
    assert isinstance(post, Post)
    assert post.post_id == "7"


@pytest.mark.parametrize(
    ("question", "body", "reason"),
    [
        (Newest(), feed()[:-5], "truncated"),
        (LabelPage("World"), feed()[:-5], "truncated"),
        (Entry("7"), feed(), "not_a_feed"),
        (Newest(), "", "empty"),
        (PostPage(PERMALINK), "", "empty"),
        (PostPage(PERMALINK), html(CANONICAL, NUMBER, BODY)[:-30], "truncated"),
        (PostPage(PERMALINK), html("Unusual traffic from your computer network."), "blocked"),
        (ListPage(1), "", "empty"),
        (ListPage(1), urlset(PERMALINK)[:-10], "truncated"),
    ],
)
def test_a_broken_answer_may_be_asked_for_again(
    question: SiteQuestion, body: str, reason: str
) -> None:
    with pytest.raises(BrokenAnswerError, match=f"{reason}: .* at https://a.example/x") as broken:
        read_answer(question, answer(body), SITE)
    assert broken.value.reason == reason


def test_a_post_s_page_names_its_post_by_number_and_address() -> None:
    named = page(CANONICAL, NUMBER, BODY, updated=NOON)
    assert (named.post_id, named.addresses) == ("7", (PERMALINK,))
    assert isinstance(named.post, Post)
    assert (named.post.post_id, named.post.updated) == ("7", NOON)
    assert abs(named.date - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_page_without_an_address_of_its_own_stands_for_where_it_came_from() -> None:
    elsewhere = "https://a.example/2026/01/y.html"
    assert page(NUMBER, BODY, url=f"{elsewhere}?m=1").addresses == (elsewhere,)


def test_a_page_that_names_no_post_stands_for_nothing() -> None:
    warning = page("<p>The blog that you are about to view may contain adult content.</p>")
    assert (warning.post_id, warning.addresses) == ("", ())
    assert isinstance(warning.post, UnreadablePost)


def test_a_page_that_cannot_be_read_names_its_post_all_the_same() -> None:
    scripts = page(CANONICAL, NUMBER, "<div class='post-body'><script>show()</script></div>")
    assert (scripts.post_id, scripts.addresses) == ("7", (PERMALINK,))
    assert isinstance(scripts.post, UnreadablePost)
    assert scripts.post.reason == "script_only"


def test_a_post_s_page_is_read_whatever_the_site_s_clock_says() -> None:
    old = answer(html(CANONICAL, BODY), ago=timedelta(days=2))
    found = read_answer(PostPage(PERMALINK), old, SITE)
    assert isinstance(found, Page)
    assert datetime.now(UTC) - found.date > timedelta(days=1)


def test_a_page_of_the_sitemap_lists_what_is_ours_and_tells_the_rest() -> None:
    listed = read_answer(ListPage(1), answer(urlset(PERMALINK, "https://b.example/1.html")), SITE)
    assert isinstance(listed, Listed)
    assert listed.page == SitemapPage(
        (SitemapEntry(PERMALINK, None),), ("https://b.example/1.html",)
    )
    assert abs(listed.date - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("body", "ago"),
    [
        (html("Sign in"), timedelta(0)),
        ("<sitemapindex></sitemapindex>", timedelta(0)),
        (urlset(PERMALINK), timedelta(days=2)),
    ],
)
def test_what_is_no_sitemap_is_a_silence_and_not_asked_for_again(body: str, ago: timedelta) -> None:
    with pytest.raises(Unanswered) as unanswered:
        read_answer(ListPage(1), answer(body, ago), SITE)
    assert unanswered.value.silence is Silence.SICK


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        (html("<div id='magone-labels'>World,12,Art,3,</div>"), {"World": 12, "Art": 3}),
        (html("<p>A theme that tells no labels.</p>"), {}),
        ("", {}),
    ],
)
def test_label_counts_are_what_the_theme_tells(body: str, counts: dict[str, int]) -> None:
    assert read_answer(LabelCounts(), answer(body), SITE) == counts


@pytest.mark.parametrize(
    ("body", "ago", "silence"),
    [
        ("<html>Sign in</html>", timedelta(0), Silence.OFF),
        (feed(), timedelta(days=2), Silence.SICK),
    ],
)
def test_an_answer_of_no_use_is_a_silence(body: str, ago: timedelta, silence: Silence) -> None:
    with pytest.raises(Unanswered) as unanswered:
        read_answer(Newest(), answer(body, ago), SITE)
    assert unanswered.value.silence is silence


@pytest.mark.parametrize("question", [Total("updated", NOON, NOON), LabelTotal("World")])
def test_a_total_that_is_none_is_a_silence(question: SiteQuestion) -> None:
    with pytest.raises(Unanswered, match="no total"):
        read_answer(question, answer(feed("many")), SITE)


@pytest.mark.parametrize("status", [404, 410])
def test_a_post_that_is_gone_is_an_answer_and_a_list_that_is_gone_is_off(status: int) -> None:
    for post in (Entry("7"), PostPage(PERMALINK)):
        assert silence_of(post, refusal(status)) is None
    for wanted in (Newest(), LabelPage("World"), ListPage(1), LabelCounts()):
        off = silence_of(wanted, refusal(status))
        assert off is not None
        assert off.silence is Silence.OFF


@pytest.mark.parametrize(
    ("error", "silence"),
    [
        (refusal(500), Silence.SICK),
        (refusal(403), Silence.OFF),
        (OffSiteError("elsewhere"), Silence.OFF),
        (ForbiddenError("robots.txt forbids it"), Silence.OFF),
        (AskedToWaitError("retry after '3600'"), Silence.AWAY),
        (RobotsUnavailableError("robots.txt answers 500"), Silence.SICK),
        (TimeoutError(), Silence.SICK),
    ],
)
def test_each_failure_is_a_silence_of_its_kind(error: Exception, silence: Silence) -> None:
    unanswered = silence_of(PageOf(WALK), error)
    assert unanswered is not None
    assert unanswered.silence is silence
    assert "at https://a.example/x" in str(unanswered)


def test_what_is_no_question_is_a_defect() -> None:
    with pytest.raises(TypeError, match="no question"):
        ask_ledger("what?", SimpleNamespace(ledger=None))  # type: ignore[arg-type]
