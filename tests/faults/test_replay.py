"""A replay of rejected posts that is told to end: it ends, and the next one heals it."""

import json
import os
import signal
import time
from urllib.request import urlopen

import pytest
from sqlalchemy import Engine, text

from newsrust_spider.reasons import Reason
from newsrust_spider.storage.crawls import open_crawl
from newsrust_spider.storage.rejected import Rejection, reject_post
from tests import warm
from tests.faults.conftest import Trial, Undisturbed, end, moment, strike, wait_until
from tests.faults.servers import locked
from tests.forms import often

SIGNALS = [signal.SIGTERM, signal.SIGINT]


@pytest.fixture
def rejected(trial: Trial, embedded_database: Engine) -> int:
    """Reject all posts of the site, as a defect of ours might; return how many there are."""
    address = f"{trial.site.url}/feeds/posts/default?alt=json&max-results=150&start-index="
    name = trial.site.url.partition("://")[2]
    entries: list[dict[str, object]] = []
    while page := json.load(urlopen(f"{address}{len(entries) + 1}"))["feed"].get("entry"):  # noqa: S310
        entries += page
    with embedded_database.begin() as connection:
        crawl = open_crawl(connection, name, "test")
        for entry in entries:
            number = json.dumps(entry["id"]).rpartition("post-")[2].strip('"}')
            payload = json.dumps(entry).encode()
            reject_post(
                connection, crawl, Rejection(name, number, "", Reason.POISON_ROW, "", payload)
            )
        connection.execute(text("UPDATE crawls SET outcome = 'complete', finished_at = now()"))
    return len(entries)


def start(trial: Trial, *arguments: str) -> warm.Started:
    address = trial.url.render_as_string(hide_password=False)
    environment = os.environ | {"DATABASE_URL": address, "NEWSRUST_DELAY": "0"}
    return warm.start("scrapy", [*arguments, "-a", f"site={trial.site.url}"], environment)


def check_replayed(trial: Trial, database: Engine, posts: int) -> None:
    """Replay once more, undisturbed: every post is stored, or rejected with its own reason."""
    status, log = end(start(trial, "retry", "--all"))
    assert status in {0, 1}, log
    with database.connect() as connection:
        stored = connection.scalar(text("SELECT count(*) FROM posts WHERE outcome <> 'rejected'"))
        left = connection.execute(text("SELECT reason FROM rejected_posts")).scalars().all()
    assert "poison_row" not in left
    assert (stored or 0) + len(left) == posts


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("command", [("retry", "--all"), ("crawl", "newsrust")])
def test_a_replay_that_waits_for_a_lock_ends_when_it_is_told(
    trial: Trial,
    embedded_database: Engine,
    rejected: int,
    command: tuple[str, ...],
    number: signal.Signals,
) -> None:
    with locked(embedded_database, "articles") as is_waited_for:
        process = start(trial, *command)
        wait_until(is_waited_for, process)
        told = time.monotonic()
        process.send_signal(number)
        status, log = end(process, within=30)
    assert time.monotonic() - told < 30
    # 69: the first attempt ran into the limit of the wait for a lock before the signal came.
    assert status in {1, 69}, log
    assert "Traceback" not in log
    check_replayed(trial, embedded_database, rejected)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("seed", often(short=2, long=20))
def test_a_replay_ends_at_whatever_moment_it_is_told(  # noqa: PLR0913, PLR0917 - fixtures
    trial: Trial,
    embedded_database: Engine,
    undisturbed: Undisturbed,
    rejected: int,
    seed: int,
    number: signal.Signals,
) -> None:
    process = start(trial, "retry", "--all")
    # A replay of all posts takes about as long as their first crawl.
    strike(process, number, moment(seed, undisturbed.seconds))
    status, log = end(process, within=30)
    # Before Scrapy listens a signal ends the process as it is; after the last post it is late.
    assert status in {0, 1, -number}, log
    check_replayed(trial, embedded_database, rejected)


def test_a_second_signal_ends_a_replay_at_once(
    trial: Trial, embedded_database: Engine, rejected: int
) -> None:
    with locked(embedded_database, "articles") as is_waited_for:
        process = start(trial, "retry", "--all")
        wait_until(is_waited_for, process)
        while process.poll() is None:
            strike(process, signal.SIGINT, after=0.1)
        status, log = end(process, within=30)
    assert status == 1, log
    check_replayed(trial, embedded_database, rejected)
