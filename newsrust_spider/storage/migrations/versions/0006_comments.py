"""Comments: an article is what one source link names, a story may be several articles."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TABLE = (
    "One row a story, however many posts retell it and however they spell its source.",
    "One row an article, which one source link names, however often it is retold.",
)
COLUMNS = (
    (
        "articles",
        "source_url",
        sa.Text(),
        "Canonical address of the original: what makes a story.",
        "Canonical address of the original: what makes an article.",
    ),
    (
        "crawls",
        "route",
        sa.Text(),
        "How posts were found: feed, sitemap, audit.",
        "How posts were found: feed, sitemap, audit, retry.",
    ),
    (
        "crawls",
        "posts_duplicate",
        sa.Integer(),
        "Posts that retell a story of which another post came first.",
        "Posts that retell an article of which another post came first.",
    ),
)


def upgrade() -> None:
    """Say what is meant since there are stories."""
    op.create_table_comment("articles", TABLE[1], existing_comment=TABLE[0])
    for table, column, kind, before, after in COLUMNS:
        op.alter_column(table, column, existing_type=kind, comment=after, existing_comment=before)


def downgrade() -> None:
    """Say what was meant before."""
    op.create_table_comment("articles", TABLE[0], existing_comment=TABLE[1])
    for table, column, kind, before, after in COLUMNS:
        op.alter_column(table, column, existing_type=kind, comment=before, existing_comment=after)
