"""How a whole crawl behaves as the blog grows: memory, pace, and whether the text is right.

Run it with ``python -m benchmarks.whole_crawl [POSTS …]``. Each size is crawled by the real
process into an embedded Postgres of its own. The peak of its memory is the kernel's (VmHWM), and
every article's body is compared with what the stand-in published, paragraph by paragraph.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from demo.site import StandIn
from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import connect_engine
from newsrust_spider.storage.migrate import migrate

SIZES = (2_000, 20_000)


def measure(server: EmbeddedServer, posts: int) -> tuple[str, ...]:
    """Return one row: what a crawl of ``posts`` posts cost, and how right it was."""
    engine = connect_engine(server.start(f"crawl_{posts}"))
    migrate(engine)
    with StandIn(posts=posts) as site:
        begun = monotonic()
        status, megabytes = crawl(site.url, engine)
        took = monotonic() - begun
        right, stored = compare(site, engine)
    with engine.connect() as connection:
        seen = connection.scalar(text("SELECT posts_seen FROM crawls ORDER BY id DESC LIMIT 1"))
    engine.dispose()
    share = f"{100 * right / stored:.3f} % of {stored:,}"
    pace = f"{posts / took:.0f}"
    return (f"{posts:,}", str(status), f"{seen:,}", pace, f"{megabytes:.0f}", share)


def crawl(address: str, engine: Engine) -> tuple[int, float]:
    """Run the real process; return its exit status and the peak of its memory in MB."""
    url = engine.url.render_as_string(hide_password=False)
    arguments = [sys.executable, "-m", "scrapy", "crawl", "newsrust", "-a", f"site={address}"]
    environment = os.environ | {"DATABASE_URL": url, "NEWSRUST_DELAY": "0"}
    peak = 0.0
    with subprocess.Popen(arguments, env=environment) as child:  # noqa: S603 - our own program
        while child.poll() is None:
            # Not the rusage of wait4: it begins with the peak of the process that started it.
            peak = max(peak, read_peak(child.pid))
            sleep(0.05)
    return child.returncode, peak


def read_peak(process: int) -> float:
    """Return the most memory that ``process`` ever held, in MB; 0 once it has ended."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def compare(site: StandIn, engine: Engine) -> tuple[int, int]:
    """Return how many articles have exactly the published text, and how many there are."""
    query = "SELECT post_id, body FROM posts JOIN articles ON articles.id = article_id"
    with engine.connect() as connection:
        rows = connection.execute(text(f"{query} WHERE outcome <> 'duplicate'")).all()
    published = {row.post_id: site.blog.by_id(row.post_id) for row in rows}
    truths = {key: "\n\n".join(post.paragraphs) if post else "" for key, post in published.items()}
    wrong = [row.post_id for row in rows if row.body != truths[row.post_id]]
    for post_id in wrong[:5]:
        print("differs:", published[post_id])
    return len(rows) - len(wrong), len(rows)


def main(sizes: list[int]) -> None:
    """Print a table with a row for each size."""
    table = Table("posts", "exit", "seen", "posts/s", "peak MB", "bodies equal")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o755)
        server = EmbeddedServer(Path(home))
        for posts in sizes:
            table.add_row(*measure(server, posts))
        server.stop()
    Console(width=100).print(table)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
