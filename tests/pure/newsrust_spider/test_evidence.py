from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from newsrust_spider import evidence
from newsrust_spider.blogger.feed import FeedPage
from newsrust_spider.blogger.sitemap import SitemapEntry, SitemapPage
from newsrust_spider.coverage.windows import BEGINNING, OVERLAP, Window

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def page(start_index: int | None) -> FeedPage:
    return FeedPage((), 0, short=False, start_index=start_index)


def test_a_page_that_begins_elsewhere_is_no_answer() -> None:
    assert evidence.doubt_answer(page(51), 1, "").startswith("wrong_page")
    assert evidence.doubt_answer(page(51), 51, "") == ""


def test_a_page_that_does_not_say_where_it_begins_is_believed() -> None:
    assert evidence.doubt_answer(page(None), 51, "") == ""


HERE, THERE = "https://a.example/7.html", "https://a.example/8.html"


@pytest.mark.parametrize(
    ("post_id", "addresses", "wanted_id"),
    [
        ("7", (HERE,), "7"),
        # It has moved: the number is its own.
        ("7", (THERE,), "7"),
        ("7", (), "7"),
        # Known by its address alone, as the sitemap names it.
        ("7", (HERE,), HERE),
        ("", (HERE,), "7"),
        ("", (THERE, HERE), "7"),
        ("7", (HERE,), ""),
    ],
)
def test_a_page_counts_where_it_names_the_post(
    post_id: str, addresses: tuple[str, ...], wanted_id: str
) -> None:
    assert evidence.doubt_page(post_id, addresses, wanted_id, HERE) == ""


@pytest.mark.parametrize(
    ("post_id", "addresses", "wanted_id", "doubt"),
    [
        # Another post was made at its address: the number outranks that.
        ("8", (HERE,), "7", "another_page: the post's address leads to the page of post 8"),
        ("8", (THERE,), HERE, f"another_page: the post's address leads to {THERE}"),
        ("", (THERE,), "7", f"another_page: the post's address leads to {THERE}"),
        # A number says nothing of a post that is known by its address alone.
        ("7", (), HERE, "no_post: its page does not say which post it shows"),
        ("", (), "7", "no_post: its page does not say which post it shows"),
        ("", (), HERE, "no_post: its page does not say which post it shows"),
    ],
)
def test_a_page_that_names_another_post_or_none_is_doubted(
    post_id: str, addresses: tuple[str, ...], wanted_id: str, doubt: str
) -> None:
    assert evidence.doubt_page(post_id, addresses, wanted_id, HERE) == doubt


def test_a_list_that_has_nothing_of_this_site_is_doubted() -> None:
    ours, theirs = SitemapEntry(HERE, None), ("https://b.example/1.html", "/2.html")
    assert evidence.doubt_list(SitemapPage((), theirs)).startswith("foreign: the sitemap lists")
    assert "'https://b.example/1.html'" in evidence.doubt_list(SitemapPage((), theirs))
    assert evidence.doubt_list(SitemapPage((), ("",))).startswith("foreign")
    assert evidence.doubt_list(SitemapPage((ours,), theirs)) == ""
    assert evidence.doubt_list(SitemapPage((ours,))) == ""


def test_an_empty_list_is_not_doubted_for_what_it_lists() -> None:
    assert evidence.doubt_list(SitemapPage()) == ""


def test_a_crawl_reads_from_the_newest_change_that_was_shown() -> None:
    assert evidence.end_of_walk([("a", at(-9)), ("b", at(-3))], at(0)) == at(-3)


def test_a_change_that_is_dated_ahead_of_the_site_s_clock_bounds_nothing() -> None:
    assert evidence.end_of_walk([("a", at(600))], at(0)) == at(0)


def test_nothing_shown_is_no_end_of_a_walk() -> None:
    assert evidence.end_of_walk([], at(0)) is None


def test_the_last_minutes_are_left_to_the_next_crawl() -> None:
    assert evidence.settle_window(at(-60), at(-1), at(0)) == Window(at(-60), at(0) - OVERLAP)


def test_what_is_older_than_the_overlap_is_settled_whole() -> None:
    assert evidence.settle_window(at(-60), at(-30), at(0)) == Window(at(-60), at(-30))


def test_a_walk_within_the_overlap_settles_nothing() -> None:
    assert evidence.settle_window(at(-3), at(-1), at(0)) is None


def test_an_older_state_never_counts() -> None:
    assert evidence.is_not_older(at(0), at(0))
    assert evidence.is_not_older(None, at(0))
    assert not evidence.is_not_older(at(0), at(-1))


@dataclass
class Empty:
    """An empty page, with what is known."""

    unseen: int | None = 0
    heeds_bounds: bool = True
    below: int = 0
    gone: int = 0
    missing: int | None = 0
    ends: bool = field(kw_only=True)


@pytest.mark.parametrize(
    "empty",
    [
        # Totals that heed the bounds count what the page should have shown.
        Empty(missing=3, ends=True),
        Empty(unseen=575, missing=575, ends=False),
        Empty(unseen=3, ends=False),
        # Totals of the whole blog: the end is where all are held.
        Empty(unseen=600, heeds_bounds=False, ends=True),
        Empty(unseen=600, heeds_bounds=False, missing=None, ends=False),
        Empty(unseen=600, heeds_bounds=False, missing=1, ends=False),
        Empty(unseen=None, heeds_bounds=False, ends=True),
        # Posts that are held and belong below contradict it, but for those known to be gone.
        Empty(unseen=600, heeds_bounds=False, below=575, ends=False),
        Empty(below=2, gone=1, ends=False),
        Empty(below=2, gone=2, ends=True),
    ],
)
def test_an_empty_page_is_the_end_only_where_the_totals_prove_it(empty: Empty) -> None:
    proven = evidence.proves_end(
        empty.unseen,
        heeds_bounds=empty.heeds_bounds,
        below=empty.below,
        gone=empty.gone,
        missing=empty.missing,
    )
    assert proven is empty.ends


A, B, C = ("a", at(3)), ("b", at(2)), ("c", at(1))


def test_a_page_by_offset_has_to_begin_with_the_last_post_before_it() -> None:
    assert evidence.follows_on([A, B], [B, C], 2)
    assert not evidence.follows_on([A, B], [C], 2)


def test_the_same_post_in_another_state_comes_from_another_server() -> None:
    assert not evidence.follows_on([A, B], [("b", at(0)), C], 2)


def test_an_empty_page_does_not_follow_where_a_post_is_expected() -> None:
    assert not evidence.follows_on([A, B], [], 2)
    assert evidence.follows_on([A], [], 2)


def test_behind_a_page_of_one_post_the_total_has_to_hold_still() -> None:
    assert not evidence.follows_on([A], [], 2, moved=True)
    assert not evidence.follows_on([A, ("", None)], [C], 2, moved=True)
    assert evidence.follows_on([A, B], [B, C], 2, moved=True)


def test_a_page_from_a_bound_follows_on_anything() -> None:
    assert evidence.follows_on([A, B], [C], 1, moved=True)


COVERED = [Window(BEGINNING, at(3))]


def test_quiet_is_what_was_heard_last_time_and_covered_since() -> None:
    assert evidence.is_quiet([A, B], [A, B], COVERED, BEGINNING)


@pytest.mark.parametrize("before", [[A], [B, A], []])
def test_what_was_not_heard_last_time_is_not_quiet(before: list[evidence.Place]) -> None:
    assert not evidence.is_quiet([A, B], before, COVERED, BEGINNING)


def test_an_hour_with_a_hole_in_its_windows_is_not_quiet() -> None:
    assert not evidence.is_quiet([A, B], [A, B], [Window(at(2), at(3))], BEGINNING)


def test_a_hole_older_than_what_was_asked_for_leaves_it_quiet() -> None:
    assert evidence.is_quiet([A, B], [A, B], [Window(at(2), at(3))], at(2))


def test_a_post_that_cannot_be_read_is_heard_by_its_name() -> None:
    unread = ("c", None)
    assert evidence.is_quiet([unread, A], [unread, A], COVERED, BEGINNING)
    assert not evidence.is_quiet([unread, A], [A], COVERED, BEGINNING)


def test_changes_may_hide_below_posts_that_all_cannot_be_read() -> None:
    unread = [("c", None), ("d", None)]
    assert not evidence.is_quiet(unread, unread, COVERED, BEGINNING, 3)
    assert evidence.is_quiet(unread, unread, COVERED, BEGINNING, 2)


def test_nothing_heard_is_not_quiet() -> None:
    assert not evidence.is_quiet([], [], COVERED, BEGINNING)


def test_a_change_is_unheld_where_its_state_is_newer_than_the_held_one() -> None:
    shown = [("a", at(3)), ("b", at(2)), ("c", at(1))]
    assert evidence.find_unheld(shown, {"a": at(3), "b": at(1)}) == shown[1:]


def test_a_rise_is_what_the_total_says_beyond_what_is_held_and_explained() -> None:
    assert evidence.rise_of(103, 100, 0) == 3
    assert evidence.rise_of(100, 103, -3) == 0
    assert evidence.rise_of(99, 100, 0) == -1


def test_a_site_without_a_total_claims_nothing() -> None:
    assert evidence.rise_of(None, 100, 0) == 0


def test_the_oldest_change_shown_bounds_those_that_may_hide() -> None:
    assert evidence.oldest_shown([("a", at(3)), ("b", at(1))]) == at(1)
    assert evidence.oldest_shown([("a", at(1)), ("b", at(3))]) is None
    assert evidence.oldest_shown([]) is None
