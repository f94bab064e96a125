"""Errands with one cure taken out each: the simulator has to notice every one of them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from newsrust_spider import evidence
from newsrust_spider.coverage.windows import BEGINNING, Window
from newsrust_spider.errands import account, fetching, gone, news, search
from newsrust_spider.errands.pages import Pages
from newsrust_spider.errands.reading import Reading
from newsrust_spider.verdict import Verdict


def _end_later(reached: datetime, until: datetime, date: datetime) -> Window | None:
    end = max(until, date) + timedelta(minutes=10)
    return Window(max(reached, BEGINNING), end) if reached < until else None


def _settle_all(reached: datetime, until: datetime, _: datetime) -> Window | None:
    return Window(max(reached, BEGINNING), until) if reached < until else None


async def _give_up_search(*_: object) -> tuple[None, str]:
    return None, ""


async def _find_nothing_more(*_: object) -> Verdict:
    return news.COMPLETE


_turn = Pages.turn


async def _turn_and_keep_total(pages: Pages) -> Reading:
    total = pages.changes.total
    reading = await _turn(pages)
    pages.changes.total, pages.changes.deeper = total, False
    return reading


def _always(answer: object) -> Callable[..., object]:
    return lambda *_, **__: answer


async def _owe_nothing(*_: object) -> None:
    return None


async def _is_gone_unlooked(*_: object, **__: object) -> bool:
    return True


@contextmanager
def _let_older_states_in() -> Iterator[None]:
    with (
        patch.object(evidence, "is_not_older", _always(answer=True)),
        patch.object(search, "_is_unheld", _always(answer=True)),
    ):
        yield


Mutant = Callable[[], AbstractContextManager[Any]]
MUTANTS: dict[str, Mutant] = {
    "an empty page is the end": lambda: patch.object(evidence, "proves_end", _always(answer=True)),
    "a window ends where the crawl ends": lambda: patch.object(
        evidence, "settle_window", _end_later
    ),
    "a window ends at the newest change, without an overlap": lambda: patch.object(
        evidence, "settle_window", _settle_all
    ),
    "pages by offset are taken as they come": lambda: patch.object(
        evidence, "follows_on", _always(answer=True)
    ),
    "a search that broke off counts as finished": lambda: patch.object(
        account, "search_everywhere", _give_up_search
    ),
    "nothing is searched for": lambda: patch.object(
        news, "account_for_every_post", _find_nothing_more
    ),
    "an older state replaces a newer one": _let_older_states_in,
    "the total is that of the first answer": lambda: patch.object(
        Pages, "turn", _turn_and_keep_total
    ),
    "an answer is taken for what was asked": lambda: patch.object(
        evidence, "doubt_answer", _always(answer="")
    ),
    "what the walk passed by is not asked for": lambda: patch.object(
        news, "fetch_named", _owe_nothing
    ),
    "a page is taken for that of the post": lambda: patch.object(
        evidence, "doubt_page", _always(answer="")
    ),
    "a page is never too young": lambda: patch.object(fetching, "is_young", _always(answer=False)),
    "what is not listed is gone": lambda: patch.object(gone, "_is_gone", _is_gone_unlooked),
    "what is owed is never asked for": lambda: patch.object(news, "pay_what_is_owed", _owe_nothing),
}
