"""Limits: a crawl that reaches one ends cleanly, says so, and is gone on with by the next."""

import signal
import time

import pytest
from sqlalchemy import Engine, text

from newsrust_spider.database.engine import connect_engine
from tests.faults.conftest import Trial, Undisturbed, check_healed, end, wait_until
from tests.faults.servers import locked, own_server, pull_the_plug, watching

SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
SLOW = """
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN PERFORM pg_sleep(10); RETURN NULL; END$$;
    CREATE TRIGGER slow AFTER INSERT ON articles EXECUTE FUNCTION slow();
"""
LARGEST_LOG = 10_000
"""Characters that a cron mail may have, whatever went wrong."""


def test_the_time_limit_ends_a_crawl_as_incomplete(
    trial: Trial, embedded_database: Engine, undisturbed: Undisturbed
) -> None:
    process = trial.start(delay=0.3, options=("-s", "CLOSESPIDER_TIMEOUT=1"))
    status, log = end(process, within=30)
    assert status == 1, log
    assert "its time limit was reached" in log
    assert len(log) < LARGEST_LOG
    check_healed(trial, embedded_database, undisturbed)


def test_a_crawl_that_waits_for_its_database_still_ends_when_it_is_told(
    trial: Trial, undisturbed: Undisturbed
) -> None:
    with own_server() as server:
        waiting = Trial(trial.site, server.url())
        asked = len(trial.site.requests)
        process = waiting.start(delay=0.2)
        wait_until(lambda: len(trial.site.requests) >= asked + 4, process)
        pull_the_plug(server)
        # One page more, and its batch waits for the server.
        wait_until(lambda: len(trial.site.requests) >= asked + 6, process)
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        status, log = end(process, within=60)
        assert time.monotonic() - told < 30
        assert status in {1, 69}, log
        assert "Traceback" not in log
        assert len(log) < LARGEST_LOG
        server.start()
        engine = connect_engine(server.url())
        check_healed(waiting, engine, undisturbed)
        engine.dispose()


@pytest.mark.parametrize("table", ["articles", "owed", "sites"])
def test_a_crawl_that_waits_for_a_table_ends_when_it_is_told(
    trial: Trial, embedded_database: Engine, undisturbed: Undisturbed, table: str
) -> None:
    asked = len(trial.site.requests)
    process = trial.start(delay=0.1)
    wait_until(lambda: len(trial.site.requests) >= asked + 3, process)
    with locked(embedded_database, table) as is_waited_for:
        wait_until(is_waited_for, process)
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        status, log = end(process, within=30)
    assert time.monotonic() - told < 30
    assert status in {1, 69}, log
    assert "Traceback" not in log
    check_healed(trial, embedded_database, undisturbed)


def test_a_crawl_that_is_told_to_end_within_a_commit_of_ten_seconds_ends_after_it(
    trial: Trial, embedded_database: Engine, undisturbed: Undisturbed
) -> None:
    with embedded_database.begin() as connection:
        connection.execute(text(SLOW))
    watcher = watching(embedded_database)
    process = trial.start(delay=0.1)
    with watcher.connect() as looking:
        wait_until(lambda: looking.scalar(text(SLEEPING)), process)
    watcher.dispose()
    told = time.monotonic()
    process.send_signal(signal.SIGTERM)
    status, log = end(process, within=30)
    assert time.monotonic() - told < 30
    assert status == 1, log
    assert "Traceback" not in log
    with embedded_database.begin() as connection:
        connection.execute(text("DROP TRIGGER slow ON articles"))
    check_healed(trial, embedded_database, undisturbed)
