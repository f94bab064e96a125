"""Blogs: known by Blogger's number of them, whatever the site is called that serves them.

A blog that is met under another name is merged with what was held of it. That deletes the lesser
of two rows of one post, and an article that no post tells any more; the writer may delete neither
otherwise, so functions of the owner of the tables do it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

AT_HOME = """
CREATE FUNCTION at_home(address text, home text, hosts text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN split_part(address, '/', 1) IN ('http:', 'https:')
      AND split_part(address, '/', 3) = ANY(hosts)
    THEN home || substr(
      address, length(split_part(address, '/', 1)) + length(split_part(address, '/', 3)) + 3)
    ELSE address
  END
$$;
COMMENT ON FUNCTION at_home IS 'An address at one of the hosts becomes the same path at home.'
"""

MERGE_ARTICLES = """
CREATE FUNCTION merge_articles(orphans bigint[], heirs bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO article_versions (article_id, headline, body, replaced_at)
  SELECT heirs.id, former.headline, former.body, now()
  FROM unnest(orphans, heirs) AS pair (orphan, heir)
  JOIN articles AS former ON former.id = pair.orphan
  JOIN articles AS heirs ON heirs.id = pair.heir
  WHERE (former.headline, former.body) <> (heirs.headline, heirs.body);

  UPDATE article_versions SET article_id = pair.heir
  FROM unnest(orphans, heirs) AS pair (orphan, heir) WHERE article_id = pair.orphan;

  INSERT INTO story_links (article_id, other_id, article_share, other_share, head_share, found_at)
  SELECT greatest(one, two), least(one, two),
         CASE WHEN one > two THEN article_share ELSE other_share END,
         CASE WHEN one > two THEN other_share ELSE article_share END,
         head_share, found_at
  FROM (SELECT story_links.*, coalesce(mine.heir, article_id) AS one,
               coalesce(theirs.heir, other_id) AS two
        FROM story_links
        LEFT JOIN unnest(orphans, heirs) AS mine (orphan, heir) ON mine.orphan = article_id
        LEFT JOIN unnest(orphans, heirs) AS theirs (orphan, heir) ON theirs.orphan = other_id
        WHERE mine.orphan IS NOT NULL OR theirs.orphan IS NOT NULL) AS moved
  WHERE one <> two
  ON CONFLICT DO NOTHING;

  INSERT INTO story_splits (article_id, other_id, reason, split_at)
  SELECT one, two, reason, split_at
  FROM (SELECT story_splits.*, coalesce(mine.heir, article_id) AS one,
               coalesce(theirs.heir, other_id) AS two
        FROM story_splits
        LEFT JOIN unnest(orphans, heirs) AS mine (orphan, heir) ON mine.orphan = article_id
        LEFT JOIN unnest(orphans, heirs) AS theirs (orphan, heir) ON theirs.orphan = other_id
        WHERE mine.orphan IS NOT NULL OR theirs.orphan IS NOT NULL) AS moved
  WHERE one <> two
  ON CONFLICT DO NOTHING;

  DELETE FROM story_links WHERE article_id = ANY(orphans) OR other_id = ANY(orphans);
  DELETE FROM story_splits WHERE article_id = ANY(orphans) OR other_id = ANY(orphans);
  DELETE FROM story_keys WHERE article_id = ANY(orphans);
  DELETE FROM story_backlog WHERE article_id = ANY(orphans);
  UPDATE articles SET story_id = pair.heir
  FROM unnest(orphans, heirs) AS pair (orphan, heir) WHERE story_id = pair.orphan;
  DELETE FROM articles WHERE id = ANY(orphans);
END $$;
COMMENT ON FUNCTION merge_articles IS 'Each orphan, which no post tells any more, goes; what refers
to it refers to its heir, and where their texts differ, it becomes a former version of it.'
"""

# Which row stays: a post that was read, before one that was rejected; a living one; the newest;
# the one that tells its article. Where the other told it, this one does from now on; if its text
# is another, it has no hash, so that it is never unchanged when it is read once more.
MERGE_POSTS = """
CREATE FUNCTION merge_posts(former text, current text, home text, hosts text[]) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  lost bigint[]; kept bigint[]; touched bigint[]; orphans bigint[]; heirs bigint[];
BEGIN
  SELECT array_agg(id), array_agg(best) INTO lost, kept
  FROM (SELECT id, first_value(id) OVER (
                 PARTITION BY at_home(post_id, home, hosts)
                 ORDER BY outcome = 'rejected', gone_at IS NOT NULL, updated_at DESC NULLS LAST,
                          outcome = 'duplicate', id) AS best
        FROM posts WHERE site IN (former, current)) AS ranked
  WHERE id <> best;
  IF lost IS NULL THEN
    RETURN '{}';
  END IF;

  SELECT array_agg(DISTINCT article_id) INTO touched
  FROM posts WHERE id = ANY(lost || kept) AND article_id IS NOT NULL;
  SELECT array_agg(old.article_id), array_agg(new.article_id) INTO orphans, heirs
  FROM unnest(lost, kept) AS pair (lost, kept)
  JOIN posts AS old ON old.id = pair.lost
  JOIN posts AS new ON new.id = pair.kept
  WHERE old.article_id <> new.article_id;

  UPDATE posts
  SET gone_at = CASE WHEN others.live THEN NULL ELSE posts.gone_at END,
      first_crawl = least(posts.first_crawl, others.first_crawl),
      last_crawl = greatest(posts.last_crawl, others.last_crawl),
      outcome = CASE WHEN others.told THEN 'changed' ELSE posts.outcome END,
      content_hash = CASE WHEN others.told_otherwise THEN '' ELSE posts.content_hash END
  FROM (SELECT pair.kept, bool_or(old.gone_at IS NULL) AS live,
               min(old.first_crawl) AS first_crawl, max(old.last_crawl) AS last_crawl,
               bool_or(told.it) AS told,
               bool_or(told.it AND (old.title, old.content) <> (new.title, new.content))
                   AS told_otherwise
        FROM unnest(lost, kept) AS pair (lost, kept)
        JOIN posts AS old ON old.id = pair.lost
        JOIN posts AS new ON new.id = pair.kept
        CROSS JOIN LATERAL (
          SELECT old.article_id = new.article_id AND new.outcome = 'duplicate'
             AND old.outcome IN ('new', 'changed') AS it) AS told
        GROUP BY pair.kept) AS others
  WHERE posts.id = others.kept;

  DELETE FROM posts WHERE id = ANY(lost);
  SELECT array_agg(orphan), array_agg(heir) INTO orphans, heirs
  FROM (SELECT orphan, min(heir) AS heir FROM unnest(orphans, heirs) AS pair (orphan, heir)
        WHERE NOT EXISTS (SELECT FROM posts WHERE article_id = orphan) GROUP BY orphan) AS pairs;
  IF orphans IS NOT NULL THEN
    PERFORM merge_articles(orphans, heirs);
  END IF;
  RETURN coalesce(touched, '{}');
END $$;
COMMENT ON FUNCTION merge_posts IS 'Of the rows of one post at two sites of one blog, one stays;
returns the articles whose labels and stories are to be found anew.'
"""

RIGHTS = (
    "REVOKE EXECUTE ON FUNCTION merge_articles, merge_posts FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION merge_posts TO newsrust_writer",
    "GRANT SELECT ON blogs TO newsrust_writer, newsrust_reader",
    "GRANT INSERT, UPDATE ON blogs TO newsrust_writer",
    "GRANT UPDATE (site) ON label_counts TO newsrust_writer",
    # What was remembered of a site that is called otherwise now.
    "GRANT DELETE ON sites TO newsrust_writer",
)


def upgrade() -> None:
    """Build the table and the functions; each blog is named by the next crawl of it."""
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
    for statement in (AT_HOME, MERGE_ARTICLES, MERGE_POSTS, *RIGHTS):
        op.execute(statement)


def downgrade() -> None:
    """Forget which blog a site serves; what was merged stays so."""
    op.execute("REVOKE DELETE ON sites FROM newsrust_writer")
    op.execute("REVOKE UPDATE (site) ON label_counts FROM newsrust_writer")
    op.execute("DROP FUNCTION merge_posts, merge_articles, at_home")
    op.drop_table("blogs")
