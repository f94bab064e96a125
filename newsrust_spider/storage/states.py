"""In which state the posts are held: by number, and counted by a span of time.

A post that is rejected, or owed, in a newer state than the one that is stored counts as changed
at that moment: the crawl that met it need not look for it again. One that is owed by its number
and by its address, as the feed and the sitemap name it, is one post.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

_STATES = text("""
    SELECT posts.post_id,
           coalesce(
               greatest(
                   posts.updated_at,
                   (SELECT max(updated_at) FROM rejected_posts
                    WHERE site = posts.site AND post_id = posts.post_id)
               ),
               '1970-01-01 UTC'
           ) AS updated_at
    FROM posts
    WHERE site = :site AND gone_at IS NULL AND post_id = ANY(CAST(:post_ids AS text[]))
""")

_COUNT = text("""
    SELECT (SELECT count(*) FROM posts WHERE site = :site AND gone_at IS NULL)
         + (SELECT count(*) FROM owed
            WHERE site = :site AND NOT EXISTS (
                SELECT FROM posts
                WHERE site = owed.site AND gone_at IS NULL
                  AND (post_id = owed.post_id OR permalink = owed.permalink)
            ) AND NOT EXISTS (
                SELECT FROM owed AS newer
                WHERE site = owed.site AND permalink = owed.permalink AND permalink <> ''
                  AND (updated_at, id) > (owed.updated_at, owed.id)))
""")

_COUNT_SPAN = text("""
    SELECT count(*)
    FROM (
        SELECT CASE :order
                   WHEN 'published' THEN posts.published_at
                   ELSE greatest(
                       CASE WHEN posts.outcome <> 'rejected' OR NOT rejected.undated
                            THEN greatest(posts.updated_at, rejected.updated_at) END,
                       nullif(owed.updated_at, '1970-01-01 UTC'))
               END AS moment
        FROM posts
        LEFT JOIN (SELECT post_id, max(updated_at) AS updated_at,
                          bool_or(updated_at IS NULL) AS undated
                   FROM rejected_posts
                   WHERE site = :site GROUP BY post_id) AS rejected USING (post_id)
        LEFT JOIN (SELECT post_id, updated_at FROM owed WHERE site = :site) AS owed USING (post_id)
        WHERE posts.site = :site AND posts.gone_at IS NULL
        UNION ALL
        SELECT CASE :order WHEN 'updated' THEN nullif(updated_at, '1970-01-01 UTC') END
        FROM owed
        WHERE site = :site AND NOT EXISTS (
            SELECT FROM posts
            WHERE site = owed.site AND gone_at IS NULL
              AND (post_id = owed.post_id OR permalink = owed.permalink)
        ) AND NOT EXISTS (
            SELECT FROM owed AS newer
            WHERE site = owed.site AND permalink = owed.permalink AND permalink <> ''
              AND (updated_at, id) > (owed.updated_at, owed.id))
    ) AS known
    WHERE CASE
              WHEN moment IS NULL THEN CAST(:high AS timestamptz) IS NULL
              ELSE moment >= coalesce(:low, '-infinity'::timestamptz)
               AND moment < coalesce(:high, 'infinity'::timestamptz)
          END
""")


def find_states(connection: Connection, site: str, post_ids: Sequence[str]) -> dict[str, datetime]:
    """Return when each of these posts last changed that is held, or rejected, and not gone."""
    values = {"site": site, "post_ids": list(post_ids)}
    return {row.post_id: row.updated_at for row in connection.execute(_STATES, values)}


def count_held(connection: Connection, site: str) -> int:
    """Return how many living posts of ``site`` are held, rejected or owed."""
    return connection.scalar(_COUNT, {"site": site}) or 0


def count_span(
    connection: Connection, site: str, order: str, low: datetime | None, high: datetime | None
) -> int:
    """Count those of them whose ``order`` (updated, published) is in the span from ``low``.

    ``high`` is not in it; None leaves an end open. A post without that moment counts where the
    upper end is open, and so does one whose entry in the feed has none: no walk can place it.
    """
    values = {"site": site, "order": order, "low": low, "high": high}
    return connection.scalar(_COUNT_SPAN, values) or 0
