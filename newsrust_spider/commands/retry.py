"""``scrapy retry``: rejected posts are tried again, from what was kept of them."""

import argparse

from scrapy.exceptions import UsageError

from newsrust_spider.commands.base import read_id
from newsrust_spider.commands.connection import connected
from newsrust_spider.commands.crawl import Command as Crawl
from newsrust_spider.commands.rejected import check_reason
from newsrust_spider.commands.terminal import tell
from newsrust_spider.errands.known import Wanted
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.report import count_rejected
from newsrust_spider.verdict import Exit


class Command(Crawl):
    """Replays rejected posts; exit 0 when all that were asked for are stored, 1 when not."""

    def syntax(self) -> str:
        """Return what follows the command's name."""
        return "[options] --all | --reason REASON | --id ID"

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Try rejected posts again, without asking the site"

    def long_desc(self) -> str:
        """Return the help."""
        return (
            "Sends rejected posts through the pipeline again, from the raw entries that were "
            "kept: after a new release, or a mended database. What is stored leaves the list of "
            "`scrapy rejected`. Each crawl does so by itself with those that had fewer than "
            "five attempts."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the three ways to choose."""
        super().add_options(parser)
        parser.add_argument("--all", action="store_true", help="all rejected posts of the site")
        parser.add_argument("--reason", default="", help="those with this reason")
        parser.add_argument(
            "--id", type=read_id, action="append", default=[], help="this one; repeat"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse a choice that is none."""
        if args or sum(map(bool, (opts.all, opts.reason, opts.id))) != 1:
            raise UsageError("say one of: --all, --reason REASON, --id ID", print_help=False)
        super().process_options(["newsrust"], opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Replay them."""
        if opts.reason not in {"", *Reason}:
            with connected(self.settings) as connection:  # type: ignore[arg-type]
                check_reason(opts.reason, count_rejected(connection))
        wanted = Wanted(ids=tuple(opts.id), reason=opts.reason)
        stats = self.crawl("newsrust", opts.spargs | {"order": wanted}).stats
        rejected = stats.get_value("replayed/rejected", 0)
        tried = rejected + stats.get_value("replayed/settled", 0)
        if self.exitcode == Exit.COMPLETE:
            tell(f"{tried} tried again: {tried - rejected} stored, {rejected} rejected once more")
            missing = len(opts.id) > tried
            self.exitcode = Exit.INCOMPLETE if rejected or missing else Exit.COMPLETE
