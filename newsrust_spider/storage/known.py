"""What a crawl finds of earlier ones, and leaves to the next: windows, debts, memory."""

from collections.abc import Sequence

from sqlalchemy import Connection, case, func, select, text
from sqlalchemy.dialects.postgresql import insert

from newsrust_spider.coverage.windows import Window
from newsrust_spider.errands.known import Known, Memory, Search
from newsrust_spider.owed import Lack, Owed
from newsrust_spider.storage.known_tables import owed, sites
from newsrust_spider.storage.listing import mark_gone
from newsrust_spider.storage.states import count_held

_WINDOWS = text("""
    SELECT covered_from, covered_until FROM coverage WHERE site = :site ORDER BY 1
""")


def find_known(connection: Connection, site: str) -> Known:
    """Return what earlier crawls of ``site`` left."""
    rows = connection.execute(_WINDOWS, {"site": site})
    return Known(
        windows=tuple(Window(row.covered_from, row.covered_until) for row in rows),
        held=count_held(connection, site),
        memory=_find_memory(connection, site),
        owed=_find_owed(connection, site),
    )


def remember(connection: Connection, site: str, memory: Memory) -> None:
    """Leave ``memory`` to the next crawl."""
    search = memory.search
    row = {
        "newest_posts": [name for name, _ in memory.newest],
        "newest_changes": [moment for _, moment in memory.newest],
        "difference": memory.difference,
        "search_since": search and search.since,
        "search_missing": search and search.missing,
        "search_below": search and search.below,
    }
    kept = insert(sites).values(site=site, **row)
    connection.execute(kept.on_conflict_do_update(constraint="sites_pkey", set_=row))


def note_gone(connection: Connection, site: str, gone: Sequence[str]) -> None:
    """Mark the posts of these numbers as gone, and with them explain a fall of the total."""
    marked = mark_gone(connection, site, gone)
    debts = (owed.c.site == site, owed.c.post_id == func.any(list(gone)))
    connection.execute(owed.delete().where(*debts))
    explain_gone(connection, site, marked)


def explain_gone(connection: Connection, site: str, gone: int) -> None:
    """Explain with ``gone`` posts, which counted as held until now, a fall that was noted.

    Where none was noted, the next total tells of it: a difference that is too high would hide
    as many posts that surface late.
    """
    explained = func.least(sites.c.difference + gone, 0)
    fallen = (sites.c.site == site, sites.c.difference < 0)
    connection.execute(sites.update().where(*fallen).values(difference=explained))


_STRIKE = text("""
    DELETE FROM owed USING posts
    WHERE owed.site = :site AND posts.site = :site AND posts.post_id = ANY(:post_ids)
      AND (owed.post_id = posts.post_id OR owed.permalink = posts.permalink)
      AND posts.outcome <> 'rejected' AND owed.updated_at <= posts.updated_at
      AND owed.lack <> 'proof'
""")


def strike_stored(connection: Connection, site: str, post_ids: Sequence[str]) -> None:
    """Strike what was owed of posts that are stored, however they came."""
    connection.execute(_STRIKE, {"site": site, "post_ids": list(post_ids)})


_NAMESAKE = text("""
    SELECT post_id FROM owed
    WHERE site = :site AND permalink = :permalink AND post_id <> permalink
""")
_FORGET_ADDRESS = text("""
    DELETE FROM owed WHERE site = :site AND post_id = :permalink AND post_id <> :post_id
""")


def note_owed(connection: Connection, site: str, left: Sequence[Owed], paid: Sequence[str]) -> None:
    """Write what is owed, and strike the numbers of posts that are ``paid``.

    A post is owed once, by its number where that is known. A newer state that is owed stays; what
    was owed in the same state before keeps its age, whoever meets it again.
    """
    for debt in left:
        names = {"site": site, "post_id": debt.post_id, "permalink": debt.permalink}
        if debt.post_id == debt.permalink:
            names["post_id"] = connection.scalar(_NAMESAKE, names) or debt.post_id
        else:
            connection.execute(_FORGET_ADDRESS, names)
        row = {
            "updated_at": debt.updated,
            "reason": debt.reason,
            "lack": debt.lack,
            "since": debt.since,
            "crawls": debt.crawls,
        }
        kept = insert(owed).values(names | row)
        same = owed.c.updated_at == kept.excluded.updated_at
        age = {
            "since": case((same, func.least(owed.c.since, debt.since)), else_=debt.since),
            "crawls": case((same, func.greatest(owed.c.crawls, debt.crawls)), else_=debt.crawls),
        }
        newer = kept.on_conflict_do_update(
            constraint="owed_site_post_id_key",
            set_=row | age,
            where=owed.c.updated_at <= kept.excluded.updated_at,
        )
        connection.execute(newer)
    if paid:
        struck = owed.c.post_id == func.any(list(paid))
        connection.execute(owed.delete().where(owed.c.site == site, struck))


def _find_owed(connection: Connection, site: str) -> tuple[Owed, ...]:
    rows = connection.execute(select(owed).where(owed.c.site == site).order_by(owed.c.id))
    return tuple(
        Owed(
            post_id=row.post_id,
            permalink=row.permalink,
            updated=row.updated_at,
            reason=row.reason,
            since=row.since,
            crawls=row.crawls,
            lack=Lack(row.lack),
        )
        for row in rows
    )


def _find_memory(connection: Connection, site: str) -> Memory | None:
    row = connection.execute(select(sites).where(sites.c.site == site)).first()
    if row is None:
        return None
    search = None
    if row.search_since is not None:
        search = Search(row.search_since, row.search_missing, row.search_below)
    newest = tuple(zip(row.newest_posts, row.newest_changes, strict=True))
    return Memory(newest, row.difference, search)
