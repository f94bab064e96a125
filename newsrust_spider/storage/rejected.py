"""Rejected posts: set aside by name, with all that is needed to try them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from newsrust_spider.items import LONGEST_PAYLOAD, Outcome, Post
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.schema import posts, rejected_posts
from newsrust_spider.text import mend_text

LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True)
class Rejection:
    """One rejected post: whose, why, and its raw entry."""

    site: str
    post_id: str
    permalink: str
    reason: Reason
    detail: str
    payload: bytes
    updated: datetime | None = None


def reject_post(connection: Connection, crawl: int, rejection: Rejection) -> bool:
    """Keep ``rejection``; the same entry rejected again counts one attempt more.

    An article that an earlier state of the post brought stays as it is. Returns whether the post
    is gone from the site: where a good state of it is held, an audit has to prove that.
    """
    payload = rejection.payload[:LONGEST_PAYLOAD]
    digest = sha256(payload).digest()
    # What made the post unfit for the database must not keep its rejection out as well.
    permalink = mend_text(rejection.permalink)
    post_id = mend_text(rejection.post_id) or _identify(connection, rejection, digest)
    if permalink not in {"", post_id}:
        _forget_address(connection, rejection.site, permalink)
    kept = insert(rejected_posts).values(
        site=rejection.site,
        post_id=post_id,
        permalink=permalink,
        reason=rejection.reason,
        detail=mend_text(rejection.detail)[:LONGEST_DETAIL],
        payload=payload,
        payload_hash=digest,
        crawl_id=crawl,
        first_seen_at=func.now(),
        updated_at=rejection.updated,
    )
    once_more = {
        "reason": kept.excluded.reason,
        "detail": kept.excluded.detail,
        "updated_at": kept.excluded.updated_at,
        "crawl_id": crawl,
        "attempts": rejected_posts.c.attempts + 1,
    }
    constraint = "rejected_posts_site_post_id_payload_hash_key"
    connection.execute(kept.on_conflict_do_update(constraint=constraint, set_=once_more))
    seen = insert(posts).values(
        site=rejection.site,
        post_id=post_id,
        permalink=permalink,
        updated_at=rejection.updated,
        outcome=Outcome.REJECTED,
        content_hash=digest,
        first_crawl=crawl,
        last_crawl=crawl,
        gone_at=func.now() if rejection.reason == Reason.GONE else None,
    )
    # A good state that is stored keeps its moment; whatever else is rejected is there at the site.
    good = posts.c.outcome != Outcome.REJECTED
    again = {
        "updated_at": case((good, posts.c.updated_at), else_=seen.excluded.updated_at),
        "last_crawl": crawl,
        "gone_at": case((good, None), else_=seen.excluded.gone_at),
    }
    seen = seen.on_conflict_do_update(constraint="posts_site_post_id_key", set_=again)
    return connection.scalar(seen.returning(posts.c.gone_at)) is not None


def settle_rejected(connection: Connection, stored: Sequence[Post]) -> None:
    """Strike posts that are stored, in this state or a newer one, from the list of the rejected.

    Rejected before under its address or its payload, for want of a number, such a post counted
    as another: that one is gone.
    """
    digests = [sha256(post.payload).digest() for post in stored if post.payload]
    names = [post.permalink for post in stored] + [_nameless(digest) for digest in digests]
    numbers = [post.post_id for post in stored]
    sites = func.any(sorted({post.site for post in stored}))
    stand_in = posts.c.post_id.in_(names) & posts.c.post_id.not_in(numbers)
    gone = posts.update().where(posts.c.site == sites, stand_in).values(gone_at=func.now())
    connection.execute(gone)
    # What was rejected in a newer state than the one that is stored stays.
    older = exists().where(
        posts.c.site == rejected_posts.c.site,
        posts.c.post_id == rejected_posts.c.post_id,
        func.coalesce(rejected_posts.c.updated_at <= posts.c.updated_at, True),
    )
    known = or_(
        rejected_posts.c.post_id.in_(numbers) & older,
        rejected_posts.c.post_id.in_(names),
        rejected_posts.c.payload_hash.in_(digests),
    )
    connection.execute(rejected_posts.delete().where(rejected_posts.c.site == sites, known))


def _forget_address(connection: Connection, site: str, permalink: str) -> None:
    """Let go of what was rejected under its address, now that its number is known."""
    rejected = (rejected_posts.c.site == site, rejected_posts.c.post_id == permalink)
    connection.execute(rejected_posts.delete().where(*rejected))
    living = (posts.c.site == site, posts.c.post_id == permalink, posts.c.gone_at.is_(None))
    connection.execute(posts.update().where(*living).values(gone_at=func.now()))


def _nameless(digest: bytes) -> str:
    return f"payload:{digest.hex()[:16]}"


def _identify(connection: Connection, rejection: Rejection, digest: bytes) -> str:
    # A post without a number is known by its address, and else by what it says.
    permalink = mend_text(rejection.permalink)
    if not permalink:
        return _nameless(digest)
    at_address = (posts.c.site == rejection.site, posts.c.permalink == permalink)
    known = select(posts.c.post_id).where(*at_address).order_by(posts.c.id).limit(1)
    return connection.scalar(known) or permalink
