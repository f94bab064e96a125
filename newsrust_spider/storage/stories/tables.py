"""The tables behind stories: by which keys copies are found, what joined them, what was split."""

from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
)

from newsrust_spider.storage.columns import moment, words
from newsrust_spider.storage.schema import metadata


def _article(name: str, comment: str) -> Column[int]:
    return Column(name, BigInteger, ForeignKey("articles.id"), nullable=False, comment=comment)


def _share(name: str, comment: str) -> Column[float]:
    return Column(name, REAL, nullable=False, comment=comment)


story_keys = Table(
    "story_keys",
    metadata,
    Column("key", BigInteger, nullable=False, comment="Hash of a run of words of its body."),
    Column("article_id", BigInteger, nullable=False, comment="The article with this run."),
    # One look-up in this index finds the articles with a key, the newest first.
    PrimaryKeyConstraint("key", "article_id"),
    comment="The smallest hashes of each article's runs of words: texts that share some of them "
    "are compared.",
)

story_links = Table(
    "story_links",
    metadata,
    _article("article_id", "The later of two articles that are copies."),
    _article("other_id", "The earlier one."),
    _share("article_share", "Part of the later text that the earlier one has too, 0 to 1."),
    _share("other_share", "Part of the earlier text that the later one has too, 0 to 1."),
    _share("head_share", "The same for the beginning of that of which less is shared."),
    moment("found_at", "When the two were compared.", nullable=False),
    PrimaryKeyConstraint("article_id", "other_id"),
    CheckConstraint("other_id < article_id", "order"),
    Index(None, "other_id"),
    comment="Which articles are copies of which, and by what overlap: what makes a story.",
)

story_splits = Table(
    "story_splits",
    metadata,
    _article("article_id", "The article that an operator took out of its story."),
    _article("other_id", "An article that was in the same story."),
    words("reason", "Why, in the words of the operator."),
    moment("split_at", "When.", nullable=False),
    PrimaryKeyConstraint("article_id", "other_id"),
    CheckConstraint("article_id <> other_id", "order"),
    Index(None, "other_id"),
    comment="Articles that are never in one story again, whatever their texts share.",
)

story_backlog = Table(
    "story_backlog",
    metadata,
    Column(
        "article_id",
        BigInteger,
        ForeignKey("articles.id"),
        primary_key=True,
        autoincrement=False,
        comment="The article.",
    ),
    comment="Articles from before there were stories, which have no keys yet; each batch of a "
    "crawl takes some.",
)
