from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from newsrust_spider.coverage.windows import BEGINNING, Window, find_holes, merge_windows


def at(minute: int) -> datetime:
    return BEGINNING + timedelta(minutes=minute)


minutes = st.integers(0, 60)
windows = st.lists(
    st.tuples(minutes, minutes)
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: Window(at(pair[0]), at(pair[1]))),
    max_size=8,
)


def minutes_of(found: tuple[Window, ...]) -> set[int]:
    return {m for m in range(1, 62) for w in found if w.reached < at(m) <= w.until}


@given(windows, minutes, minutes)
def test_a_minute_is_in_a_hole_exactly_when_no_window_covers_it(
    covered: list[Window], since: int, until: int
) -> None:
    holes = find_holes(covered, at(until), since=at(since))
    wanted = set(range(since + 1, until + 1))
    assert minutes_of(holes) == wanted - minutes_of(tuple(covered))


@given(windows, minutes)
def test_holes_come_newest_first_and_do_not_touch(covered: list[Window], until: int) -> None:
    holes = find_holes(covered, at(until))
    assert all(newer.reached > older.until for newer, older in pairwise(holes))


@given(windows)
def test_merging_keeps_every_covered_minute_and_is_idempotent(covered: list[Window]) -> None:
    merged = merge_windows(covered)
    assert minutes_of(merged) == minutes_of(tuple(covered))
    assert merge_windows(merged) == merged


@given(windows, minutes)
def test_filling_the_holes_covers_everything(covered: list[Window], until: int) -> None:
    holes = find_holes(covered, at(until))
    assert find_holes([*covered, *holes], at(until)) == ()
