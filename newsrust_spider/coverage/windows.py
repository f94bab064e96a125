"""What no crawl has covered yet: intervals of Blogger's ``updated``, as pure functions.

A crawl that starts at ``until`` and walks ``orderby=updated`` down to ``reached`` has seen every
change in the window ``(reached, until]``. What the windows of all crawls leave open are the
holes that the next crawl fills.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Before every post: Blogger opened in 1999, and ``updated`` is set by its own clock."""

OVERLAP = timedelta(minutes=5)
"""How much before the site's own time a window ends: an edit becomes visible in a feed some time
after its own ``updated``, when the caches of several servers have let go of it."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The changes with ``reached < updated <= until``; both moments are aware.

    >>> Window(BEGINNING, BEGINNING)
    Traceback (most recent call last):
    ...
    ValueError: an empty window: 1970-01-01T00:00:00+00:00 is not before 1970-01-01T00:00:00+00:00
    """

    reached: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse a window that holds nothing (ValueError)."""
        if self.reached >= self.until:
            message = f"an empty window: {self.reached.isoformat()} is not before " + (
                self.until.isoformat()
            )
            raise ValueError(message)


def merge_windows(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the union of ``windows`` as disjoint windows that do not touch, oldest first.

    >>> from datetime import timedelta
    >>> day = lambda n: BEGINNING + timedelta(days=n)
    >>> len(merge_windows([Window(day(0), day(2)), Window(day(2), day(3)), Window(day(5), day(6))]))
    2
    """
    merged: list[Window] = []
    for window in sorted(windows):
        if merged and window.reached <= merged[-1].until:
            last = merged.pop()
            merged.append(Window(last.reached, max(last.until, window.until)))
        else:
            merged.append(window)
    return tuple(merged)


def find_holes(
    covered: Iterable[Window], until: datetime, *, since: datetime = BEGINNING
) -> tuple[Window, ...]:
    """Return what ``covered`` leaves open of ``(since, until]``, newest first.

    >>> from datetime import timedelta
    >>> day = lambda n: BEGINNING + timedelta(days=n)
    >>> [(h.reached.day, h.until.day) for h in find_holes([Window(day(3), day(6))], day(9))]
    [(7, 10), (1, 4)]
    """
    holes: list[Window] = []
    top = until
    for window in reversed(merge_windows(covered)):
        if window.until < top and max(window.until, since) < top:
            holes.append(Window(max(window.until, since), top))
        top = min(top, window.reached)
    if since < top:
        holes.append(Window(since, top))
    return tuple(holes)
