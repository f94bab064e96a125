"""The real process against the stand-in site: ``scrapy crawl`` as cron starts it."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from demo.site import StandIn
from tests import warm

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a crawl ended: its exit status, its log, and what it asked the site for."""

    status: int
    log: str
    requests: list[str]


Scrapy = Callable[..., "subprocess.CompletedProcess[str]"]
Crawl = Callable[..., Ended]
Start = Callable[[], warm.Started]


def wait_for(happened: Callable[[], bool]) -> None:
    """Return once ``happened()``; fail where it has not within two minutes."""
    deadline = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.001)


def wait_for_next_second(site: StandIn) -> None:
    """Return once the second is over in which the site last changed.

    A Date header has whole seconds: a crawl that asks within that very second covers less than
    it reads, and the next one, rightly, reads the change again.
    """
    now = datetime.now(UTC)
    moments = [post.updated for post in site.blog.posts() if post.updated <= now]
    last = max(moments, default=now).replace(microsecond=0)
    wait_for(lambda: datetime.now(UTC) >= last + timedelta(seconds=1))


@pytest.fixture
def site() -> Iterator[StandIn]:
    """Serve a stand-in site with 60 posts."""
    with StandIn(posts=60) as stand_in:
        yield stand_in


@pytest.fixture
def environment(embedded_database: Engine) -> dict[str, str]:
    """Give the environment of a crawl into the test's own database."""
    # Scrapy leaves the name of the settings in the environment of whoever has read them.
    strange = ("NEWSRUST_", "SCRAPY_")
    ours = {k: v for k, v in os.environ.items() if not k.startswith(strange)}
    url = embedded_database.url.render_as_string(hide_password=False)
    return ours | {"DATABASE_URL": url, "NEWSRUST_DELAY": "0"}


@pytest.fixture
def scrapy(environment: dict[str, str]) -> Scrapy:
    """Run ``scrapy`` with some arguments, to its end."""

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        process = warm.start("scrapy", arguments, environment)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(["scrapy", *arguments], process.wait(), out, err)

    return run


@pytest.fixture
def crawl(site: StandIn, scrapy: Scrapy) -> Crawl:
    """Run ``scrapy crawl newsrust`` on the site, with more arguments if given."""

    def run(*arguments: str) -> Ended:
        wait_for_next_second(site)
        asked = len(site.requests)
        ended = scrapy("crawl", "newsrust", "-a", f"site={site.url}", *arguments)
        return Ended(ended.returncode, ended.stderr, site.requests[asked:])

    return run


@pytest.fixture
def start(site: StandIn, environment: dict[str, str]) -> Start:
    """Start a crawl without waiting for its end."""

    def begin() -> warm.Started:
        return warm.start("scrapy", ["crawl", "newsrust", "-a", f"site={site.url}"], environment)

    return begin
