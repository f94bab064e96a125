import logging

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from newsrust_spider.database.engine import connect_engine, read_database_url
from newsrust_spider.database.patience import RETRIES, Patience


class Work:
    """A transaction that ``statement`` disturbs as often as ``times``."""

    def __init__(self, statement: str, times: int) -> None:
        """Keep them; nothing has run yet."""
        self.statement = statement
        self.times = times
        self.attempts = 0

    def __call__(self, connection: Connection) -> int:
        self.attempts += 1
        connection.execute(text("INSERT INTO label_counts VALUES (DEFAULT, 'a', 'b', now())"))
        if self.attempts <= self.times:
            connection.execute(text(self.statement))
        return self.attempts


def raising(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{state}'; END $$"


def count(database: Engine) -> int:
    with database.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM label_counts")) or 0)


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03", "57014"])
def test_a_transaction_that_others_were_in_the_way_of_is_run_again(
    database: Engine, state: str
) -> None:
    assert Patience().run(database, Work(raising(state), times=2)) == 3
    assert count(database) == 1


def test_it_is_run_again_three_times_and_no_more(database: Engine) -> None:
    work = Work(raising("40P01"), times=99)
    with pytest.raises(DBAPIError, match="so"):
        Patience().run(database, work)
    assert work.attempts == 1 + RETRIES
    assert count(database) == 0


@pytest.mark.parametrize("state", ["42P01", "42501", "53100", "25006", "23505"])
def test_what_cannot_pass_is_run_once(database: Engine, state: str) -> None:
    work = Work(raising(state), times=99)
    with pytest.raises(DBAPIError):
        Patience().run(database, work)
    assert work.attempts == 1


def test_a_killed_connection_is_told_once_and_made_anew(
    database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work("SELECT pg_terminate_backend(pg_backend_pid())", times=3)
    with caplog.at_level(logging.WARNING, "newsrust"):
        assert Patience().run(database, work) == 4
    assert count(database) == 1
    assert [record.getMessage()[:20] for record in caplog.records] == ["the database is away"]


def test_a_server_that_stays_away_is_given_up_after_the_outage_that_is_allowed() -> None:
    nowhere = connect_engine(read_database_url("postgresql:///news?host=/nowhere"))
    with pytest.raises(DBAPIError, match="No such file"):
        Patience(outage=0.2).run(nowhere, Work("", 0))


def test_whoever_is_to_end_does_not_wait() -> None:
    nowhere = connect_engine(read_database_url("postgresql:///news?host=/nowhere"))
    asked = []

    def hurried() -> bool:
        asked.append(True)
        return True

    with pytest.raises(DBAPIError):
        Patience(hurried=hurried).run(nowhere, Work("", 0))
    assert len(asked) == 1


def test_what_is_begun_in_a_hurry_waits_a_second_for_a_lock_at_most(database: Engine) -> None:
    def read_limits(connection: Connection) -> tuple[str, ...]:
        names = ("lock_timeout", "statement_timeout")
        return tuple(str(connection.scalar(text(f"SHOW {name}"))) for name in names)

    assert Patience().run(database, read_limits) == ("10s", "20s")
    assert Patience(hurried=lambda: True).run(database, read_limits) == ("1s", "5s")
