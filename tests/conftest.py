"""What the tests share: real servers, and a fresh migrated database on each."""

import os
import signal
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, Engine, create_engine, text

from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import connect_engine, read_database_url
from newsrust_spider.storage.migrate import migrate
from tests import janitor, warm
from tests.forms import LONG
from tests.loopback import sitecustomize as loopback

# The processes that tests start are to stay on this machine too.
_report = Path(tempfile.mkstemp(prefix="newsrust-left-")[1])
janitor.tell(folder=str(_report))
os.environ[loopback.REPORT] = str(_report)
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(Path(loopback.__file__).parent), os.environ.get("PYTHONPATH", "")])
)

# A busy machine must not fail a test: what is measured in seconds stands in benchmarks/.
# The short form tries the same examples each time, the long one prints how to repeat its own.
slow = [HealthCheck.too_slow]
settings.register_profile("short", deadline=None, suppress_health_check=slow, derandomize=True)
settings.register_profile("long", deadline=None, suppress_health_check=slow, print_blob=True)
settings.load_profile("long" if LONG else "short")

_numbers = count(1)


def pytest_xdist_auto_num_workers() -> int:
    """Return how many workers there are: many a test waits for an outage or for a process."""
    return 2 * (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    """Let the runner end soon when it is told to; what it leaves behind the janitor removes."""
    if not hasattr(config, "workerinput"):
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _end_soon)


def _end_soon(*_: object) -> None:
    # By the alarm, where the workers do not hear of it: they may be in the middle of a test.
    signal.alarm(10)
    raise KeyboardInterrupt


def pytest_unconfigure() -> None:
    """Leave no process and no file behind."""
    warm.stop()
    janitor.dismiss()
    _report.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def attempts() -> Iterator[Path]:
    """Fail a test that reached out beyond this machine, or whose processes did."""
    _report.write_text("")
    yield _report
    assert _report.read_text() == "", "a test is to stay on this machine"


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """Run an embedded Postgres for this test process."""
    # Not pytest's own folder: as root the server belongs to another user, who cannot enter it.
    with janitor.temporary_home() as home:
        embedded = EmbeddedServer(home)
        admin = embedded.start("postgres")
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            # No test here cuts the power of the whole machine: the kernel keeps what is written.
            _administer(admin, f"ALTER SYSTEM SET {setting} = off")
        _administer(admin, "SELECT pg_reload_conf()")
        yield embedded
        _connect_administrator.cache_clear()
        embedded.stop()


def _servers() -> list[str]:
    return ["embedded", *(["TEST_DATABASE_URL"] if "TEST_DATABASE_URL" in os.environ else [])]


@pytest.fixture(scope="session")
def embedded_template(server: EmbeddedServer) -> URL:
    """Give the URL of a migrated database on the embedded server, to be copied."""
    return _make_template(server.url("postgres"))


@pytest.fixture(scope="session", params=_servers())
def template(request: pytest.FixtureRequest) -> URL:
    """Give the URL of a migrated database on each server that there is."""
    if request.param == "embedded":
        return request.getfixturevalue("embedded_template")  # type: ignore[no-any-return]
    return _make_template(read_database_url(os.environ["TEST_DATABASE_URL"]))


@pytest.fixture
def database(template: URL) -> Iterator[Engine]:
    """Give an empty, migrated database on each server that there is."""
    yield from _copy(template)


@pytest.fixture
def embedded_database(embedded_template: URL) -> Iterator[Engine]:
    """Give an empty, migrated database on the embedded server."""
    yield from _copy(embedded_template)


def _make_template(admin: URL) -> URL:
    url = admin.set(database=f"template_{os.getpid()}")
    _administer(admin, f'DROP DATABASE IF EXISTS "{url.database}"')
    _administer(admin, f'CREATE DATABASE "{url.database}"')
    engine = connect_engine(url)
    migrate(engine)
    engine.dispose()
    return url


def _copy(template: URL) -> Iterator[Engine]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    admin = template.set(database="postgres")
    _administer(
        admin, f'CREATE DATABASE "{name}" TEMPLATE "{template.database}" STRATEGY file_copy'
    )
    engine = connect_engine(template.set(database=name))
    yield engine
    engine.dispose()
    _administer(admin, f'DROP DATABASE "{name}" WITH (FORCE)')


@cache
def _connect_administrator(url: URL) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)


def _administer(admin: URL, statement: str) -> None:
    with _connect_administrator(admin).connect() as connection:
        connection.execute(text(statement))
