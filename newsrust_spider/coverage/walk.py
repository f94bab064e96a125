"""How a walk through a feed goes on: by key, newest first, as pure decisions.

Pages are asked for by the time of the last entry received, not by offset: offsets shift while
posts appear. Entries that share that time are read again. A server that ignores the bound is
noticed by our own comparison, and walked by offset.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from newsrust_spider.coverage.windows import BEGINNING, Window

TICK = timedelta(milliseconds=1)
"""The precision of Blogger's times. ``updated-max`` is exclusive: a tick later includes a tie."""

Order = Literal["updated", "published"]


class OutOfOrderError(ValueError):
    """A page whose entries do not come newest first, as was asked for."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk stands: the next page to ask for, and what is left to cover.

    ``holes`` are the windows to walk, newest first; ``bound`` is the exclusive upper end of the
    next page (None: from the newest on), ``start_index`` its 1-based offset below that.
    ``reached`` is how far down all pages so far prove the site covered. A walk in the order of
    ``published`` proves nothing before its end.
    """

    order: Order
    holes: tuple[Window, ...]
    reached: datetime
    bound: datetime | None = None
    start_index: int = 1
    by_offset: bool = False

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to ask for."""
        return not self.holes

    def wants(self, moment: datetime) -> bool:
        """Tell whether a post of that time is in a hole; what is newer than all holes is news."""
        if self.order == "published" or not self.holes or moment > self.holes[0].until:
            return True
        return any(hole.reached < moment <= hole.until for hole in self.holes)

    def after(self, moments: Sequence[datetime], received: int) -> "Walk":
        """Return the walk after a page with ``received`` entries, ``moments`` their times.

        Entries whose time could not be read are in ``received`` only. Raises OutOfOrderError.
        """
        if not received:
            return replace(self, holes=(), reached=self._floor)
        onward = replace(self, start_index=self.start_index + _step(received))
        if self.order == "published" and self.by_offset:
            return onward
        if any(older > newer for newer, older in pairwise(moments)):
            raise OutOfOrderError(f"the feed does not come in the order of {self.order!r}")
        if self.bound is not None and moments and moments[0] >= self.bound:
            onward = replace(onward, by_offset=True, bound=None)
        return onward.down_to(moments[-1]) if moments else onward

    def without_order(self) -> "Walk":
        """Return this walk by offset alone, to the end, for a feed that comes in no order."""
        return replace(self, by_offset=True, bound=None, start_index=1)

    @property
    def _floor(self) -> datetime:
        return self.holes[-1].reached if self.holes else self.reached

    def down_to(self, lowest: datetime) -> "Walk":
        """Return the walk after a page whose last entry is of the time ``lowest``."""
        left = tuple(hole for hole in self.holes if hole.reached < lowest)
        if not left:
            return replace(self, holes=(), reached=self._floor)
        if self.order == "published":
            return self.at_bound(lowest + TICK)
        # What lies between two holes is covered: the next hole begins below it.
        top = min(lowest, left[0].until)
        return replace(self, holes=left, reached=top).at_bound(top + TICK)

    def at_bound(self, bound: datetime) -> "Walk":
        """Return the walk from ``bound`` down, or by offset where the bound does not move."""
        if self.by_offset or (self.bound is not None and bound >= self.bound):
            return self
        return replace(self, bound=bound, start_index=1)


def _step(received: int) -> int:
    # By offset a page begins with the last entry of the one before, which shows that none is lost.
    return max(received - 1, 1)


def walk_changes(holes: Sequence[Window], until: datetime) -> Walk:
    """Return the walk that fills ``holes`` (newest first), newest change first."""
    newest = bool(holes) and holes[0].until >= until
    return Walk(
        order="updated",
        holes=tuple(holes),
        reached=holes[0].until if holes else until,
        bound=None if newest or not holes else holes[0].until + TICK,
    )


def walk_everything(until: datetime) -> Walk:
    """Return the walk through all posts in the order of ``published``, without an early stop."""
    return Walk(order="published", holes=(Window(BEGINNING, until),), reached=until)
