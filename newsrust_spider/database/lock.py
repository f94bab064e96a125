"""The locks that keep two crawls of one site, or of one blog, apart, across all hosts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from newsrust_spider.database.errors import LockLostError


class SiteBusyError(Exception):
    """Another crawl of the same site, or of the same blog, holds its lock."""


class SiteLock:
    """The one lock of a site: held for as long as a connection of its own lives.

    The server frees it when the process dies, however it dies. Once the blog is known that the
    site serves, the blog's lock is held with it: a blog may have several sites.
    """

    def __init__(self, engine: Engine, site: str) -> None:
        """Begin without the lock of ``site``."""
        self._engine = engine
        self._site = site
        self._busy = {site: f"another crawl of {site} is running"}
        self._connection: Connection | None = None
        self._turn = threading.Lock()
        self.times_taken = 0

    def take(self) -> None:
        """Take the lock; raises SiteBusyError where it is held, and the database's own errors."""
        connection = _connect(self._engine)
        try:
            for name, busy in self._busy.items():
                _take(connection, name, busy)
        except (DBAPIError, SiteBusyError):
            connection.close()
            raise
        self._connection = connection
        self.times_taken += 1

    def take_also(self, name: str, busy: str) -> None:
        """Take the lock ``name`` too, for as long as the first: they are lost and had together.

        Raises SiteBusyError, with the words ``busy``, where it is held by another crawl.
        """
        if name not in self._busy:
            with self.connection() as connection:
                _take(connection, name, busy)
            self._busy[name] = busy

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Give the connection that holds the lock, to one thread at a time."""
        with self._turn:
            if self._connection is None:
                raise LockLostError(f"the lock of {self._site} is lost")
            yield self._connection

    def keep(self) -> None:
        """Make sure that the lock is held; one that went with its connection is taken anew.

        Raises LockLostError where another session has it: another crawl, or for some moments
        our own former session, which the server has not yet given up.
        """
        with self._turn:
            if self._connection is None or not _is_alive(self._connection):
                self.release()
                try:
                    self.take()
                except SiteBusyError as error:
                    raise LockLostError(f"the lock was lost: {error}") from None

    def release(self) -> None:
        """Let go of the lock."""
        if self._connection is not None:
            if _is_alive(self._connection):
                # The server's end of a session outlives ours by a moment: whoever comes next
                # must not find the site busy.
                self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
            self._connection.close()
            self._connection = None


def _is_alive(connection: Connection) -> bool:
    # SQLAlchemy connects anew, and without the lock, where a connection was lost before.
    if connection.invalidated:
        return False
    try:
        connection.execute(text("SELECT 1"))
    except DBAPIError:
        return False
    return True


def _take(connection: Connection, name: str, busy: str) -> None:
    if not take_lock(connection, name):
        raise SiteBusyError(busy)


def _connect(engine: Engine) -> Connection:
    # Autocommit: the server ends a session that idles in a transaction, and its lock with it.
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    # Detached: in the pool it would live on, with the lock, after it is closed.
    connection.detach()
    return connection


def take_lock(connection: Connection, name: str) -> bool:
    """Take a lock by ``name`` for as long as ``connection`` lives; tell whether it was free."""
    taken = text("SELECT pg_try_advisory_lock(hashtextextended('newsrust:' || :name, 0))")
    return bool(connection.scalar(taken, {"name": name}))


def lock_until_commit(connection: Connection, name: str) -> bool:
    """Take it until the transaction ends; tell whether it was free."""
    taken = text("SELECT pg_try_advisory_xact_lock(hashtextextended('newsrust:' || :name, 0))")
    return bool(connection.scalar(taken, {"name": name}))
