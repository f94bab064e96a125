"""``scrapy rejected``: the posts that were set aside, and why."""

import argparse
import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from scrapy.commands import ScrapyCommand

from newsrust_spider.commands.connection import connected
from newsrust_spider.storage.report import count_rejected, find_payload, list_rejected

MOST = 50
WIDTH = 180


class Command(ScrapyCommand):
    """Lists rejected posts, for a person or (``--json``) for a program."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "List the posts that were rejected, with their reasons"

    def long_desc(self) -> str:
        """Return the help."""
        return (
            "Lists rejected posts, newest first, and counts them by reason. Each is kept with its "
            "raw entry: --payload ID prints it. `scrapy retry` tries them again."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--reason``, ``--most``, ``--payload`` and ``--json``."""
        super().add_options(parser)
        parser.add_argument("--reason", default="", help="only those with this reason")
        parser.add_argument("--most", type=int, default=MOST, help=f"how many, {MOST} unless told")
        parser.add_argument("--payload", type=int, metavar="ID", help="print the raw entry of one")
        parser.add_argument("--json", action="store_true", help="print one JSON array")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print them; exit 69 where the database cannot be read, 1 for an id that is not there."""
        with connected(self.settings) as connection:  # type: ignore[arg-type]
            if opts.payload is not None:
                self._print_payload(find_payload(connection, opts.payload), opts.payload)
                return
            posts = list_rejected(connection, opts.reason, max(opts.most, 0))
            counts = count_rejected(connection)
        if opts.json:
            print(json.dumps(posts, default=str))  # noqa: T201
            return
        console = Console(width=None if sys.stdout.isatty() else WIDTH)
        if posts:
            console.print(_draw(posts))
        told = ", ".join(f"{number:,} {reason}" for reason, number in counts.items())
        console.print(f"{sum(counts.values()):,} rejected{': ' if told else ''}{told}")

    def _print_payload(self, payload: bytes | None, rejected: int) -> None:
        if payload is None:
            sys.stderr.write(f"newsrust: there is no rejected post {rejected}\n")
            self.exitcode = 1
            return
        sys.stdout.buffer.write(payload + b"\n")


def _draw(posts: list[dict[str, Any]]) -> Table:
    table = Table("id", "post", "reason", "detail", "attempts", "first seen (UTC)", box=None)
    for post in posts:
        table.add_row(
            str(post["id"]),
            post["permalink"] or "(no address)",
            post["reason"],
            post["detail"][:100],
            str(post["attempts"]),
            f"{post['first_seen_at']:%F %T}",
        )
    return table
