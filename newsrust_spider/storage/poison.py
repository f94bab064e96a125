"""Poison rows: a row that the database refuses stands alone, and its batch goes on without it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from newsrust_spider.database.errors import Fault, explain_poison, sort_error

T = TypeVar("T")
R = TypeVar("R")


def keep_apart(
    connection: Connection,
    work: Callable[[list[T]], Sequence[R]],
    batch: list[T],
    refuse: Callable[[str], R],
) -> list[R]:
    """Return what ``work`` makes of each of ``batch``, or what ``refuse`` makes of the refusal.

    A batch that is refused for one of its rows is halved until that row stands alone, each half
    within a savepoint. Raises whatever is not the fault of a row. Measured on 25 rows with one
    poison row: nine savepoints in place of one.
    """
    try:
        with connection.begin_nested():
            return list(work(batch))
    except Exception as error:
        if sort_error(error) is not Fault.POISON:
            raise
        if len(batch) == 1:
            return [refuse(explain_poison(error))]
    middle = len(batch) // 2
    halves = batch[:middle], batch[middle:]
    return [end for half in halves for end in keep_apart(connection, work, half, refuse)]
