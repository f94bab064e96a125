"""A blog that is called otherwise now: all that is held of it is held under its present name."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, text

from newsrust_spider.database.lock import SiteBusyError, lock_until_commit
from newsrust_spider.storage.labels import gather_labels
from newsrust_spider.storage.stories.membership import lock_stories, regroup_stories

# The functions are those of the migration that made the table of blogs.
_MERGE = text("SELECT unnest(merge_posts(:former, :site, :home, CAST(:hosts AS text[])))")

_MOVES = (
    # The windows come with their crawls. Each says that all changes in it are held, and what is
    # held under either name is held from now on: so the union of them says nothing untrue.
    text("UPDATE crawls SET site = :site WHERE site = :former"),
    text("UPDATE label_counts SET site = :site WHERE site = :former"),
    text("""
        UPDATE posts
        SET site = :site, post_id = at_home(post_id, :home, CAST(:hosts AS text[])),
            permalink = at_home(permalink, :home, CAST(:hosts AS text[]))
        WHERE site IN (:former, :site)
    """),
    text("""
        DELETE FROM owed USING owed AS newer
        WHERE owed.site IN (:former, :site) AND newer.site IN (:former, :site)
          AND at_home(owed.post_id, :home, CAST(:hosts AS text[]))
            = at_home(newer.post_id, :home, CAST(:hosts AS text[]))
          AND (newer.updated_at, newer.id) > (owed.updated_at, owed.id)
    """),
    text("""
        UPDATE owed
        SET site = :site, post_id = at_home(post_id, :home, CAST(:hosts AS text[])),
            permalink = at_home(permalink, :home, CAST(:hosts AS text[]))
        WHERE site IN (:former, :site)
    """),
    text("""
        DELETE FROM rejected_posts USING rejected_posts AS newer
        WHERE rejected_posts.site IN (:former, :site) AND newer.site IN (:former, :site)
          AND at_home(rejected_posts.post_id, :home, CAST(:hosts AS text[]))
            = at_home(newer.post_id, :home, CAST(:hosts AS text[]))
          AND newer.payload_hash = rejected_posts.payload_hash
          AND newer.id > rejected_posts.id
    """),
    text("""
        UPDATE rejected_posts
        SET site = :site, post_id = at_home(post_id, :home, CAST(:hosts AS text[])),
            permalink = at_home(permalink, :home, CAST(:hosts AS text[]))
        WHERE site IN (:former, :site)
    """),
)

# What the one name owed or rejected, the other may have brought, in that state or a newer one.
_SETTLE = (
    text("""
        DELETE FROM owed USING posts
        WHERE owed.site = :site AND posts.site = :site AND posts.post_id = owed.post_id
          AND posts.outcome <> 'rejected' AND posts.gone_at IS NULL
          AND posts.updated_at >= owed.updated_at
    """),
    text("""
        DELETE FROM rejected_posts USING posts
        WHERE rejected_posts.site = :site AND posts.site = :site
          AND posts.post_id = rejected_posts.post_id
          AND posts.outcome <> 'rejected' AND posts.gone_at IS NULL
          AND posts.updated_at >= rejected_posts.updated_at
    """),
    # A post without a hash tells an article that has the words of its former state.
    text("""
        INSERT INTO owed (site, post_id, permalink, updated_at, reason, since)
        SELECT site, post_id, permalink, updated_at,
               'its article has yet to be read from ' || :site,
               coalesce((SELECT max(covered_until) FROM coverage WHERE site = :site), now())
        FROM posts
        WHERE site = :site AND gone_at IS NULL AND content_hash = '' AND updated_at IS NOT NULL
        ON CONFLICT DO NOTHING
    """),
)

_IS_KNOWN = text("""
    SELECT EXISTS (SELECT FROM posts WHERE site = :name)
        OR EXISTS (SELECT FROM owed WHERE site = :name)
        OR EXISTS (SELECT FROM sites WHERE site = :name)
""")

_REMEMBER = text("""
    INSERT INTO sites (site, difference, search_since, search_missing)
    SELECT :site, least(0, min(difference)),
           coalesce(
               max(search_since),
               (SELECT max(covered_until) FROM coverage WHERE site IN (:former, :site)),
               '1970-01-01 UTC'
           ),
           greatest(1, max(search_missing), max(difference))
    FROM sites WHERE site IN (:former, :site)
    ON CONFLICT (site) DO UPDATE
    SET newest_posts = '{}', newest_changes = '{}', difference = excluded.difference,
        search_since = excluded.search_since, search_missing = excluded.search_missing,
        search_below = NULL
""")
_FORGET = text("DELETE FROM sites WHERE site = :former")
_RENAME = text("UPDATE sites SET site = :site WHERE site = :former")


@dataclass(frozen=True, slots=True)
class Move:
    """From the name ``former`` to ``site``, at ``home``; ``hosts`` are all names of the blog."""

    former: str
    site: str
    home: str
    hosts: list[str]


def adopt(connection: Connection, move: Move) -> None:
    """Let all rows of the former site be rows of the site, those of one post merged to one.

    Where both names are the same, only addresses change. Raises SiteBusyError where a crawl of
    the former site is running.
    """
    values = asdict(move)
    if move.former != move.site:
        if not lock_until_commit(connection, move.former):
            raise SiteBusyError(f"another crawl of this blog is running, by the name {move.former}")
        _join_memories(connection, move)
    # Measured: 24 s for 50,000 posts under either name, all in one transaction.
    connection.execute(text("SET LOCAL statement_timeout = '30min'"))
    lock_stories(connection)
    touched = set(connection.scalars(_MERGE, values))
    for statement in (*_MOVES, *_SETTLE):
        connection.execute(statement, values)
    gather_labels(connection, touched)
    regroup_stories(connection, touched)


def _join_memories(connection: Connection, move: Move) -> None:
    """Leave one memory of two: what the site showed last is forgotten, and a search is ordered.

    How many posts the site counts more, or less, than are held under both names nobody has
    heard yet. Posts that were deleted may be held under either: so the difference of neither
    explains it, and one that is too high would hide as many missing posts. A search finds these
    whatever the totals say, and explains the rest.
    """
    values = asdict(move)
    known = [connection.scalar(_IS_KNOWN, {"name": name}) for name in (move.former, move.site)]
    if all(known):
        connection.execute(_REMEMBER, values)
        connection.execute(_FORGET, values)
    else:
        connection.execute(_RENAME, values)
