"""The kinds of column that the tables are made of, each with its comment."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Integer,
    Text,
    text,
)


def key() -> Column[int]:
    """Return the identity column of a table."""
    return Column("id", BigInteger, Identity(always=True), primary_key=True, comment="Our own key.")


def moment(name: str, comment: str, *, nullable: bool = True) -> Column[object]:
    """Return a column for a moment, with its time zone."""
    return Column(name, DateTime(timezone=True), nullable=nullable, comment=comment)


def words(name: str, comment: str, *, default: str | None = "") -> Column[str]:
    """Return a text column; empty unless ``default`` is None: then it must be given."""
    server_default = None if default is None else text(f"'{default}'")
    return Column(name, Text, nullable=False, server_default=server_default, comment=comment)


def number(name: str, comment: str) -> Column[int]:
    """Return a column that counts from 0."""
    return Column(name, Integer, nullable=False, server_default=text("0"), comment=comment)


def word_list(name: str, comment: str) -> Column[list[str]]:
    """Return a column for a list of texts."""
    empty = text("'{}'")
    return Column(name, ARRAY(Text), nullable=False, server_default=empty, comment=comment)


def sane(column: str) -> CheckConstraint:
    """Return a check on a date: Postgres takes others, which then break readers in Python."""
    return CheckConstraint(f"{column} >= '1970-01-01 UTC' AND {column} < '10000-01-01 UTC'", column)
