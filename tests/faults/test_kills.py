"""``kill -9`` at each named step and at random instants: nothing lost, nothing twice."""

import signal
import subprocess
from contextlib import suppress

import pytest
from sqlalchemy import Engine

from tests.faults.conftest import Trial, Undisturbed, check_healed, end, moment, strike
from tests.faults.dying_crawl import ONCE, STEPS
from tests.forms import LONG, often


@pytest.mark.parametrize("time", [1, 2, 3] if LONG else [2])
@pytest.mark.parametrize("step", STEPS)
def test_a_crawl_that_dies_at_a_named_step_is_healed_by_the_next(
    trial: Trial, embedded_database: Engine, undisturbed: Undisturbed, step: str, time: int
) -> None:
    time = 1 if step in ONCE else time
    status, log = end(trial.start("tests.faults.dying_crawl", step, str(time), delay=0.1))
    assert status == -signal.SIGKILL, log
    check_healed(trial, embedded_database, undisturbed)


@pytest.mark.parametrize("seed", often(short=3, long=200))
def test_a_crawl_that_dies_at_any_instant_is_healed_by_the_next(
    trial: Trial, embedded_database: Engine, undisturbed: Undisturbed, seed: int
) -> None:
    process = trial.start()
    strike(process, signal.SIGKILL, moment(seed, undisturbed.seconds))
    status, log = end(process)
    assert status in {-signal.SIGKILL, 0}, log
    check_healed(trial, embedded_database, undisturbed)


@pytest.mark.parametrize("seed", often(short=2, long=50))
def test_a_crawl_that_is_told_to_end_does_so_within_30_seconds_and_is_healed(
    trial: Trial, embedded_database: Engine, undisturbed: Undisturbed, seed: int
) -> None:
    process = trial.start()
    strike(process, signal.SIGTERM, moment(seed, undisturbed.seconds))
    status, log = end(process, within=30)
    # Before Scrapy listens the signal ends the process as it is; after the last page it is late.
    assert status in {1, 0, -signal.SIGTERM}, log
    assert "Traceback" not in log or status == -signal.SIGTERM, log
    check_healed(trial, embedded_database, undisturbed)


@pytest.mark.parametrize("seed", often(short=2, long=100))
def test_of_two_crawls_that_overlap_one_crawls_and_the_other_says_so(
    trial: Trial, embedded_database: Engine, undisturbed: Undisturbed, seed: int
) -> None:
    first = trial.start()
    with suppress(subprocess.TimeoutExpired):
        first.wait(moment(seed, undisturbed.seconds) / 2)
    second = trial.start()
    results = [end(first), end(second)]
    # A second that starts late finds the site free: then both are complete.
    assert sorted(status for status, _ in results) in ([0, 75], [0, 0]), results
    for status, log in results:
        assert ("another crawl of" in log) == (status == 75), log
    check_healed(trial, embedded_database, undisturbed)
