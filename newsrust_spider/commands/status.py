"""``scrapy status``: the last crawls, the age of the newest article, the counts, what is owed."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from scrapy.commands import ScrapyCommand

from newsrust_spider.commands.base import TableCommand
from newsrust_spider.commands.terminal import tell, tell_json, tell_table
from newsrust_spider.storage.report import Status, read_status

MOST_CRAWLS = 10
MOST_DEBTS = 20
COUNTS = ("seen", "new", "changed", "unchanged", "duplicate", "rejected")
COLUMNS = ("crawl", "site", "started (UTC)", "outcome", "took", "requests", *COUNTS, "reason")


class Command(TableCommand, ScrapyCommand):
    """Prints the state of the collection, for a person or (``--json``) for a program."""

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Show the last crawls, the age of the newest article and the counts"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--json``."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print it; exit 69 where the database cannot be read."""
        with self.connection() as connection:
            status = read_status(connection, MOST_CRAWLS)
        if opts.json:
            tell_json(asdict(status))
            return
        tell_table(COLUMNS, _rows(status), numbers=COUNTS)
        age = _age(status.newest_article_at)
        counts = ", ".join(f"{count:,} {name}" for name, count in status.totals.items())
        tell(f"{counts}; newest article {age}; holes in the coverage: {status.holes}")
        if status.owed:
            tell(f"{len(status.owed):,} owed: the next crawls ask for them again")
            tell_table(("post", "missed since (UTC)", "crawls", "reason"), _debts(status))


def _debts(status: Status) -> Iterator[tuple[object, ...]]:
    for debt in status.owed[:MOST_DEBTS]:
        name = debt["permalink"] or debt["post_id"]
        yield name, f"{debt['since']:%F %T}", debt["crawls"], debt["reason"]


def _age(moment: datetime | None) -> str:
    if moment is None:
        return "none"
    return f"{timedelta(seconds=int((datetime.now(UTC) - moment).total_seconds()))} old"


def _rows(status: Status) -> Iterator[tuple[object, ...]]:
    for crawl in status.crawls:
        took = timedelta(seconds=round(crawl["took"].total_seconds())) if crawl["took"] else ""
        yield (
            crawl["id"],
            crawl["site"],
            f"{crawl['started_at']:%F %T}",
            crawl["outcome"] or "running",
            took,
            crawl["requests"],
            *(crawl[f"posts_{name}"] for name in COUNTS),
            crawl["reason"],
        )
