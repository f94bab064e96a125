"""The failure harness: one site, one undisturbed collection, and many ways to disturb another.

The oracle is always the same: after one clean crawl the database says what the undisturbed one
says. ``FAULTS=long`` (``make faults``) runs the long form.
"""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import URL, Engine, create_engine, text

from demo.shape import Shape
from demo.site import StandIn
from tests import warm
from tests.faults.oracle import Collection, check_ledger, read_collection
from tests.forms import LONG
from tests.process.conftest import crawl, environment, scrapy, site, start

__all__ = ["crawl", "environment", "scrapy", "site", "start"]

PROJECT = Path(__file__).parents[2]
POSTS = 100


@dataclass(frozen=True)
class Trial:
    """Crawls of ``site`` into the database at ``url``, disturbed or not."""

    site: StandIn
    url: URL

    def start(self, *command: str, delay: float = 0.0, options: Sequence[str] = ()) -> warm.Started:
        """Start ``scrapy crawl``, or another program that takes its arguments."""
        ours = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("NEWSRUST_", "SCRAPY_", "FAULTS"))
        }
        address = self.url.render_as_string(hide_password=False)
        module, *arguments = command or ("scrapy",)
        return warm.start(
            module,
            [*arguments, "crawl", "newsrust", "-a", f"site={self.site.url}", *options],
            ours | {"DATABASE_URL": address, "NEWSRUST_DELAY": str(delay)},
        )

    def crawl(self) -> tuple[int, str]:
        """Crawl to the end; return the exit status and the log."""
        return end(self.start())


def end(process: warm.Started, within: float = 120.0) -> tuple[int, str]:
    """Wait for the end of a crawl; return its exit status and its log."""
    try:
        _, log = process.communicate(timeout=within)
    except subprocess.TimeoutExpired:
        process.kill()
        _, log = process.communicate()
        raise AssertionError(f"it did not end within {within:.0f} s: {log[-2000:]}") from None
    return process.wait(), log


def wait_until(happened: Callable[[], object], process: warm.Started) -> None:
    """Return once ``happened()`` or ``process`` has ended; fail where neither comes."""
    deadline = time.monotonic() + 60
    while not happened() and process.poll() is None:
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.001)


def strike(process: warm.Started, number: signal.Signals, after: float) -> None:
    """Send a signal ``after`` some seconds, unless the process has ended by then."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        # It may end just now.
        with suppress(ProcessLookupError):
            process.send_signal(number)


@pytest.fixture(scope="session")
def fault_site() -> Iterator[StandIn]:
    """Serve one site of about ten pages to all trials."""
    with StandIn(posts=POSTS, shape=Shape(budget=40_000)) as stand_in:
        yield stand_in


@contextmanager
def fresh_database(template: URL) -> Iterator[Engine]:
    """Give a copy of the database at ``template`` for as long as it is wanted."""
    name = f"undisturbed_{os.getpid()}"
    admin = create_engine(template.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template.database}"'))
        engine = create_engine(template.set(database=name))
        yield engine
        engine.dispose()
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@dataclass(frozen=True)
class Undisturbed:
    """What an undisturbed crawl collects, and in how many seconds."""

    collection: Collection
    seconds: float


@pytest.fixture(scope="session")
def undisturbed(fault_site: StandIn, embedded_template: URL) -> Undisturbed:
    """Crawl once without any fault."""
    with fresh_database(embedded_template) as engine:
        trial = Trial(fault_site, engine.url)
        begun = time.monotonic()
        status, log = trial.crawl()
        seconds = time.monotonic() - begun
        assert status == 0, log
        check_ledger(engine)
        collection = read_collection(engine)
        assert len(collection.posts) == POSTS
        return Undisturbed(collection, seconds)


@pytest.fixture
def trial(fault_site: StandIn, embedded_database: Engine) -> Trial:
    """Give a trial on an empty database of the shared embedded server."""
    return Trial(fault_site, embedded_database.url)


def check_healed(trial: Trial, database: Engine, undisturbed: Undisturbed) -> None:
    """Crawl once more, undisturbed, and compare with the crawl that always was."""
    status, log = trial.crawl()
    assert status == 0, log
    check_ledger(database)
    assert read_collection(database) == undisturbed.collection


def moment(seed: int, seconds: float) -> float:
    """Return the random instant, within ``seconds``, of the trial ``seed``."""
    seed = secrets.randbits(32) if LONG else seed
    print(f"the moment of seed {seed}")  # noqa: T201 - shown where the trial fails
    return Random(seed).uniform(0.05, 1.0) * seconds  # noqa: S311 - a die
