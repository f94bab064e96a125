"""A connection to a database of its own."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine


@pytest.fixture
def connection(database: Engine) -> Iterator[Connection]:
    """Give a connection in one transaction."""
    with database.begin() as connection:
        yield connection
