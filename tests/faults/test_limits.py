"""Limits: a crawl that reaches one ends cleanly, says so, and is gone on with by the next."""

import signal
import time

from sqlalchemy import Engine

from newsrust_spider.storage.database import connect_engine
from tests.faults.conftest import Trial, Undisturbed, check_healed, end, wait_until
from tests.faults.servers import own_server, pull_the_plug

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
