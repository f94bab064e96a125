"""What cron and systemd are told."""

import signal
import time

import pytest
from sqlalchemy import Engine, text

from demo.faults import Fault
from demo.site import StandIn
from newsrust_spider.database.embedded import EmbeddedServer
from tests.process.conftest import Crawl, Start, wait_for


def one_line(log: str) -> str:
    lines = log.strip().splitlines()
    assert len(lines) == 1, log
    return lines[0]


def test_a_second_crawl_at_the_same_time_exits_75(
    site: StandIn, start: Start, crawl: Crawl
) -> None:
    site.misbehave("/feeds/posts/default", Fault.HANG, times=None)
    first = start()
    wait_for(lambda: any("/feeds/posts/default" in target for target in list(site.requests)))
    second = crawl()
    assert second.status == 75
    assert "another crawl" in second.log
    assert second.requests == []
    first.kill()
    first.communicate()


def test_a_terminated_crawl_exits_1_and_the_next_one_heals(
    site: StandIn, start: Start, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.budget = 40_000
    site.misbehave("/feeds/posts/default", Fault.HANG, skip=2)
    process = start()
    wait_for(lambda: any("updated-max" in target for target in list(site.requests)))
    process.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    log = process.communicate(timeout=40)[1]
    assert process.returncode == 1, log
    assert time.monotonic() - begun < 30
    assert "interrupted" in log
    assert crawl().status == 0
    with embedded_database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM posts")) == 60


def test_a_killed_crawl_is_told_as_such_and_healed(
    site: StandIn, start: Start, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.budget = 40_000
    site.misbehave("/feeds/posts/default", Fault.HANG, skip=2)
    process = start()
    wait_for(lambda: any("updated-max" in target for target in list(site.requests)))
    process.kill()
    process.communicate()
    site.behave()
    assert crawl().status == 0
    with embedded_database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM posts")) == 60
        killed = connection.execute(text("SELECT outcome, reason FROM crawls ORDER BY id")).first()
    assert killed is not None
    assert (killed.outcome, "killed" in killed.reason) == ("incomplete", True)


def test_a_bad_setting_in_the_environment_ends_with_one_line_and_exit_2(
    crawl: Crawl, environment: dict[str, str]
) -> None:
    environment["NEWSRUST_DELAY"] = "soon"
    ended = crawl()
    assert ended.status == 2
    assert "NEWSRUST_DELAY" in one_line(ended.log)


def test_a_database_that_is_down_ends_with_69_and_asks_the_site_nothing(
    crawl: Crawl, environment: dict[str, str]
) -> None:
    environment["DATABASE_URL"] = "postgresql://me:s3cr3t@127.0.0.1:1/news"
    ended = crawl()
    assert (ended.status, ended.requests) == (69, [])
    waiting, refused = ended.log.splitlines()
    assert "the database is away, waiting up to" in waiting
    assert "the database cannot be used" in refused
    assert "s3cr3t" not in ended.log
    assert "Traceback" not in ended.log


def test_a_database_without_tables_names_the_command_that_makes_them(
    crawl: Crawl, environment: dict[str, str], server: EmbeddedServer
) -> None:
    environment["DATABASE_URL"] = server.url("postgres").render_as_string()
    ended = crawl()
    assert ended.status == 69
    assert "scrapy database migrate" in one_line(ended.log)


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("/robots.txt", Fault.SERVER_ERROR),
        ("/robots.txt", Fault.CLOSE),
        ("/feeds/posts/summary", Fault.SERVER_ERROR),
        ("/feeds/posts/summary", Fault.EMPTY),
        ("/feeds/posts/summary", Fault.CLOSE),
    ],
)
def test_a_site_that_cannot_be_used_ends_with_69_and_no_stack(
    site: StandIn, crawl: Crawl, part: str, fault: Fault
) -> None:
    site.misbehave(part, fault, times=None)
    ended = crawl()
    assert ended.status == 69, ended.log
    assert "Traceback" not in ended.log
    assert not any("/feeds/posts/default" in target for target in ended.requests)


def test_robots_that_forbid_everything_are_obeyed(site: StandIn, crawl: Crawl) -> None:
    site.shape.robots = "User-agent: *\nDisallow: /\n"
    ended = crawl()
    assert ended.status == 69
    assert ended.requests == ["/robots.txt"]
    assert "robots.txt" in ended.log


@pytest.mark.parametrize("fault", [Fault.TOO_MANY_REQUESTS, Fault.UNAVAILABLE])
def test_a_site_that_asks_to_wait_is_not_asked_again(
    site: StandIn, crawl: Crawl, fault: Fault
) -> None:
    site.misbehave("/feeds/posts/default", fault, times=None, retry_after="3600")
    ended = crawl()
    assert ended.status == 1
    assert "retry after '3600'" in ended.log
    assert len([t for t in ended.requests if "/feeds/posts/default" in t]) == 1
