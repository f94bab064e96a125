"""``scrapy status``: the last crawls, the age of the newest article, and the counts."""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from scrapy.commands import ScrapyCommand

from newsrust_spider.commands.connection import connected
from newsrust_spider.storage.report import Status, read_status

MOST_CRAWLS = 10
WIDTH = 180


class Command(ScrapyCommand):
    """Prints the state of the collection, for a person or (``--json``) for a program."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Show the last crawls, the age of the newest article and the counts"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--json``."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print it; exit 69 where the database cannot be read."""
        with connected(self.settings) as connection:  # type: ignore[arg-type]
            status = read_status(connection, MOST_CRAWLS)
        # Where nobody watches there is no width to fit: a narrow table would lose its words.
        console = Console(width=None if sys.stdout.isatty() else WIDTH)
        if opts.json:
            console.print_json(json.dumps(_as_json(status)))
            return
        console.print(_draw_crawls(status))
        age = _age(status.newest_article_at)
        counts = ", ".join(f"{count:,} {name}" for name, count in status.totals.items())
        console.print(f"{counts}; newest article {age}; holes in the coverage: {status.holes}")


def _as_json(status: Status) -> dict[str, Any]:
    crawls = [{k: _plain(v) for k, v in crawl.items()} for crawl in status.crawls]
    newest = _plain(status.newest_article_at)
    totals = status.totals
    return {"crawls": crawls, "totals": totals, "newest_article_at": newest, "holes": status.holes}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def _age(moment: datetime | None) -> str:
    if moment is None:
        return "none"
    return f"{timedelta(seconds=int((datetime.now(UTC) - moment).total_seconds()))} old"


def _draw_crawls(status: Status) -> Table:
    table = Table("crawl", "site", "started (UTC)", "outcome", "took", "requests", box=None)
    counts = ("seen", "new", "changed", "unchanged", "duplicate", "rejected")
    for name in counts:
        table.add_column(name, justify="right")
    table.add_column("reason", overflow="fold")
    for crawl in status.crawls:
        took = timedelta(seconds=round(crawl["took"].total_seconds())) if crawl["took"] else ""
        table.add_row(
            str(crawl["id"]),
            crawl["site"],
            f"{crawl['started_at']:%F %T}",
            crawl["outcome"] or "running",
            str(took),
            str(crawl["requests"]),
            *(str(crawl[f"posts_{name}"]) for name in counts),
            crawl["reason"],
        )
    return table
