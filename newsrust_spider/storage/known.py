"""What a crawl finds of earlier ones, and leaves to the next: windows, debts, memory."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects.postgresql import insert

from newsrust_spider.coverage.windows import Window
from newsrust_spider.errands.known import Known, Memory, Search
from newsrust_spider.owed import Owed
from newsrust_spider.storage.known_tables import owed, sites
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


def note_gone(connection: Connection, site: str, gone: int, total: int | None) -> None:
    """Explain ``gone`` posts, now marked as such, and with them a fall of the site's ``total``."""
    memory = _find_memory(connection, site)
    if memory is None:
        return
    difference = memory.difference + gone
    if total is not None:
        difference = min(difference, total - count_held(connection, site))
    connection.execute(sites.update().where(sites.c.site == site).values(difference=difference))


def note_owed(connection: Connection, site: str, left: Sequence[Owed], paid: Sequence[str]) -> None:
    """Write what is owed, and strike the numbers of posts that are ``paid``."""
    for debt in left:
        row = {
            "permalink": debt.permalink,
            "updated_at": debt.updated,
            "reason": debt.reason,
            "since": debt.since,
            "crawls": debt.crawls,
        }
        kept = insert(owed).values(site=site, post_id=debt.post_id, **row)
        connection.execute(kept.on_conflict_do_update(constraint="owed_site_post_id_key", set_=row))
    if paid:
        struck = owed.c.post_id == func.any(list(paid))
        connection.execute(owed.delete().where(owed.c.site == site, struck))


def _find_owed(connection: Connection, site: str) -> tuple[Owed, ...]:
    rows = connection.execute(select(owed).where(owed.c.site == site).order_by(owed.c.id))
    return tuple(
        Owed(row.post_id, row.permalink, row.updated_at, row.reason, row.since, row.crawls)
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
