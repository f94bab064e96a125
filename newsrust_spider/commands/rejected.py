"""``scrapy rejected``: the posts that were set aside, and why."""

import argparse
from collections.abc import Collection
from typing import Any

from scrapy.commands import ScrapyCommand

from newsrust_spider.commands.base import TableCommand, read_id
from newsrust_spider.commands.terminal import refuse, tell, tell_bytes, tell_json, tell_table
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.report import count_rejected, find_payload, list_rejected
from newsrust_spider.verdict import Exit

MOST = 50
MOST_AT_ALL = 1_000_000
COLUMNS = ("id", "post", "reason", "detail", "attempts", "first seen (UTC)")


class Command(TableCommand, ScrapyCommand):
    """Lists rejected posts, for a person or (``--json``) for a program."""

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "List the posts that were rejected, with their reasons"

    def long_desc(self) -> str:
        """Return the help."""
        return (
            "Lists rejected posts, newest first, and counts them by reason. Each is kept with its "
            "raw entry: --payload ID prints its bytes, with what a terminal would obey escaped "
            "where it goes to one. `scrapy retry` tries them again."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--reason``, ``--most``, ``--payload`` and ``--json``."""
        super().add_options(parser)
        parser.add_argument("--reason", default="", help="only those with this reason")
        parser.add_argument(
            "--most", type=_read_most, default=MOST, help=f"how many, {MOST} unless told"
        )
        parser.add_argument(
            "--payload", type=read_id, metavar="ID", help="print the raw entry of one"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON array")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print them; exit 69 where the database cannot be read, 1 for an id that is not there."""
        with self.connection() as connection:
            if opts.payload is not None:
                _tell_payload(find_payload(connection, opts.payload), opts.payload)
                return
            counts = count_rejected(connection)
            check_reason(opts.reason, counts)
            posts = list_rejected(connection, opts.reason, opts.most)
        if opts.json:
            tell_json(posts)
            return
        if posts:
            tell_table(COLUMNS, (_row(post) for post in posts))
        told = ", ".join(f"{number:,} {reason}" for reason, number in counts.items())
        tell(f"{sum(counts.values()):,} rejected{': ' if told else ''}{told}")


def check_reason(reason: str, present: Collection[str]) -> None:
    """Refuse a reason that neither our code knows nor a rejected post has; "" is any."""
    known = {*Reason, *present}
    if reason and reason not in known:
        refuse(f"there is no reason {reason!r}: write one of {', '.join(sorted(known))}")


def _read_most(text: str) -> int:
    number = int(text[:10]) if text.isascii() and text.isdigit() else -1
    if not 0 <= number <= MOST_AT_ALL:
        raise argparse.ArgumentTypeError(f"write a number from 0 to {MOST_AT_ALL}")
    return number


def _tell_payload(payload: bytes | None, rejected: int) -> None:
    if payload is None:
        refuse(f"there is no rejected post {rejected}", Exit.INCOMPLETE)
    tell_bytes(payload)


def _row(post: dict[str, Any]) -> tuple[object, ...]:
    return (
        post["id"],
        post["permalink"] or "(no address)",
        post["reason"],
        post["detail"][:100],
        post["attempts"],
        f"{post['first_seen_at']:%F %T}",
    )
