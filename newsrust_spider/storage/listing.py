"""What the site lists and counts, beside what we hold."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from newsrust_spider.blogger.sitemap import SitemapEntry
from newsrust_spider.errands.differences import Differences, HeldPost, NoteListed

# In all of these a state that is rejected counts as held.
_STALE = text("""
    WITH wanted AS (
        SELECT * FROM unnest(
            CAST(:permalinks AS text[]), CAST(:lastmods AS timestamptz[])
        ) WITH ORDINALITY AS wanted (permalink, lastmod, place)
    ), rejected AS (
        SELECT post_id, max(updated_at) AS updated_at
        FROM rejected_posts WHERE site = :site GROUP BY post_id
    )
    SELECT permalink, lastmod FROM wanted
    WHERE NOT EXISTS (
        SELECT FROM posts LEFT JOIN rejected USING (post_id)
        WHERE site = :site AND gone_at IS NULL AND permalink = wanted.permalink
          AND (lastmod IS NULL
               OR lastmod <= date_trunc('second', greatest(posts.updated_at, rejected.updated_at)))
    ) AND NOT EXISTS (
        SELECT FROM owed
        WHERE site = :site AND permalink = wanted.permalink
          AND (lastmod IS NULL OR lastmod <= date_trunc('second', updated_at))
    )
    ORDER BY place
""")


def choose_stale(
    connection: Connection, site: str, entries: Sequence[SitemapEntry]
) -> tuple[SitemapEntry, ...]:
    """Return those of ``entries`` whose post we do not hold, hold in an older state, nor owe.

    A feed gives milliseconds, which a sitemap leaves out.
    """
    values = {
        "site": site,
        "permalinks": [entry.permalink for entry in entries],
        "lastmods": [entry.lastmod for entry in entries],
    }
    rows = connection.execute(_STALE, values)
    return tuple(SitemapEntry(row.permalink, row.lastmod) for row in rows)


def note_listed(connection: Connection, note: NoteListed) -> None:
    """Note what a page of the sitemap lists, for as long as ``connection`` lives."""
    if note.first:
        connection.execute(text("DROP TABLE IF EXISTS listed"))
        connection.execute(
            text("CREATE TEMPORARY TABLE listed (permalink text PRIMARY KEY, lastmod timestamptz)")
        )
    rows = [{"permalink": one.permalink, "lastmod": one.lastmod} for one in note.entries]
    if rows:
        statement = "INSERT INTO listed VALUES (:permalink, :lastmod) ON CONFLICT DO NOTHING"
        connection.execute(text(statement), rows)


_FORGET = text("DROP TABLE IF EXISTS living")
_LIVING = text("""
    CREATE TEMPORARY TABLE living AS
    SELECT post_id, permalink, outcome, published_at,
           greatest(posts.updated_at, rejected.updated_at) AS updated_at
    FROM posts LEFT JOIN (
        SELECT post_id, max(updated_at) AS updated_at
        FROM rejected_posts WHERE site = :site GROUP BY post_id
    ) AS rejected USING (post_id)
    WHERE site = :site AND gone_at IS NULL
""")
_MISSING = text("""
    SELECT permalink, lastmod FROM listed
    WHERE (lastmod IS NULL OR lastmod > :since)
      AND NOT EXISTS (SELECT FROM living WHERE permalink = listed.permalink)
    ORDER BY permalink
""")
_OLDER = text("""
    SELECT permalink, lastmod
    FROM listed JOIN (SELECT permalink, max(updated_at) AS updated_at FROM living
                      GROUP BY permalink) AS held USING (permalink)
    WHERE lastmod > date_trunc('second', updated_at) AND lastmod > :since
    ORDER BY permalink
""")
# Two posts at one address: one of them was made anew there.
_SUSPECTS = text("""
    SELECT post_id, permalink FROM living
    WHERE (permalink = '' AND post_id ~ '^[0-9]+$')
       OR (permalink <> '' AND permalink NOT IN (SELECT permalink FROM listed))
       OR permalink IN (SELECT permalink FROM living WHERE permalink <> ''
                        GROUP BY permalink HAVING count(*) > 1)
    ORDER BY permalink, post_id
""")
_CONTROL = text("""
    SELECT post_id, permalink FROM living JOIN listed USING (permalink)
    ORDER BY outcome = 'rejected', post_id ~ '^[0-9]+$' DESC, published_at DESC NULLS LAST, post_id
    LIMIT 1
""")


def compare(connection: Connection, site: str, since: datetime) -> Differences:
    """Return what differs between all that was noted and what we hold of ``site``."""
    connection.execute(_FORGET)
    connection.execute(_LIVING, {"site": site})
    missing = connection.execute(_MISSING, {"since": since}).all()
    older = connection.execute(_OLDER, {"since": since}).all()
    suspects = connection.execute(_SUSPECTS).all()
    control = connection.execute(_CONTROL).first()
    connection.execute(_FORGET)
    return Differences(
        missing=tuple(SitemapEntry(row.permalink, row.lastmod) for row in missing),
        stale=tuple(SitemapEntry(row.permalink, row.lastmod) for row in older),
        suspects=tuple(HeldPost(row.post_id, row.permalink) for row in suspects),
        control=None if control is None else HeldPost(control.post_id, control.permalink),
    )


def mark_gone(connection: Connection, site: str, post_ids: Sequence[str]) -> int:
    """Note that posts are gone from the site, and return how many; their articles stay."""
    statement = text(
        "UPDATE posts SET gone_at = now()"
        " WHERE site = :site AND gone_at IS NULL AND post_id = ANY(:gone)"
    )
    return connection.execute(statement, {"site": site, "gone": list(post_ids)}).rowcount
