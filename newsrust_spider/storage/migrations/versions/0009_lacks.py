"""What is lacked of a post that is owed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column: what was owed until now is the post itself."""
    comment = "What we lack: the post, a sign that it lives, the proof that its page is new."
    column = sa.Column(
        "lack", sa.Text(), nullable=False, server_default=sa.text("'post'"), comment=comment
    )
    op.add_column("owed", column)


def downgrade() -> None:
    """Forget it."""
    op.drop_column("owed", "lack")
