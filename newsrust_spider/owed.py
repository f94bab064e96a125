"""What could not be had, and when it is asked for again: a back-off that counts crawls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOST_CRAWLS = 3
"""Crawls that end incomplete for it; then it is a rejected post."""
LONGEST = timedelta(hours=24)
"""The same as a time: a daily crawl does not wait for three days."""
YOUTH = timedelta(minutes=15)
"""How long after a change the cache of a post's page may still show the text before it."""


class Lack(StrEnum):
    """What we lack of a post that is owed."""

    POST = "post"
    """Its text: no answer brought it."""
    SIGN = "sign"
    """A sign of life: a list shows it, and its own addresses answer that it is gone."""
    PROOF = "proof"
    """Nothing but the proof that its page, which is stored, is not older than its last change."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A post that the site named and did not give.

    ``post_id`` is its number, or its address where no number is known. ``updated`` is its last
    change as it was named, the BEGINNING where none was named. ``since`` is the site's time when
    it was first missed, ``crawls`` how many crawls have left it owed; ``reason`` says why.
    """

    post_id: str
    permalink: str
    updated: datetime
    reason: str
    since: datetime
    crawls: int = 1
    lack: Lack = Lack.POST


def is_due(owed: Owed, now: datetime) -> bool:
    """Tell whether a crawl at ``now`` asks for it: the next one does, the one after it waits.

    Crawls are counted, and not minutes: an hourly cron and a hand that runs it twice both heal.
    What no crawl waits for any longer is asked for at once; what is too young waits for its time.

    >>> from datetime import UTC
    >>> then = datetime(2026, 1, 1, tzinfo=UTC)
    >>> owed = [Owed("1", "", then, "sick", then, crawls) for crawls in range(1, 9)]
    >>> [one.crawls for one in owed if is_due(one, then)]
    [1, 3, 4, 5, 6, 7, 8]
    """
    if owed.lack is Lack.PROOF:
        return not is_young(owed.updated, now)
    return owed.crawls != MOST_CRAWLS - 1 or is_spent(owed, now)


def is_spent(owed: Owed, now: datetime) -> bool:
    """Tell whether the patience with it is over: asked in vain once more, it is rejected."""
    return owed.crawls >= MOST_CRAWLS or now - owed.since >= LONGEST


def is_young(updated: datetime, date: datetime) -> bool:
    """Tell whether a page that came at ``date`` may be older than the change that a list names."""
    return date - updated < YOUTH
