"""Histories of a real process: a blog lives, its crawls are killed and stopped, all is held."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest
from sqlalchemy import Engine, text

from demo.blog import Blog
from demo.faults import Fault
from demo.shape import Shape
from demo.site import StandIn
from tests.faults.conftest import Trial, end, strike
from tests.faults.oracle import check_counts
from tests.forms import often

STEPS = 6
LONGEST = 3.0
"""Seconds after which a crawl is struck at the latest: most take less."""


@dataclass(frozen=True)
class Life:
    """What befalls a blog and its crawls; ``dice`` says what comes next."""

    trial: Trial
    dice: Random

    def live(self) -> None:
        """Publish, edit, relabel and delete a few posts."""
        blog: Blog = self.trial.site.blog
        for _ in range(self.dice.randint(0, 4)):
            post = self.dice.choice(blog.posts())
            change = self.dice.choice(("publish", "retell", "edit", "relabel", "delete"))
            match change:
                case "publish":
                    blog.publish()
                case "retell":
                    blog.publish_duplicate_of(post)
                case "edit":
                    blog.edit(post.post_id, title=f"Edited, {self.dice.random():.6f}")
                case "relabel":
                    blog.relabel(post.post_id, [f"Label {self.dice.randint(1, 9)}"])
                case "delete":
                    blog.delete(post.post_id)

    def crawl(self) -> None:
        """Crawl, and strike it in one way or another."""
        self.dice.choice(WAYS)(self)

    def _strike(self, number: signal.Signals) -> None:
        process = self.trial.start()
        strike(process, number, self.dice.uniform(0.2, LONGEST))
        status, log = end(process, within=40)
        assert status in {0, 1, -number}, log

    def kill(self) -> None:
        """End a crawl as the kernel does."""
        self._strike(signal.SIGKILL)

    def stop(self) -> None:
        """End a crawl as cron and systemd do."""
        self._strike(signal.SIGTERM)

    def limit(self) -> None:
        """Take a few new posts only."""
        limit = self.dice.randint(1, 30)
        status, log = end(self.trial.start(options=("-a", f"limit={limit}")))
        assert status in {0, 1}, log

    def fall_sick(self) -> None:
        """Let some of the answers fail."""
        fault = self.dice.choice((Fault.SERVER_ERROR, Fault.CUT_BODY, Fault.CLOSE, Fault.EMPTY))
        skip, times = self.dice.randint(0, 6), self.dice.choice((1, 4, None))
        self.trial.site.misbehave("/feeds/posts/", fault, skip=skip, times=times)
        status, log = self.trial.crawl()
        self.trial.site.behave()
        assert status in {0, 1, 69}, log
        assert "Traceback" not in log


WAYS: tuple[Callable[[Life], None], ...] = (Life.kill, Life.stop, Life.limit, Life.fall_sick)


def check_held(blog: Blog, database: Engine) -> None:
    """Assert that each living post is held as the blog has it now."""
    with database.connect() as connection:
        rows = connection.execute(
            text("SELECT post_id, title, updated_at, labels, outcome FROM posts")
        ).all()
        doubled = connection.scalar(
            text(
                "SELECT count(*) FROM (SELECT 1 FROM posts GROUP BY post_id HAVING count(*) > 1) d"
            )
        )
    held = {row.post_id: row for row in rows}
    assert doubled == 0
    for post in blog.posts():
        row = held[post.post_id]
        if row.outcome != "rejected":
            assert (row.title, row.updated_at) == (post.title, post.updated)
            assert set(row.labels) == set(post.labels)
        else:
            assert not post.paragraphs


@pytest.mark.parametrize("seed", often(short=3, long=20))
def test_a_blog_is_held_whole_whatever_befell_its_crawls(
    embedded_database: Engine, seed: int
) -> None:
    dice = Random(seed)  # noqa: S311 - a die
    shape = Shape(budget=60_000, totals_heed_bounds=dice.random() < 0.5)
    with StandIn(posts=60, shape=shape) as site:
        life = Life(Trial(site, embedded_database.url), dice)
        for _ in range(STEPS):
            life.live()
            life.crawl()
        # An honest 1 is healed by the next crawl; one that searches may need another.
        statuses = [life.trial.crawl()[0]]
        while statuses[-1] and len(statuses) < 3:
            statuses.append(life.trial.crawl()[0])
        assert statuses[-1] == 0, statuses
        check_held(site.blog, embedded_database)
        check_counts(embedded_database)
        asked = len(site.requests)
        assert life.trial.crawl()[0] == 0
        assert len(site.requests) - asked <= 3
