"""A janitor: it outlives the process of the tests, however that ends, and cleans up after it.

Fixtures clean up where they can. A run that is interrupted, terminated or killed leaves them no
time; the janitor then finds that its input has ended, stops the servers whose folders it was
told of, and removes the folders.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import DatabaseUnusableError

PROJECT = Path(__file__).parents[1]
PREFIX = "newsrust-"
MEMORY = "/dev/shm"  # noqa: S108 - a folder of its own is made in it
ROOM = 4 << 30
"""Bytes: several times what the servers of all workers hold at once."""


@contextmanager
def temporary_home() -> Iterator[Path]:
    """Give a folder for an embedded server's files, which other users may enter."""
    place = choose_place(MEMORY)
    with tempfile.TemporaryDirectory("", PREFIX, place, ignore_cleanup_errors=True) as folder:
        tell(folder=folder)
        Path(folder).chmod(0o755)
        yield Path(folder)


def choose_place(memory: str) -> str | None:
    """Return where homes are made: in memory where it has room, else where temporary files are.

    A disk spends most of a test on the 300 files of its database.
    """
    if "TMPDIR" in os.environ:  # somebody has chosen
        return None
    try:
        there = os.statvfs(memory)
    except OSError:
        return None
    # Root's own server runs from copies of its programs in the home.
    fit = there.f_bavail * there.f_frsize >= ROOM and not there.f_flag & os.ST_NOEXEC
    return memory if fit and os.access(memory, os.W_OK) else None


def tell(**what: str | int) -> None:
    """Tell the janitor of a ``folder`` or of a process, by its ``pid``."""
    written = _janitor().stdin
    assert written is not None
    written.write(json.dumps(what).encode() + b"\n")
    written.flush()


@cache
def _janitor() -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C goes to all processes of a terminal's.
    command = [sys.executable, "-m", "tests.janitor"]
    return subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, start_new_session=True)


def dismiss() -> None:
    """End the janitor, if there is one, and wait until all is clean."""
    if _janitor.cache_info().currsize:
        _janitor().communicate()
        _janitor.cache_clear()


def main() -> None:
    """Listen until the input ends, then clean up."""
    told = [json.loads(line) for line in sys.stdin]
    for process in (one["pid"] for one in told if "pid" in one):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    for folder in (Path(one["folder"]) for one in told if "folder" in one):
        if folder.is_file():
            folder.unlink()
        for cluster in folder.rglob("PG_VERSION"):
            home = cluster.parents[1]
            if cluster.parent.name == "postgres":
                with suppress(DatabaseUnusableError):
                    EmbeddedServer(home).stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
