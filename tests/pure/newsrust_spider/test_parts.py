"""Parts: stored whole, in their order, and given up without a word when the crawl ends."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsrust_spider import parts as module
from newsrust_spider.coverage.windows import Window
from newsrust_spider.errands.desk import Delivery
from newsrust_spider.items import Article, Outcome, Post, Ticket
from newsrust_spider.outcomes import GivenUp, PostSetAside
from newsrust_spider.owed import Owed
from newsrust_spider.parts import Parts
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


def test_a_part_waits_for_those_before_it() -> None:
    async def talk(parts: Parts, store: Store) -> None:
        ticket = parts.open(1)
        parts.open(0, Delivery(covers=WINDOW))
        await pass_on()
        assert store.lots == []
        await parts.add(article(ticket))
        await parts.all_stored()

    assert [lot.delivery.covers for lot in play(talk).lots] == [None, WINDOW]


def test_posts_that_come_one_by_one_are_stored_before_their_part_is_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_APART", 2)

    async def talk(parts: Parts, store: Store) -> None:
        ticket = parts.open(3, Delivery(covers=WINDOW), apart=True)
        await asyncio.gather(parts.add(article(ticket)), parts.add(article(ticket)))
        assert [lot.delivery.covers for lot in store.lots] == [None]
        await parts.add(article(ticket))
        await parts.all_stored()

    assert [lot.delivery.covers for lot in play(talk).lots] == [None, WINDOW]


def test_posts_that_arrive_while_others_of_their_part_are_stored_are_stored_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_APART", 1)

    async def talk(parts: Parts, store: Store) -> None:
        store.may_go_on.clear()
        ticket = parts.open(2, Delivery(covers=WINDOW), apart=True)
        first = asyncio.create_task(parts.add(article(ticket)))
        await pass_on()
        second = asyncio.create_task(parts.add(article(ticket)))
        await pass_on()
        store.may_go_on.set()
        await asyncio.gather(first, second)
        await parts.all_stored()

    assert [(len(lot.arrivals), lot.delivery.covers) for lot in play(talk).lots] == [
        (1, None),
        (1, WINDOW),
    ]


def test_a_post_without_its_page_is_owed_with_its_part() -> None:
    debt = Owed("1", "", NOON, "the site answers 500", NOON)

    async def talk(parts: Parts, store: Store) -> None:  # noqa: ARG001 - as the others
        ticket = parts.open(1, Delivery(covers=WINDOW, paid=("1", "2")), apart=True)
        parts.owe(ticket, debt)
        await parts.all_stored()

    (lot,) = play(talk).lots
    assert (lot.delivery.owed, lot.delivery.paid) == ((debt,), ("2",))


def test_after_a_post_that_is_missed_no_window_is_recorded() -> None:
    async def talk(parts: Parts, store: Store) -> None:  # noqa: ARG001 - as the others
        parts.miss(parts.open(1, apart=True))
        parts.open(0, Delivery(covers=WINDOW))
        await parts.all_stored()

    assert [lot.delivery.covers for lot in play(talk).lots] == [None, None]


def test_what_was_not_begun_when_the_crawl_ends_is_given_up() -> None:
    async def talk(parts: Parts, store: Store) -> None:
        ticket = parts.open(1)
        store.has_ended = True
        with pytest.raises(GivenUp):
            await parts.add(article(ticket))
        await parts.all_stored()
        with pytest.raises(GivenUp):
            await parts.add(article(ticket))
        parts.miss(ticket)
        parts.owe(ticket, Owed("1", "", NOON, "", NOON))
        parts.set_aside(replace(POST, ticket=ticket), PostSetAside())
        assert parts.given_up

    assert play(talk).lots == []


def test_who_waits_for_posts_that_never_come_goes_on_when_the_crawl_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LOOK_UP", 0.001)

    async def talk(parts: Parts, store: Store) -> None:
        parts.open(1, apart=True)
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
