"""What we hold of a post, of the article that it retells, and of the one that it brought."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, select

from newsrust_spider.evidence import is_not_older
from newsrust_spider.items import Article, Outcome
from newsrust_spider.storage.schema import articles, posts

OWNERS = (Outcome.NEW, Outcome.CHANGED)
"""A post with one of these brought its article; a duplicate was filed under it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What we hold of a post and of the article that it retells; None for what is unknown.

    ``article_id`` is the article under which the post was filed in its former state, and
    ``brought`` tells that the post itself brought that one. ``retold_id`` is the article that has
    the source URL of the state at hand: another one where the editor has put in another link.
    """

    fingerprint: bytes | None = None
    updated: datetime | None = None
    article_id: int | None = None
    brought: bool = False
    retold_id: int | None = None


def find_held(connection: Connection, batch: Sequence[Article]) -> list[Held]:
    """Return what we hold of each article and its post, in the order of ``batch``."""
    found = {
        (row.site, row.post_id): row
        for row in connection.execute(select(posts).where(*_are_of(batch)))
    }
    retold = find_articles(connection, {a.source_url for a in batch if a.source_url})
    return [
        _describe(found.get((a.post.site, a.post.post_id)), retold.get(a.source_url or ""))
        for a in batch
    ]


def _are_of(batch: Sequence[Article]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        posts.c.site == func.any([a.post.site for a in batch]),
        posts.c.post_id == func.any([a.post.post_id for a in batch]),
    )


def _describe(row: Row[Any] | None, retold_id: int | None) -> Held:
    if row is None:
        return Held(retold_id=retold_id)
    settled = row.gone_at is None and row.outcome != Outcome.REJECTED
    return Held(
        # A post that came back, or that is tried again, is never "unchanged".
        fingerprint=row.content_hash if settled else None,
        updated=row.updated_at,
        article_id=row.article_id,
        brought=row.outcome in OWNERS,
        retold_id=retold_id,
    )


def find_articles(connection: Connection, urls: Iterable[str]) -> dict[str, int]:
    """Return the ids of the articles that we hold, by their source URLs."""
    query = select(articles.c.source_url, articles.c.id).where(
        articles.c.source_url == func.any(sorted(urls))
    )
    return {row.source_url: row.id for row in connection.execute(query)}


def find_owned(connection: Connection, batch: Sequence[Article]) -> dict[tuple[str, str], Row[Any]]:
    """Return the article that each post brought, by (site, post_id), with what an edit compares.

    ``shared`` tells that other posts are filed under it too.
    """
    other = posts.alias("other")
    shared = exists().where(other.c.article_id == articles.c.id, other.c.id != posts.c.id)
    query = (
        select(
            posts.c.site,
            posts.c.post_id,
            posts.c.content_hash.label("post_hash"),
            articles.c.id,
            articles.c.source_url,
            articles.c.headline,
            articles.c.body,
            articles.c.content_hash,
            shared.label("shared"),
        )
        .join(articles, articles.c.id == posts.c.article_id)
        .where(*_are_of(batch), posts.c.outcome.in_(OWNERS))
    )
    return {(row.site, row.post_id): row for row in connection.execute(query)}


def find_newer(connection: Connection, batch: Sequence[Article]) -> dict[int, int]:
    """Return the places in ``batch`` of posts that are held in a newer state, with their articles.

    Caches of the site also give states that are over.
    """
    query = select(posts.c.site, posts.c.post_id, posts.c.updated_at, posts.c.article_id).where(
        *_are_of(batch),
        posts.c.gone_at.is_(None),
        posts.c.outcome != Outcome.REJECTED,
        posts.c.updated_at.is_not(None),
    )
    held = {(row.site, row.post_id): row for row in connection.execute(query)}
    found = {}
    for place, article in enumerate(batch):
        row = held.get((article.post.site, article.post.post_id))
        if row is not None and not is_not_older(row.updated_at, article.post.updated):
            found[place] = row.article_id
    return found
