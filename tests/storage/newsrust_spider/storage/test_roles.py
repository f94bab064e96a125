"""What the two roles may do and, for the most part, may not."""

import os
from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from newsrust_spider.database.engine import connect_engine

ROLES = ("newsrust_reader", "newsrust_writer")
TABLES = ("crawls", "posts", "articles", "article_versions", "rejected_posts", "label_counts")
MORE_TABLES = ("blogs", "owed", "sites", "covered")
VIEWS = (
    "article_labels",
    "latest_articles",
    "label_totals",
    "publisher_totals",
    "crawl_health",
    "coverage",
    "stories",
)
REFUSED_BOTH = (
    "DELETE FROM articles",
    "DELETE FROM posts",
    "DELETE FROM crawls",
    "DELETE FROM article_versions",
    "DELETE FROM label_counts",
    "DELETE FROM blogs",
    "SELECT merge_articles('{1}', '{2}')",
    "DELETE FROM alembic_version",
    "INSERT INTO alembic_version VALUES ('0000')",
    "UPDATE alembic_version SET version_num = '0000'",
    "TRUNCATE posts",
    "TRUNCATE crawls CASCADE",
    "DROP TABLE posts CASCADE",
    "DROP VIEW latest_articles",
    "DROP SCHEMA public CASCADE",
    "ALTER TABLE posts ADD COLUMN x int",
    "ALTER TABLE posts DISABLE TRIGGER ALL",
    "ALTER TABLE posts OWNER TO CURRENT_USER",
    "ALTER VIEW latest_articles RENAME TO x",
    "COMMENT ON TABLE posts IS 'x'",
    "CREATE INDEX ON posts (title)",
    "CREATE TABLE t (n int)",
    "CREATE VIEW v AS SELECT 1",
    "CREATE SEQUENCE s",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'system'",
    "CREATE EXTENSION postgres_fdw",
    "CREATE TRIGGER t BEFORE INSERT ON posts EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE r AS ON DELETE TO posts DO INSTEAD NOTHING",
    "CREATE POLICY p ON posts",
    "CREATE ROLE mallory SUPERUSER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER DATABASE postgres RENAME TO x",
    "ALTER DEFAULT PRIVILEGES FOR ROLE newsrust GRANT ALL ON TABLES TO PUBLIC",
    "GRANT newsrust_writer TO newsrust_reader",
    "GRANT pg_read_server_files TO CURRENT_USER",
    "SET ROLE pg_execute_server_program",
    "SET SESSION AUTHORIZATION newsrust",
    "COPY posts TO PROGRAM 'true'",
    "COPY posts TO '/tmp/posts'",
    "COPY crawls (site) FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_reload_conf()",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usesysid = 10 LIMIT 1",
)
REFUSED = {
    "newsrust_reader": (
        *REFUSED_BOTH,
        *(f"UPDATE {table} SET id = DEFAULT" for table in TABLES if table != "label_counts"),  # noqa: S608
        "INSERT INTO crawls (site, started_at) VALUES ('x', now())",
        "INSERT INTO blogs VALUES ('1', 'x', '{x}')",
        "SELECT merge_posts('x', 'y', 'https://y', '{x,y}')",
        "INSERT INTO label_counts (site, label, counted_at) VALUES ('x', 'x', now())",
        "UPDATE articles SET headline = ''",
        "DELETE FROM rejected_posts",
        "SELECT * FROM articles FOR UPDATE",
        "SELECT * FROM crawls FOR SHARE",
        "LOCK TABLE posts IN ACCESS EXCLUSIVE MODE",
        "MERGE INTO posts USING crawls ON true WHEN MATCHED THEN DELETE",
        "SET ROLE newsrust_writer",
    ),
    "newsrust_writer": (
        *REFUSED_BOTH,
        "TRUNCATE rejected_posts",
        "UPDATE article_versions SET body = ''",
        "UPDATE label_counts SET site_posts = 0",
        "UPDATE story_links SET article_share = 1",
        "DELETE FROM story_splits",
        "UPDATE pg_class SET relname = relname",
        "ALTER TABLE posts DROP CONSTRAINT posts_site_post_id_key",
        "MERGE INTO posts USING crawls ON true WHEN MATCHED THEN DELETE",
        "SET ROLE newsrust_reader",
    ),
}
"""Each is one that Postgres would run for the owner of the tables or for the administrator."""

OUTSIDE_TRANSACTIONS = (
    "ALTER SYSTEM SET log_statement = 'all'",
    "CREATE DATABASE mine",
    "DROP DATABASE postgres",
    "CREATE INDEX CONCURRENTLY ON posts (title)",
    "REINDEX TABLE posts",
)
NOT_ALLOWED = {"42501", "25006"}
"""SQLSTATE: insufficient_privilege, read_only_sql_transaction."""
_numbers = count(1)


@pytest.fixture
def logins(database: Engine) -> Iterator[dict[str, Engine]]:
    """Give, for each role, connections of a user with a login who is in that role only.

    Not SET ROLE: whoever did that could undo it.
    """
    engines = {}
    for role in ROLES:
        name = f"{role}_{os.getpid()}_{next(_numbers)}"
        with database.begin() as connection:
            connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD 'x' IN ROLE {role}"))
        engines[role] = connect_engine(database.url.set(username=name, password="x"))  # noqa: S106
    yield engines
    for engine in engines.values():
        engine.dispose()
        with database.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {engine.url.username}"))
            connection.execute(text(f"DROP ROLE {engine.url.username}"))


def sqlstate(connection: Connection, statement: str) -> str | None:
    """Run ``statement``, take it back, and return the SQLSTATE that it failed with."""
    transaction = connection.begin()
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError as error:
        return getattr(error.orig, "pgcode", None)
    finally:
        transaction.rollback()
    return None


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_refused_whatever_it_does_not_need(role: str, logins: dict[str, Engine]) -> None:
    with logins[role].connect() as connection:
        found = {statement: sqlstate(connection, statement) for statement in REFUSED[role]}
        connection.execution_options(isolation_level="AUTOCOMMIT")
        found |= {statement: sqlstate(connection, statement) for statement in OUTSIDE_TRANSACTIONS}
    assert len(found) >= 50
    assert {s: state for s, state in found.items() if state not in NOT_ALLOWED} == {}


def test_the_refused_statements_are_ones_that_the_administrator_may_run(database: Engine) -> None:
    # 42501 is also what a misspelt statement might meet first: these must fail for the role alone.
    may_fail = {
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'system'",
        "CREATE EXTENSION postgres_fdw",
    }
    refused = {*REFUSED["newsrust_reader"], *REFUSED["newsrust_writer"]}
    harmless = [s for s in refused if not s.startswith(("COPY", "SELECT", "ALTER DATABASE"))]
    with database.connect() as connection:
        found = {statement: sqlstate(connection, statement) for statement in harmless}
    wrong = {s: state for s, state in found.items() if state and s not in may_fail}
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_cannot_hand_on_what_it_was_given(
    role: str, database: Engine, logins: dict[str, Engine]
) -> None:
    query = text(
        "SELECT relname, relacl::text FROM pg_class WHERE relkind IN ('r', 'v') ORDER BY 1"
    )
    with database.connect() as before:
        rights = before.execute(query).all()
    # To Postgres a warning, not an error, where some right is held without the option to grant it.
    with logins[role].begin() as connection:
        connection.execute(text("GRANT ALL ON posts, latest_articles TO PUBLIC"))
    with database.connect() as after:
        assert after.execute(query).all() == rights


def test_a_reader_reads_every_table_and_view(logins: dict[str, Engine]) -> None:
    with logins["newsrust_reader"].connect() as connection:
        for name in (*TABLES, *MORE_TABLES, *VIEWS):
            assert connection.scalar(select(func.count()).select_from(text(name))) == 0
        there = "SELECT count(*) FROM pg_views WHERE schemaname = 'public'"
        assert connection.exec_driver_sql(there).scalar() == len(VIEWS)


def test_a_reader_reads_tables_that_come_later_and_still_does_not_write_them(
    database: Engine, logins: dict[str, Engine]
) -> None:
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE later (n int)"))
    for role in ROLES:
        with logins[role].connect() as connection:
            assert sqlstate(connection, "SELECT * FROM later") is None
            assert sqlstate(connection, "INSERT INTO later VALUES (1)") in NOT_ALLOWED
