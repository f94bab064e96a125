from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from newsrust_spider.errands.known import Memory, Search
from newsrust_spider.owed import Lack, Owed
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.known import (
    find_known,
    note_gone,
    note_owed,
    remember,
    strike_stored,
)
from newsrust_spider.storage.rejected import Rejection, reject_post
from newsrust_spider.storage.states import count_held, count_span, find_states
from tests.storage.newsrust_spider.storage.conftest import NOON, make_article

SITE = "a.example"
HOUR = timedelta(hours=1)
DEBT = Owed("7", "https://a.example/7.html", NOON, "the site answers 500", NOON)


def test_nothing_is_known_of_a_site_that_no_crawl_has_seen(connection: Connection) -> None:
    known = find_known(connection, SITE)
    assert (known.windows, known.held, known.memory, known.owed) == ((), 0, None, ())


def test_what_is_remembered_is_known_and_the_last_memory_counts(connection: Connection) -> None:
    remember(connection, SITE, Memory((("1", NOON), ("2", None)), 3, Search(NOON, 4, NOON)))
    newest = Memory((("1", NOON + HOUR),), -1, None)
    remember(connection, SITE, newest)
    assert find_known(connection, SITE).memory == newest


def test_what_is_owed_is_known_until_it_is_paid(connection: Connection) -> None:
    note_owed(connection, SITE, [DEBT], ())
    assert find_known(connection, SITE).owed == (DEBT,)
    assert count_held(connection, SITE) == 1
    note_owed(connection, SITE, (), ["7"])
    assert find_known(connection, SITE).owed == ()


def test_a_post_that_is_held_and_owed_counts_once(connection: Connection, crawl: int) -> None:
    store_articles(connection, crawl, [make_article(7)])
    note_owed(connection, SITE, [DEBT], ())
    assert count_held(connection, SITE) == 1


def test_a_span_counts_the_posts_whose_last_change_lies_in_it(
    connection: Connection, crawl: int
) -> None:
    store_articles(
        connection, crawl, [make_article(1), make_article(2, updated=NOON + HOUR), make_article(3)]
    )
    note_owed(connection, SITE, [DEBT], ())
    assert count_span(connection, SITE, "updated", NOON, NOON + HOUR) == 3
    assert count_span(connection, SITE, "updated", NOON + HOUR, None) == 1
    assert count_span(connection, SITE, "published", None, NOON + HOUR) == 3


def test_an_older_state_never_replaces_a_newer_one(connection: Connection, crawl: int) -> None:
    store_articles(connection, crawl, [make_article(1, body="New.", updated=NOON + HOUR)])
    (filed,) = store_articles(connection, crawl, [make_article(1, body="Old.", updated=NOON)])
    assert filed.outcome == "unchanged"
    assert connection.scalar(text("SELECT body FROM articles")) == "New."
    assert find_states(connection, SITE, ["1"]) == {"1": NOON + HOUR}


def test_posts_that_an_audit_marks_gone_are_explained(connection: Connection, crawl: int) -> None:
    store_articles(connection, crawl, [make_article(1), make_article(2)])
    remember(connection, SITE, Memory(difference=-1))
    note_gone(connection, SITE, ["1", "9"])
    assert (count_held(connection, SITE), difference(connection)) == (1, 0)
    note_gone(connection, SITE, ["1"])
    assert difference(connection) == 0


def difference(connection: Connection) -> int:
    memory = find_known(connection, SITE).memory
    assert memory is not None
    return memory.difference


def owe(connection: Connection, **changes: Any) -> Owed:
    """Owe the post 7, and return what is then known of it."""
    note_owed(connection, SITE, [replace(DEBT, **changes)], ())
    (debt,) = find_known(connection, SITE).owed
    return debt


@pytest.mark.parametrize("lack", Lack)
def test_what_is_lacked_of_a_debt_is_known(connection: Connection, lack: Lack) -> None:
    assert owe(connection, lack=lack) == replace(DEBT, lack=lack)


def test_a_debt_in_the_same_state_keeps_its_age_whoever_meets_it_again(
    connection: Connection,
) -> None:
    owe(connection, crawls=2)
    met = owe(connection, crawls=1, since=NOON + HOUR, reason="the site answers 502")
    assert (met.crawls, met.since, met.reason) == (2, NOON, "the site answers 502")
    older = owe(connection, crawls=1, since=NOON + HOUR, updated=NOON - HOUR)
    assert (older.crawls, older.since) == (2, NOON)
    assert owe(connection, crawls=3).crawls == 3


def test_a_debt_in_a_newer_state_begins_anew(connection: Connection) -> None:
    owe(connection, crawls=3)
    later = NOON + HOUR
    met = owe(connection, updated=later, since=later)
    assert met == replace(DEBT, crawls=1, updated=later, since=later)


def strike(connection: Connection, crawl: int, number: int, debt: Owed, **changes: Any) -> bool:
    """Store the post of this number, and tell whether ``debt`` is struck by that."""
    note_owed(connection, SITE, [debt], ())
    store_articles(connection, crawl, [make_article(number, **changes)])
    strike_stored(connection, SITE, [str(number)])
    return find_known(connection, SITE).owed == ()


def test_what_was_owed_is_struck_once_it_is_stored(connection: Connection, crawl: int) -> None:
    assert strike(connection, crawl, 7, DEBT)


def test_it_is_struck_by_its_address_where_its_number_was_not_known(
    connection: Connection, crawl: int
) -> None:
    assert strike(connection, crawl, 7, replace(DEBT, post_id=DEBT.permalink))


def test_a_debt_is_not_struck_by_an_older_state_nor_by_another_post(
    connection: Connection, crawl: int
) -> None:
    assert not strike(connection, crawl, 7, DEBT, updated=NOON - HOUR)
    assert not strike(connection, crawl, 8, DEBT)
    strike_stored(connection, "b.example", ["7"])
    assert find_known(connection, SITE).owed == (DEBT,)


def test_a_debt_is_not_struck_by_a_rejection(connection: Connection, crawl: int) -> None:
    note_owed(connection, SITE, [DEBT], ())
    rejection = Rejection(SITE, "7", DEBT.permalink, Reason.EMPTY_BODY, "", b"7", updated=NOON)
    reject_post(connection, crawl, rejection)
    strike_stored(connection, SITE, ["7"])
    assert find_known(connection, SITE).owed == (DEBT,)


def test_the_proof_that_a_page_is_new_is_owed_until_it_is_paid(
    connection: Connection, crawl: int
) -> None:
    assert not strike(connection, crawl, 7, replace(DEBT, lack=Lack.PROOF))


def test_a_post_that_is_owed_by_its_number_and_by_its_address_counts_once(
    connection: Connection,
) -> None:
    by_address = replace(DEBT, post_id=DEBT.permalink)
    note_owed(connection, SITE, [DEBT, by_address, replace(DEBT, post_id="8", permalink="")], ())
    assert count_held(connection, SITE) == 2
    assert count_span(connection, SITE, "updated", NOON, NOON + HOUR) == 2
