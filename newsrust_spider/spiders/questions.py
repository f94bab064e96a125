"""An errand's questions of the site: where each is asked, and how its answer is read."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from urllib.parse import quote

from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newsrust_spider.blogger.feed import FeedError, parse_feed, parse_single
from newsrust_spider.blogger.label_counts import read_label_counts
from newsrust_spider.blogger.page import read_page
from newsrust_spider.blogger.site import LARGEST_PAGE, USUAL_PAGE, Site, wire_moment
from newsrust_spider.blogger.sitemap import SitemapError, parse_sitemap
from newsrust_spider.blogger.unfit import Unfit
from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.errands.questions import (
    Counts,
    Entry,
    Heard,
    LabelCounts,
    LabelPage,
    LabelTotal,
    Listed,
    ListPage,
    Newest,
    Page,
    PageOf,
    PostPage,
    Silence,
    SummaryOf,
    Total,
    Unanswered,
)
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.middlewares.retry_after import AskedToWaitError
from newsrust_spider.middlewares.robots import ForbiddenError
from newsrust_spider.middlewares.same_site import OffSiteError
from newsrust_spider.responses import decode_body, explain_failure, read_date
from newsrust_spider.spiders.feed_query import feed_query

FeedQuestion = Newest | PageOf | SummaryOf | LabelPage | Entry | Total | LabelTotal
SiteQuestion = FeedQuestion | PostPage | ListPage | LabelCounts
Answer = Heard | Page | Listed | Counts | Post | UnreadablePost | int | None

CLOCK_SKEW = timedelta(days=1)
"""More than this between our clock and the site's, and every date check would be wrong."""
OFF = (401, 403, 404, 410)
"""What a feed that its owner has switched off may answer; also an HTML page, or a login."""
GONE = (404, 410)
BROKEN: frozenset[str] = frozenset((Unfit.EMPTY, Unfit.TRUNCATED, Unfit.BLOCKED))
"""What says nothing of a page or a list: asked once more it may be whole. A page's Reason is
the same word."""


class BrokenAnswerError(Exception):
    """An answer that broke off on the way; ``reason`` is one word, the text says what it is."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the ``reason``."""
        super().__init__(detail)
        self.reason = reason


def address_of(question: SiteQuestion, site: Site) -> str:  # noqa: PLR0911 - one a question
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
        case LabelPage(label, start):
            page = {"max_results": LARGEST_PAGE, "start_index": start}
            return site.feed(f"default/-/{quote(label, safe='')}", **page)
        case Entry(post_id):
            return site.feed(f"default/{quote(post_id, safe='')}")
        case Total(order, low, high):
            span = {f"{order}_min": wire_moment(low), f"{order}_max": wire_moment(high)}
            return site.feed("summary", orderby=order, max_results=0, **span)
        case LabelTotal(label):
            return site.feed(f"summary/-/{quote(label, safe='')}", max_results=0)
    return _address_of_page(question, site)


def _address_of_page(question: PostPage | ListPage | LabelCounts, site: Site) -> str:
    match question:
        case PostPage(permalink):
            return permalink
        case ListPage(number):
            return f"{site.home}/sitemap.xml?page={number}"
        case LabelCounts():
            return f"{site.home}/"


def read_answer(question: SiteQuestion, response: Response, site: Site) -> Answer:
    """Return what ``response`` answers; raises Unanswered where it says nothing of use.

    Raises BrokenAnswerError where it broke off on the way.
    """
    now = datetime.now(UTC)
    date = read_date(response, now)
    text = decode_body(response)
    match question:
        case PostPage():
            return _read_page(question, text, response, site, date)
        case LabelCounts():
            return _read_counts(text)
    if abs(now - date) > CLOCK_SKEW:
        raise Unanswered(f"our clock says {now:%F}, the site's {date:%F}")
    if isinstance(question, ListPage):
        return _read_list(text, response, site, date)
    return _read_feed(question, text, response, site, date)


def _read_feed(
    question: FeedQuestion, text: str, response: Response, site: Site, date: datetime
) -> Answer:
    try:
        if isinstance(question, Entry):
            return parse_single(text, site, date)
        page = parse_feed(text, site, date)
    except FeedError as error:
        if error.reason is Unfit.NOT_JSON:
            raise Unanswered(f"{error} at {response.url}", Silence.OFF) from None
        raise BrokenAnswerError(error.reason, f"{error} at {response.url}") from None
    if not isinstance(question, Total | LabelTotal):
        return Heard(page, date)
    if page.total is None:
        raise Unanswered(f"no total at {response.url}")
    return page.total


def _read_page(
    question: PostPage, text: str, response: Response, site: Site, date: datetime
) -> Page:
    found = read_page(text, site, question.permalink, date, question.updated)
    if isinstance(found.post, UnreadablePost) and found.post.reason in BROKEN:
        detail = f"{found.post.reason}: {found.post.detail} at {response.url}"
        raise BrokenAnswerError(found.post.reason, detail)
    addresses = found.addresses
    if not addresses and found.post_id:
        # A theme without a canonical address: a post's page stands for where it came from.
        addresses = (site.permalink(response.url),)
    return Page(found.post, found.post_id, addresses, date)


def _read_list(text: str, response: Response, site: Site, date: datetime) -> Listed:
    try:
        return Listed(parse_sitemap(text, site), date)
    except SitemapError as error:
        detail = f"{error} at {response.url}"
        if error.reason in BROKEN:
            raise BrokenAnswerError(error.reason, detail) from None
        raise Unanswered(detail) from None


def _read_counts(text: str) -> Counts:
    try:
        return read_label_counts(text)
    except UnreadableEntryError:
        return {}


def read_failure(question: SiteQuestion, failure: Failure) -> Unanswered | None:
    """Return why there is no answer; None where it is the answer, that a post is gone."""
    error = failure.value
    status = error.response.status if isinstance(error, HttpError) else None
    if isinstance(question, Entry | PostPage) and status in GONE:
        return None
    url = failure.request.url  # type: ignore[attr-defined]
    off = status in OFF or isinstance(error, OffSiteError | ForbiddenError)
    silence = Silence.OFF if off else Silence.SICK
    if isinstance(error, AskedToWaitError):
        silence = Silence.AWAY
    return Unanswered(f"{explain_failure(failure)} at {url}", silence)


def is_of_site(act: object) -> bool:
    """Tell whether ``act`` is a question of the site."""
    return isinstance(act, get_args(SiteQuestion))
