"""A lot: posts that are stored in one transaction, with all that is due once they are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from newsrust_spider.errands.desk import NOTHING_DUE, Delivery
from newsrust_spider.items import Article, Outcome
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.articles import Filed, file_duplicates, store_articles
from newsrust_spider.storage.crawls import Tally, record_progress
from newsrust_spider.storage.known import explain_gone, note_gone, note_owed, strike_stored
from newsrust_spider.storage.poison import keep_apart
from newsrust_spider.storage.rejected import Rejection, reject_post, settle_rejected


@dataclass(frozen=True, slots=True)
class Arrival:
    """A post at the end of the pipeline: to be stored, or set ``aside`` by a stage.

    ``rejection`` is what is kept of it if it is rejected, ``article`` what the stages made of it,
    ``article_id`` the article of which it is a duplicate. ``replayed`` says that a former crawl
    has rejected it before.
    """

    rejection: Rejection
    article: Article | None = None
    aside: Outcome | None = None
    article_id: int | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Lot:
    """Arrivals, and the ``delivery`` whose last posts they are: its window and its debts."""

    arrivals: tuple[Arrival, ...]
    delivery: Delivery = NOTHING_DUE

    def count(self, filed: Sequence[Filed]) -> Counter[Outcome]:
        """Return how many posts were seen with each outcome.

        A post that a former crawl rejected was counted by that one: in vain tried again it is no
        news.
        """
        return Counter(
            end.outcome
            for arrival, end in zip(self.arrivals, filed, strict=True)
            if not (arrival.replayed and end.outcome is Outcome.REJECTED)
        )


def store_lot(connection: Connection, site: str, crawl: int, lot: Lot, tally: Tally) -> list[Filed]:
    """Store a lot, and say of each arrival how it ended; ``tally`` counts what came before.

    A row that the database refuses is rejected, and the others are stored.
    """
    rejected = Filed(Outcome.REJECTED)
    filed = {p: rejected for p, one in enumerate(lot.arrivals) if one.aside is Outcome.REJECTED}
    for aside, work in _WAYS.items():
        places = [place for place, one in enumerate(lot.arrivals) if one.aside is aside]
        arrivals = [lot.arrivals[place] for place in places]
        if arrivals:
            ends = keep_apart(connection, partial(work, connection, crawl), arrivals, _refuse)
            filed |= dict(zip(places, ends, strict=True))
    gone = 0
    for place, arrival in enumerate(lot.arrivals):
        if filed[place].outcome is Outcome.REJECTED:
            gone += _reject(connection, crawl, arrival.rejection, filed[place].detail)
    if gone:
        explain_gone(connection, site, gone)
    ends = [filed[place] for place in range(len(lot.arrivals))]
    stored = [one.post.post_id for one in _articles(lot.arrivals)]
    if stored:
        strike_stored(connection, site, stored)
    note_owed(connection, site, lot.delivery.owed, lot.delivery.paid)
    if lot.delivery.gone:
        note_gone(connection, site, lot.delivery.gone)
    outcomes = Counter(tally.outcomes) + lot.count(ends)
    record_progress(connection, crawl, replace(tally, outcomes=outcomes), lot.delivery.covers)
    return ends


def _refuse(detail: str) -> Filed:
    return Filed(Outcome.REJECTED, detail=detail)


def _reject(connection: Connection, crawl: int, rejection: Rejection, refusal: str) -> bool:
    if refusal:
        rejection = replace(rejection, reason=Reason.POISON_ROW, detail=refusal)
    return reject_post(connection, crawl, rejection)


def _articles(arrivals: Sequence[Arrival]) -> list[Article]:
    return [arrival.article for arrival in arrivals if arrival.article is not None]


def _store(connection: Connection, crawl: int, arrivals: Sequence[Arrival]) -> list[Filed]:
    return store_articles(connection, crawl, _articles(arrivals))


def _file(connection: Connection, crawl: int, arrivals: Sequence[Arrival]) -> list[Filed]:
    known = [arrival.article_id or 0 for arrival in arrivals]
    file_duplicates(connection, crawl, list(zip(_articles(arrivals), known, strict=True)))
    return [Filed(Outcome.DUPLICATE, article_id) for article_id in known]


def _pass_over(connection: Connection, _: int, arrivals: Sequence[Arrival]) -> list[Filed]:
    settle_rejected(connection, [article.post for article in _articles(arrivals)])
    return [Filed(Outcome.UNCHANGED) for _ in arrivals]


_WAYS = {
    None: _store,
    Outcome.DUPLICATE: _file,
    Outcome.UNCHANGED: _pass_over,
}
