"""The crawl of a real process, a site that lures it away, and a process of many crawls."""

import os
from collections.abc import Iterator

import pytest

from tests.crawl.catalogue.crawler import CrawlerProcess
from tests.process.conftest import crawl, environment, scrapy, site, start

__all__ = ["crawl", "environment", "scrapy", "site", "start"]


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CrawlerProcess]:
    """Start a process of many crawls, to which the wiring can be told."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("NEWSRUST_")}
    log = tmp_path_factory.mktemp("crawls") / "log"
    crawler = CrawlerProcess(log, ours | {"NEWSRUST_DELAY": "0"})
    yield crawler
    crawler.stop()
