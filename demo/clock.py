"""Moments: kept in UTC with milliseconds, shown in the blog's own time zone."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BLOG_ZONE = ZoneInfo("America/New_York")


def real_now() -> datetime:
    """Give the real moment, to the millisecond below."""
    return whole_milliseconds(datetime.now(UTC))


def whole_milliseconds(moment: datetime) -> datetime:
    """Drop what is finer than a millisecond."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def wire_time(moment: datetime) -> str:
    """Write a moment as feeds do: ``2022-06-21T18:16:00.005-04:00``."""
    return moment.astimezone(BLOG_ZONE).isoformat(timespec="milliseconds")


def page_time(moment: datetime) -> str:
    """Write a moment as pages do: without milliseconds."""
    return moment.astimezone(BLOG_ZONE).isoformat(timespec="seconds")


def sitemap_time(moment: datetime) -> str:
    """Write a moment as sitemaps do: in UTC, ``2015-04-14T22:22:03Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(text: str) -> datetime:
    """Read a moment of a query; one without a zone is taken as UTC. ValueError if unreadable."""
    # A plus sign that was not percent-encoded arrives as a blank.
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Clock:
    """Gives the real moment, each a millisecond later than the one before at the least."""

    def __init__(self) -> None:
        """Start in the past of all posts."""
        self.last = datetime.min.replace(tzinfo=UTC)

    def tick(self) -> datetime:
        """Give the present moment; where this millisecond is taken, wait for the next one."""
        while (now := real_now()) <= self.last:
            time.sleep(0.0002)
        self.last = now
        return now
