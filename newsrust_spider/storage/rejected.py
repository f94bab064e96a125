"""Rejected posts: set aside by name, with all that is needed to try them again."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from newsrust_spider.items import LONGEST_PAYLOAD, Outcome
from newsrust_spider.storage.schema import posts, rejected_posts

LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True)
class Rejection:
    """One rejected post: whose, why, and its raw entry."""

    site: str
    post_id: str
    permalink: str
    reason: str
    detail: str
    payload: bytes
    updated: datetime | None = None


def reject_post(connection: Connection, crawl: int, rejection: Rejection) -> None:
    """Keep ``rejection``; the same entry rejected again counts one attempt more.

    An article that an earlier state of the post brought stays as it is.
    """
    payload = rejection.payload[:LONGEST_PAYLOAD]
    digest = sha256(payload).digest()
    post_id = rejection.post_id or _identify(connection, rejection, digest)
    kept = insert(rejected_posts).values(
        site=rejection.site,
        post_id=post_id,
        permalink=rejection.permalink,
        reason=rejection.reason,
        detail=rejection.detail[:LONGEST_DETAIL],
        payload=payload,
        payload_hash=digest,
        crawl_id=crawl,
        first_seen_at=func.now(),
    )
    again = {
        "reason": kept.excluded.reason,
        "detail": kept.excluded.detail,
        "crawl_id": crawl,
        "attempts": rejected_posts.c.attempts + 1,
    }
    constraint = "rejected_posts_site_post_id_payload_hash_key"
    connection.execute(kept.on_conflict_do_update(constraint=constraint, set_=again))
    seen = insert(posts).values(
        site=rejection.site,
        post_id=post_id,
        permalink=rejection.permalink,
        updated_at=rejection.updated,
        outcome=Outcome.REJECTED,
        content_hash=digest,
        first_crawl=crawl,
        last_crawl=crawl,
    )
    latest = {"updated_at": rejection.updated, "last_crawl": crawl, "gone_at": None}
    connection.execute(
        seen.on_conflict_do_update(
            constraint="posts_site_post_id_key",
            set_=latest,
            where=posts.c.outcome == Outcome.REJECTED,
        )
    )


def _identify(connection: Connection, rejection: Rejection, digest: bytes) -> str:
    # A post without a number is known by its address, and else by what it says.
    if not rejection.permalink:
        return f"payload:{digest.hex()[:16]}"
    at_address = (posts.c.site == rejection.site, posts.c.permalink == rejection.permalink)
    known = select(posts.c.post_id).where(*at_address).order_by(posts.c.id).limit(1)
    return connection.scalar(known) or rejection.permalink
