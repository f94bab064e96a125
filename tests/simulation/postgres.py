"""The model's tables beside real ones: each answer of Postgres has to be that of the model."""

from dataclasses import replace

from sqlalchemy import Connection

from newsrust_spider.errands.desk import Delivery
from newsrust_spider.errands.differences import (
    ChooseStale,
    Compare,
    CountLabels,
    NoteLabels,
    NoteListed,
)
from newsrust_spider.errands.known import AskKnown, CountHeld, Memory, StatesOf
from newsrust_spider.items import Article, Outcome, Post, UnreadablePost
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.crawls import Tally, open_crawl
from newsrust_spider.storage.known import find_known, remember
from newsrust_spider.storage.label_counts import count_labels
from newsrust_spider.storage.listing import choose_stale, compare, note_listed
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
        super().__init__()

    def store(self, delivery: Delivery) -> None:
        """Store in both."""
        super().store(delivery)
        arrivals = tuple(map(arrival_of, delivery.posts))
        lot = Lot(arrivals, replace(delivery, posts=()))
        ends = store_lot(self._connection, SITE, self._crawl, lot, Tally({}))
        assert lot.count(ends).total() == len(arrivals)

    def note(self, note: Memory | NoteListed | NoteLabels) -> None:
        """Keep a note in both."""
        super().note(note)
        if isinstance(note, NoteListed):
            note_listed(self._connection, note)
        elif isinstance(note, Memory):
            remember(self._connection, SITE, note)

    def answer(self, question: object) -> object:
        """Answer as the model; fail where Postgres says something else."""
        expected = super().answer(question)
        said = self._ask(question)
        assert said == expected, (question, said, expected)
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
        return self._ask_of_lists(question)

    def _ask_of_lists(self, question: object) -> object:
        match question:
            case ChooseStale(entries):
                return choose_stale(self._connection, SITE, entries)
            case Compare(since):
                return compare(self._connection, SITE, since)
            case CountLabels():
                return count_labels(self._connection, SITE)
        raise AssertionError(f"nobody answers {question!r}")


def arrival_of(post: Post | UnreadablePost) -> Arrival:
    """Give what the stages make of a post of the model."""
    rejection = Rejection(
        site=post.site,
        post_id=post.post_id,
        permalink=post.permalink,
        reason=post.reason if isinstance(post, UnreadablePost) else Reason.POISON_ROW,
        detail="",
        payload=post.permalink.encode() + str(post.updated).encode(),
        updated=post.updated,
    )
    if isinstance(post, UnreadablePost):
        return Arrival(rejection, aside=Outcome.REJECTED)
    article = Article(
        post=post,
        source_link="",
        source_url=None,
        publisher=None,
        headline=f"Post {post.post_id}",
        content="",
        body=f"Text of {post.content}",
    )
    return Arrival(rejection, article)
