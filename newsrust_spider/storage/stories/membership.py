"""Stories: articles whose texts are copies share a ``story_id``, the first article's.

New articles are compared with those that share a key with them, in the transaction that stores
them. An edited article is not compared again. A story is what links and splits make of it: see
``cluster``; nothing here deletes an article or a link.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, text

from newsrust_spider.copies.clusters import Link, cluster
from newsrust_spider.copies.overlap import Overlap, is_copy, measure_overlap
from newsrust_spider.copies.sketch import sketch
from newsrust_spider.copies.words import read_text

MOST_POSTINGS = 100
"""Articles that are read for one key. A key that more have comes from a notice that is printed
below many articles; the newest are read, since copies appear within days."""

MOST_CANDIDATES = 12
"""Articles that one is compared with, those with the rarest keys in common first."""

COMMON = 20
"""A key of so many articles is reason enough to compare two; of a more common one, several are."""

LONGEST_TEXT = 30_000
"""Characters of a body that are compared: a giant one must not hold up the crawl."""

BACKLOG_SHARE = 20
"""Older articles without keys that are taken along with each batch."""

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('newsrust:stories', 0))")

_TAKE_BACKLOG = text("""
    DELETE FROM story_backlog
    WHERE article_id IN (SELECT article_id FROM story_backlog ORDER BY article_id LIMIT :most)
    RETURNING article_id
""")

_BODIES = text("""
    SELECT id, left(body, :longest) AS body FROM articles WHERE id = ANY(CAST(:ids AS bigint[]))
""")

_ADD_KEYS = text("""
    INSERT INTO story_keys (article_id, key)
    SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:keys AS bigint[]))
    ON CONFLICT DO NOTHING
""")

# A key counts by how rare it is; integers, since the sum of floats depends on their order.
_CANDIDATES = text("""
    SELECT article_id, candidate FROM (
        SELECT wanted.article_id, found.article_id AS candidate,
               row_number() OVER (
                   PARTITION BY wanted.article_id
                   ORDER BY sum(1000000 / found.postings) DESC, found.article_id
               ) AS place
        FROM unnest(CAST(:ids AS bigint[]), CAST(:keys AS bigint[])) AS wanted (article_id, key)
        CROSS JOIN LATERAL (
            SELECT held.article_id, count(*) OVER () AS postings
            FROM (
                SELECT story_keys.article_id FROM story_keys
                WHERE story_keys.key = wanted.key
                ORDER BY story_keys.article_id DESC LIMIT :postings
            ) AS held
        ) AS found
        WHERE found.article_id <> wanted.article_id
        GROUP BY wanted.article_id, found.article_id
        HAVING sum(1000000 / found.postings) >= 1000000 / :common
    ) AS ranked
    WHERE place <= :candidates
""")

_ADD_LINKS = text("""
    INSERT INTO story_links (article_id, other_id, article_share, other_share, head_share, found_at)
    SELECT *, now() FROM unnest(
        CAST(:ids AS bigint[]), CAST(:others AS bigint[]),
        CAST(:shares AS real[]), CAST(:other_shares AS real[]), CAST(:heads AS real[])
    )
    ON CONFLICT DO NOTHING
""")

_LINKS_AROUND = text("""
    WITH RECURSIVE around (id) AS (
        SELECT unnest(CAST(:ids AS bigint[]))
        UNION
        SELECT next.id FROM around CROSS JOIN LATERAL (
            SELECT other_id AS id FROM story_links WHERE article_id = around.id
            UNION ALL
            SELECT article_id FROM story_links WHERE other_id = around.id
        ) AS next
    )
    SELECT article_id, other_id, article_share + other_share AS strength
    FROM story_links WHERE article_id = ANY(ARRAY(SELECT id FROM around))
""")

_SPLITS = text("""
    SELECT article_id, other_id FROM story_splits
    WHERE article_id = ANY(CAST(:ids AS bigint[])) AND other_id = ANY(CAST(:ids AS bigint[]))
""")

_SET_STORIES = text("""
    UPDATE articles SET story_id = wanted.story_id
    FROM unnest(CAST(:ids AS bigint[]), CAST(:stories AS bigint[])) AS wanted (id, story_id)
    WHERE articles.id = wanted.id AND articles.story_id <> wanted.story_id
""")


def lock_stories(connection: Connection) -> None:
    """Let one transaction at a time join or split stories, until it ends."""
    connection.execute(_LOCK)


def join_stories(connection: Connection, article_ids: Iterable[int]) -> None:
    """Put each new article into the story of its copies; needs the lock of ``lock_stories``.

    Reads at most ``KEYS * MOST_POSTINGS`` index entries and ``MOST_CANDIDATES`` bodies an
    article, however many articles there are.
    """
    new = set(article_ids)
    if not new:
        return
    new |= set(connection.scalars(_TAKE_BACKLOG, {"most": BACKLOG_SHARE}))
    bodies = _read_bodies(connection, new)
    pairs = _find_candidates(connection, bodies)
    bodies |= _read_bodies(connection, {id_ for pair in pairs for id_ in pair} - new)
    links: dict[tuple[int, int], Overlap] = {}
    for later, earlier in sorted(pairs):
        if not (later in bodies and earlier in bodies):
            continue  # somebody deleted that article: its keys are left
        own, other = read_text(bodies[later]), read_text(bodies[earlier])
        overlap = measure_overlap(own, other)
        if is_copy(own, other, overlap):
            links[later, earlier] = overlap
    if links:
        _add_links(connection, links)
        regroup_stories(connection, {id_ for pair in links for id_ in pair})


def regroup_stories(connection: Connection, article_ids: Iterable[int]) -> None:
    """Set the story of these articles, and of all that links lead to, by links and splits."""
    ids = sorted(article_ids)
    links = [Link(*row) for row in connection.execute(_LINKS_AROUND, {"ids": ids})]
    linked = sorted({id_ for link in links for id_ in link[:2]})
    apart = [(row[0], row[1]) for row in connection.execute(_SPLITS, {"ids": linked})]
    stories = cluster(links, apart)
    wanted = {"ids": list(stories), "stories": list(stories.values())}
    connection.execute(_SET_STORIES, wanted)


def _read_bodies(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    wanted = sorted(ids)
    if not wanted:
        return {}
    rows = connection.execute(_BODIES, {"ids": wanted, "longest": LONGEST_TEXT})
    return {row.id: row.body for row in rows}


def _find_candidates(connection: Connection, bodies: Mapping[int, str]) -> set[tuple[int, int]]:
    """Note the keys of new articles, and return (later, earlier) of what shares some of them."""
    keys = [(id_, key) for id_ in sorted(bodies) for key in sketch(read_text(bodies[id_]))]
    pairs = {"ids": [id_ for id_, _ in keys], "keys": [key for _, key in keys]}
    connection.execute(_ADD_KEYS, pairs)
    limits = {"postings": MOST_POSTINGS, "common": COMMON, "candidates": MOST_CANDIDATES}
    found = connection.execute(_CANDIDATES, pairs | limits)
    return {(max(row), min(row)) for row in found}


def _add_links(connection: Connection, links: Mapping[tuple[int, int], Overlap]) -> None:
    values = {
        "ids": [later for later, _ in links],
        "others": [earlier for _, earlier in links],
        "shares": [overlap.share for overlap in links.values()],
        "other_shares": [overlap.other_share for overlap in links.values()],
        "heads": [overlap.head for overlap in links.values()],
    }
    connection.execute(_ADD_LINKS, values)
