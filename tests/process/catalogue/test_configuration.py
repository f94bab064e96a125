"""Section H of the catalogue: what is wrong from the start is said in one line, and ends it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from demo.faults import Fault
from demo.site import StandIn
from tests import warm
from tests.crawl.catalogue import http_faults as wire
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.process.conftest import PROJECT, Crawl, Ended, Scrapy, wait_for

Run = Callable[..., warm.Started]

ARGUMENTS: dict[str, tuple[tuple[str, ...], str]] = {
    "H03": (("-a", "sinse=2024"), "sinse"),
    "H04": (("-s", "CONCURENT_REQUESTS=1"), "no such setting"),
    "H05": (("-s", "CONCURRENT_REQUESTS=abc"), "number"),
    "H05 half": (("-s", "CONCURRENT_REQUESTS=0.5"), "whole number"),
    "H05 infinite": (("-s", "DOWNLOAD_TIMEOUT=inf"), "number"),
    "H05 negative": (("-s", "RETRY_TIMES=-1"), "number from 0"),
    "H05 switch": (("-s", "DOWNLOAD_VERIFY_CERTIFICATES=no"), "true or false"),
    "H05 without a value": (("-s", "CONCURRENT_REQUESTS"), "NAME=VALUE"),
    "H06": (("-a", "since=garbage"), "2022-01-01"),
    "H06 future": (("-a", "since=2999-01-01"), "today"),
    "H06 before time": (("-a", "since=0001-01-01"), "1970"),
    "H06 limit": (("-a", "limit=none"), "limit"),
    "H06 site": (("-a", "site=newsrust"), "https://www.example.com"),
    "H07": (("-a", "mode"), "NAME=VALUE"),
    "H08": (("newsrust",), "one spider"),
    "H08 unknown option": (("--deep",), "--deep"),
    "H09": (("-s", "LOG_LEVEL=NOPE"), "DEBUG"),
    "H09 short": (("-L", "NOPE"), "DEBUG"),
    "H10": (("-s", "ITEM_PIPELINES=none"), "settings.py"),
    "H10 missing class": (("-s", 'ITEM_PIPELINES={"pipelines.nosuch.Stage": 1}'), "settings.py"),
    "H10 other class": (("-s", "SCHEDULER=nosuch.Scheduler"), "settings.py"),
    "H15 on the command line": (("-s", "DATABASE_URL=postgresql://me:s3cr3t@h/d"), "environment"),
    "H19": (("-s", "JOBDIR=x"), "JOBDIR"),
    "H21 no folder": (("--logfile", "/nosuch/log"), "LOG_FILE"),
}

URLS = {
    "H14": ("postgresql://me:s3cr3t@pw@127.0.0.1/news", "percent-encoded"),
    "H15": ("postgres//me:s3cr3t@127.0.0.1/news", "postgresql://"),
    "H16": ("postgresql://me:s3cr3t@127.0.0.1:port/news", "port"),
    "H17": ("postgresql://me:s3cr3t@db.example/news?sslmode=bogus", "verify-full"),
    "H18": ("postgresql://me:s3cr3t@db.example/news", "verify-full"),
}

ELSEWHERE = {
    "H11": "process/newsrust_spider/commands/test_commands.py::test_without_any_configuration",
    "H22": "process/test_exit_status.py::test_a_terminated_crawl_exits_1_and_the_next_one_heals",
}
"""Rows that a test of another file holds. H11 is decided otherwise: without DATABASE_URL the
embedded server is used, so that a newcomer needs no Postgres."""


@pytest.fixture
def run(site: StandIn, environment: dict[str, str]) -> Run:
    """Start a crawl, with more arguments if given, and do not wait for it."""

    def begin(*arguments: str) -> warm.Started:
        crawl = ["crawl", "newsrust", "-a", f"site={site.url}"]
        return warm.start("scrapy", [*crawl, *arguments], environment)

    return begin


def check_refused(ended: Ended, status: int, word: str) -> None:
    assert (ended.status, ended.requests) == (status, []), ended.log
    assert len(ended.log.splitlines()) == 1, ended.log
    assert word in ended.log
    assert "s3cr3t" not in ended.log


@pytest.mark.parametrize(("arguments", "word"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_what_cannot_be_meant_is_refused(
    crawl: Crawl, arguments: tuple[str, ...], word: str
) -> None:
    check_refused(crawl(*arguments), 2, word)


@pytest.mark.parametrize(("address", "word"), URLS.values(), ids=URLS)
def test_a_database_url_that_is_none_is_refused_without_its_password(
    crawl: Crawl, environment: dict[str, str], address: str, word: str
) -> None:
    environment["DATABASE_URL"] = address
    check_refused(crawl(), 2, word)


def test_h01_an_unknown_spider_is_refused(scrapy: Scrapy) -> None:
    ended = scrapy("crawl", "nosuch")
    check_refused(Ended(ended.returncode, ended.stderr, []), 2, "newsrust")


def test_h02_outside_the_project_the_settings_must_be_named(
    environment: dict[str, str], site: StandIn, embedded_database: Engine
) -> None:
    command = [sys.executable, "-m", "scrapy", "crawl", "newsrust", "-a", f"site={site.url}"]
    refused = subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, check=False
    )
    assert (refused.returncode, site.requests) == (2, []), refused.stderr
    assert "project" in refused.stdout
    path = os.pathsep.join(filter(None, [str(PROJECT), environment.get("PYTHONPATH", "")]))
    named = {"SCRAPY_SETTINGS_MODULE": "newsrust_spider.settings", "PYTHONPATH": path}
    taken = subprocess.run(
        command, env=environment | named, cwd="/", capture_output=True, text=True, check=False
    )
    assert taken.returncode == 0, taken.stderr
    check_against_truth(site, embedded_database)


SCHEMES = {"H12": "postgresql", "H13": "postgres"}


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_every_spelling_of_the_scheme_leads_to_the_same_driver(
    crawl: Crawl, environment: dict[str, str], scheme: str, site: StandIn, embedded_database: Engine
) -> None:
    rest = environment["DATABASE_URL"].partition("://")[2]
    environment["DATABASE_URL"] = f"{scheme}://{rest}"
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)


def test_h17_a_bogus_sslmode_for_a_local_server_is_told_without_the_password(
    crawl: Crawl, environment: dict[str, str]
) -> None:
    environment["DATABASE_URL"] = "postgresql://me:s3cr3t@127.0.0.1:9/news?sslmode=bogus"
    ended = crawl()
    check_refused(ended, ended.status, "sslmode")
    assert ended.status in {2, 69}


@pytest.mark.parametrize("home", [None, "/nosuch"])
def test_h20_no_home_is_no_error(
    crawl: Crawl,
    environment: dict[str, str],
    home: str | None,
    site: StandIn,
    embedded_database: Engine,
) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        environment.pop(name, None)
    if home:
        environment["HOME"] = home
    ended = crawl()
    assert (ended.status, "ERROR" in ended.log) == (0, False), ended.log
    check_against_truth(site, embedded_database)


def test_h21_a_log_on_a_full_disk_ends_with_70(crawl: Crawl) -> None:
    check_refused(crawl("-s", "LOG_FILE=/dev/full"), 70, "No space left")


def test_h21_a_log_file_takes_the_lines(crawl: Crawl, tmp_path: Path) -> None:
    log = tmp_path / "log"
    ended = crawl("--logfile", str(log))
    assert (ended.status, ended.log) == (0, "")
    assert "complete" in log.read_text()


def hang_later(site: StandIn) -> None:
    site.shape.budget = 40_000
    site.misbehave("/feeds/posts/default", Fault.HANG, skip=2)


def wait_for_hanging(site: StandIn) -> None:
    wait_for(lambda: sum("/feeds/posts/default" in target for target in list(site.requests)) > 2)


@pytest.mark.parametrize("times", [1, 2])
def test_h24_a_terminal_that_closes_ends_the_crawl_as_sigterm_does(
    site: StandIn, run: Run, crawl: Crawl, embedded_database: Engine, times: int
) -> None:
    hang_later(site)
    process = run("-s", "DOWNLOAD_TIMEOUT=1")
    wait_for_hanging(site)
    for _ in range(times):
        process.send_signal(signal.SIGHUP)
    log = process.communicate(timeout=40)[1]
    assert (process.returncode, "it was interrupted" in log) == (1, True), log
    assert crawl().status == 0
    check_against_truth(site, embedded_database)


@pytest.mark.skipif(shutil.which("nohup") is None, reason="nohup is not installed")
def test_h24_under_nohup_a_crawl_outlives_its_terminal(
    site: StandIn, environment: dict[str, str], embedded_database: Engine
) -> None:
    site.misbehave("/feeds/posts/default", Fault.DRIP)
    command = ["nohup", sys.executable, "-m", "scrapy", "crawl", "newsrust", "-s"]
    process = subprocess.Popen(
        [*command, "DOWNLOAD_TIMEOUT=1", "-a", f"site={site.url}"],
        env=environment,
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: any("/feeds/posts/default" in target for target in list(site.requests)))
    process.send_signal(signal.SIGHUP)
    log = process.communicate(timeout=40)[1]
    assert process.returncode == 0, log
    check_against_truth(site, embedded_database)


def test_h23_interrupted_twice_it_ends_at_once_and_the_next_crawl_heals(
    site: StandIn, run: Run, crawl: Crawl, embedded_database: Engine
) -> None:
    # Decided otherwise: 1, not 70. Nothing is lost, and 70 would call for a report of a defect.
    hang_later(site)
    process = run()
    wait_for_hanging(site)
    process.send_signal(signal.SIGINT)
    # Two signals at the same moment may reach a process as one.
    begun = time.monotonic()
    while process.poll() is None and time.monotonic() - begun < 15:
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
    log = process.communicate(timeout=15)[1]
    assert (process.returncode, "interrupted" in log, "Traceback" in log) == (1, True, False), log
    assert crawl().status == 0
    check_against_truth(site, embedded_database)


def test_h25_a_memory_limit_leaves_the_crawl_incomplete(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    ended = crawl("-s", "MEMUSAGE_LIMIT_MB=1")
    assert (ended.status, "its memory limit was reached" in ended.log) == (1, True), ended.log
    assert crawl().status == 0
    check_against_truth(site, embedded_database)


def test_h26_a_proxy_of_the_environment_is_not_used(
    site: StandIn, crawl: Crawl, environment: dict[str, str], embedded_database: Engine
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        environment[name] = "http://127.0.0.1:9"
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)


@pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_h27_a_clock_that_is_years_off_ends_with_69_and_rejects_nothing(
    site: StandIn, crawl: Crawl, embedded_database: Engine, date: str
) -> None:
    site.misbehave("/feeds/posts/summary", lambda reply: wire.send_shifted_date(date, reply))
    ended = crawl()
    assert (ended.status, "our clock says" in ended.log) == (69, True), ended.log
    with embedded_database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM posts")) == 0
        assert connection.scalar(text("SELECT count(*) FROM rejected_posts")) == 0
    assert crawl().status == 0
    check_against_truth(site, embedded_database)


def test_h28_a_pending_migration_names_the_command(crawl: Crawl, embedded_database: Engine) -> None:
    with embedded_database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    check_refused(crawl(), 69, "scrapy database migrate")


def test_every_row_of_the_section_has_a_test() -> None:
    here = Path(__file__).read_text()
    for place in ELSEWHERE.values():
        file, _, name = place.partition("::")
        assert f"def {name}" in (PROJECT / "tests" / file).read_text(), place
    named = {f"H{number:02}" for number in range(1, 29)}
    held = {name.upper() for name in re.findall(r"\btest_(h\d\d)_", here)}
    held |= {name[:3] for table in (ARGUMENTS, URLS, SCHEMES, ELSEWHERE) for name in table}
    assert held == named
