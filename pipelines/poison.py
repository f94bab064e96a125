"""Poison rows: a row that the database refuses is set aside, and its batch is stored without it.

Measured on 25 rows with one poison row: nine transactions in place of one.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.storage.errors import Fault, explain_poison, sort_error

T = TypeVar("T")
R = TypeVar("R")


class PoisonRow(PostSetAside):
    """The database refuses this very row, whatever else is in its batch."""

    reason = "poison_row"


def keep_apart(work: Callable[[list[T]], Sequence[R]], batch: list[T]) -> list[R | PoisonRow]:
    """Return what ``work``, one transaction, makes of each item, or PoisonRow for the item.

    A batch that is refused for one of its rows is halved until that row stands alone. Raises
    whatever is not the fault of a row.
    """
    try:
        return list(work(batch))
    except Exception as error:
        if sort_error(error) is not Fault.POISON:
            raise
        if len(batch) == 1:
            return [PoisonRow(explain_poison(error))]
    middle = len(batch) // 2
    return [*keep_apart(work, batch[:middle]), *keep_apart(work, batch[middle:])]
