"""Roles: newsrust_writer for the crawl, newsrust_reader for everyone else.

Both are groups without a login: ``GRANT newsrust_reader TO analyst``. Roles belong to the whole
server, so they may be there already; taking the migration back leaves them.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

ROLES = """
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['newsrust_writer', 'newsrust_reader'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role);
      END IF;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role % is missing: let an administrator run CREATE ROLE %', role, role;
    END;
  END LOOP;
END $$
"""

GRANTS = (
    "GRANT USAGE ON SCHEMA public TO newsrust_writer, newsrust_reader",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO newsrust_writer, newsrust_reader",
    "GRANT INSERT, UPDATE ON crawls, articles, posts, article_versions, rejected_posts, label_counts TO newsrust_writer",
    # A rejected post that could be stored after all leaves the list; nothing else is deleted.
    "GRANT DELETE ON rejected_posts TO newsrust_writer",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO newsrust_writer, newsrust_reader",
)

REVOKES = (
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM newsrust_writer, newsrust_reader",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM newsrust_writer, newsrust_reader",
    "REVOKE USAGE ON SCHEMA public FROM newsrust_writer, newsrust_reader",
)


def upgrade() -> None:
    """Create the roles where they are missing, and grant each what it needs."""
    for statement in (ROLES, *GRANTS):
        op.execute(statement)


def downgrade() -> None:
    """Take the grants back."""
    for statement in REVOKES:
        op.execute(statement)
