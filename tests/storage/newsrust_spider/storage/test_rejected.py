from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, text

from newsrust_spider.errands.known import Wanted
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.crawls import open_crawl
from newsrust_spider.storage.kept import fetch_rejected
from newsrust_spider.storage.listing import mark_gone
from newsrust_spider.storage.rejected import Rejection, reject_post
from newsrust_spider.storage.report import count_rejected
from tests.storage.newsrust_spider.storage.conftest import NOON, make_article

HOUR = timedelta(hours=1)
STATES = {b"undated": None, b"older": NOON, b"newest": NOON + HOUR, b"undated again": None}
BAD = Rejection("a.example", "7", "https://a.example/7.html", Reason.BAD_DATE, "'now'", b"{\x00}")


def test_a_rejected_post_is_kept_with_its_raw_entry(connection: Connection, crawl: int) -> None:
    reject_post(connection, crawl, BAD)
    row = connection.execute(text("SELECT * FROM rejected_posts")).one()
    assert (row.reason, bytes(row.payload), row.attempts) == ("bad_date", b"{\x00}", 1)
    post = connection.execute(text("SELECT outcome, article_id FROM posts")).one()
    assert tuple(post) == ("rejected", None)


def test_the_word_of_a_former_release_is_read_as_it_is(connection: Connection, crawl: int) -> None:
    reject_post(connection, crawl, BAD)
    connection.execute(text("UPDATE rejected_posts SET reason = 'no_text'"))
    later = open_crawl(connection, "a.example", "0")
    (kept,) = fetch_rejected(connection, "a.example", later, Wanted(reason="no_text"), 0, 9)
    assert (kept.reason, kept.payload) == ("no_text", BAD.payload)
    assert count_rejected(connection) == {"no_text": 1}


def test_the_same_entry_again_is_an_attempt_more(connection: Connection, crawl: int) -> None:
    reject_post(connection, crawl, BAD)
    reject_post(connection, crawl, BAD)
    assert connection.scalar(text("SELECT sum(attempts) FROM rejected_posts")) == 2
    assert connection.scalar(text("SELECT count(*) FROM rejected_posts")) == 1


def test_a_post_without_number_and_address_is_kept_too(connection: Connection, crawl: int) -> None:
    reject_post(connection, crawl, Rejection("a.example", "", "", Reason.BAD_TYPE, "", b"7"))
    reject_post(connection, crawl, Rejection("a.example", "", "", Reason.BAD_TYPE, "", b"8"))
    assert connection.scalar(text("SELECT count(*) FROM posts")) == 2


def test_a_bad_edit_leaves_the_article_as_it_was(connection: Connection, crawl: int) -> None:
    store_articles(connection, crawl, [make_article(7)])
    reject_post(connection, crawl, BAD)
    post = connection.execute(text("SELECT outcome, article_id FROM posts")).one()
    assert post.outcome == "new"
    assert post.article_id is not None


def test_a_payload_of_any_size_is_kept_up_to_a_megabyte(connection: Connection, crawl: int) -> None:
    reject_post(
        connection, crawl, Rejection("a.example", "7", "", Reason.TOO_LARGE, "", b"x" * 2**21)
    )
    assert connection.scalar(text("SELECT octet_length(payload) FROM rejected_posts")) == 10**6


def test_of_a_post_that_was_rejected_in_two_states_only_the_newest_is_tried_again(
    connection: Connection, crawl: int
) -> None:
    other = replace(BAD, post_id="8", payload=b"8")
    for rejection in (BAD, replace(BAD, payload=b"newer"), other):
        reject_post(connection, crawl, rejection)
    later = open_crawl(connection, "a.example", "test")
    first = fetch_rejected(connection, "a.example", later, Wanted(), 0, 1)
    assert [kept.payload for kept in first] == [b"newer"]
    following = fetch_rejected(connection, "a.example", later, Wanted(), first[0].id, 9)
    assert [kept.post_id for kept in following] == ["8"]


def test_the_newest_state_is_the_one_that_changed_last_at_the_site(
    connection: Connection, crawl: int
) -> None:
    states = {name: replace(BAD, payload=name, updated=at) for name, at in STATES.items()}
    # An older state may come later: from another server, or as it is tried again.
    for name in (b"undated", b"newest", b"older", b"undated again"):
        reject_post(connection, crawl, states[name])
    later = open_crawl(connection, "a.example", "test")
    kept = fetch_rejected(connection, "a.example", later, Wanted(), 0, 9)
    assert [one.payload for one in kept] == [b"newest"]
    reject_post(connection, later, states[b"newest"])
    third = open_crawl(connection, "a.example", "test")
    (again,) = fetch_rejected(connection, "a.example", third, Wanted(), 0, 9)
    assert (again.payload, again.attempts) == (b"newest", 2)


def test_an_older_state_is_not_tried_in_place_of_one_that_is_not_wanted(
    connection: Connection, crawl: int
) -> None:
    reject_post(connection, crawl, replace(BAD, payload=b"older", updated=NOON))
    newer = replace(BAD, payload=b"newest", updated=NOON + HOUR, reason=Reason.EMPTY_BODY)
    reject_post(connection, crawl, newer)
    later = open_crawl(connection, "a.example", "test")
    assert fetch_rejected(connection, "a.example", later, Wanted(reason="bad_date"), 0, 9) == []


def test_a_post_that_is_gone_is_tried_again_by_its_id_alone(
    connection: Connection, crawl: int
) -> None:
    reject_post(connection, crawl, BAD)
    mark_gone(connection, "a.example", ["7"])
    later = open_crawl(connection, "a.example", "test")
    for wanted in (Wanted(), Wanted(reason="bad_date"), Wanted(attempts=5)):
        assert fetch_rejected(connection, "a.example", later, wanted, 0, 9) == []
    number = connection.scalar(text("SELECT id FROM rejected_posts"))
    assert number is not None
    (kept,) = fetch_rejected(connection, "a.example", later, Wanted(ids=(number,)), 0, 9)
    assert kept.post_id == "7"


def test_what_a_crawl_has_rejected_itself_is_left_for_the_next(
    connection: Connection, crawl: int
) -> None:
    reject_post(connection, crawl, BAD)
    assert fetch_rejected(connection, "a.example", crawl, Wanted(), 0, 9) == []
