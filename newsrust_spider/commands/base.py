"""What all commands repeat: what they refuse, and the tables that they read."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from scrapy.exceptions import UsageError
from sqlalchemy import Connection, Engine

from newsrust_spider.commands.connection import connected, usable_engine
from newsrust_spider.commands.terminal import open_closed_streams, refuse

LARGEST_ID = 2**63 - 1
"""What Postgres's bigint takes."""


def make_strict(parser: argparse.ArgumentParser) -> None:
    """Let ``parser`` refuse with one line, and take no option that is cut short."""
    open_closed_streams()
    parser.allow_abbrev = False
    parser.error = refuse  # type: ignore[method-assign]


def read_id(text: str) -> int:
    """Return an id as it was typed; raises ArgumentTypeError for what is none.

    >>> read_id("42")
    42
    >>> read_id("-1")
    Traceback (most recent call last):
    ...
    argparse.ArgumentTypeError: '-1' is no id: write a number from 1
    """
    number = int(text[:20]) if text.isascii() and text.isdigit() else 0
    if not 0 < number <= LARGEST_ID:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no id: write a number from 1")
    return number


def read_article_id(text: str) -> int:
    """Return the id of an article as it was typed; raises UsageError for what is none."""
    try:
        return read_id(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(str(error), print_help=False) from None


if TYPE_CHECKING:
    from scrapy.commands import ScrapyCommand
else:
    # Scrapy takes every subclass of its own that stands in this room for a command.
    ScrapyCommand = object


class TableCommand(ScrapyCommand):
    """A command that reads or changes our tables, and asks the site nothing.

    ``arguments`` are the names of what it takes besides options; "…" as the last lets any
    number follow.
    """

    requires_project = True
    requires_crawler_process = False
    arguments: ClassVar[tuple[str, ...]] = ()

    def syntax(self) -> str:
        """Return what follows the command's name."""
        return " ".join(("[options]", *self.arguments))

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add Scrapy's own options; all others are refused."""
        super().add_options(parser)
        make_strict(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what the command does not know, and what it misses."""
        check_arguments(args, self.arguments)
        if len(args) < len([name for name in self.arguments if name != "…"]):
            raise UsageError(f"write {self.syntax()}", print_help=False)
        super().process_options(args, opts)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Give the engine of the configured database; ends the process with 2 or 69."""
        assert self.settings is not None  # noqa: S101 - scrapy.cmdline sets it
        with usable_engine(self.settings) as engine:
            yield engine

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Give a connection to the migrated database, to read; ends the process as `engine`."""
        assert self.settings is not None  # noqa: S101 - scrapy.cmdline sets it
        with connected(self.settings) as connection:
            yield connection


def check_arguments(given: list[str], wanted: tuple[str, ...]) -> None:
    """Raise UsageError for an unknown option, and for an argument too many.

    >>> check_arguments(["--jsn"], ())
    Traceback (most recent call last):
    ...
    scrapy.exceptions.UsageError: there is no option --jsn: see the command's -h
    """
    named = [name for name in wanted if name != "…"]
    for argument in given:
        if argument.startswith("-"):
            name = argument.partition("=")[0]
            raise UsageError(f"there is no option {name}: see the command's -h", print_help=False)
    if len(given) > len(named) and "…" not in wanted:
        raise UsageError(f"{given[len(named)]!r} is one argument too many", print_help=False)
