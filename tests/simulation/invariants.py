"""What must hold after a crawl that ended complete, with its exceptions, each named.

The exceptions: what changes while a crawl runs, or is not seen by all servers yet, belongs to
the next one. What slips from page to page of a sitemap that shifts is found by the next walk of
it, and so is what a list that is old does not show. A deletion between the same two crawls hides a
late post, since the total stays. Where nothing proves a late post missing, one crawl may end
complete before it is found.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from newsrust_spider.coverage.windows import BEGINNING
from newsrust_spider.errands.order import Order
from newsrust_spider.owed import YOUTH, Lack
from newsrust_spider.verdict import Exit, Verdict
from tests.simulation.blog import BEGAN, MINUTE, Blog, State, permalink_of, text_of
from tests.simulation.tables import Tables


class Broken(AssertionError):  # noqa: N818 - an assertion with a name
    """An invariant does not hold; the text says which."""


@dataclass(slots=True)
class Crawl:
    """How a crawl ended: its verdict (None: it was killed), its questions, when it ran.

    It went ``by_list``, the sitemap, where the feed was off; a ``doubtful`` one was hours old, or
    had two empty pages.
    """

    verdict: Verdict | None
    asked: int
    began: datetime
    ended: datetime
    whole: bool
    flickered: bool
    by_list: bool = False
    doubtful: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether it ended 0."""
        return self.verdict is not None and self.verdict.status is Exit.COMPLETE


@dataclass
class Invariants:
    """What is asked of a blog and what is held of it, over all ``crawls``."""

    blog: Blog
    tables: Tables
    listed: int | None = None
    crawls: list[Crawl] = field(default_factory=list)
    _missed: Counter[str] = field(default_factory=Counter)

    def check(self, crawl: Crawl, order: Order) -> None:
        """Assert that a crawl that ended 0 holds all that was visible when it began."""
        self.crawls.append(crawl)
        if not crawl.is_complete:
            return
        owed = [debt for debt in self.tables.owed.values() if debt.lack is not Lack.PROOF]
        if owed:
            raise Broken(f"complete, and {owed[0].post_id} is owed")
        if crawl.by_list and (crawl.doubtful or self._moved(crawl)):
            # Nothing tells that a list is old, that its end came wrongly twice, or that a post
            # slipped from one of its pages to the one before: the next crawl walks it again.
            return
        visible = self._listed(crawl, self.blog.settled(crawl.began))
        surplus = self._surplus(visible)
        changed = {name for at, name, _ in self.blog.events if at > crawl.began - self.blog.lag}
        for state in visible.values():
            if state.updated <= order.since or state.post_id in changed or self._holds(state):
                continue
            if state.post_id not in self.blog.living or self._is_by_list(state, crawl):
                continue
            if state.post_id not in self.blog.late or crawl.by_list:
                raise Broken(f"complete, and {state.post_id} of {state.updated} is not held")
            self._check_late(state, crawl, surplus)

    def _moved(self, crawl: Crawl) -> bool:
        since = crawl.began - self.blog.lag - MINUTE
        return any(since < at <= crawl.ended for at, _, _ in self.blog.events)

    def _listed(self, crawl: Crawl, visible: dict[str, State]) -> dict[str, State]:
        """Return what of the ``visible`` posts the way of a crawl shows: a list may be capped."""
        if not crawl.by_list or self.listed is None:
            return visible
        newest = sorted(visible.values(), key=lambda s: (s.published, s.post_id), reverse=True)
        return {state.post_id: state for state in newest[: self.listed]}

    def check_gone(self, marked: set[str], audit: Crawl) -> None:
        """Assert that of the posts that an audit marked as gone none lives.

        A page may be so old that it shows a post gone that has just come back.
        """
        since = audit.began - self.blog.lag - YOUTH
        changed = {name for at, name, _ in self.blog.events if at > since}
        for post_id in marked - changed:
            if post_id in self.blog.living:
                raise Broken(f"{post_id} lives, and is marked as gone")

    def _is_by_list(self, state: State, crawl: Crawl) -> bool:
        """Tell whether a sitemap alone could show it, which cannot tell changes of one second."""
        held = self.tables.posts.get(state.post_id)
        known = held is not None and not held.gone and held.updated is not None
        return crawl.by_list and known and held.updated >= _second(state)  # type: ignore[union-attr, operator]

    def _surplus(self, visible: dict[str, State]) -> int:
        """Return how many posts more are held than were ``visible`` when a crawl began.

        What was published meanwhile is not in the total that it heard, held or not.
        """
        came = self.blog.living.keys() - visible.keys()
        return len(self.tables.living().keys() - came) - len(visible)

    def _check_late(self, state: State, crawl: Crawl, surplus: int) -> None:
        # A post with an old ``updated`` is betrayed by the total alone.
        held = self.tables.posts.get(state.post_id)
        if held is not None and held.updated is not None and held.updated >= _second(state):
            return  # a sitemap cannot tell two changes within a second
        surfaced = self.blog.late[state.post_id]
        if not self._accounted(crawl) or self._is_masked(surfaced):
            return
        self._missed[state.post_id] += 1
        if surplus < 0 or self._missed[state.post_id] > 1:
            raise Broken(f"complete, and {state.post_id}, which surfaced late, is not held")

    def _accounted(self, crawl: Crawl) -> bool:
        """Tell whether the totals that a crawl heard left no room for doubt."""
        since = crawl.began - self.blog.lag
        if self.blog.lag:
            moved = any(since < at <= crawl.ended for at, _, _ in self.blog.events)
        else:
            # Where all servers show the same, what is published meanwhile can be told apart.
            odd = (*self.blog.deletions, *self.blog.late.values())
            moved = any(since < at <= crawl.ended for at in odd)
        return crawl.is_complete and crawl.whole and not moved and not crawl.flickered

    def _is_masked(self, surfaced: datetime) -> bool:
        # A deletion hides the next late post too, once the first is found by chance.
        late = self.blog.late.values()
        return any(self._meets_deletion(moment) for moment in late if moment <= surfaced)

    def _meets_deletion(self, surfaced: datetime) -> bool:
        accounted = [crawl.began for crawl in self.crawls if self._accounted(crawl)]
        near = self.blog.lag + 30 * MINUTE
        before = max((began for began in accounted if began <= surfaced - near), default=BEGAN)
        after = min((b for b in accounted if b >= surfaced + near), default=self.blog.now)
        return any(before - near <= d <= after + near for d in self.blog.deletions)

    def _holds(self, state: State) -> bool:
        held = self.tables.posts.get(state.post_id)
        # A post that only the sitemap named is known by its address.
        rejected = self.tables.rejected.get(state.post_id) or self.tables.rejected.get(
            permalink_of(state.post_id)
        )
        if (held is None or held.gone) and rejected is None:
            return False
        if state.unreadable:
            return True
        states = [one.updated or BEGINNING for one in (held, rejected) if one is not None]
        moment = max(states)
        # What the sitemap named is known to the second.
        known = state.updated if moment.microsecond else _second(state)
        return moment >= known and (rejected is not None or self._has_text(state))

    def _has_text(self, state: State) -> bool:
        """Tell whether the text is held, or its page is to be fetched once more."""
        proof = self.tables.owed.get(state.post_id)
        return self.tables.posts[state.post_id].text >= text_of(state) or (
            proof is not None and proof.lack is Lack.PROOF
        )


def _second(state: State) -> datetime:
    return state.updated.replace(microsecond=0)


def expect_complete(crawl: Crawl, which: str, most: int | None = None) -> None:
    """Assert that a crawl ended 0, and asked at most so many questions."""
    if not crawl.is_complete:
        raise Broken(f"{which} ended {crawl.verdict}")
    if most is not None and crawl.asked > most:
        raise Broken(f"{which} costs {crawl.asked} questions")
