from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text

from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import DatabaseUnusableError, connect_engine
from newsrust_spider.storage.migrate import alembic_config, check_migrated, migrate


def test_the_tables_are_what_the_schema_says(database: Engine) -> None:
    with database.begin() as connection:
        command.check(alembic_config(connection))
        assert {"articles", "posts", "crawls"} <= set(inspect(connection).get_table_names())


def test_every_table_view_and_column_has_a_comment(database: Engine) -> None:
    query = """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
          AND relname <> 'alembic_version' AND obj_description(oid, 'pg_class') IS NULL
        UNION ALL
        SELECT attrelid::regclass || '.' || attname FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
          AND relname <> 'alembic_version' AND col_description(attrelid, attnum) IS NULL
    """
    with database.begin() as connection:
        assert connection.execute(text(query)).all() == []


def test_two_migrations_at_once_wait_for_each_other(server: EmbeddedServer) -> None:
    url = server.start("race")
    engines = [connect_engine(url) for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(migrate, engines))
    with engines[0].connect() as connection:
        check_migrated(connection)
    for engine in engines:
        engine.dispose()


def test_migrations_can_be_taken_back(server: EmbeddedServer) -> None:
    engine = connect_engine(server.start("back"))
    migrate(engine)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
        with pytest.raises(DatabaseUnusableError, match="scrapy database migrate"):
            check_migrated(connection)
    engine.dispose()


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("newsrust_reader", "INSERT INTO crawls (site, started_at) VALUES ('x', now())"),
        ("newsrust_reader", "UPDATE articles SET headline = ''"),
        ("newsrust_reader", "DELETE FROM posts"),
        ("newsrust_reader", "CREATE TABLE t (n int)"),
        ("newsrust_writer", "DELETE FROM articles"),
        ("newsrust_writer", "DELETE FROM crawls"),
        ("newsrust_writer", "TRUNCATE posts"),
        ("newsrust_writer", "DROP TABLE posts"),
        ("newsrust_writer", "ALTER TABLE posts ADD COLUMN x int"),
        ("newsrust_writer", "CREATE TABLE t (n int)"),
    ],
)
def test_a_role_is_refused_what_it_does_not_need(
    database: Engine, role: str, statement: str
) -> None:
    with database.connect() as connection:
        connection.execute(text(f"SET ROLE {role}"))
        assert connection.scalar(text("SELECT count(*) FROM latest_articles")) == 0
        with pytest.raises(Exception, match=r"permission denied|must be owner"):
            connection.execute(text(statement))
