"""The model's tables beside real ones: each answer of Postgres has to be that of the model."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from newsrust_spider.errands.desk import Delivery
from newsrust_spider.errands.known import AskKnown, CountHeld, Memory, StatesOf
from newsrust_spider.items import Article, Outcome, Post, UnreadablePost
from newsrust_spider.storage.audit import mark_gone
from newsrust_spider.storage.crawls import Tally, open_crawl
from newsrust_spider.storage.known import find_known, note_gone, remember
from newsrust_spider.storage.lots import Arrival, Lot, store_lot
from newsrust_spider.storage.rejected import Rejection
from newsrust_spider.storage.states import count_held, count_span, find_states
from tests.simulation.blog import SITE
from tests.simulation.tables import Tables


class TablesBesideModel(Tables):
    """Both are told the same, and asked the same."""

    def __init__(self, connection: Connection) -> None:
        """Take a connection to empty, migrated tables."""
        self._connection = connection
        # One crawl for all: its windows have to add up wherever they lie.
        self._crawl = open_crawl(connection, SITE, "test")
        self.asked = 0
        self._memory: Memory | None = None
        super().__init__()

    @property
    def memory(self) -> Memory | None:
        """What was remembered."""
        return self._memory

    @memory.setter
    def memory(self, memory: Memory | None) -> None:
        self._memory = memory
        if memory is not None:
            remember(self._connection, SITE, memory)

    def store(self, delivery: Delivery) -> None:
        """Store in both."""
        super().store(delivery)
        arrivals = tuple(map(arrival_of, delivery.posts))
        lot = Lot(arrivals, replace(delivery, posts=()))
        ends = store_lot(self._connection, SITE, self._crawl, lot, Tally({}))
        assert lot.count(ends).total() == len(arrivals)

    def answer(self, question: object) -> object:
        """Answer as the model; fail where Postgres says something else."""
        expected = super().answer(question)
        assert self._ask(question) == expected, question
        self.asked += 1
        return expected

    def _ask(self, question: object) -> object:
        match question:
            case AskKnown():
                return find_known(self._connection, SITE)
            case StatesOf(post_ids):
                return find_states(self._connection, SITE, post_ids)
            case CountHeld(low=None, high=None):
                return count_held(self._connection, SITE)
            case CountHeld(order, low, high):
                return count_span(self._connection, SITE, order, low, high)
        raise AssertionError(f"nobody answers {question!r}")

    def mark_gone(self, is_gone: Callable[[str], bool], total: int) -> None:
        """Mark in both, and compare what is remembered."""
        gone = [permalink_of(post_id) for post_id in self.living() if is_gone(post_id)]
        mark_gone(self._connection, SITE, gone)
        note_gone(self._connection, SITE, len(gone), total)
        said = find_known(self._connection, SITE).memory
        super().mark_gone(is_gone, total)
        assert said == self.memory


def permalink_of(post_id: str) -> str:
    """Give the address that the model's posts have."""
    return f"https://{SITE}/{post_id}.html"


def arrival_of(post: Post | UnreadablePost) -> Arrival:
    """Give what the stages make of a post of the model."""
    rejection = Rejection(
        site=post.site,
        post_id=post.post_id,
        permalink=permalink_of(post.post_id),
        reason="bad_date",
        detail="",
        payload=post.post_id.encode() + str(post.updated).encode(),
        updated=post.updated,
    )
    if isinstance(post, UnreadablePost):
        return Arrival(rejection, aside=Outcome.REJECTED)
    article = Article(
        post=replace(post, permalink=permalink_of(post.post_id)),
        source_link="",
        source_url=None,
        publisher=None,
        headline=f"Post {post.post_id}",
        content="",
        body=f"Text of {post.updated}",
    )
    return Arrival(rejection, article)
