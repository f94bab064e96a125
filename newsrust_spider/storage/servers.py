"""Which database: the one that is configured, or else the embedded server."""

from pathlib import Path

from sqlalchemy import Engine

from newsrust_spider.database.embedded import EmbeddedServer, default_home
from newsrust_spider.database.engine import connect_engine, read_database_url
from newsrust_spider.storage.migrate import migrate


def embedded_server(home: str) -> EmbeddedServer:
    """Return the embedded server with its files under ``home``, "" for the usual place."""
    return EmbeddedServer(Path(home) if home else default_home())


def open_database(address: str, home: str) -> Engine:
    """Return an engine for ``address``, or for the embedded server, started and migrated.

    A database of the user's own is never migrated unasked. Raises ValueError for an address
    that is none, DatabaseUnusableError where there is no server to start.
    """
    if address:
        return connect_engine(read_database_url(address))
    engine = connect_engine(embedded_server(home).start())
    migrate(engine)
    return engine
