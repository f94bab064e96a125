"""``scrapy audit newsrust``: whether our copy has all that the site has."""

import argparse
from dataclasses import asdict
from typing import Any

from newsrust_spider.commands.crawl import Command as Crawl
from newsrust_spider.commands.terminal import tell, tell_json, tell_table
from newsrust_spider.errands.audit import Findings
from newsrust_spider.errands.order import AuditOrder
from newsrust_spider.verdict import Exit

MOST_ADDRESSES = 20


class Command(Crawl):
    """Prints what is missing, stale and gone; exit 0 when complete, 1 when not."""

    def syntax(self) -> str:
        """Return what follows the command's name."""
        return "[options] newsrust"

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Compare the site with the database: what is missing, stale, gone"

    def long_desc(self) -> str:
        """Return the help."""
        return (
            "Asks the site for its total of posts, the count of each label and all addresses of "
            "its sitemap, and compares them with the database. Missing is what the site lists "
            "and we do not hold, stale what changed since we took it. Gone is what the site lists "
            "no more, and what its own page and entry say is gone, while a living post answers: "
            "such posts get gone_at, and their articles stay. The labels' counts are kept in "
            "label_counts. Ends with 0 when nothing is missing or stale and the total is "
            "accounted for, else with 1; with --heal what is missing or stale is fetched first, "
            "and the posts of labels whose counts differ are read anew."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--heal``, ``--purge`` and ``--json``."""
        super().add_options(parser)
        parser.add_argument("--heal", action="store_true", help="fetch what is missing or stale")
        parser.add_argument(
            "--purge", action="store_true", help="look at each unlisted post, however many"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Audit, and print what was found."""
        order = AuditOrder(heal=opts.heal, purge=opts.purge)
        spider: Any = self.crawl("newsrust", opts.spargs | {"order": order}).spider
        found: Findings = spider.found if spider is not None else Findings()
        if not found.compared:
            return
        if opts.json:
            tell_json(asdict(found) | {"complete": self.exitcode == Exit.COMPLETE})
        else:
            _show(found)


def _show(found: Findings) -> None:
    theirs = "unknown" if found.site_posts is None else f"{found.site_posts:,}"
    rows = [("posts", theirs, f"{found.held_posts:,}")]
    for label, (site, held) in sorted(found.wrong_labels.items()):
        rows.append((label, f"{site:,}", f"{held:,}"))
    tell_table(("", "site", "database"), rows, numbers=("site", "database"))
    agreeing = len(found.labels) - len(found.wrong_labels)
    tell(f"{agreeing} of {len(found.labels)} labels have the same count")
    for name in ("missing", "stale", "gone"):
        addresses = getattr(found, name)
        tell(f"{name}: {len(addresses):,}")
        tell(*(f"  {address}" for address in addresses[:MOST_ADDRESSES]))
        if len(addresses) > MOST_ADDRESSES:
            tell(f"  … and {len(addresses) - MOST_ADDRESSES:,} more")
