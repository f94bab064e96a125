from datetime import timedelta

from sqlalchemy import Connection, text

from newsrust_spider.items import Outcome
from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.crawls import (
    Tally,
    close_crawl,
    find_coverage,
    open_crawl,
    record_progress,
)
from tests.storage.newsrust_spider.storage.conftest import NOON, make_article

DAY = timedelta(days=1)


def test_a_crawl_that_never_ended_is_closed_as_killed_by_the_next(
    connection: Connection, crawl: int
) -> None:
    open_crawl(connection, "a.example", "test")
    row = connection.execute(text("SELECT * FROM crawls WHERE id = :id"), {"id": crawl}).one()
    assert (row.outcome, row.finished_at) == ("incomplete", None)
    assert "killed" in row.reason


def test_windows_of_all_crawls_are_merged(connection: Connection, crawl: int) -> None:
    second = open_crawl(connection, "a.example", "test")
    other = open_crawl(connection, "b.example", "test")
    record_progress(connection, crawl, Tally({}), (NOON, NOON + DAY))
    record_progress(connection, second, Tally({}), (NOON + DAY, NOON + 2 * DAY))
    record_progress(connection, other, Tally({}), (NOON - DAY, NOON))
    assert find_coverage(connection, "a.example").spans == ((NOON, NOON + 2 * DAY),)


def test_an_empty_window_is_not_recorded(connection: Connection, crawl: int) -> None:
    record_progress(connection, crawl, Tally({}), (NOON, NOON))
    assert find_coverage(connection, "a.example").spans == ()


def test_the_counts_add_up(connection: Connection, crawl: int) -> None:
    record_progress(connection, crawl, Tally({Outcome.NEW: 3, Outcome.REJECTED: 1}, 5, 100), None)
    row = connection.execute(text("SELECT * FROM crawls")).one()
    assert (row.posts_seen, row.posts_new, row.posts_rejected) == (4, 3, 1)
    assert (row.requests, row.bytes) == (5, 100)


def test_the_newest_change_and_the_posts_held_are_known(connection: Connection, crawl: int) -> None:
    store_articles(
        connection, crawl, [make_article(1), make_article(2, updated=NOON + DAY), make_article(3)]
    )
    coverage = find_coverage(connection, "a.example")
    assert (coverage.held_posts, coverage.newest_change) == (3, ("2", NOON + DAY))


def test_the_difference_is_that_of_the_last_comparison(connection: Connection, crawl: int) -> None:
    close_crawl(connection, crawl, outcome="complete", reason="", site_posts=10, held_posts=8)
    second = open_crawl(connection, "a.example", "test")
    close_crawl(connection, second, outcome="failed", reason="x", site_posts=None, held_posts=None)
    assert find_coverage(connection, "a.example").difference == 2
