"""The tables. Migrations build them; ``alembic check`` in the suite keeps the two equal."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from newsrust_spider.limits import LONGEST_ADDRESS
from newsrust_spider.storage.columns import key, moment, number, sane, word_list, words

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)


crawls = Table(
    "crawls",
    metadata,
    key(),
    words("site", "Host of the aggregator, with the port where that is unusual.", default=None),
    words("route", "How posts were found: feed, sitemap, audit, retry.", default="feed"),
    moment("started_at", "When the crawl began, by the clock of the database.", nullable=False),
    moment("finished_at", "When it ended; empty while it runs, and where it was killed."),
    moment("reached", "All changes after this moment, up to covers_until, are collected."),
    moment("covers_until", "The site's own clock at the first request of the crawl."),
    Column("outcome", Text, comment="complete, incomplete or failed; empty while it runs."),
    words("reason", "Why it is not complete, or what a complete one has to say."),
    number("requests", "Requests sent, robots.txt included."),
    Column(
        "bytes", BigInteger, nullable=False, server_default=text("0"), comment="Bytes received."
    ),
    Column("site_posts", Integer, comment="The total of posts that the site claims."),
    Column("held_posts", Integer, comment="The posts of the site in our tables at the end."),
    number("posts_seen", "Posts seen: the sum of the five counts that follow."),
    number("posts_new", "Posts that brought a new article."),
    number("posts_changed", "Posts whose article or labels changed."),
    number("posts_unchanged", "Posts that we held as they are."),
    number("posts_duplicate", "Posts that retell an article of which another post came first."),
    number("posts_rejected", "Posts set aside with a reason: see rejected_posts."),
    words("version", "Version of newsrust that ran."),
    CheckConstraint("outcome IN ('complete', 'incomplete', 'failed')", "outcome"),
    Index("crawls_site_started_at_idx", "site", text("started_at DESC")),
    comment="One row a run of the spider, never deleted. Its window (reached, covers_until] says "
    "what it covered.",
)

articles = Table(
    "articles",
    metadata,
    key(),
    Column("source_url", Text, comment="Canonical address of the original: what makes an article."),
    words("source_link", "The same address as the aggregator wrote it."),
    Column("publisher", Text, comment="Registered domain of source_url."),
    Column("publisher_name", Text, comment="Display name of the publisher, where we know one."),
    words("headline", "Headline, on one line.", default=None),
    words("body", "Plain text; paragraphs are parted by blank lines.", default=None),
    words("excerpt", "The first words of the body."),
    words("byline", "Author as the aggregator names it."),
    words("image_url", "Address of the lead image; empty where there is none."),
    word_list("labels", "Labels of all posts of the article, each once, sorted."),
    moment("published_at", "When the first of its posts was published."),
    moment("collected_at", "When we stored it.", nullable=False),
    moment("content_changed_at", "When headline or body last changed here.", nullable=False),
    number("word_count", "Words in the body."),
    word_list("cleaning", "What had to be mended in the text."),
    Column(
        "content_hash", LargeBinary, nullable=False, comment="SHA-256 of what the post gave us."
    ),
    Column(
        "search",
        TSVECTOR,
        # A tsvector holds at most 1 MB: left() keeps a huge body from being refused.
        Computed(
            "setweight(to_tsvector('english', headline), 'A') || "
            "setweight(to_tsvector('english', left(body, 500000)), 'B')",
            persisted=True,
        ),
        comment="Full text of headline (A) and body (B), in English.",
    ),
    # Set by a trigger where nothing else is said: no article is without a story.
    Column(
        "story_id",
        BigInteger,
        ForeignKey("articles.id"),
        nullable=False,
        comment="First article of its story, which all copies of the text share: see stories.",
    ),
    UniqueConstraint("source_url"),
    CheckConstraint(f"length(source_url) <= {LONGEST_ADDRESS}", "source_url"),
    sane("published_at"),
    Index(None, "labels", postgresql_using="gin"),
    Index(None, "search", postgresql_using="gin"),
    Index("articles_published_at_idx", text("published_at DESC")),
    Index(None, "publisher"),
    Index(None, "story_id"),
    comment="One row an article, which one source link names, however often it is retold.",
)

posts = Table(
    "posts",
    metadata,
    key(),
    words("site", "Host of the aggregator.", default=None),
    words("post_id", "Blogger's number of the post.", default=None),
    words("permalink", "Address of the post."),
    words("title", "Title as Blogger gives it."),
    word_list("labels", "Labels of this post, in its own order."),
    moment("published_at", "When it was published, as Blogger says."),
    moment("updated_at", "When it last changed, as Blogger says."),
    Column(
        "article_id",
        BigInteger,
        ForeignKey("articles.id"),
        comment="The article that it retells; empty where the post is rejected.",
    ),
    words("outcome", "new or changed (it brought the article), duplicate, rejected.", default=None),
    words("content", "The HTML as it came, so that better rules can be applied later."),
    Column("content_hash", LargeBinary, nullable=False, comment="SHA-256 of all that we read."),
    Column("first_crawl", BigInteger, ForeignKey("crawls.id"), comment="Crawl that saw it first."),
    Column("last_crawl", BigInteger, ForeignKey("crawls.id"), comment="Crawl that last wrote it."),
    moment("gone_at", "When it was found to be gone from the site."),
    UniqueConstraint("site", "post_id"),
    CheckConstraint("outcome IN ('new', 'changed', 'duplicate', 'rejected')", "outcome"),
    sane("published_at"),
    Index(None, "article_id"),
    Index(None, "site", "permalink"),
    Index("posts_site_updated_at_idx", "site", text("updated_at DESC")),
    # Counting the posts of a site is part of every crawl, also of the one that finds no news.
    Index("posts_live_idx", "site", postgresql_where=text("gone_at IS NULL")),
    comment="Every post ever seen, with the article that it retells.",
)

article_versions = Table(
    "article_versions",
    metadata,
    key(),
    Column("article_id", BigInteger, ForeignKey("articles.id"), nullable=False, comment="Whose."),
    words("headline", "The former headline.", default=None),
    words("body", "The former body.", default=None),
    moment("replaced_at", "When the edit was collected.", nullable=False),
    Index(None, "article_id"),
    comment="What an article said before it was edited.",
)

rejected_posts = Table(
    "rejected_posts",
    metadata,
    key(),
    words("site", "Host of the aggregator.", default=None),
    words("post_id", "Blogger's number of the post; empty where that could not be read."),
    words("permalink", "Address of the post; empty where that could not be read."),
    words("reason", "Why, in one word.", default=None),
    words("detail", "What was found."),
    Column("payload", LargeBinary, nullable=False, comment="The raw entry, at most 1 MB."),
    Column("payload_hash", LargeBinary, nullable=False, comment="SHA-256 of the payload."),
    Column("crawl_id", BigInteger, ForeignKey("crawls.id"), comment="The last crawl that saw it."),
    Column(
        "attempts",
        Integer,
        nullable=False,
        server_default=text("1"),
        comment="How often it was rejected.",
    ),
    moment("first_seen_at", "When it was first rejected.", nullable=False),
    moment("updated_at", "When it last changed, as Blogger says."),
    UniqueConstraint("site", "post_id", "payload_hash"),
    CheckConstraint("octet_length(payload) <= 1000000", "payload"),
    comment="Posts set aside, with the reason and all that is needed to try them again.",
)

label_counts = Table(
    "label_counts",
    metadata,
    key(),
    words("site", "Host of the aggregator.", default=None),
    words("label", "The label.", default=None),
    moment("counted_at", "When the site was asked.", nullable=False),
    Column("site_posts", Integer, comment="Posts with this label, as the site counts them."),
    Column("held_posts", Integer, comment="Posts with this label in our tables."),
    UniqueConstraint("site", "label", "counted_at"),
    comment="What the site says of each label beside what we hold, one row an audit and label.",
)
