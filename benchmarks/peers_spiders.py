"""What people run in place of newsrust: spiders as tutorials write them, and their settings.

``benchmarks.peers`` starts them; by hand, in a folder where they may keep their state::

    SCRAPY_SETTINGS_MODULE=benchmarks.peers_spiders DATABASE_URL=postgresql://… \
        scrapy crawl since_marker -a site=https://…

Each item is committed on its own and retries are Scrapy's. A tutorial's way with an error of
the database is kept too: it is logged, and the item is gone.
"""

import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg2  # type: ignore[import-untyped]
import scrapy
from scrapy.exceptions import DropItem
from scrapy.http import Response, TextResponse

SPIDER_MODULES = [__name__]
ITEM_PIPELINES = {f"{__name__}.SaveToPostgres": 300}
ROBOTSTXT_OBEY = True
TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "INFO"

Entry = dict[str, Any]
TABLES = """
    CREATE TABLE IF NOT EXISTS articles
        (id serial PRIMARY KEY, url text UNIQUE NOT NULL, title text, body text, updated text);
    CREATE TABLE IF NOT EXISTS labels
        (article_id int REFERENCES articles, label text, UNIQUE (article_id, label));
"""


class SaveToPostgres:
    """One connection for the whole crawl, one transaction for each item."""

    def open_spider(self) -> None:
        """Connect, and make the tables."""
        self.connection = psycopg2.connect(os.environ["DATABASE_URL"])
        with self.connection.cursor() as cursor:
            cursor.execute(TABLES)
        self.connection.commit()

    def close_spider(self) -> None:
        """Disconnect."""
        self.connection.close()

    def process_item(self, item: Entry) -> Entry:
        """Store an item with its labels; what the database refuses is dropped."""
        try:
            self.save(item)
            self.connection.commit()
        except psycopg2.Error as error:
            if not self.connection.closed:
                self.connection.rollback()
            raise DropItem(f"not saved: {error}") from error
        return item

    def save(self, item: Entry) -> None:
        """Insert an item that is not there yet."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO articles (url, title, body, updated) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (url) DO NOTHING RETURNING id",
                [item[name] for name in ("url", "title", "body", "updated")],
            )
            if made := cursor.fetchone():
                rows = [(made[0], label) for label in item["labels"]]
                cursor.executemany("INSERT INTO labels VALUES (%s, %s)", rows)


class FeedSpider(scrapy.Spider):
    """Pages through the JSON feed by ``start-index``; every entry is an item."""

    site: str
    order = "published"

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page."""
        yield self.feed_page(1)

    def feed_page(self, place: int) -> scrapy.Request:
        """Return the request for the page that starts at ``place``; the first is 1."""
        query = f"alt=json&max-results=150&orderby={self.order}&start-index={place}"
        url = f"{self.site}/feeds/posts/default?{query}"
        return scrapy.Request(url, dont_filter=True, cb_kwargs={"place": place})

    def parse(self, response: Response, place: int = 1) -> Iterator[Any]:
        """Yield the items of a page, and the request for the next one."""
        assert isinstance(response, TextResponse)  # noqa: S101 - it is JSON
        entries = response.json()["feed"].get("entry", [])
        for entry in entries:
            item = item_of(entry)
            if self.is_known(item):
                return
            yield from self.follow_up(item)
        if entries:
            yield self.feed_page(place + len(entries))

    def is_known(self, item: Entry) -> bool:  # noqa: ARG002 - for those who remember
        """Tell whether the crawl can stop here."""
        return False

    def follow_up(self, item: Entry) -> Iterator[Any]:
        """Yield what a new entry leads to: itself."""
        yield item


class SinceMarker(FeedSpider):
    """Remembers the newest ``updated`` of a finished crawl; the next stops there."""

    name = "since_marker"
    order = "updated"
    marker = Path("last_updated.json")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Read the marker."""
        super().__init__(*args, **kwargs)
        self.since: str = json.loads(self.marker.read_text()) if self.marker.exists() else ""
        self.newest = self.since

    def is_known(self, item: Entry) -> bool:
        """Tell whether the item is as old as the marker."""
        self.newest = max(self.newest, item["updated"])
        return bool(item["updated"] <= self.since)

    def closed(self, reason: str) -> None:
        """Write the marker, unless the crawl was broken off."""
        if reason == "finished":
            self.marker.write_text(json.dumps(self.newest))


class FirstKnown(FeedSpider):
    """Stops at the first post that is in the database."""

    name = "first_known"

    async def start(self) -> AsyncIterator[Any]:
        """Read what is known before the first page is asked for."""
        connection = psycopg2.connect(os.environ["DATABASE_URL"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT url FROM articles")
            self.known = {url for (url,) in cursor.fetchall()}
        connection.close()
        yield self.feed_page(1)

    def is_known(self, item: Entry) -> bool:
        """Tell whether the item was stored by an earlier crawl."""
        return item["url"] in self.known


class PostPages(FeedSpider):
    """Takes the text from each post's page; made for JOBDIR, whose filter knows pages seen."""

    name = "post_pages"

    def follow_up(self, item: Entry) -> Iterator[Any]:
        """Yield the request for the post's page."""
        yield scrapy.Request(item["url"], self.parse_post, cb_kwargs={"item": item})

    def parse_post(self, response: Response, item: Entry) -> Iterator[Entry]:
        """Yield the item with the text of its page."""
        yield {**item, "body": " ".join(response.css(".post-body ::text").getall())}


def item_of(entry: Entry) -> Entry:
    """Return the item of a feed's entry: url, title, body, updated, labels."""
    links = {link["rel"]: link["href"] for link in entry["link"]}
    return {
        "url": links["alternate"],
        "title": entry["title"]["$t"],
        "body": entry["content"]["$t"],
        "updated": entry["updated"]["$t"],
        "labels": [category["term"] for category in entry.get("category", [])],
    }
