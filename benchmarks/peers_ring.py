"""The ring in which ``benchmarks.peers`` tries each contender: one site, one database server."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, create_engine, text

from demo.blog import BlogPost
from demo.site import StandIn
from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import connect_engine
from newsrust_spider.storage.migrate import migrate

OUTAGE = 2.0
"""Seconds for which the database is down."""
PROJECT = Path(__file__).parents[1]
OURS = """
    SELECT article_id, permalink, cardinality(articles.labels)
    FROM posts JOIN articles ON articles.id = article_id
    UNION ALL SELECT NULL, permalink, NULL FROM rejected_posts
"""
THEIRS = """
    SELECT id, url, (SELECT count(*) FROM labels WHERE article_id = articles.id) FROM articles
"""

Process = subprocess.Popen[bytes]
Strike = Callable[[Process], None]


@dataclass(frozen=True)
class Contender:
    """A spider and how to run it; ``delay`` (s) makes every crawl last about two seconds."""

    label: str
    spider: str
    delay: float
    options: tuple[str, ...] = ()
    settings: str = "benchmarks.peers_spiders"
    stored: str = THEIRS
    needs: str = "scrapy"


@dataclass(frozen=True)
class Verdict:
    """What one trial left: counts, and the exit statuses of the struck and of the clean run."""

    lost: int
    aside: int
    twice: int
    unlabelled: int
    struck: int
    clean: int

    @property
    def told(self) -> bool:
        """Whether a run that ended by itself admitted that it failed."""
        return self.struck > 0 or self.clean > 0


@dataclass(frozen=True)
class Ring:
    """The site and the server on which all contenders are tried."""

    site: StandIn
    server: EmbeddedServer

    def start(self, who: Contender, url: URL, folder: Path) -> Process:
        """Start a crawl that keeps its state in ``folder``."""
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        (folder / "scrapy.cfg").write_text(f"[settings]\ndefault = {who.settings}\n")
        command = ("-m", "scrapy", "crawl", who.spider, "-a", f"site={self.site.url}")
        with (folder / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, *command, "-s", f"DOWNLOAD_DELAY={who.delay}", *who.options],
                env=os.environ | {"DATABASE_URL": address, "PYTHONPATH": str(PROJECT)},
                cwd=folder,
                stdout=log,
                stderr=log,
            )

    def attempt(self, who: Contender, strike: Strike) -> Verdict:
        """Try once: a run that is struck, then a clean one."""
        url = self.server.start("trial")
        if who.stored is OURS:
            engine = connect_engine(url)
            migrate(engine)
            engine.dispose()
        with tempfile.TemporaryDirectory() as folder:
            process = self.start(who, url, Path(folder))
            strike(process)
            struck = process.wait(120)
            clean = self.start(who, url, Path(folder)).wait(120)
        verdict = self.judge(who, url, struck, clean)
        self.server.drop("trial")
        return verdict

    def judge(self, who: Contender, url: URL, struck: int, clean: int) -> Verdict:
        """Compare what is stored with what was published."""
        engine = create_engine(url)
        with engine.connect() as connection:
            made = connection.scalar(text("SELECT to_regclass('articles') IS NOT NULL"))
            rows = connection.execute(text(who.stored)).all() if made else []
        engine.dispose()
        posts = [(self.site.blog.by_path(urlsplit(row[1]).path), row) for row in rows]
        story_of = {post.post_id: story(post) for post in self.site.blog.posts()}
        told = {story_of[post.post_id] for post, _ in posts if post}
        held = {story_of[post.post_id] for post, row in posts if post and row[0] is not None}
        bare = {row[0] for post, row in posts if post and row[0] and post.labels and not row[2]}
        return Verdict(
            lost=self.site.blog.story_count() - len(told),
            aside=len(told - held),
            twice=len({row[0] for row in rows if row[0] is not None}) - len(held),
            unlabelled=len(bare),
            struck=struck,
            clean=clean,
        )

    def killer(self, after: float) -> Strike:
        """Return what kills a crawl ``after`` some seconds, unless it has ended by then."""

        def kill(process: Process) -> None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(after)
            process.kill()

        return kill

    def restarter(self, requests: int) -> Strike:
        """Return what restarts the database once a crawl has made so many requests."""

        def restart(process: Process) -> None:
            goal = len(self.site.requests) + requests
            while len(self.site.requests) < goal and process.poll() is None:
                time.sleep(0.001)
            # What `pg_ctl stop -m immediate` does: no checkpoint, every session cut off.
            pid = int((self.server.cluster / "postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGQUIT)
            time.sleep(OUTAGE)
            self.server.start("trial")

        return restart


def story(post: BlogPost) -> int | str:
    """Return what a post tells: its story, or itself where it names no original."""
    return post.post_id if post.story is None else post.story
