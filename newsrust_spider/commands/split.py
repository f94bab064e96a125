"""``scrapy split ARTICLE_ID [REASON …]``: take an article out of its story, for good."""

import argparse

from scrapy.commands import ScrapyCommand

from newsrust_spider.commands.base import TableCommand, read_article_id
from newsrust_spider.commands.terminal import refuse, tell
from newsrust_spider.storage.migrate import check_migrated
from newsrust_spider.storage.stories.report import NothingToSplitError, split_article
from newsrust_spider.verdict import Exit


class Command(TableCommand, ScrapyCommand):
    """Splits; exit 1 with one line where there is nothing to split."""

    arguments = ("ARTICLE_ID", "…")

    def syntax(self) -> str:
        """Return what follows the command's name."""
        return "[options] ARTICLE_ID [REASON ...]"

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
        article_id, reason = read_article_id(args[0]), " ".join(args[1:])
        try:
            with self.engine() as engine, engine.begin() as connection:
                check_migrated(connection)
                parted = split_article(connection, article_id, reason)
        except NothingToSplitError as error:
            refuse(str(error), Exit.INCOMPLETE)
        tell(f"article {article_id} is parted from {', '.join(map(str, parted))}")
