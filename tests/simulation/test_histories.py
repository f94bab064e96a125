import pytest

from tests.forms import LONG
from tests.simulation.history import find_break
from tests.simulation.script import draw, shrink

HISTORIES = 50_000 if LONG else 5_000
CHUNK = 100


@pytest.mark.parametrize("first", range(0, HISTORIES, CHUNK))
def test_no_history_breaks_a_promise(first: int) -> None:
    for seed in range(first, first + CHUNK):
        broken = find_break(draw(seed))
        assert not broken, f"{broken}\n{shrink(draw(seed), lambda s: bool(find_break(s)))}"
