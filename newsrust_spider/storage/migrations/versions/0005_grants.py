"""Grants: the writer loses the right to change what it only ever adds to."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Take it back."""
    op.execute("REVOKE UPDATE ON article_versions, label_counts FROM newsrust_writer")


def downgrade() -> None:
    """Give it again."""
    op.execute("GRANT UPDATE ON article_versions, label_counts TO newsrust_writer")
