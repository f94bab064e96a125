"""``make demo``: crawl the stand-in site twice into an embedded Postgres, then show the rows."""

import os
import subprocess
import sys

from demo.blog import Blog
from demo.site import StandIn
from newsrust_spider.database.binaries import find_binaries
from newsrust_spider.database.engine import connect_engine
from newsrust_spider.storage.migrate import migrate
from newsrust_spider.storage.servers import embedded_server

DATABASE = "demo"
POSTS = 300
LONG_TEXT = 12
"""Paragraphs of a text that is worth copying."""

SHOWN = {
    "The two crawls: what each found, and what it cost": (
        "SELECT id, outcome, requests, posts_seen AS seen, posts_new AS new, posts_changed AS"
        " changed, posts_unchanged AS unchanged, posts_duplicate AS duplicate, posts_rejected AS"
        " rejected, to_char(took, 'SS.MS') AS seconds FROM crawl_health ORDER BY id"
    ),
    "The newest articles": (
        "SELECT published_at::timestamp(0) AS published, publisher, left(headline, 48) AS headline,"
        " array_to_string(labels, ', ') AS labels FROM latest_articles LIMIT 8"
    ),
    "The story that two publishers printed": (
        "SELECT first_published_at::timestamp(0) AS published, first_publisher, left(headline, 40)"
        " AS headline, copies, array_to_string(publishers, ', ') AS publishers"
        " FROM stories WHERE copies > 0"
    ),
    "The labels that most articles carry": (
        "SELECT label, articles, posts FROM label_totals ORDER BY articles DESC, label LIMIT 8"
    ),
}


def main() -> int:
    """Run the demo; return the first exit status of a crawl that is not 0."""
    server = embedded_server(os.environ.get("NEWSRUST_HOME", ""))
    say(f"1. An embedded Postgres, with an empty database {DATABASE!r}")
    server.drop(DATABASE)
    engine = connect_engine(server.start(DATABASE))
    migrate(engine)
    address = engine.url.set(drivername="postgresql").render_as_string()
    engine.dispose()
    with StandIn(posts=POSTS) as site:
        say(f"2. A stand-in Newsrust of {POSTS} posts; the first crawl takes all of it")
        first = crawl(site.url, address)
        say(
            "3. An hour later: news, an edit, other labels, an old link spelled anew, a copied text"
        )
        bring_news(site.blog)
        second = crawl(site.url, address)
    for title, query in SHOWN.items():
        say(title)
        psql = [str(find_binaries() / "psql"), "-XqP", "pager=off", "-c", query, address]
        subprocess.run(psql, check=True)  # noqa: S603 - our own program, no shell
    print("Look around:  make psql DB=demo     Stop the server:  make db-stop")
    return first or second


def say(title: str) -> None:
    """Print a heading."""
    print(f"\n\033[1m{title}\033[0m" if sys.stdout.isatty() else f"\n{title}", flush=True)


def crawl(site: str, address: str) -> int:
    """Crawl ``site`` as cron would, into the database at ``address``; return the exit status."""
    command = [sys.executable, "-m", "scrapy", "crawl", "newsrust", "-a", f"site={site}"]
    environment = os.environ | {"DATABASE_URL": address, "NEWSRUST_DELAY": "0"}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - the same


def bring_news(blog: Blog) -> None:
    """Publish, edit, relabel and repeat."""
    edited, relabelled, retold = [post for post in blog.posts() if post.paragraphs][:3]
    blog.publish()
    blog.publish()
    blog.edit(edited.post_id, title=f"Corrected: {edited.title}")
    blog.relabel(relabelled.post_id, [*relabelled.labels, "Weird News"])
    blog.publish_duplicate_of(retold)
    # Another publisher prints an agency's text, cut from below as they do.
    agency = next(post for post in blog.posts()[20:] if len(post.paragraphs) >= LONG_TEXT)
    blog.publish(paragraphs=agency.paragraphs[: 2 * len(agency.paragraphs) // 3])


if __name__ == "__main__":
    sys.exit(main())
