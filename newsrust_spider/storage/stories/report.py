"""Why an article is in its story, read for ``scrapy why``; and how an operator takes it out."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, TextClause, text

from newsrust_spider.storage.stories.membership import lock_stories, regroup_stories

LARGEST_ID = 2**63 - 1

_ARTICLE = text("""
    SELECT id, story_id, coalesce(publisher_name, publisher) AS publisher, published_at,
           headline, source_url, word_count
    FROM articles WHERE id = :id
""")

_STORY = text("SELECT * FROM stories WHERE story_id = :story")

_POSTS = text("""
    SELECT site, post_id, permalink, outcome, published_at, gone_at
    FROM posts WHERE article_id = :id ORDER BY published_at, id
""")

_MEMBERS = text("""
    SELECT id, coalesce(publisher_name, publisher) AS publisher, published_at, headline, source_url
    FROM articles WHERE story_id = :story ORDER BY published_at, id
""")

_COPIES = text("""
    SELECT other.id, coalesce(other.publisher_name, other.publisher) AS publisher, other.headline,
           other.source_url, found.share, found.other_share, found.head_share, found.found_at,
           other.story_id = own.story_id AS same_story
    FROM articles AS own
    CROSS JOIN LATERAL (
        SELECT other_id AS id, article_share AS share, other_share, head_share, found_at
        FROM story_links WHERE article_id = own.id
        UNION ALL
        SELECT article_id, other_share, article_share, head_share, found_at
        FROM story_links WHERE other_id = own.id
    ) AS found
    JOIN articles AS other ON other.id = found.id
    WHERE own.id = :id
    ORDER BY found.share + found.other_share DESC, other.id
""")

_SPLITS = text("""
    SELECT CASE article_id WHEN :id THEN other_id ELSE article_id END AS id,
           article_id AS taken_out, reason, split_at
    FROM story_splits WHERE article_id = :id OR other_id = :id ORDER BY split_at, 1
""")

_SPLIT = text("""
    INSERT INTO story_splits (article_id, other_id, reason, split_at)
    SELECT own.id, other.id, :reason, now()
    FROM articles AS own JOIN articles AS other USING (story_id)
    WHERE own.id = :id AND other.id <> own.id
    ON CONFLICT DO NOTHING
    RETURNING other_id
""")


class NothingToSplitError(Exception):
    """There is no such article, or it is alone in its story; the text says which."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What is known of an article and its story; each row a mapping by names of columns.

    ``posts`` retell the article itself, by the same source link; ``members`` are all articles of
    the story; ``copies`` those that the article was joined with, with the share (0 to 1) of its
    own text and of theirs; ``splits`` those that it must not be joined with.
    """

    article: dict[str, Any]
    story: dict[str, Any]
    posts: list[dict[str, Any]]
    members: list[dict[str, Any]]
    copies: list[dict[str, Any]]
    splits: list[dict[str, Any]]


def read_reasons(connection: Connection, article_id: int) -> Reasons | None:
    """Return why the article is in its story; None where there is no such article."""
    found = _read(connection, _ARTICLE, article_id) if article_id <= LARGEST_ID else []
    if not found:
        return None
    (article,) = found
    parameters = {"story": article["story_id"]}
    story = connection.execute(_STORY, parameters).mappings().one()
    members = connection.execute(_MEMBERS, parameters).mappings()
    return Reasons(
        article=article,
        story=dict(story),
        posts=_read(connection, _POSTS, article_id),
        members=[dict(row) for row in members],
        copies=_read(connection, _COPIES, article_id),
        splits=_read(connection, _SPLITS, article_id),
    )


def split_article(connection: Connection, article_id: int, reason: str) -> list[int]:
    """Take the article out of its story for good, and return from which articles, by their ids.

    What hung together only through it falls apart. Raises NothingToSplitError.
    """
    lock_stories(connection)
    if article_id > LARGEST_ID or not _read(connection, _ARTICLE, article_id):
        raise NothingToSplitError(f"there is no article {article_id}")
    parted = sorted(connection.scalars(_SPLIT, {"id": article_id, "reason": reason}))
    if not parted:
        raise NothingToSplitError(f"article {article_id} is alone in its story")
    regroup_stories(connection, [article_id, *parted])
    return parted


def _read(connection: Connection, query: TextClause, article_id: int) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query, {"id": article_id}).mappings()]
