from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from newsrust_spider.database.lock import SiteBusyError
from newsrust_spider.errands.known import Blog
from newsrust_spider.extensions.blame import judge_error
from newsrust_spider.storage.blogs import AnotherBlogError, find_site, identify
from newsrust_spider.storage.ledger import Ledger
from newsrust_spider.verdict import Exit
from tests.storage.newsrust_spider.database.test_lock import kill_holders

A, B = "a.example", "b.example"
Open = Callable[[str], Ledger]


@pytest.fixture
def open_ledger(database: Engine) -> Iterator[Open]:
    """Open the ledger of a crawl of a site; its lock is let go of at the end."""
    opened = []

    def begin(site: str) -> Ledger:
        ledger = Ledger.open(database, site, "test")
        opened.append(ledger)
        return ledger

    yield begin
    for ledger in opened:
        ledger._lock.release()


def name_blog(connection: Connection, site: str, blog_id: str) -> frozenset[str]:
    return identify(connection, site, f"https://{site}", blog_id).hosts


def end(ledger: Ledger) -> None:
    ledger.close("complete", "", "feed", None, None)


def test_a_blog_is_known_by_its_number_from_the_first_time(connection: Connection) -> None:
    assert find_site(connection, "1") is None
    for _ in range(2):
        blog = identify(connection, A, f"https://{A}", "1")
        assert blog == Blog("1", A, frozenset({A}))
    assert find_site(connection, "1") == A


def test_a_blog_gathers_the_names_under_which_it_was_seen(connection: Connection) -> None:
    names = [name_blog(connection, site, "1") for site in (A, B, "c.example", A)]
    assert names == [{A}, {A, B}, {A, B, "c.example"}, {A, B, "c.example"}]
    assert find_site(connection, "1") == A
    # A name that the blog has left is free for another.
    assert name_blog(connection, B, "2") == {B}


def test_another_blog_at_a_known_site_is_refused_with_the_remedy(connection: Connection) -> None:
    name_blog(connection, A, "1")
    name_blog(connection, B, "2")
    for blog_id in ("2", "3"):
        with pytest.raises(AnotherBlogError) as refused:
            name_blog(connection, A, blog_id)
        verdict = judge_error(refused.value, "the spider")
        assert verdict.status is Exit.UNUSABLE
        assert verdict.reason == (
            f"{A} is blog 1 in this database, and answers as blog {blog_id}:"
            " crawl it into a database of its own, with another DATABASE_URL"
        )
    assert (find_site(connection, "1"), find_site(connection, "2")) == (A, B)


def test_a_blog_without_a_number_is_none(connection: Connection) -> None:
    with pytest.raises(Exception, match="blogs_blog_id_check"):
        name_blog(connection, A, "")


def test_of_two_crawls_of_one_blog_by_two_names_the_second_is_told_that_it_is_busy(
    open_ledger: Open,
) -> None:
    first, second = open_ledger(A), open_ledger(B)
    first.identify("1", f"https://{A}")
    with pytest.raises(SiteBusyError) as refused:
        second.identify("1", f"https://{B}")
    verdict = judge_error(refused.value, "the spider")
    assert verdict.status is Exit.BUSY
    assert verdict.reason == f"another crawl of this blog is running, by the name {A}"
    assert second.identify("2", f"https://{B}").hosts == {B}
    end(first)
    third = open_ledger("c.example")
    assert third.identify("1", "https://c.example").hosts == {A, "c.example"}


def test_a_blog_moves_from_no_site_whose_crawl_is_running(open_ledger: Open) -> None:
    former = open_ledger(A)
    former.identify("1", f"https://{A}")
    end(former)
    # It has yet to ask the site which blog it serves.
    open_ledger(A)
    with pytest.raises(SiteBusyError, match=f"by the name {A}"):
        open_ledger(B).identify("1", f"https://{B}")


def test_both_locks_are_lost_and_had_again_together(database: Engine, open_ledger: Open) -> None:
    ledger = open_ledger(A)
    ledger.identify("1", f"https://{A}")
    kill_holders(database)
    ledger.run(lambda connection: connection.execute(text("SELECT 1")))
    with pytest.raises(SiteBusyError, match="of this blog"):
        open_ledger(B).identify("1", f"https://{B}")
