from pathlib import Path

import pytest

from tests.forms import LONG
from tests.simulation.history import find_break
from tests.simulation.mutants import MUTANTS
from tests.simulation.script import draw

ROOT = Path(__file__).parents[2]
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text()
CAUGHT_AFTER = {
    "an empty page is the end": 17,
    "a window ends where the crawl ends": 6,
    "a window ends at the newest change, without an overlap": 69,
    "pages by offset are taken as they come": 1_136,
    "a search that broke off counts as finished": 2,
    "nothing is searched for": 2,
    "an audit does not explain what it marks gone": 1,
    "an older state replaces a newer one": 297,
    "the total is that of the first answer": 2_656,
    "an answer is taken for what was asked": 60,
    "what the walk passed by is not asked for": 18,
    "what is owed is never asked for": 10,
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
