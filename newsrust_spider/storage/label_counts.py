"""Labels: how many of our posts have each, and what the site counts."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

_COUNT = text("""
    SELECT label, count(*) AS posts FROM posts, unnest(labels) AS label
    WHERE site = :site AND gone_at IS NULL AND outcome <> 'rejected' GROUP BY label
""")
_WITH_LABEL = text("""
    SELECT post_id FROM posts
    WHERE site = :site AND gone_at IS NULL AND outcome <> 'rejected' AND :label = ANY(labels)
    ORDER BY post_id
""")
_LABELS_OF = text("""
    SELECT post_id, labels FROM posts
    WHERE site = :site AND gone_at IS NULL AND outcome <> 'rejected' AND post_id = ANY(:post_ids)
""")


def count_labels(connection: Connection, site: str) -> dict[str, int]:
    """Return how many of the living posts of ``site`` that we hold have each label."""
    rows = connection.execute(_COUNT, {"site": site})
    return {row.label: row.posts for row in rows}


def find_labelled(connection: Connection, site: str, label: str) -> tuple[str, ...]:
    """Return the numbers of those with ``label``."""
    return tuple(connection.scalars(_WITH_LABEL, {"site": site, "label": label}))


def find_labels(
    connection: Connection, site: str, post_ids: Sequence[str]
) -> dict[str, frozenset[str]]:
    """Return the labels of those of these posts that are held."""
    rows = connection.execute(_LABELS_OF, {"site": site, "post_ids": list(post_ids)})
    return {row.post_id: frozenset(row.labels) for row in rows}


def store_label_counts(
    connection: Connection, site: str, labels: Mapping[str, tuple[int, int]]
) -> None:
    """Keep, for each label, what the site counts and what we hold."""
    rows = [
        {"site": site, "label": label, "theirs": theirs, "ours": ours}
        for label, (theirs, ours) in labels.items()
    ]
    if rows:
        statement = (
            "INSERT INTO label_counts (site, label, counted_at, site_posts, held_posts)"
            " VALUES (:site, :label, now(), :theirs, :ours)"
        )
        connection.execute(text(statement), rows)
