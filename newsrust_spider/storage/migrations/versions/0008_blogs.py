"""Blogs: known by Blogger's number of them, whatever the site is called that serves them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

RIGHTS = (
    "GRANT SELECT ON blogs TO newsrust_writer, newsrust_reader",
    "GRANT INSERT, UPDATE ON blogs TO newsrust_writer",
)


def upgrade() -> None:
    """Build the table; each blog is named by the next crawl of it."""
    op.create_table(
        "blogs",
        sa.Column("blog_id", sa.Text(), primary_key=True, comment="Blogger's number of the blog."),
        sa.Column(
            "site",
            sa.Text(),
            nullable=False,
            comment="Host under which it is crawled now; all of its rows bear this name.",
        ),
        sa.Column(
            "hosts",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="All hosts under which it was ever crawled, this one too.",
        ),
        sa.UniqueConstraint("site", name="blogs_site_key"),
        sa.CheckConstraint("blog_id <> ''", name="blogs_blog_id_check"),
        comment="One row a blog: its number stays the same whatever its hosts are called.",
    )
    for statement in RIGHTS:
        op.execute(statement)


def downgrade() -> None:
    """Forget which blog a site serves."""
    op.drop_table("blogs")
