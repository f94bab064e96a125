"""What the site lists and counts, beside what we hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from newsrust_spider.storage.held import Change


@dataclass(frozen=True, slots=True)
class Audit:
    """A comparison of a site with our tables.

    ``missing`` are addresses that the site lists and we do not hold, ``stale`` those that we
    hold in an older state, ``gone`` those that we hold and the site lists no more; ``labels``
    gives for each label what the site counts and what we hold.
    """

    site_posts: int | None
    held_posts: int
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    labels: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def wrong_labels(self) -> dict[str, tuple[int, int]]:
        """The labels whose two counts differ."""
        return {label: counts for label, counts in self.labels.items() if counts[0] != counts[1]}

    @property
    def problems(self) -> int:
        """How many things are not as on the site; posts that are gone from it are none."""
        miscount = self.site_posts is not None and self.site_posts != self.held_posts
        return len(self.missing) + len(self.stale) + len(self.wrong_labels) + miscount


def begin_listing(connection: Connection) -> None:
    """Make room for the site's addresses, for as long as ``connection`` lives."""
    connection.execute(
        text("CREATE TEMPORARY TABLE listed (permalink text PRIMARY KEY, lastmod timestamptz)")
    )


def add_listing(connection: Connection, changes: Sequence[Change]) -> None:
    """Note what a page of the sitemap lists."""
    rows = [{"permalink": permalink, "lastmod": lastmod} for permalink, lastmod in changes]
    if rows:
        statement = "INSERT INTO listed VALUES (:permalink, :lastmod) ON CONFLICT DO NOTHING"
        connection.execute(text(statement), rows)


_DIFFERENCES = {
    "missing": text("""
        SELECT permalink FROM listed
        EXCEPT
        SELECT permalink FROM posts WHERE site = :site AND gone_at IS NULL
        ORDER BY 1
    """),
    "stale": text("""
        SELECT permalink FROM listed JOIN posts USING (permalink)
        WHERE site = :site AND gone_at IS NULL AND lastmod > date_trunc('second', updated_at)
        ORDER BY 1
    """),
    "gone": text("""
        SELECT permalink FROM posts WHERE site = :site AND gone_at IS NULL AND permalink <> ''
        EXCEPT
        SELECT permalink FROM listed
        ORDER BY 1
    """),
}


def find_differences(connection: Connection, site: str) -> dict[str, tuple[str, ...]]:
    """Return the addresses that are ``missing``, ``stale`` and ``gone``; see Audit."""
    found = {}
    for name, query in _DIFFERENCES.items():
        found[name] = tuple(connection.scalars(query, {"site": site}))
    return found


def mark_gone(connection: Connection, site: str, permalinks: Sequence[str]) -> None:
    """Note that posts are gone from the site; their articles stay."""
    statement = text(
        "UPDATE posts SET gone_at = now()"
        " WHERE site = :site AND gone_at IS NULL AND permalink = ANY(:gone)"
    )
    connection.execute(statement, {"site": site, "gone": list(permalinks)})


def count_labels(connection: Connection, site: str) -> dict[str, int]:
    """Return how many of our posts of ``site`` have each label."""
    rows = connection.execute(
        text(
            "SELECT label, count(*) AS posts FROM posts, unnest(labels) AS label"
            " WHERE site = :site AND gone_at IS NULL GROUP BY label"
        ),
        {"site": site},
    )
    return {row.label: row.posts for row in rows}


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
