"""Section G of the malformed inputs: the database, and what it may do to a crawl.

Where another file of the suite attacks a row already, ELSEWHERE names the test.
"""

import ast
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, text

from newsrust_spider.database import engine as engine_module
from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import DatabaseUnusableError, check_server, connect_engine
from newsrust_spider.database.lock import SiteBusyError, take_lock
from newsrust_spider.items import Outcome
from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.ledger import Ledger
from newsrust_spider.storage.migrate import alembic_config, check_migrated, migrate
from newsrust_spider.storage.schema import metadata
from tests.process.conftest import Crawl, Scrapy, wait_for
from tests.storage.newsrust_spider.storage.conftest import make_article

ROOT = Path(__file__).parents[3]
SITE = "a.example"
OUTAGES = "tests/faults/test_outages.py"
POISON = (
    "tests/storage/pipelines/test_postgres.py"
    "::test_a_poison_row_is_rejected_and_its_neighbours_are_stored"
)
STORAGE = "tests/storage/newsrust_spider/storage"
DATABASE = "tests/storage/newsrust_spider/database"
ELSEWHERE = {
    "G01": "tests/process/test_exit_status.py"
    "::test_a_database_that_is_down_ends_with_69_and_asks_the_site_nothing",
    "G02": f"{OUTAGES}::test_an_outage_of_less_than_a_minute_is_waited_out",
    # An outage is waited out for a minute, in which a server restarts.
    "G03": f"{OUTAGES}::test_an_outage_of_less_than_a_minute_is_waited_out",
    "G04": f"{OUTAGES}::test_sessions_that_are_killed_again_and_again_cost_nothing",
    "G06": f"{DATABASE}/test_errors.py::test_a_full_server_has_room_again_soon",
    "G07": f"{DATABASE}/test_errors.py::test_an_error_is_sorted_by_its_sqlstate",
    "G12": f"{OUTAGES}::test_a_full_disk_ends_the_crawl_at_once_and_loses_nothing",
    # A full disk of the log brings the whole server down: what an outage without end does.
    "G13": f"{OUTAGES}::test_an_outage_of_less_than_a_minute_is_waited_out",
    "G14": f"{DATABASE}/test_patience.py"
    "::test_a_transaction_that_others_were_in_the_way_of_is_run_again",
    "G15": f"{DATABASE}/test_patience.py"
    "::test_a_transaction_that_others_were_in_the_way_of_is_run_again",
    "G16": f"{DATABASE}/test_patience.py::test_it_is_run_again_three_times_and_no_more",
    "G20": POISON,
    "G21": POISON,
    # No column is jsonb: a payload is kept as the bytes that it came in.
    "G22": f"{STORAGE}/test_rejected.py::test_a_rejected_post_is_kept_with_its_raw_entry",
    "G23": POISON,
    "G24": "tests/faults/test_kills.py"
    "::test_of_two_crawls_that_overlap_one_crawls_and_the_other_says_so",
    "G25": f"{STORAGE}/test_migrations.py::test_two_migrations_at_once_wait_for_each_other",
    # Windows are made of the site's clock alone, whatever the server's says.
    "G30": "tests/crawl/newsrust_spider/spiders/test_crawl.py"
    "::test_a_first_crawl_stores_each_story_once_and_accounts_for_every_post",
}
HERE = {"G05", "G08", "G09", "G10", "G11", "G17", "G18", "G19", "G26", "G27", "G28", "G29"}


def test_every_row_of_the_section_has_its_test() -> None:
    assert {*ELSEWHERE, *HERE} == {f"G{number:02}" for number in range(1, 31)}
    for place in ELSEWHERE.values():
        path, _, name = place.partition("::")
        functions = {
            node.name
            for node in ast.parse((ROOT / path).read_text()).body
            if isinstance(node, ast.FunctionDef)
        }
        assert name in functions, place


@pytest.fixture
def ledger(database: Engine) -> Iterator[Ledger]:
    """Open a crawl."""
    ledger = Ledger.open(database, SITE, "test")
    yield ledger
    ledger.close("complete", "", "feed", None, None)


def run(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


def held(database: Engine) -> list[Any]:
    with database.connect() as connection:
        query = "SELECT source_url, outcome FROM posts JOIN articles ON articles.id = article_id"
        return list(connection.execute(text(query)).all())


def test_g05_a_commit_whose_answer_is_lost_is_run_again_to_the_same_end(
    database: Engine, ledger: Ledger
) -> None:
    batch = [make_article(1), make_article(2), make_article(3, "https://p.example/1")]
    first = ledger.run(lambda connection: store_articles(connection, ledger.id, batch))
    before = held(database)
    again = ledger.run(lambda connection: store_articles(connection, ledger.id, batch))
    assert held(database) == before
    assert [filed.article_id for filed in again] == [filed.article_id for filed in first]
    assert [filed.outcome for filed in first] == [Outcome.NEW, Outcome.NEW, Outcome.DUPLICATE]


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"database": "nowhere"}, "does not exist"), ({"username": "nobody"}, "does not exist")],
    ids=["database", "role"],
)
def test_g08_a_name_that_the_server_does_not_know_is_told_at_once(
    embedded_database: Engine,
    scrapy: Scrapy,
    environment: dict[str, str],
    changes: dict[str, str],
    words: str,
) -> None:
    environment["DATABASE_URL"] = embedded_database.url.set(**changes).render_as_string()  # type: ignore[arg-type]
    ended = scrapy("crawl", "newsrust", "-a", "site=http://127.0.0.1:9")
    assert ended.returncode == 69
    assert words in ended.stderr
    assert "waiting" not in ended.stderr


def test_g09_a_read_only_server_is_told_at_once(database: Engine) -> None:
    name = database.url.database
    run(database, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    engine = connect_engine(database.url)
    with pytest.raises(DatabaseUnusableError, match="name the primary server"):
        Ledger.open(engine, SITE, "test")
    engine.dispose()


@pytest.mark.parametrize("table", ["crawls", "posts", "articles", "rejected_posts"])
def test_g10_a_missing_table_ends_the_crawl_at_the_first_post(
    embedded_database: Engine, crawl: Crawl, table: str
) -> None:
    run(embedded_database, f"DROP TABLE {table} CASCADE")
    ended = crawl()
    assert ended.status == 69
    assert "does not exist" in ended.log
    assert len(ended.log.splitlines()) < 30


def test_g11_a_missing_right_ends_the_crawl_at_the_first_post(
    embedded_database: Engine, crawl: Crawl, environment: dict[str, str]
) -> None:
    run(embedded_database, "CREATE ROLE poor LOGIN IN ROLE newsrust_reader")
    try:
        url = embedded_database.url.set(username="poor")
        environment["DATABASE_URL"] = url.render_as_string()
        ended = crawl()
    finally:
        run(embedded_database, "DROP ROLE poor")
    assert ended.status == 69
    assert "permission denied for table" in ended.log
    assert "Traceback" not in ended.log


def test_g17_a_migration_gives_way_to_a_long_reader_and_is_run_again(
    server: EmbeddedServer,
) -> None:
    engine = connect_engine(server.start("migrated"))
    try:
        migrate(engine)
        with engine.begin() as connection:
            command.downgrade(alembic_config(connection), "0003")
        with engine.connect() as reader, engine.connect() as other:
            reader.execute(text("SELECT 1 FROM articles"))
            migration = threading.Thread(target=migrate, args=(engine,))
            migration.start()
            waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            wait_for(lambda: other.scalar(waits) == 1)
            # It gives way: the lock that it waits for does not stay in the queue.
            wait_for(lambda: other.scalar(waits) == 0)
            reader.rollback()
            migration.join()
            check_migrated(other)
    finally:
        engine.dispose()
        server.drop("migrated")


def test_g18_a_body_that_no_tsvector_could_hold_is_stored_and_found(
    connection: Connection, crawl_id: int
) -> None:
    words = " ".join(f"word{number}" for number in range(110_000))
    store_articles(connection, crawl_id, [make_article(1, body=words)])
    query = "SELECT length(body) FROM articles WHERE search @@ to_tsquery('word100')"
    assert connection.scalar(text(query)) == len(words) > 1_000_000


def test_g19_and_g27_no_text_has_a_length_and_no_key_an_end() -> None:
    columns = [column for table in metadata.tables.values() for column in table.columns]
    assert [c for c in columns if "VARCHAR" in str(c.type) or "CHAR(" in str(c.type)] == []
    assert {str(c.type) for c in columns if c.name == "id" or c.name.endswith("_id")} <= {
        "BIGINT",
        "TEXT",
    }


def test_g26_whoever_may_connect_can_hold_the_lock_which_is_told(database: Engine) -> None:
    with database.connect() as reader:
        take_lock(reader, SITE)
        with pytest.raises(SiteBusyError):
            Ledger.open(database, SITE, "test")
    assert "advisory lock" in (ROOT / "docs" / "reliability.md").read_text()


def test_g28_a_database_in_another_encoding_is_refused(server: EmbeddedServer) -> None:
    admin = connect_engine(server.url("postgres"))
    run(admin, "CREATE DATABASE bytes ENCODING SQL_ASCII LOCALE 'C' TEMPLATE template0")
    engine = connect_engine(server.url("bytes"))
    try:
        with pytest.raises(DatabaseUnusableError, match="is in SQL_ASCII: create it with UTF8"):
            Ledger.open(engine, SITE, "test")
    finally:
        engine.dispose()
        run(admin, "DROP DATABASE bytes WITH (FORCE)")
        admin.dispose()


def test_g29_a_server_that_is_too_old_is_refused(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No such server can be had here: what the oldest one is can be raised.
    monkeypatch.setattr(engine_module, "OLDEST_SERVER", 99)
    with (
        database.connect() as connection,
        pytest.raises(DatabaseUnusableError, match="is too old: 99 or newer"),
    ):
        check_server(connection)


@pytest.fixture
def connection(database: Engine) -> Iterator[Connection]:
    """Give a connection in one transaction."""
    with database.begin() as connection:
        yield connection


@pytest.fixture
def crawl_id(connection: Connection) -> int:
    """Open a crawl and give its id."""
    statement = "INSERT INTO crawls (site, started_at) VALUES ('a.example', now()) RETURNING id"
    return int(connection.scalar(text(statement)) or 0)
