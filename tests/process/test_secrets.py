"""The password of the database stays where it was put: in the environment of the process.

Postgres asks for it here, so that it is used and not only carried. What is searched: all that the
programs print, every column of every table, the server's log, and the process list meanwhile.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from sqlalchemy import Engine, select, text

from demo.faults import Fault
from demo.site import StandIn
from newsrust_spider.database.embedded import EmbeddedServer
from tests.forms import LONG
from tests.process.conftest import PROJECT, Scrapy, wait_for

CANARY = "c4n4ry/p@ss:w%rd?#&=é"
# The plain letters betray a part of it too, whatever was cut at which sign.
TRACES = (CANARY, quote(CANARY, safe=""), quote_plus(CANARY), "c4n4ry", "p@ss:w", "w%rd", "w%25rd")


@dataclass
class Account:
    """A user whose password is the canary; ``url`` names another in the same words."""

    name: str
    database: Engine
    log: Path
    read_so_far: int = field(default=0)

    def url(self, password: str = CANARY, **changes: str) -> str:
        """Return the URL with that password, percent-encoded."""
        parts = {"at": "", "database": str(self.database.url.database)} | changes
        host = self.database.url.query["host"]
        query = f"?host={host}" if not parts["at"] else ""
        where = f"{parts['at']}/{parts['database']}{query}"
        return f"postgresql://{self.name}:{quote(password, safe='')}@{where}"

    def tables(self) -> str:
        """Return all that the tables hold, as text."""
        with self.database.connect() as connection:
            names = connection.scalars(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            ).all()
            rows = [
                connection.scalars(select(text("t::text")).select_from(text(f"{name} AS t"))).all()
                for name in names
            ]
        return "\n".join(row for table in rows for row in table)

    def server_log(self) -> str:
        """Return what the server wrote since this account is there."""
        return self.log.read_bytes()[self.read_so_far :].decode(errors="replace")


@pytest.fixture
def account(
    server: EmbeddedServer, embedded_database: Engine, environment: dict[str, str]
) -> Iterator[Account]:
    """Give a user who may crawl and must say the password, on a server that logs all it is told."""
    name = f"canary_{os.getpid()}"
    rules = server.cluster / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all {name} scram-sha-256\n{before}")
    with embedded_database.begin() as connection:
        secret = CANARY.replace("'", "''")
        create = f"CREATE ROLE {name} LOGIN IN ROLE newsrust_writer PASSWORD '{secret}'"
        connection.exec_driver_sql(create.replace("%", "%%"))
        for setting in ("log_statement = 'all'", "log_min_messages = debug1"):
            connection.execute(text(f"ALTER ROLE {name} SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    log = server.socket_folder / "postgres.log"
    account = Account(name, embedded_database, log, log.stat().st_size)
    environment["DATABASE_URL"] = account.url()
    yield account
    rules.write_text(before)
    with embedded_database.begin() as connection:
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text(f"DROP OWNED BY {name}"))
        connection.execute(text(f"DROP ROLE {name}"))


def traces(said: str) -> list[str]:
    return [trace for trace in TRACES if trace in said]


def command_lines() -> str:
    """Return the command lines of all processes, as ``ps`` shows them to every user."""
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            lines.append((process / "cmdline").read_bytes().decode(errors="replace"))
        except OSError:
            continue  # it has ended
    return "\n".join(lines)


# What is logged at INFO is logged at DEBUG too.
@pytest.mark.parametrize("level", ["DEBUG", *(["INFO"] if LONG else [])])
def test_a_crawl_leaves_no_trace_of_the_password(
    level: str, account: Account, site: StandIn, environment: dict[str, str]
) -> None:
    site.misbehave("/feeds/posts/default", Fault.HANG)
    arguments = ["crawl", "newsrust", "-a", f"site={site.url}", "-s", f"LOG_LEVEL={level}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", *arguments, "-s", "DOWNLOAD_TIMEOUT=5"],
        env=environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    wait_for(lambda: any("/feeds/posts/default" in target for target in list(site.requests)))
    meanwhile = command_lines()
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 0, said
    assert site.url in meanwhile
    assert len(account.tables()) > 10_000
    assert "INSERT INTO posts" in account.server_log()
    for place in (said, meanwhile, account.tables(), account.server_log()):
        assert traces(place) == []


COMMANDS: dict[str, tuple[str, ...]] = {
    "crawl": ("crawl", "newsrust", "-s", "LOG_LEVEL=DEBUG"),
    "audit": ("audit", "newsrust"),
    "status": ("status",),
    "database url": ("database", "url"),
    "database migrate": ("database", "migrate"),
}
Written = Callable[[Account], str]
CONFIGURED: dict[str, Written] = {
    "right": lambda account: account.url(),
    "wrong": lambda account: account.url(CANARY[::-1] + CANARY),
    "a server that is not there": lambda account: account.url(at="127.0.0.1:9"),
    "a database that is not there": lambda account: account.url(database="nowhere"),
}
RAW = "c4n4ry:p@ss:w%rd"
MALFORMED = {
    "raw signs in the password": f"postgresql://u:{RAW}@localhost/d",
    "a raw slash": "postgresql://u:c4n4ry/p@ss@localhost/d",
    "a raw question mark": "postgresql://u:c4n4ry?w@localhost/d",
    "no colon behind the scheme": "postgres//u:c4n4ry@localhost/d",
    "an unknown sslmode": "postgresql://u:c4n4ry@localhost/d?sslmode=c4n4ry",
    "an unknown option": "postgresql://u@localhost:9/d?passwort=c4n4ry",
    "the password as an option": "postgresql://u@localhost:9/d?password=c4n4ry",
    "a password file that is none": "postgresql://u@localhost:9/d?passfile=/c4n4ry",
    "a bad timeout": "postgresql://u:c4n4ry@localhost:9/d?connect_timeout=c4n4ry",
    "a NUL": "postgresql://u:c4n4ry%00x@localhost:9/d",
}


@pytest.mark.parametrize("how", CONFIGURED)
def test_no_command_prints_the_password_whatever_the_server_says(
    how: str, account: Account, site: StandIn, scrapy: Scrapy, environment: dict[str, str]
) -> None:
    environment["DATABASE_URL"] = CONFIGURED[how](account)
    # Two of them wait for a minute and more before they give up on a server.
    waits = how == "a server that is not there" and not LONG
    for name, arguments in COMMANDS.items():
        if waits and name in {"audit", "database migrate"}:
            continue
        at = ("-a", f"site={site.url}") if "newsrust" in arguments else ()
        ended = scrapy(*arguments, *at)
        said = ended.stdout + ended.stderr
        assert (traces(said), "Traceback" in said) == ([], False), (name, said)
        works = how == "right" or name == "database url"
        assert ended.returncode == 0 if works else ended.returncode in {1, 69}, (name, said)
    assert (traces(account.server_log()), traces(account.tables())) == ([], [])


@pytest.mark.parametrize("how", MALFORMED)
def test_an_address_that_cannot_be_used_is_refused_in_one_line_without_the_password(
    how: str, scrapy: Scrapy, environment: dict[str, str]
) -> None:
    # Not by a crawl, which would wait for a server that may yet start.
    environment["DATABASE_URL"] = MALFORMED[how]
    ended = scrapy("status")
    said = ended.stdout + ended.stderr
    assert ended.returncode in {2, 69}, said
    assert len(said.strip().splitlines()) == 1, said
    assert traces(said) == []
