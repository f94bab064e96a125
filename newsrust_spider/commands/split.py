"""``scrapy split ARTICLE_ID [REASON …]``: take an article out of its story, for good."""

import argparse
import sys

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsrust_spider.commands.connection import usable_engine
from newsrust_spider.commands.why import read_id
from newsrust_spider.storage.migrate import check_migrated
from newsrust_spider.storage.story_report import NothingToSplitError, split_article


class Command(ScrapyCommand):
    """Splits; exit 1 with one line where there is nothing to split."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Return what follows the command's name."""
        return "ARTICLE_ID [REASON ...]"

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Take an article out of its story, for good"

    def long_desc(self) -> str:
        """Return the help."""
        return (
            "The article and those that are in its story now are never joined again, whatever "
            "copies of them are found later. Nothing is deleted; `scrapy why` shows the split "
            "with its reason."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Split, and say from what."""
        if not args:
            raise UsageError("name an article by its id", print_help=False)
        article_id, reason = read_id(args[0]), " ".join(args[1:])
        try:
            with usable_engine(self.settings) as engine, engine.begin() as connection:  # type: ignore[arg-type]
                check_migrated(connection)
                parted = split_article(connection, article_id, reason)
        except NothingToSplitError as error:
            sys.stderr.write(f"newsrust: {error}\n")
            self.exitcode = 1
            return
        others = ", ".join(map(str, parted))
        sys.stdout.write(f"article {article_id} is parted from {others}\n")
