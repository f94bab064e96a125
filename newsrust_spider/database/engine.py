"""The way into the database: its URL, its connections, and what a usable server is."""

from urllib.parse import unquote

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

OLDEST_SERVER = 15
HIGHEST_PORT = 65535
_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg2")
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

# Seconds and milliseconds, as libpq and Postgres take them. A dead network is noticed within
# half a minute, not after the two hours of the kernel's default. A statement takes 20 s at most,
# so that a crawl that is told to end during one has ended within 30 s.
_CONNECT = {
    "application_name": "newsrust",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "options": "-c timezone=UTC -c statement_timeout=20000 -c lock_timeout=10000"
    " -c idle_in_transaction_session_timeout=60000",
}


class DatabaseUnusableError(Exception):
    """The database cannot be used at all; the text is one line that names the remedy."""


def read_database_url(address: str) -> URL:
    """Return the URL of a Postgres database for psycopg2, whatever spelling it came in.

    Raises ValueError with the remedy, and never with the password.

    >>> read_database_url("postgres://me:secret@localhost/news").render_as_string()
    'postgresql+psycopg2://me:***@localhost/news'
    """
    scheme, found, rest = address.strip().partition("://")
    if scheme not in _SCHEMES or not found:
        raise ValueError("DATABASE_URL must read postgresql://user:password@host/database")
    if not unquote(rest).isprintable():
        # psycopg2 refuses a NUL with a stack; nothing else of the kind is ever meant.
        raise ValueError("DATABASE_URL holds a line end or another sign that cannot be seen")
    if rest.partition("/")[0].count("@") > 1:
        raise ValueError("DATABASE_URL: the password must be percent-encoded (@ is %40)")
    try:
        url = make_url(address.strip()).set(drivername="postgresql+psycopg2")
        if url.port is not None and not 0 < url.port <= HIGHEST_PORT:
            raise ValueError
    except (ArgumentError, ValueError):
        raise ValueError("DATABASE_URL: host or port cannot be read") from None
    if not url.database:
        raise ValueError("DATABASE_URL names no database: put /name at its end")
    # SQLAlchemy lets ours win without a word.
    ours = sorted(_CONNECT.keys() & url.query.keys())
    if ours:
        raise ValueError(f"DATABASE_URL: leave out {', '.join(ours)}, which newsrust sets itself")
    _check_transport(url)
    return url


def _check_transport(url: URL) -> None:
    if url.query.get("sslmode", "prefer") not in _SSL_MODES:
        # libpq's own words would quote what stands there.
        raise ValueError(f"DATABASE_URL: sslmode must be one of {', '.join(_SSL_MODES)}")
    # libpq's default, sslmode=prefer, falls back to plain text without a word.
    host = url.query.get("host", url.host or "")
    hosts = [host] if isinstance(host, str) else list(host)
    local = all(not name or name.startswith("/") or name in _LOCAL_HOSTS for name in hosts)
    if not local and url.query.get("sslmode") not in ("verify-full", "disable"):
        raise ValueError(
            "DATABASE_URL: add ?sslmode=verify-full&sslrootcert=FILE for a remote server "
            "(or sslmode=disable on a private network)"
        )


def connect_engine(url: URL) -> Engine:
    """Return an engine for ``url``; it connects at its first use."""
    return create_engine(
        url,
        connect_args=_CONNECT,
        pool_size=2,
        max_overflow=2,
        pool_pre_ping=True,
        # Whatever the database's default is: under repeatable read two crawls of two sites that
        # meet in one table would end with "could not serialize".
        isolation_level="READ COMMITTED",
        # Errors would quote the parameters, that is whole article bodies, into the log.
        hide_parameters=True,
    )


def explain_error(error: SQLAlchemyError) -> str:
    """Return what the database said, in one line and without a statement or a parameter."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__


def check_server(connection: Connection) -> None:
    """Raise DatabaseUnusableError unless the server can hold our tables and take writes."""
    version, encoding, recovering, readonly = connection.execute(
        text(
            "SELECT current_setting('server_version_num')::int / 10000,"
            " current_setting('server_encoding'), pg_is_in_recovery(),"
            " current_setting('default_transaction_read_only')"
        )
    ).one()
    if version < OLDEST_SERVER:
        raise DatabaseUnusableError(f"Postgres {version} is too old: {OLDEST_SERVER} or newer")
    if encoding != "UTF8":
        raise DatabaseUnusableError(f"the database is in {encoding}: create it with UTF8")
    if recovering or readonly == "on":
        raise DatabaseUnusableError("the database is read-only: name the primary server")
