"""A database that goes away, comes back, fills up or drops its sessions while a crawl runs."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from demo.site import StandIn
from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import connect_engine
from newsrust_spider.database.patience import OUTAGE
from newsrust_spider.storage.migrate import migrate
from tests.faults.conftest import Trial, Undisturbed, check_healed, end, wait_until
from tests.faults.oracle import check_ledger, read_collection
from tests.faults.servers import (
    fill,
    kill_sessions,
    own_server,
    pause,
    pull_the_plug,
    small_disk,
    watching,
)
from tests.forms import LONG

DELAY = 0.2
"""Seconds between two requests, so that a fault strikes in the middle."""


@pytest.fixture
def victim() -> Iterator[EmbeddedServer]:
    """Run a server of this test's own."""
    with own_server() as own:
        yield own


@pytest.fixture
def database(victim: EmbeddedServer) -> Iterator[Engine]:
    """Connect to it, to look."""
    engine = connect_engine(victim.url())
    yield engine
    engine.dispose()


@pytest.fixture
def trial(fault_site: StandIn, victim: EmbeddedServer) -> Trial:
    """Give a trial on the test's own server."""
    return Trial(fault_site, victim.url())


def wait_for_pages(trial: Trial, process: object, pages: int = 4) -> None:
    enough = len(trial.site.requests) + pages
    wait_until(lambda: len(trial.site.requests) >= enough, process)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["immediate", "fast"])
@pytest.mark.parametrize("seconds", [1, 5, 20, 90] if LONG else [1, 5])
def test_an_outage_of_less_than_a_minute_is_waited_out(  # noqa: PLR0913, PLR0917 - fixtures
    trial: Trial,
    victim: EmbeddedServer,
    database: Engine,
    undisturbed: Undisturbed,
    mode: str,
    seconds: int,
) -> None:
    process = trial.start(delay=DELAY)
    wait_for_pages(trial, process)
    pull_the_plug(victim, mode)
    pause(seconds)
    victim.start()
    status, log = end(process, within=OUTAGE + 60)
    assert status == (0 if seconds < OUTAGE else 69), log
    assert log.count("the database is away, waiting up to 60 s") >= 1, log
    assert "Traceback" not in log
    database.dispose()
    if status == 0:
        check_ledger(database)
        assert read_collection(database) == undisturbed.collection
    check_healed(trial, database, undisturbed)


def test_sessions_that_are_killed_again_and_again_cost_nothing(
    trial: Trial, database: Engine, undisturbed: Undisturbed
) -> None:
    process = trial.start(delay=DELAY)
    wait_for_pages(trial, process, pages=2)
    killed = 0
    watcher = watching(database)
    for _ in range(100 if LONG else 20):
        killed += kill_sessions(watcher)
        pause(0.05)
    status, log = end(process)
    assert killed > 5
    assert status == 0, log
    check_ledger(database)
    assert read_collection(database) == undisturbed.collection


@pytest.mark.skipif(not LONG, reason="a minute of waiting: in the long form")
def test_a_crawl_whose_lock_is_taken_by_another_gives_way(
    trial: Trial, database: Engine, undisturbed: Undisturbed
) -> None:
    process = trial.start(delay=DELAY)
    wait_for_pages(trial, process, pages=2)
    site = trial.site.url.partition("://")[2]
    watcher = watching(database)
    with watcher.connect() as rival:
        assert kill_sessions(watcher) > 0
        rival.execute(
            text("SELECT pg_advisory_lock(hashtextextended('newsrust:' || :site, 0))"),
            {"site": site},
        )
        status, log = end(process, within=OUTAGE + 60)
    watcher.dispose()
    assert status == 75, log
    assert "the lock was lost: another crawl" in log
    check_healed(trial, database, undisturbed)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")


@needs_root
def test_a_full_disk_ends_the_crawl_at_once_and_loses_nothing(
    trial: Trial, victim: EmbeddedServer, database: Engine, undisturbed: Undisturbed
) -> None:
    with small_disk(victim, megabytes=24) as disk:
        with watching(database).connect() as connection:
            connection.execute(text(f"CREATE TABLESPACE small LOCATION '{disk}'"))
            connection.execute(text("CREATE DATABASE small TABLESPACE small"))
        small = Trial(trial.site, victim.url("small"))
        engine = connect_engine(small.url)
        migrate(engine)
        filler = fill(disk)
        status, log = small.crawl()
        assert status == 69, log
        assert "No space left on device" in log
        assert len(log) < 10_000
        filler.unlink()
        check_healed(small, engine, undisturbed)
        engine.dispose()
