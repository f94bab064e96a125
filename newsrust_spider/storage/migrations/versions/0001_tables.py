"""Tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply it."""
    op.create_table(
        "articles",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Our own key."
        ),
        sa.Column(
            "source_url",
            sa.Text(),
            nullable=True,
            comment="Canonical address of the original: what makes a story.",
        ),
        sa.Column(
            "source_link",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The same address as the aggregator wrote it.",
        ),
        sa.Column(
            "publisher", sa.Text(), nullable=True, comment="Registered domain of source_url."
        ),
        sa.Column("headline", sa.Text(), nullable=False, comment="Headline, on one line."),
        sa.Column(
            "body",
            sa.Text(),
            nullable=False,
            comment="Plain text; paragraphs are parted by blank lines.",
        ),
        sa.Column(
            "excerpt",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The first words of the body.",
        ),
        sa.Column(
            "byline",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Author as the aggregator names it.",
        ),
        sa.Column(
            "image_url",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Address of the lead image; empty where there is none.",
        ),
        sa.Column(
            "labels",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Labels of all posts of the article, each once, sorted.",
        ),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the first of its posts was published.",
        ),
        sa.Column(
            "collected_at", sa.DateTime(timezone=True), nullable=False, comment="When we stored it."
        ),
        sa.Column(
            "content_changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When headline or body last changed here.",
        ),
        sa.Column(
            "word_count",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Words in the body.",
        ),
        sa.Column(
            "cleaning",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="What had to be mended in the text.",
        ),
        sa.Column(
            "content_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of what the post gave us.",
        ),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('english', headline), 'A') || setweight(to_tsvector('english', left(body, 500000)), 'B')",
                persisted=True,
            ),
            nullable=True,
            comment="Full text of headline (A) and body (B), in English.",
        ),
        sa.CheckConstraint(
            "published_at >= '1970-01-01 UTC' AND published_at < '10000-01-01 UTC'",
            name=op.f("articles_published_at_check"),
        ),
        sa.CheckConstraint("length(source_url) <= 2000", name=op.f("articles_source_url_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("articles_pkey")),
        sa.UniqueConstraint("source_url", name=op.f("articles_source_url_key")),
        comment="One row a story, however many posts retell it and however they spell its source.",
    )
    op.create_index(
        op.f("articles_labels_idx"), "articles", ["labels"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "articles_published_at_idx",
        "articles",
        [sa.literal_column("published_at DESC")],
        unique=False,
    )
    op.create_index(op.f("articles_publisher_idx"), "articles", ["publisher"], unique=False)
    op.create_index(
        op.f("articles_search_idx"), "articles", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "crawls",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Our own key."
        ),
        sa.Column(
            "site",
            sa.Text(),
            nullable=False,
            comment="Host of the aggregator, with the port where that is unusual.",
        ),
        sa.Column(
            "route",
            sa.Text(),
            server_default=sa.text("'feed'"),
            nullable=False,
            comment="How posts were found: feed, sitemap, audit.",
        ),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the crawl began, by the clock of the database.",
        ),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it ended; empty while it runs, and where it was killed.",
        ),
        sa.Column(
            "reached",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="All changes after this moment, up to covers_until, are collected.",
        ),
        sa.Column(
            "covers_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="The site's own clock at the first request of the crawl.",
        ),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=True,
            comment="complete, incomplete or failed; empty while it runs.",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Why it is not complete, or what a complete one has to say.",
        ),
        sa.Column(
            "requests",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Requests sent, robots.txt included.",
        ),
        sa.Column(
            "bytes",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Bytes received.",
        ),
        sa.Column(
            "site_posts",
            sa.Integer(),
            nullable=True,
            comment="The total of posts that the site claims.",
        ),
        sa.Column(
            "held_posts",
            sa.Integer(),
            nullable=True,
            comment="The posts of the site in our tables at the end.",
        ),
        sa.Column(
            "posts_seen",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Posts seen: the sum of the five counts that follow.",
        ),
        sa.Column(
            "posts_new",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Posts that brought a new article.",
        ),
        sa.Column(
            "posts_changed",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Posts whose article or labels changed.",
        ),
        sa.Column(
            "posts_unchanged",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Posts that we held as they are.",
        ),
        sa.Column(
            "posts_duplicate",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Posts that retell a story of which another post came first.",
        ),
        sa.Column(
            "posts_rejected",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Posts set aside with a reason: see rejected_posts.",
        ),
        sa.Column(
            "version",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Version of newsrust that ran.",
        ),
        sa.CheckConstraint(
            "outcome IN ('complete', 'incomplete', 'failed')", name=op.f("crawls_outcome_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("crawls_pkey")),
        comment="One row a run of the spider, never deleted. Its window (reached, covers_until] says what it covered.",
    )
    op.create_index(
        "crawls_site_started_at_idx",
        "crawls",
        ["site", sa.literal_column("started_at DESC")],
        unique=False,
    )
    op.create_table(
        "label_counts",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Our own key."
        ),
        sa.Column("site", sa.Text(), nullable=False, comment="Host of the aggregator."),
        sa.Column("label", sa.Text(), nullable=False, comment="The label."),
        sa.Column(
            "counted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the site was asked.",
        ),
        sa.Column(
            "site_posts",
            sa.Integer(),
            nullable=True,
            comment="Posts with this label, as the site counts them.",
        ),
        sa.Column(
            "held_posts",
            sa.Integer(),
            nullable=True,
            comment="Posts with this label in our tables.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("label_counts_pkey")),
        sa.UniqueConstraint(
            "site", "label", "counted_at", name=op.f("label_counts_site_label_counted_at_key")
        ),
        comment="What the site says of each label beside what we hold, one row an audit and label.",
    )
    op.create_table(
        "article_versions",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Our own key."
        ),
        sa.Column("article_id", sa.BigInteger(), nullable=False, comment="Whose."),
        sa.Column("headline", sa.Text(), nullable=False, comment="The former headline."),
        sa.Column("body", sa.Text(), nullable=False, comment="The former body."),
        sa.Column(
            "replaced_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the edit was collected.",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("article_versions_article_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("article_versions_pkey")),
        comment="What an article said before it was edited.",
    )
    op.create_index(
        op.f("article_versions_article_id_idx"), "article_versions", ["article_id"], unique=False
    )
    op.create_table(
        "posts",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Our own key."
        ),
        sa.Column("site", sa.Text(), nullable=False, comment="Host of the aggregator."),
        sa.Column("post_id", sa.Text(), nullable=False, comment="Blogger's number of the post."),
        sa.Column(
            "permalink",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Address of the post.",
        ),
        sa.Column(
            "title",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Title as Blogger gives it.",
        ),
        sa.Column(
            "labels",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Labels of this post, in its own order.",
        ),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was published, as Blogger says.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it last changed, as Blogger says.",
        ),
        sa.Column(
            "article_id",
            sa.BigInteger(),
            nullable=True,
            comment="The article that it retells; empty where the post is rejected.",
        ),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="new or changed (it brought the article), duplicate, rejected.",
        ),
        sa.Column(
            "content",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The HTML as it came, so that better rules can be applied later.",
        ),
        sa.Column(
            "content_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of all that we read."
        ),
        sa.Column(
            "first_crawl", sa.BigInteger(), nullable=True, comment="Crawl that saw it first."
        ),
        sa.Column(
            "last_crawl", sa.BigInteger(), nullable=True, comment="Crawl that last wrote it."
        ),
        sa.Column(
            "gone_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was found to be gone from the site.",
        ),
        sa.CheckConstraint(
            "outcome IN ('new', 'changed', 'duplicate', 'rejected')",
            name=op.f("posts_outcome_check"),
        ),
        sa.CheckConstraint(
            "published_at >= '1970-01-01 UTC' AND published_at < '10000-01-01 UTC'",
            name=op.f("posts_published_at_check"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("posts_article_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["first_crawl"], ["crawls.id"], name=op.f("posts_first_crawl_fkey")
        ),
        sa.ForeignKeyConstraint(["last_crawl"], ["crawls.id"], name=op.f("posts_last_crawl_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("posts_pkey")),
        sa.UniqueConstraint("site", "post_id", name=op.f("posts_site_post_id_key")),
        comment="Every post ever seen, with the article that it retells.",
    )
    op.create_index(op.f("posts_article_id_idx"), "posts", ["article_id"], unique=False)
    op.create_index(
        "posts_live_idx",
        "posts",
        ["site"],
        unique=False,
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    op.create_index(op.f("posts_site_permalink_idx"), "posts", ["site", "permalink"], unique=False)
    op.create_index(
        "posts_site_updated_at_idx",
        "posts",
        ["site", sa.literal_column("updated_at DESC")],
        unique=False,
    )
    op.create_table(
        "rejected_posts",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Our own key."
        ),
        sa.Column("site", sa.Text(), nullable=False, comment="Host of the aggregator."),
        sa.Column(
            "post_id",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Blogger's number of the post; empty where that could not be read.",
        ),
        sa.Column(
            "permalink",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="Address of the post; empty where that could not be read.",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why, in one word."),
        sa.Column(
            "detail",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="What was found.",
        ),
        sa.Column(
            "payload", sa.LargeBinary(), nullable=False, comment="The raw entry, at most 1 MB."
        ),
        sa.Column(
            "payload_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the payload."
        ),
        sa.Column(
            "crawl_id", sa.BigInteger(), nullable=True, comment="The last crawl that saw it."
        ),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="How often it was rejected.",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was first rejected.",
        ),
        sa.CheckConstraint(
            "octet_length(payload) <= 1000000", name=op.f("rejected_posts_payload_check")
        ),
        sa.ForeignKeyConstraint(
            ["crawl_id"], ["crawls.id"], name=op.f("rejected_posts_crawl_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("rejected_posts_pkey")),
        sa.UniqueConstraint(
            "site",
            "post_id",
            "payload_hash",
            name=op.f("rejected_posts_site_post_id_payload_hash_key"),
        ),
        comment="Posts set aside, with the reason and all that is needed to try them again.",
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("rejected_posts")
    op.drop_index("posts_site_updated_at_idx", table_name="posts")
    op.drop_index(op.f("posts_site_permalink_idx"), table_name="posts")
    op.drop_index("posts_live_idx", table_name="posts", postgresql_where=sa.text("gone_at IS NULL"))
    op.drop_index(op.f("posts_article_id_idx"), table_name="posts")
    op.drop_table("posts")
    op.drop_index(op.f("article_versions_article_id_idx"), table_name="article_versions")
    op.drop_table("article_versions")
    op.drop_table("label_counts")
    op.drop_index("crawls_site_started_at_idx", table_name="crawls")
    op.drop_table("crawls")
    op.drop_index(op.f("articles_search_idx"), table_name="articles", postgresql_using="gin")
    op.drop_index(op.f("articles_publisher_idx"), table_name="articles")
    op.drop_index("articles_published_at_idx", table_name="articles")
    op.drop_index(op.f("articles_labels_idx"), table_name="articles", postgresql_using="gin")
    op.drop_table("articles")
