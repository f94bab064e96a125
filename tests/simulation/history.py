"""One history: weeks of a blog and its crawls, played from its script, and what must hold."""

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from newsrust_spider.errands.audit import Findings, audit_site
from newsrust_spider.errands.news import collect_news
from newsrust_spider.errands.order import WHOLE, AuditOrder, Order
from newsrust_spider.errands.questions import Heard, Newest, Unanswered
from newsrust_spider.verdict import Exit, Verdict
from tests.simulation.blog import MINUTE, Blog, Server
from tests.simulation.desk import Desk, Killed, play
from tests.simulation.happenings import happen
from tests.simulation.invariants import Broken, Crawl, Invariants, expect_complete
from tests.simulation.script import Script, Step
from tests.simulation.site import Endless, Fault, Habits, Site
from tests.simulation.tables import Tables

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
            short=dice.random() < 0.3,
            page_lag=dice.choice((0, 0, 2, 9)) * MINUTE,
            listed=dice.choice((None, None, None, 7)),
        )
        self.site = Site(Blog(servers), habits, dice, off=dice.random() < 0.1)
        for _ in range(dice.choice((0, 3, 12, 30))):
            self.site.blog.tick(dice.randint(1, 600) * MINUTE)
            self.site.blog.publish()
        self.invariants = Invariants(self.site.blog, self.tables, habits.listed)

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
        elif step in {Step.FEED_OFF, Step.FEED_ON}:
            self.site.off = step is Step.FEED_OFF
        elif step is Step.AUDIT:
            self.audit()
        elif step is Step.HEAL:
            self.audit(AuditOrder(heal=True), self._draw_faults(dice, 1))
        elif step in ORDERS:
            self._crawl(step, dice)

    def _crawl(self, step: Step, dice: Random) -> None:
        self.site.blog.tick(dice.choice((1, 60)) * MINUTE)
        killed_at = dice.randint(1, 25) if step is Step.KILL else None
        faults = {}
        if step in {Step.FAULTY, Step.KILL, Step.LIMIT, Step.SINCE}:
            faults = self._draw_faults(dice, 0 if step is not Step.FAULTY else 1)
        self.crawl(ORDERS[step](dice, self.site.blog.now), faults, killed_at, dice)

    def _draw_faults(self, dice: Random, fewest: int) -> dict[int, Fault]:
        return {
            dice.randint(1, 12): dice.choice(list(Fault)) for _ in range(dice.randint(fewest, 3))
        }

    def crawl(
        self,
        order: Order = WHOLE,
        faults: dict[int, Fault] | None = None,
        killed_at: int | None = None,
        dice: Random | None = None,
    ) -> Crawl:
        """Crawl once, and check what must hold whatever came."""
        desk = self._open_desk(faults, killed_at, dice)
        crawl = self._run(desk, collect_news(desk, order), whole=order.is_whole)
        self.invariants.check(crawl, order)
        return crawl

    def audit(
        self, order: AuditOrder | None = None, faults: dict[int, Fault] | None = None
    ) -> Crawl:
        """Audit, and check that no living post is marked as gone."""
        before = set(self.tables.living())
        desk = self._open_desk(faults)
        audit = audit_site(desk, order or AuditOrder(), Findings())
        ended = self._run(desk, audit, whole=True)
        self.invariants.check_gone(before - self.tables.living().keys(), ended)
        return ended

    def _open_desk(
        self,
        faults: dict[int, Fault] | None = None,
        killed_at: int | None = None,
        dice: Random | None = None,
    ) -> Desk:
        site = self.site
        site.faults, site.asked, site.met, site.away = dict(faults or {}), 0, [], False
        return Desk(site, self.tables, killed_at, dice or Random(0))

    def _run(self, desk: Desk, errand: Coroutine[Any, Any, Verdict], *, whole: bool) -> Crawl:
        site, began = self.site, self.site.blog.now
        verdict: Verdict | None
        try:
            verdict = play(errand)
            desk.end()
        except Killed:
            verdict = None
        except Unanswered as silence:
            desk.end()
            verdict = Verdict(Exit.UNUSABLE, str(silence))
        self.met.update((fault.value, question) for fault, question in site.met)
        met = {fault for fault, _ in site.met}
        return Crawl(
            verdict=verdict,
            asked=site.asked,
            began=began,
            ended=site.blog.now,
            whole=whole and not site.off,
            flickered=not met.isdisjoint(FLICKERS),
            by_list=site.off,
            doubtful=(Fault.STALE, "ListPage") in site.met
            or site.met.count((Fault.EMPTY, "ListPage")) > 1,
        )

    def _end_well(self) -> None:
        """Assert that on a well site two crawls repair all, and the next costs next to nothing.

        A search that had broken off goes on where it was, and may need a third. Where the newest
        page shows nothing but posts that cannot be read, changes may hide below it: each hour
        then costs a walk.
        """
        self.site.sick.clear()
        self.site.off = False
        searching = self.tables.memory is not None and self.tables.memory.search is not None
        if not self._crawl_after_an_hour().is_complete:
            again = self._crawl_after_an_hour()
            if searching and not again.is_complete:
                again = self._crawl_after_an_hour()
            expect_complete(again, "the crawl after an honest 1")
        expect_complete(self._crawl_after_an_hour(), "a crawl of a site without news")
        most = 2 if self._shows_moments() else None
        expect_complete(self._crawl_after_an_hour(), "a quiet hour", most)
        self.audit(AuditOrder(heal=True, purge=True))
        expect_complete(self._crawl_after_an_hour(), "a crawl after an audit that healed")
        expect_complete(self.audit(), "an audit of a site that is well")
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
