"""What a database error means for the rows that raised it, by its SQLSTATE."""

from sqlalchemy.exc import DBAPIError, StatementError

from newsrust_spider.storage.database import explain_error

POISON_ERRORS = (StatementError, ValueError)
"""What a poison row can raise. SQLAlchemy passes psycopg2's ValueError (a NUL in a string) and
UnicodeEncodeError (a lone surrogate) on as they are."""

# Class 22 data exception, 23 integrity violation; 54000 a value too large for an index or a
# tsvector, 54001 nested too deep (Postgres manual, appendix A).
_POISON_STATES = ("22", "23", "54000", "54001")


def is_poison(error: Exception) -> bool:
    """Tell whether ``error`` is the fault of a row, not of the database.

    >>> is_poison(ValueError("A string literal cannot contain NUL (0x00) characters."))
    True
    """
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "pgcode", None) or ""
        return state.startswith(_POISON_STATES)
    return isinstance(error, ValueError)


def explain_poison(error: Exception) -> str:
    """Return one line on what the row did, without the row itself."""
    if isinstance(error, StatementError):
        return explain_error(error)
    return type(error).__name__
