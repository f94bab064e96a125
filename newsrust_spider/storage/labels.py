"""The labels of an article: those of all its posts, each once."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

_GATHER = text("""
    UPDATE articles
    SET labels = gathered.labels, published_at = gathered.published_at
    FROM (
        SELECT wanted.id,
               coalesce((
                   SELECT array_agg(label ORDER BY lower(label))
                   FROM (SELECT DISTINCT ON (lower(label)) label
                         FROM posts, unnest(posts.labels) AS label
                         WHERE posts.article_id = wanted.id
                         ORDER BY lower(label), posts.published_at) AS once
               ), '{}') AS labels,
               (SELECT min(published_at) FROM posts WHERE article_id = wanted.id) AS published_at
        FROM unnest(CAST(:ids AS bigint[])) AS wanted (id)
    ) AS gathered
    WHERE articles.id = gathered.id
      AND (articles.labels, articles.published_at)
          IS DISTINCT FROM (gathered.labels, gathered.published_at)
""")


def gather_labels(connection: Connection, article_ids: Iterable[int]) -> None:
    """Set labels and date of the articles from their posts as these are now."""
    ids = sorted(article_ids)
    if ids:
        connection.execute(_GATHER, {"ids": ids})
