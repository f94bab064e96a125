"""Views: the public interface, for whoever reads with SQL."""

from alembic import op

revision = "0002"
down_revision = "0001"

VIEWS = {
    "article_labels": (
        "One row an article and label: join or count on it.",
        """
        SELECT id AS article_id, unnest(labels) AS label
        FROM articles
        """,
    ),
    "latest_articles": (
        "Articles, newest first, with what most readers want of them.",
        """
        SELECT id, published_at, publisher, headline, labels, word_count, source_url, excerpt
        FROM articles
        ORDER BY published_at DESC NULLS LAST, id DESC
        """,
    ),
    "label_totals": (
        "How many articles and posts carry each label.",
        """
        SELECT label, count(DISTINCT article_id) AS articles, count(*) AS posts
        FROM (SELECT article_id, unnest(labels) AS label FROM posts
              WHERE article_id IS NOT NULL AND gone_at IS NULL) AS labelled
        GROUP BY label
        """,
    ),
    "publisher_totals": (
        "How many articles each publisher has, from when to when.",
        """
        SELECT publisher, count(*) AS articles,
               min(published_at) AS first_published_at, max(published_at) AS last_published_at
        FROM articles
        GROUP BY publisher
        """,
    ),
    "crawl_health": (
        "The crawls, newest first: how they ended, what they found and how long they took.",
        """
        SELECT id, site, started_at, outcome, reason, finished_at - started_at AS took,
               requests, posts_seen, posts_new, posts_changed, posts_unchanged,
               posts_duplicate, posts_rejected, site_posts, held_posts
        FROM crawls
        ORDER BY started_at DESC, id DESC
        """,
    ),
    "coverage": (
        "The spans of time whose changes are collected, per site; what lies between is a hole.",
        """
        SELECT site, lower(span) AS covered_from, upper(span) AS covered_until
        FROM (SELECT site, unnest(range_agg(tstzrange(reached, covers_until, '(]'))) AS span
              FROM crawls WHERE reached < covers_until GROUP BY site) AS spans
        """,
    ),
}


def upgrade() -> None:
    """Create each view with its comment."""
    for name, (comment, query) in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")
        op.execute(f"COMMENT ON VIEW {name} IS '{comment}'")


def downgrade() -> None:
    """Drop them."""
    for name in VIEWS:
        op.execute(f"DROP VIEW {name}")
