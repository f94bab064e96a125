"""The breaker: a crawl that rejects too much has met a change of the site, not bad posts."""

MOST_SHARE = 0.2
FEWEST = 10
"""Rejected posts below which a share says nothing: a crawl of an hour sees a handful of posts."""


def find_breach(rejected: int, seen: int, most: int) -> str:
    """Return why a crawl has to stop that rejected so many of the posts it saw, "" if it has not.

    ``most`` is how many it may reject, whatever their share.

    >>> find_breach(3, 5, most=50), find_breach(50, 10_000, most=50)
    ('', '')
    >>> find_breach(11, 50, most=50)
    '11 of 50 posts were rejected, over 20%: see `scrapy rejected`'
    >>> find_breach(51, 10_000, most=50)
    '51 posts were rejected, over 50: see `scrapy rejected`, or raise NEWSRUST_MOST_REJECTED'
    """
    if rejected > most:
        return (
            f"{rejected} posts were rejected, over {most}: see `scrapy rejected`,"
            " or raise NEWSRUST_MOST_REJECTED"
        )
    if rejected >= FEWEST and rejected > seen * MOST_SHARE:
        return (
            f"{rejected} of {seen} posts were rejected, over {MOST_SHARE:.0%}:"
            " see `scrapy rejected`"
        )
    return ""
