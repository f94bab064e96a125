"""What the caller of a crawl asks for."""

from dataclasses import dataclass
from datetime import datetime

from newsrust_spider.coverage.windows import BEGINNING


@dataclass(frozen=True, slots=True)
class Order:
    """News: no change older than ``since``, at most ``limit`` new posts (None: all of them)."""

    since: datetime = BEGINNING
    limit: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of the blog is asked for: else totals cannot be compared."""
        return self.since == BEGINNING and self.limit is None


WHOLE = Order()


@dataclass(frozen=True, slots=True)
class AuditOrder:
    """An audit, of no change older than ``since``.

    With ``heal`` it fetches what is not held as the site has it. With ``purge`` it looks at each
    post that is listed no more, however many they are.
    """

    since: datetime = BEGINNING
    heal: bool = False
    purge: bool = False
