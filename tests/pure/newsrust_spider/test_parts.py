"""Parts: stored whole, in their order, and given up without a word when the crawl ends."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from scrapy.exceptions import DropItem

from newsrust_spider import parts as module
from newsrust_spider.coverage.windows import Window
from newsrust_spider.errands.desk import Delivery
from newsrust_spider.items import Article, Outcome, Post, Ticket
from newsrust_spider.outcomes import GivenUp, PostSetAside
from newsrust_spider.owed import Owed
from newsrust_spider.parts import Parts
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.articles import Filed
from newsrust_spider.storage.lots import Lot

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
WINDOW = Window(NOON, NOON + timedelta(hours=1))
POST = Post(
    site="a.example",
    post_id="1",
    permalink="",
    title="",
    content="",
    labels=(),
    published=NOON,
    updated=NOON,
)


class Store:
    """What would store the lots: it notes them, and stores one when it is let."""

    def __init__(self) -> None:
        """Begin with nothing stored."""
        self.lots: list[Lot] = []
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.has_ended = False
        self.blamed: list[Exception] = []
        self.error: Exception | None = None

    async def store(self, lot: Lot) -> list[Filed]:
        """Store a lot."""
        await self.may_go_on.wait()
        if self.error is not None:
            raise self.error
        self.lots.append(lot)
        return [Filed(Outcome.NEW) for _ in lot.arrivals]


def article(ticket: Ticket) -> Article:
    post = replace(POST, ticket=ticket)
    return Article(
        post=post, source_link="", source_url=None, publisher=None, headline="", content=""
    )


def play(talk: Callable[[Parts, Store], Awaitable[None]]) -> Store:
    async def run() -> Store:
        store = Store()
        await talk(Parts(store.store, lambda: store.has_ended, store.blamed.append), store)
        return store

    return asyncio.run(run())


async def pass_on() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_part_is_stored_once_all_its_posts_have_come() -> None:
    async def talk(parts: Parts, store: Store) -> None:
        ticket = parts.open(2, Delivery(covers=WINDOW))
        first = asyncio.create_task(parts.add(article(ticket)))
        await pass_on()
        assert store.lots == []
        parts.set_aside(replace(POST, ticket=ticket), PostSetAside())
        assert (await first).outcome is Outcome.NEW

    (lot,) = play(talk).lots
    assert [arrival.aside for arrival in lot.arrivals] == [None, Outcome.REJECTED]
    assert lot.delivery.covers == WINDOW


def test_a_post_that_a_foreign_stage_drops_is_rejected_and_the_stage_is_named() -> None:
    async def talk(parts: Parts, _: Store) -> None:
        parts.set_aside(replace(POST, ticket=parts.open(1)), DropItem("over 9,000 words"))

    (arrival,) = play(talk).lots[0].arrivals
    rejection = arrival.rejection
    assert (rejection.reason, rejection.detail) == (Reason.DROPPED, "DropItem: over 9,000 words")


def test_who_waits_for_all_waits_for_what_is_being_stored_too() -> None:
    async def talk(parts: Parts, store: Store) -> None:
        store.may_go_on.clear()
        parts.open(0, Delivery(paid=("1",)))
        waiting = asyncio.create_task(parts.all_stored())
        await pass_on()
        assert not waiting.done()
        store.may_go_on.set()
        await waiting
        assert len(store.lots) == 1

    play(talk)


def test_a_part_waits_for_those_before_it_and_is_stored_with_them() -> None:
    async def talk(parts: Parts, store: Store) -> None:
        ticket = parts.open(1)
        parts.open(0, Delivery(covers=WINDOW))
        await pass_on()
        assert store.lots == []
        await parts.add(article(ticket))
        await parts.all_stored()

    lots = play(talk).lots
    assert [(len(lot.arrivals), lot.delivery.covers) for lot in lots] == [(1, WINDOW)]


def test_a_part_of_which_a_post_is_missing_holds_up_all_behind_it() -> None:
    async def talk(parts: Parts, store: Store) -> None:
        ticket = parts.open(2)
        later = asyncio.create_task(parts.add(article(parts.open(1))))
        first = asyncio.create_task(parts.add(article(ticket)))
        await pass_on()
        assert store.lots == []
        parts.set_aside(replace(POST, ticket=ticket), PostSetAside())
        await asyncio.gather(first, later)

    assert [len(lot.arrivals) for lot in play(talk).lots] == [3]


def test_whole_parts_that_wait_for_the_storing_are_stored_together() -> None:
    async def talk(parts: Parts, store: Store) -> None:
        store.may_go_on.clear()
        posts = [asyncio.create_task(parts.add(article(parts.open(1))))]
        await pass_on()
        posts += [asyncio.create_task(parts.add(article(parts.open(1)))) for _ in range(3)]
        await pass_on()
        store.may_go_on.set()
        await asyncio.gather(*posts)

    assert [len(lot.arrivals) for lot in play(talk).lots] == [1, 3]


def test_no_transaction_stores_more_of_them_than_a_crawl_may_lose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_TOGETHER", 4)

    async def talk(parts: Parts, store: Store) -> None:
        store.may_go_on.clear()
        tickets = [parts.open(posts) for posts in (1, 2, 2, 1)]
        first = asyncio.create_task(parts.add(article(tickets[0])))
        await pass_on()
        # The first is being stored; of the others no more than four posts go together.
        posts = [tickets[1], tickets[1], tickets[2], tickets[2], tickets[3]]
        rest = [asyncio.create_task(parts.add(article(ticket))) for ticket in posts]
        await pass_on()
        store.may_go_on.set()
        await asyncio.gather(first, *rest)

    assert [len(lot.arrivals) for lot in play(talk).lots] == [1, 4, 1]


def test_a_part_that_is_larger_is_stored_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TOGETHER", 2)

    async def talk(parts: Parts, store: Store) -> None:  # noqa: ARG001 - as the others
        ticket = parts.open(3)
        await asyncio.gather(*(parts.add(article(ticket)) for _ in range(3)))

    assert [len(lot.arrivals) for lot in play(talk).lots] == [3]


@pytest.mark.parametrize(
    "due",
    [
        Delivery(covers=WINDOW),
        Delivery(owed=(Owed("1", "", NOON, "the site answers 500", NOON),)),
        Delivery(paid=("1",)),
        Delivery(gone=("1",)),
    ],
)
def test_a_part_with_something_due_is_the_last_of_its_transaction(due: Delivery) -> None:
    async def talk(parts: Parts, store: Store) -> None:
        store.may_go_on.clear()
        parts.open(0)
        await pass_on()
        tickets = [parts.open(1), parts.open(1, due), parts.open(1)]
        posts = [asyncio.create_task(parts.add(article(ticket))) for ticket in tickets]
        await pass_on()
        store.may_go_on.set()
        await asyncio.gather(*posts)

    lots = play(talk).lots
    assert [(len(lot.arrivals), lot.delivery) for lot in lots] == [
        (0, Delivery()),
        (2, due),
        (1, Delivery()),
    ]


def test_what_was_not_begun_when_the_crawl_ends_is_given_up() -> None:
    async def talk(parts: Parts, store: Store) -> None:
        ticket = parts.open(1)
        store.has_ended = True
        with pytest.raises(GivenUp):
            await parts.add(article(ticket))
        await parts.all_stored()
        with pytest.raises(GivenUp):
            await parts.add(article(ticket))
        parts.set_aside(replace(POST, ticket=ticket), PostSetAside())
        assert parts.given_up

    assert play(talk).lots == []


def test_who_waits_for_posts_that_never_come_goes_on_when_the_crawl_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LOOK_UP", 0.001)

    async def talk(parts: Parts, store: Store) -> None:
        parts.open(1)
        waiting = asyncio.create_task(parts.all_stored())
        await pass_on()
        assert not waiting.done()
        store.has_ended = True
        await waiting
        assert parts.given_up

    play(talk)


def test_what_storing_raises_is_told_and_all_that_waits_is_given_up() -> None:
    async def talk(parts: Parts, store: Store) -> None:
        store.error = RuntimeError("no room")
        ticket, other = parts.open(1), parts.open(2)
        waiting = asyncio.create_task(parts.add(article(other)))
        with pytest.raises(GivenUp):
            await parts.add(article(ticket))
        with pytest.raises(GivenUp):
            await waiting

    assert [str(error) for error in play(talk).blamed] == ["no room"]


def test_a_post_without_its_ticket_is_a_defect() -> None:
    async def talk(parts: Parts, store: Store) -> None:  # noqa: ARG001 - as the others
        with pytest.raises(LookupError, match="a stage has swapped it"):
            await parts.add(article(Ticket()))

    assert play(talk).lots == []
