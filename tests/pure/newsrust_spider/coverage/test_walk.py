from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsrust_spider.coverage.walk import OutOfOrderError, Walk, walk_changes, walk_everything
from newsrust_spider.coverage.windows import BEGINNING, Window, find_holes

Page = Sequence[datetime]


def at(minute: int) -> datetime:
    return BEGINNING + timedelta(minutes=minute)


def walk_all(walk: Walk, ask: Callable[[Walk], Page]) -> tuple[set[datetime], Walk, int]:
    seen: set[datetime] = set()
    requests = 0
    while not walk.done:
        page = ask(walk)
        requests += 1
        assert requests < 400, "the walk does not end"
        seen |= set(page)
        walk = walk.after(page, len(page))
    return seen, walk, requests


def server(moments: list[datetime], size: int, *, bounds: bool = True) -> Callable[[Walk], Page]:
    newest_first = sorted(moments, reverse=True)

    def ask(walk: Walk) -> Page:
        known = [m for m in newest_first if not bounds or not walk.bound or m < walk.bound]
        return known[walk.start_index - 1 :][:size]

    return ask


posts = st.lists(st.integers(1, 60).map(at), max_size=40)


@given(posts, st.integers(1, 7), st.booleans())
def test_a_first_walk_sees_every_post_however_many_share_a_time(
    moments: list[datetime],
    size: int,
    bounds: bool,  # noqa: FBT001
) -> None:
    whole = find_holes([], at(61))
    seen, walk, _ = walk_all(walk_changes(whole, at(61)), server(moments, size, bounds=bounds))
    assert seen == set(moments)
    assert walk.reached == BEGINNING


@given(posts, st.integers(1, 7), st.booleans(), st.integers(1, 30), st.integers(31, 60))
def test_a_later_walk_sees_every_post_in_the_holes(
    moments: list[datetime],
    size: int,
    bounds: bool,  # noqa: FBT001
    low: int,
    high: int,
) -> None:
    holes = find_holes([Window(at(low), at(high))], at(61))
    seen, _, _ = walk_all(walk_changes(holes, at(61)), server(moments, size, bounds=bounds))
    assert seen >= {m for m in moments for hole in holes if hole.reached < m <= hole.until}


def test_what_lies_between_two_holes_is_not_asked_for() -> None:
    moments = [at(minute) for minute in range(1, 101)]
    holes = find_holes([Window(at(10), at(95))], at(101))
    seen, _, requests = walk_all(walk_changes(holes, at(101)), server(moments, 5))
    assert not seen & {at(minute) for minute in range(20, 90)}
    assert requests <= 8


def test_an_hour_with_little_news_costs_one_page() -> None:
    moments = [at(minute) for minute in range(1, 101)]
    holes = find_holes([Window(BEGINNING, at(98))], at(101))
    assert walk_all(walk_changes(holes, at(101)), server(moments, 25))[2] == 1


def test_a_page_says_how_far_down_the_walk_has_come() -> None:
    walk = walk_changes(find_holes([], at(61)), at(61)).after([at(50), at(40)], 2)
    assert (walk.reached, walk.done) == (at(40), False)


def test_a_page_in_another_order_is_noticed() -> None:
    with pytest.raises(OutOfOrderError):
        walk_changes(find_holes([], at(61)), at(61)).after([at(1), at(2)], 2)


def test_entries_without_a_readable_time_are_passed_by_offset() -> None:
    walk = walk_changes(find_holes([], at(61)), at(61)).after([], 3)
    # The last of the three stands on the next page too, and shows that none was skipped.
    assert walk.start_index == 3


@given(posts, st.integers(1, 7))
def test_a_walk_by_published_sees_every_post(moments: list[datetime], size: int) -> None:
    assert walk_all(walk_everything(at(61)), server(moments, size))[0] == set(moments)


@given(st.permutations([at(minute) for minute in range(1, 20)]), st.integers(1, 7))
def test_a_feed_in_no_order_is_walked_by_offset(shuffled: list[datetime], size: int) -> None:
    def ask(walk: Walk) -> Page:
        return shuffled[walk.start_index - 1 :][:size]

    assert walk_all(walk_everything(at(61)).without_order(), ask)[0] == set(shuffled)


def test_only_posts_in_a_hole_are_wanted_and_what_is_newer_than_all() -> None:
    walk = walk_changes(find_holes([Window(at(10), at(95))], at(101)), at(101))
    assert [walk.wants(at(m)) for m in (5, 10, 11, 95, 96, 101, 120)] == [
        True,
        True,
        False,
        False,
        True,
        True,
        True,
    ]
