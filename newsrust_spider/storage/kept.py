"""What is kept of rejected posts, as far as it is to be tried again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, exists, func, select, tuple_

from newsrust_spider.coverage.windows import BEGINNING
from newsrust_spider.errands.known import Wanted
from newsrust_spider.storage.schema import posts, rejected_posts


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a rejected post: enough to try it again.

    ``reason`` is a word that may be a former release's; ``updated`` is its last change.
    """

    id: int
    site: str
    post_id: str
    permalink: str
    reason: str
    detail: str
    payload: bytes
    attempts: int
    updated: datetime | None


def fetch_rejected(  # noqa: PLR0913, PLR0917 - what makes up the question
    connection: Connection, site: str, crawl: int, wanted: Wanted, after: int, most: int
) -> list[Kept]:
    """Return what is kept of the ``wanted`` posts of ``site`` behind the id ``after``.

    At most ``most`` of them, oldest rejection first; what ``crawl`` itself has rejected is left
    for the next one, and what is gone from the site comes by its id alone. Of a post that was
    rejected in several states only the newest comes: an older one must not replace it.
    """
    newer = rejected_posts.alias("newer")
    replaced = exists().where(
        newer.c.site == rejected_posts.c.site,
        newer.c.post_id == rejected_posts.c.post_id,
        _age_of(newer) > _age_of(rejected_posts),
    )
    gone = exists().where(
        posts.c.site == rejected_posts.c.site,
        posts.c.post_id == rejected_posts.c.post_id,
        posts.c.gone_at.is_not(None),
    )
    query = (
        select(
            *(rejected_posts.c[name] for name in Kept.__slots__ if name != "updated"),
            rejected_posts.c.updated_at.label("updated"),
        )
        .where(rejected_posts.c.site == site, rejected_posts.c.id > after, ~replaced)
        .where(rejected_posts.c.crawl_id.is_distinct_from(crawl))
    )
    if wanted.ids:
        query = query.where(rejected_posts.c.id == func.any(list(wanted.ids)))
    else:
        query = query.where(~gone)
    if wanted.reason:
        query = query.where(rejected_posts.c.reason == wanted.reason)
    if wanted.attempts is not None:
        query = query.where(rejected_posts.c.attempts < wanted.attempts)
    rows = connection.execute(query.order_by(rejected_posts.c.id).limit(most)).mappings()
    return [Kept(**{**row, "payload": bytes(row["payload"])}) for row in rows]


def _age_of(rejected: FromClause) -> ColumnElement[Any]:
    # The same state rejected again keeps its row: it is no newer for that.
    return tuple_(func.coalesce(rejected.c.updated_at, BEGINNING), rejected.c.id)
