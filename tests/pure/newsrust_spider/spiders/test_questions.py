"""What the site is asked for, and what its answers and its silence say."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newsrust_spider.blogger.feed import FeedError
from newsrust_spider.blogger.site import Site
from newsrust_spider.coverage.walk import walk_changes
from newsrust_spider.coverage.windows import BEGINNING, Window
from newsrust_spider.errands.desk import (
    Entry,
    Heard,
    Newest,
    PageOf,
    Silence,
    SummaryOf,
    Total,
    Unanswered,
)
from newsrust_spider.items import Post
from newsrust_spider.middlewares.retry_after import AskedToWaitError
from newsrust_spider.middlewares.same_site import OffSiteError
from newsrust_spider.spiders.questions import SiteQuestion, address_of, read_answer, read_failure
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


def answer(body: str, ago: timedelta = timedelta(0)) -> TextResponse:
    said = format_datetime(datetime.now(UTC) - ago, usegmt=True)
    return TextResponse("https://a.example/x", body=body.encode(), headers={"Date": said})


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
            Total("published", NOON, NOON),
            (
                "summary?alt=json&redirect=false&orderby=published&max-results=0"
                "&published-min=2026-01-01T12%3A00%3A00.000Z&published-max=2026-01-01T12%3A00%3A00.000Z"
            ),
        ),
    ],
)
def test_each_question_has_its_address(question: SiteQuestion, asked: str) -> None:
    assert address_of(question, SITE) == f"https://a.example/feeds/posts/{asked}"


def test_answers_are_read_by_their_question() -> None:
    heard = read_answer(Newest(), answer(feed()), SITE)
    assert isinstance(heard, Heard)
    assert abs(heard.date - datetime.now(UTC)) < timedelta(minutes=1)
    assert read_answer(Total("updated", NOON, NOON), answer(feed(12)), SITE) == 12
    post = read_answer(Entry("7"), answer(json.dumps({"entry": ENTRY})), SITE)
    assert isinstance(post, Post)
    assert post.post_id == "7"


def test_a_broken_answer_may_be_asked_for_again() -> None:
    with pytest.raises(FeedError):
        read_answer(Newest(), answer(feed()[:-5]), SITE)
    with pytest.raises(FeedError):
        read_answer(Entry("7"), answer(feed()), SITE)


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


def test_a_total_that_is_none_is_a_silence() -> None:
    with pytest.raises(Unanswered, match="no total"):
        read_answer(Total("updated", NOON, NOON), answer(feed("many")), SITE)


def test_a_post_that_is_gone_is_an_answer_and_a_feed_that_is_gone_is_off() -> None:
    assert silence_of(Entry("7"), refusal(404)) is None
    off = silence_of(Newest(), refusal(404))
    assert off is not None
    assert off.silence is Silence.OFF


@pytest.mark.parametrize(
    ("error", "silence"),
    [
        (refusal(500), Silence.SICK),
        (refusal(403), Silence.OFF),
        (OffSiteError("elsewhere"), Silence.OFF),
        (AskedToWaitError("retry after '3600'"), Silence.AWAY),
        (IgnoreRequest("robots.txt"), Silence.SICK),
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
