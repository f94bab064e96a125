"""A feed's dates and times."""

import re
from datetime import UTC, datetime, timedelta

from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.reasons import Reason

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
FUTURE = timedelta(hours=48)
"""How far ahead of the site's clock a date may lie: every zone, and a day of grace."""

# The hours are named: from Python 3.14 on fromisoformat takes 24:00 for the next day.
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)


def read_moment(text: str, seen_at: datetime) -> datetime:
    """Return a feed's date and time in UTC; one without an offset is taken as UTC.

    Raises UnreadableEntryError: ``bad_date`` where it is not an RFC 3339 moment between 1970
    and 9999, ``future_date`` where it lies over 48 hours after ``seen_at``, the site's clock.

    >>> read_moment("2022-06-21T18:16:00.005-07:00", datetime.now(UTC)).isoformat()
    '2022-06-22T01:16:00.005000+00:00'
    """
    text = text.strip()
    leap = text[16:19] == ":60"
    plain = f"{text[:16]}:59{text[19:]}" if leap else text
    try:
        if not _MOMENT.fullmatch(plain):
            raise ValueError  # fromisoformat would take week dates and the like
        moment = datetime.fromisoformat(plain)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableEntryError(Reason.BAD_DATE, f"{text[:40]!r} is not a date") from None
    if moment < EARLIEST:
        raise UnreadableEntryError(Reason.BAD_DATE, f"{text[:40]!r} is before 1970")
    if moment > seen_at + FUTURE:
        raise UnreadableEntryError(Reason.FUTURE_DATE, f"{text[:40]!r} is in the future")
    return moment + timedelta(seconds=1) if leap else moment
