"""Errors as a real server raises them, sorted by what helps."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from newsrust_spider.database.engine import connect_engine, read_database_url
from newsrust_spider.database.errors import Fault, sort_error

STATES = {
    "08006": Fault.CONNECTION,
    "57P01": Fault.CONNECTION,
    "57P03": Fault.CONNECTION,
    "40001": Fault.TRANSACTION,
    "40P01": Fault.TRANSACTION,
    "55P03": Fault.TRANSACTION,
    "57014": Fault.TRANSACTION,
    "22001": Fault.POISON,
    "22003": Fault.POISON,
    "22008": Fault.POISON,
    "22021": Fault.POISON,
    "22P05": Fault.POISON,
    "23505": Fault.POISON,
    "23514": Fault.POISON,
    "54000": Fault.POISON,
    "54001": Fault.POISON,
    "25006": Fault.SYSTEMIC,
    "2200H": Fault.POISON,
    "28P01": Fault.SYSTEMIC,
    "3D000": Fault.SYSTEMIC,
    "42501": Fault.SYSTEMIC,
    "42P01": Fault.SYSTEMIC,
    "53100": Fault.SYSTEMIC,
    "58030": Fault.SYSTEMIC,
    "XX000": Fault.SYSTEMIC,
}


def fail(connection: Connection, statement: str, **values: Any) -> Fault:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what is asked
        connection.execute(text(statement), values)
    return sort_error(caught.value)


@pytest.mark.parametrize(("state", "fault"), STATES.items())
def test_an_error_is_sorted_by_its_sqlstate(
    connection: Connection, state: str, fault: Fault
) -> None:
    raised = f"DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{state}'; END $$"
    assert fail(connection, raised) is fault


@pytest.mark.parametrize("value", ["a\x00b", "a\ud800b"], ids=["NUL", "half a character"])
def test_text_that_never_reaches_the_server_is_poison_too(
    connection: Connection, value: str
) -> None:
    assert fail(connection, "SELECT :value", value=value) is Fault.POISON


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT '2021-02-30'::timestamptz",
        "SELECT '300000-01-01'::timestamptz",
        "SELECT 2147483647::int + 1",
        "SELECT jsonb '\"\\u0000\"'",
        "SELECT repeat('x', 2000000)::tsvector",
    ],
)
def test_a_value_that_postgres_refuses_is_poison(connection: Connection, statement: str) -> None:
    assert fail(connection, statement.replace("\\u", "\\\\u").replace("\\\\", "\\")) is Fault.POISON


def test_a_session_that_is_killed_is_the_connections_fault(database: Engine) -> None:
    with database.connect() as connection:
        assert fail(connection, "SELECT pg_terminate_backend(pg_backend_pid())") is Fault.CONNECTION


def test_a_server_that_is_not_there_may_come_back() -> None:
    engine = connect_engine(read_database_url("postgresql:///news?host=/nowhere/at/all"))
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what is asked
        engine.connect()
    assert sort_error(caught.value) is Fault.CONNECTION


def test_a_database_that_does_not_exist_never_will(database: Engine) -> None:
    engine = connect_engine(database.url.set(database="nowhere"))
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what is asked
        engine.connect()
    assert sort_error(caught.value) is Fault.SYSTEMIC


def test_a_full_server_has_room_again_soon(database: Engine) -> None:
    with database.connect() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0'))
        connection.execute(text("CREATE ROLE crowd LOGIN"))
        connection.execute(text(f'GRANT CONNECT ON DATABASE "{name}" TO crowd'))
        connection.commit()
    try:
        engine = connect_engine(database.url.set(username="crowd"))
        with pytest.raises(Exception, match="too many connections") as caught:
            engine.connect()
        assert sort_error(caught.value) is Fault.CONNECTION
    finally:
        with database.begin() as connection:
            connection.execute(text("DROP OWNED BY crowd"))
            connection.execute(text("DROP ROLE crowd"))
