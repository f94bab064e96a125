"""The spider's arguments: what ``-a name=value`` may say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from newsrust_spider.blogger.site import Site
from newsrust_spider.coverage.windows import BEGINNING

DEFAULT_SITE = "https://www.newsrust.com"


@dataclass(frozen=True, slots=True)
class Arguments:
    """A crawl as its caller asked for it.

    ``since`` is the oldest change that is wanted, ``limit`` the most posts to take (None: all).
    """

    site: Site
    since: datetime = BEGINNING
    limit: int | None = None

    @classmethod
    def parse(cls, given: Mapping[str, str], now: datetime) -> Self:
        """Return the arguments in ``given``; ValueError with the remedy, one line.

        >>> Arguments.parse({"sinse": "2024-01-01"}, datetime.now(UTC))
        Traceback (most recent call last):
        ...
        ValueError: unknown argument 'sinse': there are site, since and limit
        """
        unknown = sorted(set(given) - {"site", "since", "limit"})
        if unknown:
            raise ValueError(f"unknown argument {unknown[0]!r}: there are site, since and limit")
        return cls(
            site=Site.parse(given.get("site", DEFAULT_SITE)),
            since=_read_since(given["since"], now) if "since" in given else BEGINNING,
            limit=_read_limit(given["limit"]) if "limit" in given else None,
        )


def _read_since(text: str, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"since={text}: write a date like 2022-01-01") from None
    since = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not BEGINNING <= since <= now:
        raise ValueError(f"since={text}: write a date between 1970 and today")
    return since


def _read_limit(text: str) -> int:
    # isdecimal: int() takes "1_000", blanks and other scripts' digits too.
    if not (text.isascii() and text.isdecimal() and int(text[:9]) > 0 and len(text) <= 9):  # noqa: PLR2004
        raise ValueError(f"limit={text}: write how many posts at most, like 500")
    return int(text)
