from datetime import timedelta

from sqlalchemy import Connection, text

from newsrust_spider.coverage.windows import Window
from newsrust_spider.items import Outcome
from newsrust_spider.storage.crawls import Tally, open_crawl, record_progress
from newsrust_spider.storage.known import find_known
from tests.storage.newsrust_spider.storage.conftest import NOON

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
    record_progress(connection, crawl, Tally({}), Window(NOON, NOON + DAY))
    record_progress(connection, second, Tally({}), Window(NOON + DAY, NOON + 2 * DAY))
    record_progress(connection, other, Tally({}), Window(NOON - DAY, NOON))
    assert find_known(connection, "a.example").windows == (Window(NOON, NOON + 2 * DAY),)


def test_windows_of_one_crawl_add_up_whether_they_touch_or_not(
    connection: Connection, crawl: int
) -> None:
    windows = [(8, 9), (7, 9), (1, 3), (0, 3), (4, 5), (3, 4)]
    for first, last in windows:
        window = Window(NOON + first * DAY, NOON + last * DAY)
        record_progress(connection, crawl, Tally({}), window)
    assert find_known(connection, "a.example").windows == (
        Window(NOON, NOON + 5 * DAY),
        Window(NOON + 7 * DAY, NOON + 9 * DAY),
    )


def test_without_a_window_nothing_is_covered(connection: Connection, crawl: int) -> None:
    record_progress(connection, crawl, Tally({}), None)
    assert find_known(connection, "a.example").windows == ()


def test_the_counts_add_up(connection: Connection, crawl: int) -> None:
    record_progress(connection, crawl, Tally({Outcome.NEW: 3, Outcome.REJECTED: 1}, 5, 100), None)
    row = connection.execute(text("SELECT * FROM crawls")).one()
    assert (row.posts_seen, row.posts_new, row.posts_rejected) == (4, 3, 1)
    assert (row.requests, row.bytes) == (5, 100)
