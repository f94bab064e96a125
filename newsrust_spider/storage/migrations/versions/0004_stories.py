"""Stories: articles that print the same text, joined and never deleted; names of publishers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = ("story_backlog", "story_splits", "story_links", "story_keys")

# A trigger: an identity column cannot be named in a default, and an UPDATE after each INSERT
# would write every row, with its full-text index, twice.
TRIGGER = """
CREATE FUNCTION start_story() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.story_id := coalesce(NEW.story_id, NEW.id);
  RETURN NEW;
END $$;
COMMENT ON FUNCTION start_story() IS 'An article is its own story until copies of it are found.';
CREATE TRIGGER articles_start_story BEFORE INSERT ON articles
  FOR EACH ROW EXECUTE FUNCTION start_story()
"""

GRANTS = (
    "GRANT SELECT ON story_backlog, story_splits, story_links, story_keys, stories TO newsrust_writer, newsrust_reader",
    "GRANT INSERT ON story_keys, story_links, story_splits TO newsrust_writer",
    # What has been compared leaves the list.
    "GRANT DELETE ON story_backlog TO newsrust_writer",
)

STORIES = """
CREATE VIEW stories AS
SELECT story_id,
       (array_agg(coalesce(publisher_name, publisher) ORDER BY published_at, id))[1]
           AS first_publisher,
       min(published_at) AS first_published_at,
       (array_agg(headline ORDER BY published_at, id))[1] AS headline,
       count(*) AS articles,
       count(*) - 1 AS copies,
       coalesce(array_agg(DISTINCT coalesce(publisher_name, publisher))
                FILTER (WHERE publisher IS NOT NULL), '{}') AS publishers,
       ARRAY(SELECT min(label) FROM articles AS members, unnest(members.labels) AS label
             WHERE members.story_id = articles.story_id
             GROUP BY lower(label) ORDER BY lower(label)) AS labels
FROM articles
GROUP BY story_id
"""

# A view can only be given more columns, at its end.
VIEWS = {
    "latest_articles": (
        "SELECT id, published_at, publisher, headline, labels, word_count, source_url, excerpt",
        ", coalesce(publisher_name, publisher) AS publisher_name, story_id",
        " FROM articles ORDER BY published_at DESC NULLS LAST, id DESC",
        "Articles, newest first, with what most readers want of them.",
    ),
    "publisher_totals": (
        "SELECT publisher, count(*) AS articles, min(published_at) AS first_published_at, max(published_at) AS last_published_at",
        ", coalesce(max(publisher_name), publisher) AS publisher_name",
        " FROM articles GROUP BY publisher",
        "How many articles each publisher has, from when to when.",
    ),
}


def upgrade() -> None:
    """Make every article a story of its own; the crawl then finds the copies among them."""
    op.add_column(
        "articles",
        sa.Column(
            "publisher_name",
            sa.Text(),
            comment="Display name of the publisher, where we know one.",
        ),
    )
    op.add_column(
        "articles",
        sa.Column(
            "story_id",
            sa.BigInteger(),
            comment="First article of its story, which all copies of the text share: see stories.",
        ),
    )
    # One pass that leaves a compact table; an UPDATE would leave a dead copy of every row.
    op.execute(
        "ALTER TABLE articles ALTER story_id TYPE bigint USING id, ALTER story_id SET NOT NULL"
    )
    op.create_foreign_key("articles_story_id_fkey", "articles", "articles", ["story_id"], ["id"])
    op.create_index("articles_story_id_idx", "articles", ["story_id"])
    op.execute(TRIGGER)
    create_tables()
    op.execute("INSERT INTO story_backlog SELECT id FROM articles")
    op.execute(STORIES)
    op.execute(
        "COMMENT ON VIEW stories IS 'One row a story: who had it first, how many copies of its text"
        " there are, by whom, and the labels of them all.'"
    )
    for name, (start, more, end, _) in VIEWS.items():
        op.execute(f"CREATE OR REPLACE VIEW {name} AS {start}{more}{end}")
    for statement in GRANTS:
        op.execute(statement)


def create_tables() -> None:
    """Create the tables behind stories."""
    op.create_table(
        "story_keys",
        sa.Column(
            "key", sa.BigInteger(), nullable=False, comment="Hash of a run of words of its body."
        ),
        sa.Column(
            "article_id", sa.BigInteger(), nullable=False, comment="The article with this run."
        ),
        sa.PrimaryKeyConstraint("key", "article_id", name="story_keys_pkey"),
        comment="The smallest hashes of each article's runs of words: texts that share some of them "
        "are compared.",
    )
    op.create_table(
        "story_links",
        article("article_id", "The later of two articles that are copies."),
        article("other_id", "The earlier one."),
        share("article_share", "Part of the later text that the earlier one has too, 0 to 1."),
        share("other_share", "Part of the earlier text that the later one has too, 0 to 1."),
        share("head_share", "The same for the beginning of that of which less is shared."),
        moment("found_at", "When the two were compared."),
        *pair("story_links", "other_id < article_id"),
        comment="Which articles are copies of which, and by what overlap: what makes a story.",
    )
    op.create_table(
        "story_splits",
        article("article_id", "The article that an operator took out of its story."),
        article("other_id", "An article that was in the same story."),
        sa.Column(
            "reason",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Why, in the words of the operator.",
        ),
        moment("split_at", "When."),
        *pair("story_splits", "article_id <> other_id"),
        comment="Articles that are never in one story again, whatever their texts share.",
    )
    op.create_table(
        "story_backlog",
        article("article_id", "The article."),
        sa.PrimaryKeyConstraint("article_id", name="story_backlog_pkey"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="story_backlog_article_id_fkey"
        ),
        comment="Articles from before there were stories, which have no keys yet; each batch of a "
        "crawl takes some.",
    )
    for table in ("story_links", "story_splits"):
        op.create_index(f"{table}_other_id_idx", table, ["other_id"])


def article(name: str, comment: str) -> sa.Column:
    """Return a column for an article's id."""
    return sa.Column(name, sa.BigInteger(), nullable=False, autoincrement=False, comment=comment)


def share(name: str, comment: str) -> sa.Column:
    """Return a column for a part of a text."""
    return sa.Column(name, sa.REAL(), nullable=False, comment=comment)


def moment(name: str, comment: str) -> sa.Column:
    """Return a column for a moment."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, comment=comment)


def pair(table: str, order: str) -> tuple[sa.Constraint, ...]:
    """Return the constraints of a table of pairs of articles."""
    return (
        sa.PrimaryKeyConstraint("article_id", "other_id", name=f"{table}_pkey"),
        sa.CheckConstraint(order, name=f"{table}_order_check"),
        *(
            sa.ForeignKeyConstraint([name], ["articles.id"], name=f"{table}_{name}_fkey")
            for name in ("article_id", "other_id")
        ),
    )


def downgrade() -> None:
    """Drop all of it; the articles stay."""
    op.execute("DROP VIEW stories")
    for name, (start, _, end, comment) in VIEWS.items():
        op.execute(f"DROP VIEW {name}")
        op.execute(f"CREATE VIEW {name} AS {start}{end}")
        op.execute(f"COMMENT ON VIEW {name} IS '{comment}'")
        op.execute(f"GRANT SELECT ON {name} TO newsrust_writer, newsrust_reader")
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP TRIGGER articles_start_story ON articles")
    op.execute("DROP FUNCTION start_story()")
    op.drop_column("articles", "story_id")
    op.drop_column("articles", "publisher_name")
