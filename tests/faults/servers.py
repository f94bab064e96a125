"""Postgres servers to be mistreated: each trial's own, with its files where a test wants them."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import connect_engine
from newsrust_spider.storage.migrate import migrate
from tests.janitor import temporary_home

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
SLACK = 64 * 1024
"""Bytes that are left free on a full disk."""


@contextmanager
def own_server() -> Iterator[EmbeddedServer]:
    """Run a server that no other test uses, with a migrated database ``newsrust``."""
    with temporary_home() as home:
        server = EmbeddedServer(home)
        engine = connect_engine(server.start())
        migrate(engine)
        engine.dispose()
        try:
            yield server
        finally:
            server.stop()


def pull_the_plug(server: EmbeddedServer, mode: str = "immediate") -> None:
    """Stop a server: ``immediate`` as by a loss of power, ``fast`` as an administrator does."""
    done = server._programs.run("pg_ctl", "stop", "-w", "-m", mode, "-D", server.cluster)
    assert done.returncode == 0, done.stderr


def kill_sessions(engine: Engine) -> int:
    """End every session of a crawl; return how many there were."""
    with engine.connect() as connection:
        killed = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <>"
                " pg_backend_pid() AND application_name = 'newsrust'"
                " AND datname = current_database()"
            )
        )
        return len(killed.all())


def watching(engine: Engine) -> Engine:
    """Return an engine for the same database that is not taken for a crawl's."""
    return create_engine(engine.url, isolation_level="AUTOCOMMIT")


@contextmanager
def locked(database: Engine, table: str) -> Iterator[Callable[[], object]]:
    """Hold ``table`` against everybody; give what counts those who wait for a lock."""
    watcher = watching(database)
    with database.connect() as rival, watcher.connect() as looking:
        rival.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield lambda: looking.scalar(text(WAITING))
    watcher.dispose()


@contextmanager
def small_disk(server: EmbeddedServer, megabytes: int) -> Iterator[Path]:
    """Mount a small file system that the server's user may write to; needs root."""
    with tempfile.TemporaryDirectory(prefix="newsrust-disk-") as folder:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder],
            check=True,
        )
        if server._programs.user:
            shutil.chown(folder, server._programs.user)
        try:
            yield Path(folder)
        finally:
            server.stop()
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    """Fill a disk but for SLACK; return the file that does."""
    filler = disk / "filler"
    room = os.statvfs(disk)
    filler.write_bytes(b"\0" * max(room.f_bavail * room.f_frsize - SLACK, 0))
    return filler


def pause(seconds: float) -> None:
    """Let an outage last."""
    time.sleep(seconds)
