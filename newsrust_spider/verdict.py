"""How a crawl ends, and why: the first cause counts.

The breaker ends one before its time: a crawl that rejects too much has met a change of the site,
not bad posts.
"""

from dataclasses import dataclass
from enum import IntEnum

from newsrust_spider.reasons import Reason

MOST_SHARE = 0.2
FEWEST = 10
"""Rejected posts below which a share says nothing: a crawl of an hour sees a handful of posts."""

NORMAL = frozenset({Reason.EMPTY_BODY, Reason.GONE})
"""What a site always has some of, however long the crawl: posts of pictures only, deleted posts.
Many of them at once are a change of the site too, so the share counts them."""

_STOPS = {
    "shutdown": "it was interrupted",
    "closespider_timeout": "its time limit was reached",
    "memusage_exceeded": "its memory limit was reached",
}


class Exit(IntEnum):
    """What the end of a crawl tells cron and systemd.

    After sysexits.h, where it has a word for it.
    """

    COMPLETE = 0
    INCOMPLETE = 1
    USAGE = 2
    UNUSABLE = 69
    DEFECT = 70
    BUSY = 75


@dataclass(frozen=True, slots=True)
class Verdict:
    """The exit status of a crawl, and one line that says why."""

    status: Exit
    reason: str = ""

    @property
    def outcome(self) -> str:
        """The word of it in the ledger: complete, incomplete or failed."""
        if self.status is Exit.COMPLETE:
            return "complete"
        return "incomplete" if self.status is Exit.INCOMPLETE else "failed"


def judge_end(
    finish_reason: str, errand: Verdict | None, *, settled: bool, errors: int = 0
) -> Verdict:
    """Return the verdict on a crawl in which nothing failed.

    ``finish_reason`` is Scrapy's; ``errand`` is what the errand came to, None where it did not
    come to its end; ``settled`` tells whether every post seen has an outcome; ``errors`` how many
    were logged, as by a signal's receiver that raised.

    >>> judge_end("finished", Verdict(Exit.COMPLETE), settled=True).outcome
    'complete'
    >>> judge_end("shutdown", None, settled=True).reason
    'it was interrupted'
    """
    if finish_reason in _STOPS:
        return Verdict(Exit.INCOMPLETE, _STOPS[finish_reason])
    defects = {
        f"the spider was closed: {finish_reason}": finish_reason != "finished",
        "posts were seen that have no outcome": not settled,
        "errors were logged": errors > 0,
    }
    for defect, found in defects.items():
        if found:
            return Verdict(Exit.DEFECT, defect)
    return errand or Verdict(Exit.DEFECT, "the errand did not come to its end")


def find_breach(rejected: int, odd: int, seen: int, most: int) -> str:
    """Return why a crawl has to stop that rejected so many of the posts it saw, "" if it has not.

    ``seen`` counts the posts of all pages that were walked: those that have no outcome yet, too,
    since a post is refused long before the page of its neighbour has come. ``odd`` are the
    rejected posts whose reason is not `NORMAL`; a crawl may have ``most`` of them, whatever their
    share.

    >>> find_breach(3, 3, 5, most=50), find_breach(1_500, 50, 300_000, most=50)
    ('', '')
    >>> find_breach(11, 0, 50, most=50)
    '11 of 50 posts were rejected, over 20%: see `scrapy rejected`'
    >>> find_breach(51, 51, 10_000, most=50)
    '51 posts were rejected, over 50: see `scrapy rejected`, or raise NEWSRUST_MOST_REJECTED'
    """
    if rejected >= FEWEST and rejected > seen * MOST_SHARE:
        return (
            f"{rejected} of {seen} posts were rejected, over {MOST_SHARE:.0%}:"
            " see `scrapy rejected`"
        )
    if odd > most:
        return (
            f"{odd} posts were rejected, over {most}: see `scrapy rejected`,"
            " or raise NEWSRUST_MOST_REJECTED"
        )
    return ""
