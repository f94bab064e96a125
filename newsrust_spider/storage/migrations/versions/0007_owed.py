"""What is owed, what a crawl of a site leaves to the next one, and windows beside its own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

# A former release covered a window up to the moment at which it asked, and read its last five
# minutes again. Now a window ends so much earlier, and nothing is read again.
CUT_NEWEST = """
UPDATE crawls
SET covers_until = newest.cut, reached = CASE WHEN reached < newest.cut THEN reached END
FROM (SELECT site, max(covers_until) - interval '5 minutes' AS cut FROM crawls
      WHERE reached < covers_until GROUP BY site) AS newest
WHERE crawls.site = newest.site AND covers_until > newest.cut
"""
# The difference that the last comparison found was explained by its crawl.
REMEMBER = """
INSERT INTO sites (site, difference)
SELECT DISTINCT ON (site) site, site_posts - held_posts FROM crawls
WHERE site_posts IS NOT NULL AND held_posts IS NOT NULL
ORDER BY site, id DESC
"""
KNOWN_MOMENTS = """
UPDATE rejected_posts SET updated_at = posts.updated_at FROM posts
WHERE posts.site = rejected_posts.site AND posts.post_id = rejected_posts.post_id
  AND posts.outcome = 'rejected'
"""
COVERAGE = """
CREATE OR REPLACE VIEW coverage AS
SELECT site, lower(span) AS covered_from, upper(span) AS covered_until
FROM (SELECT site, unnest(range_agg(tstzrange(reached, covers_until, '(]'))) AS span
      FROM (SELECT site, reached, covers_until FROM crawls
            UNION ALL
            SELECT site, covered.reached, covered.covers_until
            FROM covered JOIN crawls ON crawls.id = covered.crawl_id) AS windows
      WHERE reached < covers_until GROUP BY site) AS spans
"""
FORMER_COVERAGE = """
CREATE OR REPLACE VIEW coverage AS
SELECT site, lower(span) AS covered_from, upper(span) AS covered_until
FROM (SELECT site, unnest(range_agg(tstzrange(reached, covers_until, '(]'))) AS span
      FROM crawls WHERE reached < covers_until GROUP BY site) AS spans
"""


def _words(name: str, comment: str, *, default: bool = True) -> sa.Column[str]:
    empty = sa.text("''") if default else None
    return sa.Column(name, sa.Text(), nullable=False, server_default=empty, comment=comment)


def _moment(name: str, comment: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def _number(name: str, comment: str) -> sa.Column[int]:
    zero = sa.text("0")
    return sa.Column(name, sa.Integer(), nullable=False, server_default=zero, comment=comment)


def upgrade() -> None:
    """Build the tables, and fill them with what former crawls knew."""
    op.create_table(
        "owed",
        sa.Column(
            "id",
            sa.BigInteger(),
            sa.Identity(always=True),
            primary_key=True,
            comment="Our own key.",
        ),
        _words("site", "Host of the aggregator.", default=False),
        _words("post_id", "Blogger's number of the post.", default=False),
        _words("permalink", "Address of the post."),
        _moment("updated_at", "When it last changed, as the site named it.", nullable=False),
        _words("reason", "Why it could not be had."),
        _moment("since", "When it was first missed, by the site's clock.", nullable=False),
        _number("crawls", "How many crawls have left it owed."),
        sa.UniqueConstraint("site", "post_id", name="owed_site_post_id_key"),
        comment="Posts that the site named and did not give: the next crawls ask for them first.",
    )
    op.create_table(
        "sites",
        sa.Column("site", sa.Text(), primary_key=True, comment="Host of the aggregator."),
        sa.Column(
            "newest_posts",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="The numbers of the posts that changed last, as the last crawl heard them.",
        ),
        sa.Column(
            "newest_changes",
            postgresql.ARRAY(sa.DateTime(timezone=True)),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="When each of them changed; empty where that could not be read.",
        ),
        _number("difference", "The site's total less what we hold, as far as it is explained."),
        _moment(
            "search_since", "When a search for missing posts was ordered; empty: there is none."
        ),
        sa.Column("search_missing", sa.Integer(), comment="How many posts were missing then."),
        _moment(
            "search_below", "The publication date down to which it has come; empty: not begun."
        ),
        comment="One row a site: what its last crawl left to the next one.",
    )
    op.create_table(
        "covered",
        sa.Column(
            "crawl_id",
            sa.BigInteger(),
            sa.ForeignKey("crawls.id", name="covered_crawl_id_fkey"),
            nullable=False,
            comment="Whose.",
        ),
        _moment("reached", "All changes after this moment are collected, …", nullable=False),
        _moment("covers_until", "… up to this one.", nullable=False),
        sa.PrimaryKeyConstraint("crawl_id", "covers_until", name="covered_pkey"),
        comment="Windows of a crawl that do not touch the one in its own row.",
    )
    op.add_column("rejected_posts", _moment("updated_at", "When it last changed, as Blogger says."))
    for statement in (CUT_NEWEST, REMEMBER, KNOWN_MOMENTS, COVERAGE):
        op.execute(statement)
    op.execute("GRANT INSERT, UPDATE ON owed, sites, covered TO newsrust_writer")
    op.execute("GRANT DELETE ON owed TO newsrust_writer")


def downgrade() -> None:
    """Forget all of it."""
    op.execute(FORMER_COVERAGE)
    op.drop_table("covered")
    op.drop_column("rejected_posts", "updated_at")
    op.drop_table("sites")
    op.drop_table("owed")
