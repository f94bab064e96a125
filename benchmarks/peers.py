"""The failure trial of newsrust, beside what people use otherwise, in the same trial.

Run it with ``python -m benchmarks.peers [KILLS]`` (10 unless said). Every contender collects the
same stand-in site, each trial into an empty database and an empty folder for its state:
undisturbed; struck by ``kill -9`` at a random moment; while the database goes down in mid-crawl
and comes back after two seconds. A clean run follows each, and then the database is asked what it
lacks. The figures are sums over the trials of a row. ``set aside`` are stories that are not lost
but in ``rejected_posts``, with the reason: the site has a post without text. ``rows twice`` are
rows beyond one for each story: the tutorials know posts, not stories, so they have some
undisturbed. ``losses told`` says in how many trials that lost something a run that ended by
itself had another exit status than 0.

scrapy-deltafetch and news-please are tried where they are installed, best in an environment of
their own beside this project's dependencies.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from benchmarks.peers_news_please import try_news_please
from benchmarks.peers_ring import OURS, Contender, Process, Ring, Verdict
from demo.blog import Blog
from demo.shape import Shape
from demo.site import StandIn
from newsrust_spider.database.embedded import EmbeddedServer

POSTS = 200
FEW_POSTS = 40
"""For news-please, which takes half a second for each."""
BUDGET = 80_000
"""Bytes of a feed page: about ten pages."""
HEADINGS = (
    "contender", "fault", "stories lost", "set aside", "rows twice", "no labels",
    "exits, struck", "exits, clean run", "losses told",
)  # fmt: skip
DELTAFETCH = ("-s", "SPIDER_MODULES=benchmarks.peers_deltafetch")
CONTENDERS = (
    Contender("newsrust", "newsrust", 0.15, settings="newsrust_spider.settings", stored=OURS),
    Contender("tutorial, since-marker", "since_marker", 0.15),
    Contender("tutorial, stop at first known", "first_known", 0.15),
    Contender("tutorial, JOBDIR", "post_pages", 0.008, ("-s", "JOBDIR=job")),
    Contender("scrapy-deltafetch", "deltafetch", 0.008, DELTAFETCH, needs="scrapy_deltafetch"),
    Contender("… mended", "deltafetch_mended", 0.008, DELTAFETCH, needs="scrapy_deltafetch"),
)


def trials(ring: Ring, who: Contender, kills: int) -> dict[str, list[Verdict]]:
    """Return the verdicts on a contender, by fault."""
    ended: list[tuple[float, int]] = []

    def undisturbed(process: Process) -> None:
        begun, before = time.monotonic(), len(ring.site.requests)
        process.wait(120)
        ended.append((time.monotonic() - begun, len(ring.site.requests) - before))

    found = {"undisturbed": [ring.attempt(who, undisturbed)]}
    seconds, requests = ended[0]
    if found["undisturbed"][0].lost == ring.site.blog.story_count():
        return found  # it cannot do the task at all
    moments = [Random(seed).uniform(0.05, 1.0) * seconds for seed in range(kills)]  # noqa: S311
    found[f"kill -9, {kills} times"] = [ring.attempt(who, ring.killer(at)) for at in moments]
    found["database restart"] = [ring.attempt(who, ring.restarter(requests // 2))]
    return found


def row(label: str, fault: str, verdicts: list[Verdict], stories: int) -> tuple[str, ...]:
    """Return the row of one contender and one fault."""
    losers = [verdict for verdict in verdicts if verdict.lost]
    told = sum(verdict.told for verdict in losers)
    where = f" (in {len(losers)} of {len(verdicts)})" if len(verdicts) > 1 and losers else ""
    return (
        label,
        fault,
        f"{sum(v.lost for v in verdicts):,} of {stories * len(verdicts):,}{where}",
        str(sum(v.aside for v in verdicts)),
        str(sum(v.twice for v in verdicts)),
        str(sum(v.unlabelled for v in verdicts)),
        exits(v.struck for v in verdicts),
        exits(v.clean for v in verdicts),
        f"{told} of {len(losers)}" if losers else "-",
    )


def exits(statuses: Iterable[int]) -> str:
    """Return exit statuses with how often each was seen.

    >>> exits([0, -9, -9])
    '-9 x2, 0'
    """
    counted = sorted(Counter(statuses).items())
    return ", ".join(
        f"{status} x{times}" if times > 1 else str(status) for status, times in counted
    )


def main(kills: int) -> None:
    """Print a table with a row for each contender and fault."""
    table = Table(*HEADINGS)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        StandIn(posts=POSTS, shape=Shape(budget=BUDGET)) as site,
    ):
        Path(home).chmod(0o755)
        ring = Ring(site, EmbeddedServer(Path(home)))
        stories = site.blog.story_count()
        for who in CONTENDERS:
            if not find_spec(who.needs):
                table.add_row(who.label, f"not run: {who.needs} is not installed")
                continue
            for fault, verdicts in trials(ring, who, kills).items():
                table.add_row(*(cells := row(who.label, fault, verdicts, stories)))
                print(*cells, sep=" | ", file=sys.stderr)
            table.add_section()
        ring.server.stop()
        about = try_news_please(Blog(FEW_POSTS))
    console = Console(width=150)
    console.print(table)
    console.print(f"news-please, undisturbed: {about}", highlight=False)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
