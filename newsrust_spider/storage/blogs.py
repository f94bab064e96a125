"""Which blog a site serves: Blogger's number of it is its identity, its hosts may change."""

from sqlalchemy import Connection, select, text

from newsrust_spider.database.engine import DatabaseUnusableError
from newsrust_spider.errands.known import Blog
from newsrust_spider.storage.adoption import Move, adopt
from newsrust_spider.storage.known_tables import blogs

# A site that has come to https has the same name, and other addresses.
_HELD_AT = text("""
    SELECT EXISTS (SELECT FROM posts WHERE site = :site AND starts_with(permalink, :home))
""")


class AnotherBlogError(DatabaseUnusableError):
    """A site that this database knows as one blog answers as another."""


def lock_of(blog_id: str) -> str:
    """Return the name of a blog's lock; no site is called so.

    >>> lock_of("40")
    'blog/40'
    """
    return f"blog/{blog_id}"


def find_site(connection: Connection, blog_id: str) -> str | None:
    """Return the site as which the blog was last crawled; None where it never was."""
    return connection.scalar(select(blogs.c.site).where(blogs.c.blog_id == blog_id))


def identify(connection: Connection, site: str, home: str, blog_id: str) -> Blog:
    """Return the blog ``blog_id``, which ``site`` serves now, at the address ``home``.

    What is held of it under another name becomes the site's. Only for the holder of the locks
    of both, the site and the blog. Raises AnotherBlogError where the site is known as another.
    """
    here = connection.scalar(select(blogs.c.blog_id).where(blogs.c.site == site))
    if here not in {None, blog_id}:
        raise AnotherBlogError(
            f"{site} is blog {here} in this database, and answers as blog {blog_id}:"
            " crawl it into a database of its own, with another DATABASE_URL"
        )
    known = connection.execute(select(blogs).where(blogs.c.blog_id == blog_id)).first()
    former = known.site if known else site
    hosts = frozenset({site, *(known.hosts if known else ())})
    row = {"site": site, "hosts": sorted(hosts)}
    if known is None:
        connection.execute(blogs.insert().values(blog_id=blog_id, **row))
    elif former != site:
        connection.execute(blogs.update().where(blogs.c.blog_id == blog_id).values(row))
    if former != site or connection.scalar(_HELD_AT, {"site": site, "home": _other_home(home)}):
        adopt(connection, Move(former, site, home, sorted(hosts)))
    return Blog(blog_id, site, hosts)


def _other_home(home: str) -> str:
    """Return ``home`` in its other scheme, with a slash at its end.

    >>> _other_home("https://a.example")
    'http://a.example/'
    """
    scheme, _, rest = home.partition("://")
    return f"{'http' if scheme == 'https' else 'https'}://{rest}/"
