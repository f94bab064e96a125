"""The commands beside the crawl, as a newcomer would type them."""

import json

import pytest

from demo.site import StandIn
from tests.janitor import temporary_home
from tests.process.conftest import PROJECT, Crawl, Scrapy


def test_without_any_configuration_the_embedded_server_is_started_migrated_and_used(
    site: StandIn, scrapy: Scrapy, environment: dict[str, str]
) -> None:
    del environment["DATABASE_URL"]
    with temporary_home() as home:
        environment["NEWSRUST_HOME"] = str(home)
        try:
            crawled = scrapy("crawl", "newsrust", "-a", f"site={site.url}", "-a", "limit=5")
            assert crawled.returncode == 1, crawled.stderr
            status = json.loads(scrapy("status", "--json").stdout)
            assert status["totals"]["posts"] == 5
            assert scrapy("database", "url").stdout.startswith("postgresql://newsrust@/newsrust")
        finally:
            assert scrapy("database", "stop").stdout == "stopped\n"
        assert scrapy("database", "stop").stdout == "it was not running\n"


def test_status_shows_the_last_crawls_and_the_counts(crawl: Crawl, scrapy: Scrapy) -> None:
    crawl()
    crawl()
    shown = scrapy("status").stdout
    assert shown.count("complete") == 2
    assert "60 posts" in shown
    status = json.loads(scrapy("status", "--json").stdout)
    assert [row["posts_seen"] for row in status["crawls"]] == [0, 60]
    assert (status["holes"], status["totals"]["posts"]) == (0, 60)
    assert status["newest_article_at"]


def test_a_url_is_printed_without_its_password(scrapy: Scrapy, environment: dict[str, str]) -> None:
    environment["DATABASE_URL"] = "postgresql://me:s3cr3t@localhost/news"
    printed = scrapy("database", "url")
    assert (printed.returncode, "s3cr3t" in printed.stdout) == (0, False)


def test_migrating_twice_is_as_good_as_once(scrapy: Scrapy) -> None:
    assert scrapy("database", "migrate").returncode == 0
    assert scrapy("database", "migrate").returncode == 0


@pytest.mark.parametrize("arguments", [(), ("drop",), ("migrate", "now")])
def test_a_verb_that_is_none_is_refused(scrapy: Scrapy, arguments: tuple[str, ...]) -> None:
    refused = scrapy("database", *arguments)
    assert refused.returncode == 2
    assert "migrate" in refused.stderr


def test_every_command_of_ours_is_in_the_readme(scrapy: Scrapy) -> None:
    readme = (PROJECT / "README.md").read_text()
    ours = {path.stem for path in (PROJECT / "newsrust_spider" / "commands").glob("[!_]*.py")}
    listed = scrapy().stdout
    for command in sorted(ours - {"base", "connection", "options", "terminal"}):
        assert f"scrapy {command}" in readme, command
        assert f"  {command}" in listed, command


def test_every_setting_of_the_environment_is_in_the_readme() -> None:
    readme = (PROJECT / "README.md").read_text()
    example = (PROJECT / ".env.example").read_text()
    for name in (
        "DATABASE_URL",
        *[
            line.strip("#").split("=")[0]
            for line in example.splitlines()
            if line.startswith("#NEWSRUST_")
        ],
    ):
        assert f"`{name}`" in readme, name
