"""Through how many files, functions and classes of ours one post goes from the site to its row.

Run it with ``python -m benchmarks.trace [--list]``. A stand-in site with one post is crawled once
into an embedded Postgres; the process of the crawl notes what ran (``benchmarks.traced_crawl``).
So much has to be read by a stranger who follows a post.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from demo.site import StandIn
from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import connect_engine
from newsrust_spider.storage.migrate import migrate

DECIDING = tuple(
    f"newsrust_spider/{name}"
    for name in (
        *("errands/", "evidence.py", "owed.py", "coverage/", "walk.py", "windows.py"),
        *("spiders/", "parts.py", "part.py", "verdict.py"),
    )
)
"""The part that decides what is asked, and hands over what came: files, and folders with ``/``."""

Files = Mapping[str, Mapping[str, list[str]]]
"""By file: the names of the ``functions`` and of the ``classes`` that ran."""


def trace() -> Files:
    """Crawl a site of one post; return what ran. SystemExit where the crawl is not complete."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o755)
        server = EmbeddedServer(Path(home))
        engine = connect_engine(server.start("traced"))
        migrate(engine)
        url = engine.url.render_as_string(hide_password=False)
        engine.dispose()
        environment = os.environ | {"DATABASE_URL": url, "NEWSRUST_DELAY": "0"}
        with StandIn(posts=1) as site:
            command = [sys.executable, "-m", "benchmarks.traced_crawl", site.url]
            crawl = subprocess.run(  # noqa: S603 - our own program
                command, env=environment, stdout=subprocess.PIPE, text=True, check=False
            )
        server.stop()
    if crawl.returncode:
        raise SystemExit(f"the crawl ended with {crawl.returncode}")
    files: Files = json.loads(crawl.stdout)
    return files


def count(files: Files) -> tuple[str, ...]:
    """Return how many files, functions and classes there are, as texts."""
    kinds = ("functions", "classes")
    return (
        str(len(files)),
        *(str(sum(len(file[kind]) for file in files.values())) for kind in kinds),
    )


def main() -> None:
    """Print the counts; with ``--list`` also what was counted, a star before what decides."""
    parser = argparse.ArgumentParser(description="Count what one post goes through.")
    parser.add_argument("--list", action="store_true", help="name all of it, file by file")
    shown = parser.parse_args().list
    whole = trace()
    deciding = {name: file for name, file in whole.items() if name.startswith(DECIDING)}
    if shown:
        for name, file in whole.items():
            names = ", ".join([*file["classes"], *file["functions"]])
            print(f"{'*' if name in deciding else ' '} {name}: {names}")
    table = Table("what ran", "files", "functions", "classes")
    table.add_row("the whole crawl", *count(whole))
    table.add_row("what decides and hands over", *count(deciding))
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
