from datetime import UTC, datetime, timedelta

import pytest

from newsrust_spider.owed import Owed, is_due, is_spent

MISSED = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def owed(crawls: int) -> Owed:
    return Owed("1", "https://blog.example/1.html", MISSED, "sick", MISSED, crawls)


def test_what_is_owed_is_asked_for_by_the_next_crawl_however_soon_it_comes() -> None:
    assert is_due(owed(1), MISSED)


def test_after_that_by_every_second_until_the_patience_is_over() -> None:
    due = [crawls for crawls in range(1, 16) if is_due(owed(crawls), MISSED + HOUR)]
    assert due == [1, *range(3, 16)]


def test_a_day_later_it_is_due_whatever_was_counted() -> None:
    assert is_due(owed(2), MISSED + 24 * HOUR)


@pytest.mark.parametrize(("crawls", "spent"), [(1, False), (2, False), (3, True)])
def test_patience_ends_with_the_third_crawl(crawls: int, *, spent: bool) -> None:
    assert is_spent(owed(crawls), MISSED + HOUR) is spent


def test_patience_ends_after_a_day_for_those_who_crawl_daily() -> None:
    assert is_spent(owed(1), MISSED + 24 * HOUR)
