"""The tables of what a crawl leaves to the next: the blog's name, debts, memory, windows."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from newsrust_spider.owed import Lack
from newsrust_spider.storage.columns import key, moment, number, word_list, words
from newsrust_spider.storage.schema import metadata

blogs = Table(
    "blogs",
    metadata,
    Column("blog_id", Text, primary_key=True, comment="Blogger's number of the blog."),
    words(
        "site",
        "Host under which it is crawled now; all of its rows bear this name.",
        default=None,
    ),
    Column(
        "hosts",
        ARRAY(Text),
        nullable=False,
        comment="All hosts under which it was ever crawled, this one too.",
    ),
    UniqueConstraint("site"),
    CheckConstraint("blog_id <> ''", "blog_id"),
    comment="One row a blog: its number stays the same whatever its hosts are called.",
)

owed = Table(
    "owed",
    metadata,
    key(),
    words("site", "Host of the aggregator.", default=None),
    words("post_id", "Blogger's number of the post.", default=None),
    words("permalink", "Address of the post."),
    moment("updated_at", "When it last changed, as the site named it.", nullable=False),
    words("reason", "Why it could not be had."),
    words(
        "lack",
        "What we lack: the post, a sign that it lives, the proof that its page is new.",
        default=Lack.POST,
    ),
    moment("since", "When it was first missed, by the site's clock.", nullable=False),
    number("crawls", "How many crawls have left it owed."),
    UniqueConstraint("site", "post_id"),
    comment="Posts that the site named and did not give: the next crawls ask for them first.",
)

sites = Table(
    "sites",
    metadata,
    Column("site", Text, primary_key=True, comment="Host of the aggregator."),
    word_list(
        "newest_posts",
        "The numbers of the posts that changed last, as the last crawl heard them.",
    ),
    Column(
        "newest_changes",
        ARRAY(DateTime(timezone=True)),
        nullable=False,
        server_default=text("'{}'"),
        comment="When each of them changed; empty where that could not be read.",
    ),
    number("difference", "The site's total less what we hold, as far as it is explained."),
    moment("search_since", "When a search for missing posts was ordered; empty: there is none."),
    Column("search_missing", Integer, comment="How many posts were missing then."),
    moment("search_below", "The publication date down to which it has come; empty: not begun."),
    comment="One row a site: what its last crawl left to the next one.",
)

covered = Table(
    "covered",
    metadata,
    Column("crawl_id", BigInteger, ForeignKey("crawls.id"), nullable=False, comment="Whose."),
    moment("reached", "All changes after this moment are collected, …", nullable=False),
    moment("covers_until", "… up to this one.", nullable=False),
    PrimaryKeyConstraint("crawl_id", "covers_until"),
    comment="Windows of a crawl that do not touch the one in its own row.",
)
