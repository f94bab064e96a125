from dataclasses import replace

from sqlalchemy import Connection, text

from newsrust_spider.errands.known import Wanted
from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.crawls import open_crawl
from newsrust_spider.storage.rejected import Rejection, fetch_rejected, reject_post
from tests.storage.newsrust_spider.storage.conftest import make_article

BAD = Rejection("a.example", "7", "https://a.example/7.html", "bad_date", "'now'", b"{\x00}")


def test_a_rejected_post_is_kept_with_its_raw_entry(connection: Connection, crawl: int) -> None:
    reject_post(connection, crawl, BAD)
    row = connection.execute(text("SELECT * FROM rejected_posts")).one()
    assert (row.reason, bytes(row.payload), row.attempts) == ("bad_date", b"{\x00}", 1)
    post = connection.execute(text("SELECT outcome, article_id FROM posts")).one()
    assert tuple(post) == ("rejected", None)


def test_the_same_entry_again_is_an_attempt_more(connection: Connection, crawl: int) -> None:
    reject_post(connection, crawl, BAD)
    reject_post(connection, crawl, BAD)
    assert connection.scalar(text("SELECT sum(attempts) FROM rejected_posts")) == 2
    assert connection.scalar(text("SELECT count(*) FROM rejected_posts")) == 1


def test_a_post_without_number_and_address_is_kept_too(connection: Connection, crawl: int) -> None:
    reject_post(connection, crawl, Rejection("a.example", "", "", "bad_type", "", b"7"))
    reject_post(connection, crawl, Rejection("a.example", "", "", "bad_type", "", b"8"))
    assert connection.scalar(text("SELECT count(*) FROM posts")) == 2


def test_a_bad_edit_leaves_the_article_as_it_was(connection: Connection, crawl: int) -> None:
    store_articles(connection, crawl, [make_article(7)])
    reject_post(connection, crawl, BAD)
    post = connection.execute(text("SELECT outcome, article_id FROM posts")).one()
    assert post.outcome == "new"
    assert post.article_id is not None


def test_a_payload_of_any_size_is_kept_up_to_a_megabyte(connection: Connection, crawl: int) -> None:
    reject_post(connection, crawl, Rejection("a.example", "7", "", "too_large", "", b"x" * 2**21))
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


def test_what_a_crawl_has_rejected_itself_is_left_for_the_next(
    connection: Connection, crawl: int
) -> None:
    reject_post(connection, crawl, BAD)
    assert fetch_rejected(connection, "a.example", crawl, Wanted(), 0, 9) == []
