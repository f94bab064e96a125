"""One part of a delivery, and what becomes of a post at the end of the pipeline."""

import asyncio
from dataclasses import dataclass, field

from scrapy.exceptions import DropItem

from newsrust_spider.errands.desk import Delivery
from newsrust_spider.items import Article, Outcome, Post, UnreadablePost
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.articles import Filed
from newsrust_spider.storage.lots import Arrival
from newsrust_spider.storage.rejected import Rejection

Waiting = tuple[Arrival, asyncio.Future[Filed] | None]


@dataclass(slots=True, eq=False)
class Part:
    """So many posts of one ``delivery``."""

    missing: int
    delivery: Delivery
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether all its posts have arrived."""
        return self.missing <= 0

    @property
    def is_last(self) -> bool:
        """Whether something is due once it is stored: nothing more goes into its transaction."""
        return self.delivery != Delivery(replayed=self.delivery.replayed)

    @property
    def unsettled(self) -> int:
        """How many of its posts are not stored, nor being stored."""
        return self.missing + len(self.waiting)

    def take(self) -> list[Waiting]:
        """Return what has arrived; it is in other hands then."""
        waiting, self.waiting = self.waiting, []
        return waiting


def describe_stored(article: Article) -> Arrival:
    """Return the arrival of an article that is to be stored."""
    # Only the database can still reject it.
    rejection = _reject(article.post, Reason.POISON_ROW, "")
    return Arrival(rejection, article, replayed=article.post.ticket.replayed)


def describe_aside(post: Post | UnreadablePost, exception: DropItem) -> Arrival:
    """Return the arrival of a post that ``exception`` set aside."""
    replayed = post.ticket.replayed
    if not isinstance(exception, PostSetAside):
        detail = f"{type(exception).__name__}: {exception}"
        rejection = _reject(post, Reason.DROPPED, detail)
        return Arrival(rejection, aside=Outcome.REJECTED, replayed=replayed)
    return Arrival(
        _reject(post, exception.reason or Reason.DROPPED, exception.detail),
        article=exception.article,
        aside=exception.outcome,
        article_id=exception.article_id,
        replayed=replayed,
    )


def _reject(post: Post | UnreadablePost, reason: Reason, detail: str) -> Rejection:
    return Rejection(
        site=post.site,
        post_id=post.post_id,
        permalink=post.permalink,
        reason=reason,
        detail=detail,
        payload=post.payload,
        updated=post.updated,
    )
