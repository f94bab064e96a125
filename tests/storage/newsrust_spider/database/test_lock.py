import pytest
from sqlalchemy import Engine, text

from newsrust_spider.database.errors import LockLostError
from newsrust_spider.database.lock import SiteBusyError, SiteLock, take_lock
from newsrust_spider.database.patience import Patience

SITE = "a.example"


def kill_holders(database: Engine) -> int:
    """Kill every session that holds an advisory lock, and wait until it is gone."""
    with database.begin() as connection:
        killed = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks"
                " WHERE locktype = 'advisory' AND database ="
                " (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
        return len(killed.all())


def test_the_lock_of_a_site_is_held_once_and_freed_with_its_connection(database: Engine) -> None:
    with database.connect() as holder, database.connect() as other:
        assert take_lock(holder, SITE)
        assert not take_lock(other, SITE)
        assert take_lock(other, "b.example")
        holder.invalidate()
        for _ in range(100):
            if take_lock(other, SITE):
                break
            other.execute(text("SELECT pg_sleep(0.05)"))
        else:
            raise AssertionError("the lock of a dead connection stays held")


def test_a_second_crawl_finds_the_site_busy(database: Engine) -> None:
    first = SiteLock(database, SITE)
    first.take()
    with pytest.raises(SiteBusyError, match="another crawl of"):
        SiteLock(database, SITE).take()
    first.release()
    second = SiteLock(database, SITE)
    second.take()
    second.release()


def test_a_lock_that_went_with_its_connection_is_taken_anew(database: Engine) -> None:
    lock = SiteLock(database, SITE)
    lock.take()
    assert kill_holders(database) == 1
    lock.keep()
    assert lock.times_taken == 2
    with pytest.raises(SiteBusyError):
        SiteLock(database, SITE).take()
    lock.release()


def test_a_lock_that_another_crawl_has_taken_meanwhile_is_lost_until_that_ends(
    database: Engine,
) -> None:
    lock, other = SiteLock(database, SITE), SiteLock(database, SITE)
    lock.take()
    kill_holders(database)
    other.take()
    for _ in range(2):
        with pytest.raises(LockLostError, match="another crawl"):
            lock.keep()
    other.release()
    Patience().call(lock.keep)
    lock.release()


def test_a_second_lock_is_held_for_as_long_as_the_first(database: Engine) -> None:
    lock, other = SiteLock(database, SITE), SiteLock(database, "b.example")
    lock.take()
    other.take()
    for _ in range(2):
        lock.take_also("blog/1", "the blog is taken")
    with pytest.raises(SiteBusyError, match="the blog is taken"):
        other.take_also("blog/1", "the blog is taken")
    lock.release()
    other.take_also("blog/1", "the blog is taken")
    other.release()


def test_both_are_lost_and_had_again_together(database: Engine) -> None:
    lock, other = SiteLock(database, SITE), SiteLock(database, "b.example")
    lock.take()
    lock.take_also("blog/1", "the blog is taken")
    kill_holders(database)
    other.take()
    other.take_also("blog/1", "the blog is taken")
    with pytest.raises(LockLostError, match="the lock was lost: the blog is taken"):
        lock.keep()
    other.release()
    lock.keep()
    with pytest.raises(SiteBusyError, match="the blog is taken"):
        other.take()
    lock.release()
