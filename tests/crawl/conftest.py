"""The crawl of a real process, and a site that lures it away."""

from tests.process.conftest import crawl, environment, scrapy, site, start

__all__ = ["crawl", "environment", "scrapy", "site", "start"]
