"""What becomes of the output: a reader that leaves, a full disk, a closed stream."""

import subprocess
import sys

import pytest
from sqlalchemy import Engine

from demo.site import StandIn
from newsrust_spider.storage.crawls import open_crawl
from tests.forms import LONG
from tests.process.conftest import PROJECT, Scrapy

SCRAPY = f"{sys.executable} -m scrapy"
FULL = "newsrust: cannot write the output: No space left on device\n"


def run(environment: dict[str, str], command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("redirected", "status", "said"),
    [
        ("status --json | head -c 1", 0, ""),
        ("status >&- 2>&-", 0, ""),
        ("status >/dev/full", 1, FULL),
        ("status --jsn 2>&-", 2, ""),
        *([("status | true", 0, ""), ("rejected </dev/null >&- <&-", 0, "")] if LONG else []),
    ],
)
def test_an_output_that_ends_early_ends_quietly(
    environment: dict[str, str],
    embedded_database: Engine,
    redirected: str,
    status: int,
    said: str,
) -> None:
    with embedded_database.begin() as connection:
        open_crawl(connection, "a.example", "test")
    ended = run(environment, f"{SCRAPY} {redirected}")
    assert (ended.returncode, ended.stderr) == (status, said)


def test_a_crawl_whose_log_leads_nowhere_still_crawls(
    environment: dict[str, str], site: StandIn, scrapy: Scrapy
) -> None:
    command = f"{SCRAPY} crawl newsrust -a site={site.url}"
    assert run(environment, f"{command} >&- 2>&-").returncode == 0
    assert scrapy("status").stdout.count("complete") == 1


def test_a_home_that_cannot_be_written_is_told_with_the_remedy(
    environment: dict[str, str], site: StandIn, scrapy: Scrapy
) -> None:
    del environment["DATABASE_URL"]
    environment["NEWSRUST_HOME"] = "/proc/newsrust"
    for command in (("status",), ("crawl", "newsrust", "-a", f"site={site.url}")):
        ended = scrapy(*command)
        assert ended.returncode == 69, ended.stderr
        assert "set DATABASE_URL, or NEWSRUST_HOME to a folder that you can write" in ended.stderr
        assert "Traceback" not in ended.stderr
    stopped = scrapy("database", "stop")
    assert (stopped.returncode, stopped.stdout) == (0, "it was not running\n")


def test_a_reason_that_no_post_can_have_is_refused(scrapy: Scrapy) -> None:
    ended = scrapy("retry", "--reason", "TYPO")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "empty_body" in ended.stderr
