from pathlib import Path

import pytest

from tests.forms import LONG
from tests.simulation.history import find_break
from tests.simulation.mutants import MUTANTS
from tests.simulation.script import draw

ROOT = Path(__file__).parents[2]
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text()
CAUGHT_AFTER = {
    "an empty page is the end": 16,
    "a window ends where the crawl ends": 18,
    "a window ends at the newest change, without an overlap": 39,
    "pages by offset are taken as they come": 1_851,
    "a search that broke off counts as finished": 72,
    "nothing is searched for": 7,
    "an older state replaces a newer one": 43,
    "the total is that of the first answer": 703,
    "an answer is taken for what was asked": 44,
    "what the walk passed by is not asked for": 76,
    "a page is taken for that of the post": 15,
    "a page is never too young": 11,
    "what is not listed is gone": 2,
    "what is owed is never asked for": 4,
}
"""Histories after which the lack of a cure is noticed, counted from seed 0."""
MOST = 5_000


@pytest.mark.parametrize("mutant", MUTANTS)
def test_an_errand_without_one_of_its_cures_is_caught(mutant: str) -> None:
    last = CAUGHT_AFTER[mutant]
    assert last <= MOST
    first = 0 if LONG else last - 1
    with MUTANTS[mutant]():
        broken = [seed for seed in range(first, last) if find_break(draw(seed))]
    assert broken == [last - 1]


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_table_of_the_documentation_says_after_how_many(mutant: str) -> None:
    assert f"| {mutant} | {CAUGHT_AFTER[mutant]:,} |" in RELIABILITY
