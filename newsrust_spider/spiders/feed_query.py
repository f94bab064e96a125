"""From where a walk stands to the parameters of Blogger's feed."""

from newsrust_spider.blogger.site import LARGEST_PAGE, USUAL_PAGE, wire_moment
from newsrust_spider.coverage.walk import Walk
from newsrust_spider.coverage.windows import BEGINNING


def feed_query(walk: Walk) -> dict[str, str | int]:
    """Return the parameters, underscores for hyphens, that ask for the next page of ``walk``.

    >>> from datetime import UTC, datetime
    >>> from newsrust_spider.coverage.walk import walk_everything
    >>> feed_query(walk_everything(datetime(2026, 1, 1, tzinfo=UTC)))
    {'max_results': 150, 'orderby': 'published'}
    """
    # An hour's news is small, and Blogger sends whole articles: begin with its usual page.
    small = walk.bound is None and not walk.by_offset and walk.holes[-1].reached > BEGINNING
    query: dict[str, str | int] = {
        "max_results": USUAL_PAGE if small else LARGEST_PAGE,
        "orderby": walk.order,
    }
    if walk.bound is not None:
        query[f"{walk.order}_max"] = wire_moment(walk.bound)
    if walk.start_index > 1:
        query["start_index"] = walk.start_index
    return query
