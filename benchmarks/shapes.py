"""Whether the collection is the same in every shape of the site, and what each shape costs.

Run it with ``python -m benchmarks.shapes [POSTS]`` (3,000 unless said). The same blog is crawled
as a full feed, a short feed, behind FeedBurner, with its feed off, and with a feed that breaks off
in the middle; each database is compared with the first, article by article. A shape is crawled
again, an hour later as far as the search for missing posts can tell, until a crawl is complete.
"""

import sys
import tempfile
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from benchmarks.whole_crawl import crawl
from demo.blog import Blog
from demo.shape import Shape
from demo.site import StandIn
from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import connect_engine
from newsrust_spider.storage.migrate import migrate

POSTS = 3_000
MOST_CRAWLS = 4

Rows = set[tuple[object, ...]]


def shapes(posts: int) -> dict[str, Shape]:
    """Return the five shapes that a site can take, by name."""
    return {
        "full feed": Shape(),
        "short feed": Shape(feed="short"),
        "FeedBurner": Shape(feed="feedburner"),
        "feed off": Shape(feed="off"),
        "feed that breaks off": Shape(breaks_after=posts // 2),
    }


def read_articles(engine: Engine) -> Rows:
    """Return all articles as a reader sees them, with the numbers of their posts."""
    query = """
        SELECT source_url, headline, body, articles.labels, array_agg(post_id ORDER BY post_id)
        FROM articles JOIN posts ON article_id = articles.id
        GROUP BY articles.id
    """
    with engine.connect() as connection:
        rows = connection.execute(text(query)).all()
    return {
        (url, headline, body, *labels, *numbers) for url, headline, body, labels, numbers in rows
    }


def crawl_until_complete(url: str, engine: Engine) -> list[int]:
    """Crawl until it ends 0, or often enough; return the exit statuses."""
    statuses: list[int] = []
    while len(statuses) < MOST_CRAWLS and 0 not in statuses:
        statuses.append(crawl(url, engine)[0])
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE sites SET search_since = search_since - interval '1 hour'")
            )
    return statuses


def main(posts: int) -> None:
    """Print a table with a row for each shape."""
    table = Table("shape", "exits", "requests", "seconds", "articles", "as from the full feed")
    blog = Blog(posts)
    first: Rows = set()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o755)
        server = EmbeddedServer(Path(home))
        for number, (name, shape) in enumerate(shapes(posts).items()):
            engine = connect_engine(server.start(f"shape_{number}"))
            migrate(engine)
            with StandIn(blog=blog, shape=shape) as site:
                begun = monotonic()
                statuses = crawl_until_complete(site.url, engine)
                took, asked = monotonic() - begun, len(site.requests)
            articles = read_articles(engine)
            engine.dispose()
            first = first or articles
            equal = f"{len(articles & first):,} of {len(first):,}"
            row = (
                name,
                " ".join(map(str, statuses)),
                f"{asked:,}",
                f"{took:.0f}",
                f"{len(articles):,}",
                equal,
            )
            table.add_row(*map(str, row))
        server.stop()
    Console(width=100).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else POSTS)
