"""What a database error means, by its SQLSTATE: wait, try again, blame one row, or give up."""

from enum import StrEnum

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, StatementError

from newsrust_spider.database.engine import DatabaseUnusableError, explain_error


class Fault(StrEnum):
    """Whose fault an error is, and so what helps."""

    CONNECTION = "connection"
    """The server is away: it may come back."""
    TRANSACTION = "transaction"
    """Another transaction was in the way: the same once more may pass."""
    POISON = "poison"
    """A row is refused: its neighbours are not."""
    SYSTEMIC = "systemic"
    """Nothing will pass: no table, no right, no room."""


class LockLostError(DatabaseUnusableError):
    """The site's lock went with its connection, and somebody else holds it now."""


# Classes and codes of the Postgres manual, appendix A. 08: connection exception; 57P01 to 57P03:
# shut down, crashed, starting up.
_CONNECTION = ("08", "57P01", "57P02", "57P03")
# Serialization failure, deadlock, lock not available, query cancelled (a timeout).
_TRANSACTION = ("40001", "40P01", "55P03", "57014")
# 22 data exception, 23 integrity violation; 54000 too large for an index or a tsvector, 54001
# nested too deep.
_POISON = ("22", "23", "54000", "54001")
# A server that refuses a connection says why only in words: psycopg2 has no SQLSTATE then.
_REFUSED = "FATAL:"
_WILL_PASS = (
    "starting up",
    "shutting down",
    "in recovery mode",
    "not yet accepting connections",
    "too many clients",
    "too many connections",
    "connection slots",
    "terminating connection",
)


def sort_error(error: BaseException) -> Fault:
    """Return whose fault ``error`` is.

    SQLAlchemy passes psycopg2's ValueError (a NUL in a string) and UnicodeEncodeError (a lone
    surrogate) on as they are.

    >>> sort_error(ValueError("A string literal cannot contain NUL (0x00) characters."))
    <Fault.POISON: 'poison'>
    >>> sort_error(KeyError("a defect"))
    <Fault.SYSTEMIC: 'systemic'>
    """
    if isinstance(error, LockLostError):
        return Fault.CONNECTION
    if isinstance(error, DBAPIError):
        return _sort_state(error)
    return Fault.POISON if isinstance(error, ValueError) else Fault.SYSTEMIC


def _sort_state(error: DBAPIError) -> Fault:
    state = getattr(error.orig, "pgcode", None)
    if state is None:
        return _sort_words(error)
    for fault, states in (
        (Fault.CONNECTION, _CONNECTION),
        (Fault.TRANSACTION, _TRANSACTION),
        (Fault.POISON, _POISON),
    ):
        if state.startswith(states):
            return fault
    return Fault.SYSTEMIC


def _sort_words(error: DBAPIError) -> Fault:
    said = str(error.orig)
    if _REFUSED in said and not any(words in said for words in _WILL_PASS):
        return Fault.SYSTEMIC
    lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return Fault.CONNECTION if lost else Fault.SYSTEMIC


def explain_poison(error: Exception) -> str:
    """Return one line on what the row did, without the row itself."""
    if isinstance(error, StatementError):
        return explain_error(error)
    return type(error).__name__
