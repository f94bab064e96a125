"""How the model of the blog answers: its habits, which are drawn, and its faults."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from random import Random

from newsrust_spider.blogger.feed import FeedPage
from newsrust_spider.blogger.sitemap import SitemapEntry, SitemapPage
from newsrust_spider.coverage.walk import Walk
from newsrust_spider.errands.questions import (
    Entry,
    Heard,
    LabelCounts,
    Listed,
    ListPage,
    Newest,
    Page,
    PageOf,
    PostPage,
    Silence,
    SummaryOf,
    Total,
    Unanswered,
)
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.reasons import Reason
from tests.simulation.blog import SITE, Blog, Server, State, permalink_of, post_of, text_of
from tests.simulation.wire import read_by_wire

BLOG = "1"
OTHER = "2"
MOST_QUESTIONS = 1000
"""Questions after which a crawl of a few dozen posts counts as endless."""


class Endless(AssertionError):  # noqa: N818 - an assertion with a name
    """A crawl that asks on where it had to end."""


class Fault(StrEnum):
    """What may be wrong with one answer."""

    SICK = "no answer"
    AWAY = "a plea to be left alone"
    EMPTY = "nothing, with the right total"
    CUT = "fewer entries than there are"
    STALE = "a list by published with states that are hours old"
    ELSEWHERE = "another page of the feed"
    FOREIGN = "a page of another blog"
    MORE = "a total of one too many"
    LESS = "a total of one too few"
    SLOW = "an answer that takes minutes, while the blog changes"


HURTS = {
    PostPage: {Fault.SICK, Fault.AWAY, Fault.SLOW, Fault.EMPTY, Fault.ELSEWHERE, Fault.CUT},
    ListPage: {Fault.SICK, Fault.AWAY, Fault.SLOW, Fault.EMPTY, Fault.ELSEWHERE, Fault.STALE},
    LabelCounts: {Fault.SICK, Fault.AWAY, Fault.SLOW},
    Entry: {Fault.SICK, Fault.AWAY, Fault.SLOW, Fault.EMPTY},
    Total: {Fault.SICK, Fault.AWAY, Fault.SLOW, Fault.MORE, Fault.LESS},
}
"""The faults that change an answer at all, where not every fault does."""


STALE_BY = timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a blog's servers always do. Pages are small, so that small blogs meet every branch.

    ``newest`` and ``page`` are how many posts a list of summaries and a page bring, ``cuts`` the
    share of pages that Blogger cuts short since they get too large. The cache of a post's page is
    ``page_lag`` older than the feed; the sitemap lists at most ``listed`` posts.
    """

    newest: int
    page: int
    totals_heed_bounds: bool
    ignores_bounds: bool
    ties_by_age: bool
    by_wire: bool = False
    ignores_order: bool = False
    cuts: float = 0.3
    short: bool = False
    page_lag: timedelta = timedelta(0)
    listed: int | None = None


@dataclass(slots=True)
class Site:
    """Answers questions about ``blog``; ``faults`` are those to come, by number of the question.

    ``sick`` are posts that spoil each answer that would bring their text. A site that is ``away``
    has asked the crawl to leave it alone; one that is ``off`` serves no feed.
    """

    blog: Blog
    habits: Habits
    dice: Random
    faults: dict[int, Fault] = field(default_factory=dict)
    sick: set[str] = field(default_factory=set)
    asked: int = 0
    away: bool = False
    off: bool = False
    met: list[tuple[Fault, str]] = field(default_factory=list)

    def answer(self, question: object) -> object:
        """Answer a question, or raise Unanswered."""
        self.asked += 1
        if self.asked > MOST_QUESTIONS:
            raise Endless(f"a crawl that asks {self.asked} questions")
        if self.away:
            raise Endless("a crawl that does not leave a site alone that asks for it")
        fault = self.faults.pop(self.asked, None)
        if fault is Fault.FOREIGN and self.asked == 1:
            fault = None  # which blog it is, the first answer tells
        if fault is not None and fault in HURTS.get(type(question), Fault):
            self.met.append((fault, type(question).__name__))
        server = self.dice.choice(self.blog.servers)
        self.blog.tick(timedelta(milliseconds=self.dice.randint(100, 2000)))
        if fault is Fault.SLOW:
            self._pass_minutes()
        if fault is Fault.SICK:
            raise Unanswered("the site answers 503")
        if fault is Fault.AWAY:
            self.away = True
            raise Unanswered("the site answers 429", Silence.AWAY)
        return self._answer(question, server, fault)

    def _answer(self, question: object, server: Server, fault: Fault | None) -> object:
        if isinstance(question, PostPage | ListPage | LabelCounts):
            return self._answer_by_page(question, server, fault)
        if self.off:
            raise Unanswered("the site answers 404", Silence.OFF)
        posts = list(self.blog.view(server).values())
        match question:
            case Newest():
                walk = Walk("updated", (), self.blog.now)
                return self._page(posts, walk, self.habits.newest, server, fault)
            case PageOf(walk):
                return self._full_page(posts, walk, server, fault)
            case SummaryOf(walk):
                return self._page(posts, walk, self.habits.newest, server, fault)
            case Entry(post_id):
                return None if fault is Fault.EMPTY else self._entry(server, post_id)
            case Total(order, low, high):
                counted = [s for s in posts if low <= getattr(s, order) < high]
                total = len(counted if self.habits.totals_heed_bounds else posts)
                return _flicker(total, fault)
        raise AssertionError(f"nobody answers {question!r}")

    def _answer_by_page(
        self, question: PostPage | ListPage | LabelCounts, server: Server, fault: Fault | None
    ) -> object:
        match question:
            case PostPage():
                return self._post_page(question, server, fault)
            case ListPage(number):
                return self._list_page(number, server, fault)
            case LabelCounts():
                return {}

    def _post_page(self, question: PostPage, server: Server, fault: Fault | None) -> Page | None:
        lag = server.lag + self.dice.random() * self.habits.page_lag
        shown = self.blog.shown_at(self.blog.now - lag)
        found = [s for s in shown.values() if permalink_of(s.post_id) == question.permalink]
        if any(state.post_id in self.sick for state in found):
            raise Unanswered("the site answers 500")
        if not found or fault is Fault.EMPTY:
            return None
        state = found[0]
        date = self.blog.now + server.drift
        if fault is Fault.ELSEWHERE:
            others = [one for one in shown.values() if one is not state]
            if not others:
                return None
            other = self.dice.choice(others)
            return Page(read(other), other.post_id, (permalink_of(other.post_id),), date)
        if fault is Fault.CUT:
            # A page that is none of a post: an age warning, a browser check.
            return Page(read(state), "", (), date)
        post = read(state)
        if isinstance(post, Post):
            updated = question.updated or state.published
            post = replace(post, content=text_of(state), updated=updated)
        return Page(post, state.post_id, (question.permalink,), date)

    def _list_page(self, number: int, server: Server, fault: Fault | None) -> Listed:
        shown = self.blog.view(server)
        if fault is Fault.STALE:
            shown = self.blog.settled(self.blog.now - STALE_BY)
        ordered = sorted(shown.values(), key=lambda s: (s.published, s.post_id), reverse=True)
        ordered = ordered[: self.habits.listed]
        size = self.habits.page
        states = [] if fault is Fault.EMPTY else ordered[(number - 1) * size : number * size]
        entries = tuple(
            SitemapEntry(permalink_of(s.post_id), s.updated.replace(microsecond=0)) for s in states
        )
        page = SitemapPage(entries)
        if fault is Fault.ELSEWHERE:
            page = SitemapPage((), ("https://elsewhere.example/1.html",))
        return Listed(page, self.blog.now + server.drift)

    def _full_page(
        self, posts: list[State], walk: Walk, server: Server, fault: Fault | None
    ) -> Heard:
        # Blogger cuts a page of full texts short where it gets too large.
        size = self._size(walk)
        cut = (
            self.dice.randint(min(2, size), size) if self.dice.random() < self.habits.cuts else size
        )
        if fault is Fault.STALE and walk.order == "published":
            old = self.blog.settled(self.blog.now - STALE_BY)
            posts = [old.get(state.post_id, state) for state in posts]
        heard = self._page(posts, walk, cut, server, fault)
        if any(post.post_id in self.sick for post in heard.page.posts):
            raise Unanswered("the site answers 500")
        return heard

    def _pass_minutes(self) -> None:
        self.blog.tick(timedelta(minutes=self.dice.randint(1, 20)))
        for _ in range(self.dice.randint(0, 2)):
            self.blog.publish()
        living = list(self.blog.living)
        if living and self.dice.random() < 0.5:
            self.blog.edit([self.dice.choice(living)])

    def _size(self, walk: Walk) -> int:
        return self.habits.page if walk.bound else max(self.habits.newest, self.habits.page - 2)

    def _page(
        self, posts: list[State], walk: Walk, size: int, server: Server, fault: Fault | None
    ) -> Heard:
        ordered = sorted(
            posts,
            key=lambda s: (getattr(s, walk.order), s.post_id if self.habits.ties_by_age else ""),
            reverse=True,
        )
        if self.habits.ignores_order:
            ordered = sorted(posts, key=lambda s: s.post_id[::-1])
        bounded = ordered
        if walk.bound is not None and not self.habits.ignores_bounds:
            bounded = [s for s in ordered if getattr(s, walk.order) < walk.bound]
        total = len(bounded if self.habits.totals_heed_bounds else ordered)
        start = walk.start_index
        if fault is Fault.ELSEWHERE:
            start += size
        shown = bounded[start - 1 : start - 1 + size]
        if fault is Fault.EMPTY:
            shown = []
        if fault is Fault.FOREIGN:
            shown = [State(f"9{one.post_id}", one.published, one.updated) for one in shown]
        if fault is Fault.CUT:
            shown = shown[: self.dice.randint(1, size)]
        counted = _flicker(total, fault)
        if self.habits.by_wire:
            page = read_by_wire(
                shown,
                (counted, start),
                self.blog.now,
                short=self.habits.short,
                blog=OTHER if fault is Fault.FOREIGN else BLOG,
            )
        else:
            entries = tuple(read(state, short=self.habits.short) for state in shown)
            blog = OTHER if fault is Fault.FOREIGN else BLOG
            page = FeedPage(entries, counted, short=self.habits.short, start_index=start, blog=blog)
        return Heard(page, self.blog.now + server.drift)

    def _entry(self, server: Server, post_id: str) -> Post | UnreadablePost | None:
        if post_id in self.sick:
            raise Unanswered("the site answers 500")
        state = self.blog.view(server).get(post_id)
        return None if state is None else read(state, short=self.habits.short)


def read(state: State, *, short: bool = False) -> Post | UnreadablePost:
    """Give what the parser makes of a state; of a short feed without its text."""
    if not state.unreadable:
        return post_of(state, short=short)
    return UnreadablePost(
        site=SITE,
        post_id=state.post_id,
        permalink=permalink_of(state.post_id),
        reason=Reason.BAD_DATE,
        detail="",
        payload=b"",
    )


def _flicker(total: int, fault: Fault | None) -> int:
    return max(0, total + {Fault.MORE: 1, Fault.LESS: -1}.get(fault, 0) if fault else total)
