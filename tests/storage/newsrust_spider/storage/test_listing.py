"""What a list of the site shows beside what we hold: nothing more, nothing less."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from newsrust_spider.blogger.sitemap import SitemapEntry
from newsrust_spider.coverage.windows import BEGINNING
from newsrust_spider.errands.differences import Differences, HeldPost, NoteListed
from newsrust_spider.owed import Owed
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.known import note_owed
from newsrust_spider.storage.listing import choose_stale, compare, mark_gone, note_listed
from newsrust_spider.storage.rejected import Rejection, reject_post
from tests.storage.newsrust_spider.storage.conftest import NOON, make_article

SITE = "a.example"
HOUR = timedelta(hours=1)
LATER = NOON + HOUR


def address(number: int) -> str:
    return f"https://a.example/{number}.html"


def listed(number: int, lastmod: object = NOON) -> SitemapEntry:
    return SitemapEntry(address(number), lastmod)  # type: ignore[arg-type]


def held(number: int) -> HeldPost:
    return HeldPost(str(number), address(number))


def reject(
    connection: Connection, crawl: int, number: int, reason: Reason = Reason.EMPTY_BODY
) -> None:
    post_id, payload = str(number), b"%d" % number
    rejection = Rejection(SITE, post_id, address(number), reason, "", payload, updated=NOON)
    reject_post(connection, crawl, rejection)


def differ(connection: Connection, *entries: SitemapEntry) -> Differences:
    note_listed(connection, NoteListed(entries, first=True))
    return compare(connection, SITE, BEGINNING)


def owe(connection: Connection, number: int, name: str = "") -> None:
    debt = Owed(name or str(number), address(number), NOON, "the site answers 500", NOON)
    note_owed(connection, SITE, [debt], ())


def test_what_is_not_held_or_held_in_an_older_state_is_chosen_in_the_list_s_order(
    connection: Connection, crawl: int
) -> None:
    store_articles(connection, crawl, [make_article(1), make_article(2), make_article(3)])
    entries = (listed(4), listed(1, LATER), listed(2), listed(3, None))
    assert choose_stale(connection, SITE, entries) == (listed(4), listed(1, LATER))
    assert choose_stale(connection, "b.example", entries) == entries
    assert choose_stale(connection, SITE, ()) == ()


def test_a_list_leaves_the_milliseconds_out(connection: Connection, crawl: int) -> None:
    precise = NOON + timedelta(milliseconds=900)
    store_articles(connection, crawl, [make_article(1, updated=precise)])
    assert choose_stale(connection, SITE, (listed(1),)) == ()
    assert differ(connection, listed(1)).stale == ()
    second = listed(1, NOON + timedelta(seconds=1))
    assert choose_stale(connection, SITE, (second,)) == (second,)
    assert differ(connection, second).stale == (second,)


def test_what_is_owed_is_chosen_only_in_a_newer_state(connection: Connection) -> None:
    owe(connection, 1)
    owe(connection, 2, address(2))
    entries = (listed(1), listed(2, None), listed(1, LATER))
    assert choose_stale(connection, SITE, entries) == (listed(1, LATER),)


@pytest.mark.parametrize(("reason", "chosen"), [(Reason.EMPTY_BODY, False), (Reason.GONE, True)])
def test_what_was_rejected_is_held_but_not_what_was_gone_and_is_listed_again(
    connection: Connection, crawl: int, reason: Reason, *, chosen: bool
) -> None:
    reject(connection, crawl, 1, reason)
    assert choose_stale(connection, SITE, (listed(1),)) == ((listed(1),) if chosen else ())
    assert differ(connection, listed(1)).missing == ((listed(1),) if chosen else ())


def test_an_edit_that_was_rejected_counts_as_held_in_its_state(
    connection: Connection, crawl: int
) -> None:
    store_articles(connection, crawl, [make_article(1)])
    rejection = Rejection(SITE, "1", address(1), Reason.EMPTY_BODY, "", b"", updated=LATER)
    reject_post(connection, crawl, rejection)
    assert choose_stale(connection, SITE, (listed(1, LATER),)) == ()
    assert differ(connection, listed(1, LATER)).stale == ()


def test_what_was_marked_as_gone_and_is_listed_again_is_missing(
    connection: Connection, crawl: int
) -> None:
    store_articles(connection, crawl, [make_article(1)])
    assert mark_gone(connection, SITE, ["1"]) == 1
    assert choose_stale(connection, SITE, (listed(1),)) == (listed(1),)
    assert differ(connection, listed(1)).missing == (listed(1),)


def test_a_whole_list_shows_what_is_missing_stale_and_suspect(
    connection: Connection, crawl: int
) -> None:
    store_articles(connection, crawl, [make_article(number) for number in (1, 2, 3)])
    assert differ(connection, listed(1), listed(2, LATER), listed(4)) == Differences(
        missing=(listed(4),),
        stale=(listed(2, LATER),),
        suspects=(held(3),),
        control=held(1),
    )


def test_all_pages_are_compared_and_the_first_forgets_those_of_before(
    connection: Connection, crawl: int
) -> None:
    store_articles(connection, crawl, [make_article(1), make_article(2)])
    note_listed(connection, NoteListed((listed(8), listed(9)), first=True))
    note_listed(connection, NoteListed((listed(1),), first=True))
    note_listed(connection, NoteListed((listed(1, LATER), listed(2)), first=False))
    note_listed(connection, NoteListed((), first=False))
    assert compare(connection, SITE, BEGINNING) == Differences(control=held(1))


def test_no_change_is_missed_that_is_older_than_what_was_asked_for(
    connection: Connection, crawl: int
) -> None:
    store_articles(connection, crawl, [make_article(1), make_article(2)])
    entries = (listed(1, LATER), listed(2, LATER + HOUR), listed(3), listed(4, LATER + HOUR))
    note_listed(connection, NoteListed((*entries, listed(5, None)), first=True))
    found = compare(connection, SITE, LATER)
    assert found.stale == (entries[1],)
    assert found.missing == (entries[3], listed(5, None))


def test_another_site_s_posts_are_no_suspects(connection: Connection, crawl: int) -> None:
    store_articles(connection, crawl, [make_article(1)])
    note_listed(connection, NoteListed((), first=True))
    assert compare(connection, "b.example", BEGINNING) == Differences()


def test_two_posts_at_one_address_are_both_suspects(connection: Connection, crawl: int) -> None:
    store_articles(connection, crawl, [make_article(1), make_article(2)])
    connection.execute(text("UPDATE posts SET permalink = :p"), {"p": address(1)})
    assert differ(connection, listed(1)).suspects == (
        HeldPost("1", address(1)),
        HeldPost("2", address(1)),
    )


def test_a_post_without_an_address_is_a_suspect_where_it_has_a_number(
    connection: Connection, crawl: int
) -> None:
    reject_post(connection, crawl, Rejection(SITE, "7", "", Reason.NO_URL, "", b"7"))
    reject_post(connection, crawl, Rejection(SITE, "", "", Reason.BAD_TYPE, "", b"8"))
    assert differ(connection).suspects == (HeldPost("7", ""),)


def test_what_is_gone_is_neither_suspect_nor_control(connection: Connection, crawl: int) -> None:
    store_articles(connection, crawl, [make_article(1), make_article(2)])
    assert mark_gone(connection, SITE, ["1", "2", "9"]) == 2
    assert mark_gone(connection, SITE, ["1"]) == 0
    found = differ(connection, listed(1))
    assert (found.suspects, found.control) == ((), None)


def test_the_control_is_rather_an_article_with_a_number_than_a_rejected_post(
    connection: Connection, crawl: int
) -> None:
    reject(connection, crawl, 1)
    assert differ(connection, listed(1)).control == held(1)
    store_articles(connection, crawl, [make_article(2), make_article(3, published=LATER)])
    connection.execute(text("UPDATE posts SET post_id = permalink WHERE post_id = '3'"))
    entries = (listed(1), listed(2), listed(3))
    assert differ(connection, *entries).control == held(2)
    assert differ(connection, listed(1), listed(3)).control == HeldPost(address(3), address(3))
