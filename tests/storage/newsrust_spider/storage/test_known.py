from datetime import timedelta

from sqlalchemy import Connection, text

from newsrust_spider.errands.known import Memory, Search
from newsrust_spider.owed import Owed
from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.known import find_known, note_gone, note_owed, remember
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
    connection.execute(text("UPDATE posts SET gone_at = now() WHERE post_id = '1'"))
    note_gone(connection, SITE, 1, total=1)
    memory = find_known(connection, SITE).memory
    assert memory is not None
    assert memory.difference == 0
