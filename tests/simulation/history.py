"""One history: weeks of a blog and its crawls, played from its script, and what must hold."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from newsrust_spider.errands.desk import Heard, Newest, Unanswered
from newsrust_spider.errands.news import Order, collect_news
from newsrust_spider.verdict import Exit, Verdict
from tests.simulation.blog import MINUTE, Blog, Server
from tests.simulation.desk import Desk, Killed, play
from tests.simulation.happenings import happen
from tests.simulation.invariants import Broken, Crawl, Invariants, expect_complete
from tests.simulation.script import Script, Step
from tests.simulation.site import Endless, Fault, Habits, Site
from tests.simulation.tables import Tables

WHOLE = Order()
FLICKERS = (Fault.MORE, Fault.LESS)
ORDERS: dict[Step, Callable[[Random, datetime], Order]] = {
    Step.CRAWL: lambda _, __: WHOLE,
    Step.FAULTY: lambda _, __: WHOLE,
    Step.KILL: lambda _, __: WHOLE,
    Step.LIMIT: lambda dice, _: Order(limit=dice.randint(1, 9)),
    Step.SINCE: lambda dice, now: Order(since=now - dice.randint(1, 5000) * MINUTE),
}


@dataclass
class History:
    """A history as it runs."""

    script: Script
    site: Site = field(init=False)
    tables: Tables = field(default_factory=Tables)
    invariants: Invariants = field(init=False)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Build the blog and its servers."""
        dice = Random(self.script.seed)
        most = dice.choice((0, 1, 4))
        servers = [
            Server(
                lag=dice.random() * most * MINUTE,
                drift=timedelta(seconds=dice.randint(-20, 20)),
            )
            for _ in range(dice.randint(1, 3))
        ]
        habits = Habits(
            newest=dice.randint(3, 6),
            page=dice.randint(3, 9),
            totals_heed_bounds=dice.random() < 0.5,
            ignores_bounds=dice.random() < 0.15,
            ties_by_age=dice.random() < 0.5,
            # One in ten goes through Blogger's own form, which takes longer.
            by_wire=dice.random() < 0.1,
        )
        self.site = Site(Blog(servers), habits, dice)
        for _ in range(dice.choice((0, 3, 12, 30))):
            self.site.blog.tick(dice.randint(1, 600) * MINUTE)
            self.site.blog.publish()
        self.invariants = Invariants(self.site.blog, self.tables)

    def run(self) -> None:
        """Play all steps, then let the site be well, and ask what must hold."""
        for step, seed in self.script.steps:
            self._play(step, Random(seed))
        self._end_well()

    def _play(self, step: Step, dice: Random) -> None:
        blog = self.site.blog
        blog.tick(timedelta(seconds=dice.randint(1, 90)))
        happen(blog, step, dice)
        if step is Step.FALL_SICK and blog.living:
            self.site.sick.add(dice.choice(list(blog.living)))
        elif step is Step.GET_WELL:
            self.site.sick.clear()
        elif step is Step.AUDIT:
            self.mark_gone()
        elif step in ORDERS:
            self._crawl(step, dice)

    def _crawl(self, step: Step, dice: Random) -> None:
        self.site.blog.tick(dice.choice((1, 60)) * MINUTE)
        killed_at = dice.randint(1, 25) if step is Step.KILL else None
        faults = {}
        if step in {Step.FAULTY, Step.KILL, Step.LIMIT, Step.SINCE}:
            for _ in range(dice.randint(0 if step is not Step.FAULTY else 1, 3)):
                faults[dice.randint(1, 12)] = dice.choice(list(Fault))
        self.crawl(ORDERS[step](dice, self.site.blog.now), faults, killed_at, dice)

    def crawl(
        self,
        order: Order = WHOLE,
        faults: dict[int, Fault] | None = None,
        killed_at: int | None = None,
        dice: Random | None = None,
    ) -> Crawl:
        """Crawl once, and check what must hold whatever came."""
        site, began = self.site, self.site.blog.now
        site.faults, site.asked, site.met, site.away = dict(faults or {}), 0, [], False
        desk = Desk(site, self.tables, killed_at, dice or Random(0))
        verdict: Verdict | None
        try:
            verdict = play(collect_news(desk, order))
            desk.end()
        except Killed:
            verdict = None
        except Unanswered as silence:
            desk.end()
            verdict = Verdict(Exit.UNUSABLE, str(silence))
        self.met.update((fault.value, question) for fault, question in site.met)
        flickered = any(fault in FLICKERS for fault, _ in site.met)
        crawl = Crawl(verdict, site.asked, began, site.blog.now, order.is_whole, flickered)
        self.invariants.check(crawl, order)
        return crawl

    def mark_gone(self) -> None:
        """Mark what no server shows as gone, as an audit does."""
        blog = self.site.blog
        shown = [blog.view(server) for server in blog.servers]
        total = max(map(len, shown))
        self.tables.mark_gone(lambda post_id: not any(post_id in p for p in shown), total)

    def _end_well(self) -> None:
        """Assert that on a well site two crawls repair all, and the next costs next to nothing.

        A search that had broken off goes on where it was, and may need a third. Where the newest
        page shows nothing but posts that cannot be read, changes may hide below it: each hour
        then costs a walk.
        """
        self.site.sick.clear()
        searching = self.tables.memory is not None and self.tables.memory.search is not None
        if not self._crawl_after_an_hour().is_complete:
            again = self._crawl_after_an_hour()
            if searching and not again.is_complete:
                again = self._crawl_after_an_hour()
            expect_complete(again, "the crawl after an honest 1")
        expect_complete(self._crawl_after_an_hour(), "a crawl of a site without news")
        most = 2 if self._shows_moments() else None
        expect_complete(self._crawl_after_an_hour(), "a quiet hour", most)
        self.mark_gone()
        expect_complete(self._crawl_after_an_hour(), "a quiet hour after an audit", most)

    def _shows_moments(self) -> bool:
        heard = self.site.answer(Newest())
        assert isinstance(heard, Heard)
        return bool(heard.page.posts) or not heard.page.entries

    def _crawl_after_an_hour(self) -> Crawl:
        self.site.blog.tick(60 * MINUTE)
        return self.crawl()


def find_break(script: Script) -> str:
    """Play a script; return what it broke, "" where all holds."""
    try:
        History(script).run()
    except (Broken, Endless) as broken:
        return str(broken)
    return ""
