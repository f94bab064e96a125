"""The breaker: a crawl that rejects too much has met a change of the site, not bad posts."""

from newsrust_spider.reasons import Reason

MOST_SHARE = 0.2
FEWEST = 10
"""Rejected posts below which a share says nothing: a crawl of an hour sees a handful of posts."""


NORMAL = frozenset({Reason.EMPTY_BODY, Reason.GONE})
"""What a site always has some of, however long the crawl: posts of pictures only, deleted posts.
Many of them at once are a change of the site too, so the share counts them."""


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
