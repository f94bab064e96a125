"""Patience with the database: a transaction that failed by no fault of its own is run again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from newsrust_spider.database.engine import explain_error
from newsrust_spider.database.errors import Fault, sort_error

logger = logging.getLogger("newsrust")

T = TypeVar("T")

OUTAGE = 60.0
"""Seconds that a server may be away in the middle of a crawl: a restart takes less."""
ARRIVAL = 20.0
"""Seconds that it may be away when the crawl begins: it may start with the machine."""
_HURRY = text("SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '5s'")
"""For what is begun after the end has: several batches may wait for the same lock in turn."""
RETRIES = 3
"""How often a transaction is run again that others were in the way of."""


def never() -> bool:
    """Tell that nobody waits for an end."""
    return False


@dataclass(frozen=True, slots=True)
class Patience:
    """Runs transactions, for as long as it may still help.

    ``outage`` is how many seconds the server may be away; ``hurried`` tells whether to give up
    waiting, as when the crawl is to end.
    """

    outage: float = OUTAGE
    hurried: Callable[[], bool] = never

    def run(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` makes of a connection in a transaction, after its commit.

        ``work`` may run more than once, each time in a new transaction, and after a commit whose
        answer was lost: it must be idempotent. Raises what the last attempt raised.
        """

        def once() -> T:
            with engine.begin() as connection:
                if self.hurried():
                    connection.execute(_HURRY)
                return work(connection)

        return self.call(once)

    def call(self, attempt: Callable[[], T]) -> T:
        """Return what ``attempt`` returns at last; raises what it raised at last."""
        retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            # Jitter: what was thrown out together must not come back together.
            wait=wait_random_exponential(multiplier=0.1, max=3),
            stop=self._is_over,
            before_sleep=self._tell,
            reraise=True,
        )
        return retrying(attempt)

    def _is_over(self, state: RetryCallState) -> bool:
        if self.hurried():
            return True
        if _fault_of(state) is Fault.TRANSACTION:
            return state.attempt_number > RETRIES
        return (state.seconds_since_start or 0.0) > self.outage

    def _tell(self, state: RetryCallState) -> None:
        if state.attempt_number == 1 and _fault_of(state) is Fault.CONNECTION:
            said = _explain(_error_of(state))
            logger.warning("the database is away, waiting up to %d s: %s", self.outage, said)


def _may_pass(error: BaseException) -> bool:
    return sort_error(error) in {Fault.CONNECTION, Fault.TRANSACTION}


def _error_of(state: RetryCallState) -> BaseException:
    error = state.outcome.exception() if state.outcome else None
    assert error is not None, "tenacity asks only after a failure"  # noqa: S101
    return error


def _fault_of(state: RetryCallState) -> Fault:
    return sort_error(_error_of(state))


def _explain(error: BaseException) -> str:
    return explain_error(error) if isinstance(error, SQLAlchemyError) else str(error)
