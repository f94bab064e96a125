"""What our commands print: all of it passes here, so that no text of a site commands a terminal."""

import errno
import json
import os
import shutil
import sys
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from io import StringIO
from typing import NoReturn

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsrust_spider.text import visible
from newsrust_spider.verdict import Exit

WIDTH = 180
"""Columns where nobody watches: a narrow table would lose its words."""


def refuse(message: str, status: Exit = Exit.USAGE) -> NoReturn:
    """End the process with ``status`` and one line on stderr."""
    sys.stderr.write(f"newsrust: {visible(' '.join(message.split()))}\n")
    raise SystemExit(status)


def tell(*lines: str) -> None:
    """Print lines of text; each is one line, whatever it holds."""
    _write("".join(f"{visible(line)}\n" for line in lines))


def tell_json(value: object) -> None:
    """Print a value as JSON in ASCII, on one line."""
    written = json.dumps(value, default=_plain)
    _write(written.replace("\x7f", "\\u007f") + "\n")


def tell_table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], numbers: Collection[str] = ()
) -> None:
    """Print a table; the columns ``numbers`` are set to the right."""
    table = Table(box=None)
    for heading in headings:
        table.add_column(heading, justify="right" if heading in numbers else "left")
    for row in rows:
        # Text, and not str: rich reads commands in brackets out of a str.
        table.add_row(*(Text(visible(str(cell)), overflow="fold") for cell in row))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    drawn = Console(file=StringIO(), width=width, color_system=None)
    drawn.print(table)
    _write("".join(f"{line.rstrip()}\n" for line in drawn.file.getvalue().splitlines()))  # type: ignore[attr-defined]


def tell_bytes(raw: bytes) -> None:
    """Print bytes as they are; on a terminal so that none of them is a command."""
    if sys.stdout.isatty():
        tell(*raw.decode("utf-8", "backslashreplace").splitlines())
    else:
        _write(raw + b"\n")


def open_closed_streams() -> None:
    """Let what was closed by ``>&-`` lead nowhere: else the next file to be opened is stdout."""
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != descriptor:
                os.dup2(opened, descriptor)
                os.close(opened)
        if getattr(sys, name) is None:
            setattr(sys, name, open(descriptor, "r+" if descriptor == 0 else "w"))  # noqa: PTH123, SIM115


def _write(written: str | bytes) -> None:
    try:
        if isinstance(written, bytes):
            sys.stdout.buffer.write(written)
        else:
            sys.stdout.write(written)
        sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer would be tried again, with a stack, at the end of Python.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        # Whoever read has had enough, as `head` has: that is no failure.
        if error.errno != errno.EPIPE:
            refuse(f"cannot write the output: {error.strerror}", Exit.INCOMPLETE)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else str(value)
