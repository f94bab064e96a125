"""An errand's questions of the site: where each is asked, and how its answer is read."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newsrust_spider.blogger.feed import FeedError, parse_feed, parse_single
from newsrust_spider.blogger.site import USUAL_PAGE, Site, wire_moment
from newsrust_spider.errands.desk import (
    Entry,
    Heard,
    Newest,
    PageOf,
    Silence,
    SummaryOf,
    Total,
    Unanswered,
)
from newsrust_spider.feed_query import feed_query
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.middlewares.retry_after import AskedToWaitError
from newsrust_spider.middlewares.same_site import OffSiteError
from newsrust_spider.responses import decode_body, explain_failure, read_date

SiteQuestion = Newest | PageOf | SummaryOf | Entry | Total
Answer = Heard | Post | UnreadablePost | int | None

CLOCK_SKEW = timedelta(days=1)
"""More than this between our clock and the site's, and every date check would be wrong."""
FEED_OFF = (401, 403, 404, 410)
"""What a feed that its owner has switched off may answer; also an HTML page, or a login."""
GONE = (404, 410)


def address_of(question: SiteQuestion, site: Site) -> str:
    """Return the address at which ``site`` answers.

    >>> address_of(Entry("7"), Site.parse("https://a.example"))
    'https://a.example/feeds/posts/default/7?alt=json&redirect=false'
    """
    match question:
        case Newest():
            return site.feed("summary", orderby="updated", max_results=USUAL_PAGE)
        case PageOf(walk):
            return site.feed("default", **feed_query(walk))
        case SummaryOf(walk):
            return site.feed("summary", **feed_query(walk) | {"max_results": USUAL_PAGE})
        case Entry(post_id):
            return site.feed(f"default/{quote(post_id, safe='')}")
        case Total(order, low, high):
            span = {f"{order}_min": wire_moment(low), f"{order}_max": wire_moment(high)}
            return site.feed("summary", orderby=order, max_results=0, **span)


def read_answer(question: SiteQuestion, response: Response, site: Site) -> Answer:
    """Return what ``response`` answers; raises Unanswered where it says nothing of use.

    Raises FeedError where it broke off on the way: asked once more it may be whole.
    """
    now = datetime.now(UTC)
    date = read_date(response, now)
    if abs(now - date) > CLOCK_SKEW:
        raise Unanswered(f"our clock says {now:%F}, the site's {date:%F}")
    text = decode_body(response)
    try:
        if isinstance(question, Entry):
            return parse_single(text, site, date)
        page = parse_feed(text, site, date)
    except FeedError as error:
        if error.reason == "not_json":
            raise Unanswered(f"{error} at {response.url}", Silence.OFF) from None
        raise
    if not isinstance(question, Total):
        return Heard(page, date)
    if page.total is None:
        raise Unanswered(f"no total at {response.url}")
    return page.total


def read_failure(question: SiteQuestion, failure: Failure) -> Unanswered | None:
    """Return why there is no answer; None where it is the answer, that a post is gone."""
    error = failure.value
    status = error.response.status if isinstance(error, HttpError) else None
    if isinstance(question, Entry) and status in GONE:
        return None
    url = failure.request.url  # type: ignore[attr-defined]
    off = status in FEED_OFF or isinstance(error, OffSiteError)
    silence = Silence.OFF if off else Silence.SICK
    if isinstance(error, AskedToWaitError):
        silence = Silence.AWAY
    return Unanswered(f"{explain_failure(failure)} at {url}", silence)
