"""Histories that went wrong once, each by hand, on a calm blog of 120 posts."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from newsrust_spider.errands.order import WHOLE, Order
from newsrust_spider.verdict import Exit
from tests.simulation.blog import MINUTE, Blog, Server
from tests.simulation.history import History
from tests.simulation.invariants import Crawl, Invariants
from tests.simulation.script import Script
from tests.simulation.site import Fault, Habits, Site

HOUR = 60 * MINUTE
POSTS = 120


@pytest.fixture(params=[True, False], ids=["totals heed bounds", "totals are the blog's"])
def history(request: pytest.FixtureRequest) -> History:
    """Give a blog of one server, of which nothing is held yet."""
    blog = Blog([Server(timedelta(0), timedelta(0))])
    habits = Habits(25, 50, request.param, ignores_bounds=False, ties_by_age=True, cuts=0)
    history = History(Script(0, ()))
    history.site = Site(blog, habits, Random(1))
    history.invariants = Invariants(blog, history.tables)
    for _ in range(POSTS):
        blog.tick(HOUR)
        blog.publish()
    return history


def crawl(history: History, order: Order = WHOLE, faults: dict[int, Fault] | None = None) -> Crawl:
    history.site.blog.tick(HOUR)
    return history.crawl(order, faults)


def status(crawled: Crawl) -> Exit:
    assert crawled.verdict is not None
    return crawled.verdict.status


def held(history: History) -> int:
    return len(history.tables.living())


def test_a_first_crawl_holds_all_and_the_next_costs_one_question(history: History) -> None:
    assert status(crawl(history)) is Exit.COMPLETE
    assert held(history) == POSTS
    assert crawl(history).asked == 1


def test_a_page_that_stays_empty_among_a_hundred_edits_is_no_end(history: History) -> None:
    crawl(history)
    history.site.blog.edit(list(history.site.blog.living)[:100])
    assert status(crawl(history, faults={3: Fault.EMPTY, 4: Fault.EMPTY})) is Exit.INCOMPLETE
    assert status(crawl(history)) is Exit.COMPLETE


def test_an_empty_page_is_no_end_with_a_date_to_start_from_either(history: History) -> None:
    order = Order(since=history.site.blog.now - 100 * HOUR)
    ended = crawl(history, order, {3: Fault.EMPTY, 4: Fault.EMPTY})
    assert status(ended) is Exit.INCOMPLETE
    assert status(crawl(history)) is Exit.COMPLETE
    assert held(history) == POSTS


def test_a_crawl_with_a_limit_explains_nothing_that_is_missing(history: History) -> None:
    crawl(history, Order(limit=10))
    assert status(crawl(history, faults={3: Fault.EMPTY, 4: Fault.EMPTY})) is Exit.INCOMPLETE
    assert status(crawl(history)) is Exit.COMPLETE
    assert held(history) == POSTS


def test_each_crawl_with_a_limit_goes_on(history: History) -> None:
    stored = []
    for _ in range(3):
        crawl(history, Order(limit=30))
        stored.append(held(history))
    assert stored == [30, 60, 90]


def test_an_edit_that_becomes_visible_late_outlives_a_quiet_hour(history: History) -> None:
    crawl(history)
    blog = history.site.blog
    blog.edit(["1001", "1002"])
    slow = blog.events.pop(-2)
    history.crawl()
    blog.tick(MINUTE)
    blog.events.append((blog.now, *slow[1:]))
    history.crawl()
    assert history.tables.state("1001") == blog.living["1001"].updated


def test_a_moment_that_fills_pages_is_read_whole_though_posts_leave_it(history: History) -> None:
    crawl(history)
    history.site.blog.edit(list(history.site.blog.living)[:100], at_once=True)
    assert status(crawl(history, faults={3: Fault.SLOW, 4: Fault.SLOW})) is Exit.COMPLETE
    assert status(crawl(history)) is Exit.COMPLETE


def test_a_search_that_breaks_off_writes_nothing_off(history: History) -> None:
    crawl(history)
    for _ in range(3):
        history.site.blog.surface(100 * HOUR)
    assert status(crawl(history)) is Exit.INCOMPLETE
    assert status(crawl(history, faults={4: Fault.SICK, 5: Fault.SICK})) is Exit.INCOMPLETE
    assert status(crawl(history)) is Exit.COMPLETE
    assert held(history) == POSTS + 3


def test_deletions_and_an_audit_leave_the_next_hour_quiet(history: History) -> None:
    crawl(history)
    for post_id in ("1010", "1050", "1100"):
        history.site.blog.delete(post_id)
    assert status(crawl(history)) is Exit.COMPLETE
    history.audit()
    ended = crawl(history)
    assert (status(ended), ended.asked) == (Exit.COMPLETE, 1)


def test_a_draft_that_returns_is_not_called_missing(history: History) -> None:
    crawl(history)
    history.site.blog.delete("1010")
    crawl(history)
    history.site.blog.bring_back("1010", as_it_was=True)
    ended = crawl(history)
    assert status(ended) is Exit.COMPLETE
    assert ended.asked <= 3


def test_a_late_post_among_the_newest_costs_a_page(history: History) -> None:
    crawl(history)
    history.site.blog.surface(10 * HOUR)
    ended = crawl(history)
    assert status(ended) is Exit.COMPLETE
    assert ended.asked <= 4
    assert held(history) == POSTS + 1


def test_a_total_that_flickers_costs_a_question(history: History) -> None:
    crawl(history)
    ended = crawl(history, faults={1: Fault.MORE})
    assert status(ended) is Exit.COMPLETE
    assert ended.asked <= 3
    assert crawl(history).asked == 1


def test_the_deletion_of_the_newest_post_leaves_the_hours_quiet(history: History) -> None:
    crawl(history)
    history.site.blog.delete(str(1000 + POSTS))
    assert [crawl(history).asked for _ in range(3)] == [1, 1, 1]


def test_a_site_whose_clock_is_behind_ours_is_read_by_its_own(history: History) -> None:
    crawl(history)
    history.site.blog.servers[0].drift = timedelta(hours=-23)
    history.site.blog.publish()
    crawl(history)
    assert str(1001 + POSTS) in history.tables.living()


def test_a_post_that_stays_sick_is_given_up_by_the_fourth_crawl_in_four_questions(
    history: History,
) -> None:
    history.site.sick.add("1060")
    ended = [crawl(history) for _ in range(5)]
    assert [status(one) for one in ended[:3]] == [Exit.INCOMPLETE] * 3
    assert [status(one) for one in ended[3:]] == [Exit.COMPLETE] * 2
    assert all(one.asked <= 4 for one in ended[1:])
    assert held(history) == POSTS


def test_a_site_of_which_no_post_can_be_had_is_not_asked_for_each(history: History) -> None:
    crawl(history)
    history.site.blog.edit(list(history.site.blog.living)[:100])
    history.site.sick = set(history.site.blog.living)
    ended = crawl(history)
    assert (status(ended), history.tables.owed) == (Exit.INCOMPLETE, {})
    # The newest, a page and its summary, and three posts.
    assert ended.asked <= 6
    history.site.sick.clear()
    assert status(crawl(history)) is Exit.COMPLETE


def test_what_is_owed_is_paid_when_the_site_is_well(history: History) -> None:
    history.site.sick.add("1060")
    crawl(history)
    history.site.sick.clear()
    ended = crawl(history)
    assert (status(ended), ended.asked) == (Exit.COMPLETE, 2)
    assert not history.tables.owed


def test_a_server_that_heeds_no_order_is_read_whole_and_searched_whole(history: History) -> None:
    history.site.habits = replace(history.site.habits, ignores_order=True)
    assert status(crawl(history)) is Exit.COMPLETE
    assert held(history) == POSTS
    for _ in range(6):
        history.site.blog.surface(100 * HOUR)
    crawl(history)
    assert status(crawl(history)) is Exit.COMPLETE
    assert held(history) == POSTS + 6


def test_a_draft_that_returns_in_a_new_state_is_kept_where_a_page_shows_it(
    history: History,
) -> None:
    crawl(history)
    blog = history.site.blog
    blog.edit(["1010"])
    blog.delete("1010")
    for _ in range(10):
        blog.publish()
    crawl(history)
    blog.bring_back("1010", as_it_was=True)
    for _ in range(30):
        blog.publish()
    crawl(history)
    assert history.tables.state("1010") == blog.living["1010"].updated


def test_edits_that_a_walk_fails_to_reach_twice_are_listed_in_another_order(
    history: History,
) -> None:
    crawl(history)
    blog = history.site.blog
    blog.edit(list(blog.living)[:100])
    sick = {3: Fault.SICK, 4: Fault.SICK}
    assert status(crawl(history, faults=sick)) is Exit.INCOMPLETE
    sick = {2: Fault.SICK, 3: Fault.SICK}
    assert status(crawl(history, faults=sick)) is Exit.COMPLETE
    assert all(history.tables.state(name) == held.updated for name, held in blog.living.items())


@pytest.mark.parametrize("faults", [{2: Fault.AWAY}, {2: Fault.SICK, 3: Fault.AWAY}])
def test_a_walk_that_is_stuck_orders_no_list_of_a_site_that_asks_to_be_left_alone(
    history: History, faults: dict[int, Fault]
) -> None:
    crawl(history)
    blog = history.site.blog
    blog.edit(list(blog.living)[:100])
    crawl(history, faults={3: Fault.SICK, 4: Fault.SICK})
    ended = crawl(history, faults=faults)
    assert (status(ended), ended.asked) == (Exit.INCOMPLETE, len(faults) + 1)
    assert history.tables.memory is not None
    assert history.tables.memory.search is None
    assert status(crawl(history)) is Exit.COMPLETE


def test_a_list_that_is_old_proves_no_edit(history: History) -> None:
    crawl(history)
    blog = history.site.blog
    blog.edit(list(blog.living)[:100])
    crawl(history, faults={3: Fault.SICK, 4: Fault.SICK})
    sick = dict.fromkeys((2, 3, 9, 10), Fault.SICK)
    stale = dict.fromkeys(range(4, 9), Fault.STALE)
    ended = crawl(history, faults=sick | stale)
    assert status(ended) is Exit.INCOMPLETE
    assert status(crawl(history)) is Exit.COMPLETE
    assert all(history.tables.state(name) == held.updated for name, held in blog.living.items())


def test_a_list_that_goes_on_tells_of_no_edit_above_its_place(history: History) -> None:
    crawl(history)
    blog = history.site.blog
    blog.edit(list(blog.living)[:100])
    crawl(history, faults={3: Fault.SICK, 4: Fault.SICK})
    crawl(history, faults={2: Fault.SICK, 3: Fault.SICK, 5: Fault.SICK, 6: Fault.SICK})
    blog.edit(list(blog.living)[:59:-1])
    blog.tick(30 * HOUR)
    # The walk fails, the list comes to its end, and the walk fails again.
    faults = {3: Fault.EMPTY, 4: Fault.EMPTY, 10: Fault.SICK, 11: Fault.SICK}
    assert status(crawl(history, faults=faults)) is Exit.INCOMPLETE
    assert status(crawl(history)) is Exit.COMPLETE
    assert all(history.tables.state(name) == held.updated for name, held in blog.living.items())


def test_what_is_published_meanwhile_proves_no_late_post_missing(history: History) -> None:
    crawl(history)
    history.site.blog.delete("1010")
    crawl(history)
    history.site.blog.tick(HOUR)
    history.site.blog.surface(100 * HOUR)
    # Dice that let posts be published while the sixth question is answered.
    history.site.dice = Random(2)
    born = len(history.site.blog.living)
    assert status(crawl(history, faults={3: Fault.SICK, 6: Fault.SLOW})) is Exit.COMPLETE
    assert len(history.site.blog.living) > born
    assert status(crawl(history)) is Exit.COMPLETE
    assert history.site.blog.living.keys() <= history.tables.living().keys()


def test_a_search_explains_no_other_posts_than_it_was_ordered_for(history: History) -> None:
    crawl(history)
    blog = history.site.blog
    blog.surface(100 * HOUR)
    blog.surface(100 * HOUR)
    crawl(history)
    blog.edit([str(1001 + POSTS), str(1002 + POSTS)])
    # The walk brings both, and a third is counted where no list shows it yet.
    lists = 12 if history.site.habits.totals_heed_bounds else 6
    crawl(history, faults=dict.fromkeys((1, 2, lists), Fault.MORE))
    blog.surface(100 * HOUR)
    for _ in range(3):
        crawl(history)
    assert held(history) == POSTS + 3


def test_a_deletion_does_not_call_a_search_off(history: History) -> None:
    crawl(history)
    history.site.blog.surface(100 * HOUR)
    assert status(crawl(history)) is Exit.INCOMPLETE
    history.site.blog.delete("1010")
    assert status(crawl(history, faults={2: Fault.SICK})) is Exit.INCOMPLETE
    assert status(crawl(history)) is Exit.COMPLETE
    assert str(1001 + POSTS) in history.tables.living()


def test_deletions_that_nobody_noticed_make_no_empty_page_the_end(history: History) -> None:
    crawl(history, Order(limit=60))
    for post_id in (*range(1001, 1021), *range(1061, 1101)):
        history.site.blog.delete(str(post_id))
    assert status(crawl(history, faults={2: Fault.EMPTY})) is Exit.COMPLETE
    assert history.site.blog.living.keys() <= history.tables.living().keys()


def test_a_post_that_is_lifted_past_the_reader_explains_no_late_one(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl(history)
    blog = history.site.blog
    blog.delete("1010")
    for _ in range(60):
        blog.publish()
    lifted = str(1001 + POSTS)
    monkeypatch.setattr(Site, "_pass_minutes", lambda site: site.blog.edit([lifted]))
    crawl(history, faults={3: Fault.SLOW})
    assert lifted not in history.tables.living()
    blog.surface(100 * HOUR)
    crawl(history)
    crawl(history)
    assert blog.living.keys() <= history.tables.living().keys()


def test_what_came_meanwhile_is_not_counted_where_an_end_is_doubted(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl(history)
    blog = history.site.blog
    for post_id in list(blog.living):
        blog.delete(post_id)
    for _ in range(60):
        blog.publish()
    monkeypatch.setattr(Site, "_pass_minutes", lambda site: site.blog.publish())
    assert status(crawl(history, faults={3: Fault.SLOW})) is Exit.COMPLETE
    blog.surface(100 * HOUR)
    crawl(history)
    crawl(history)
    assert blog.living.keys() <= history.tables.living().keys()


@pytest.fixture
def searching(history: History) -> History:
    """Give a blog of which one post is deleted and one is searched for, in one span of time.

    The two leave the count of that span as it was, so only the list of everything shows it.
    """
    crawl(history)
    blog = history.site.blog
    deleted = blog.living["1010"]
    blog.delete(deleted.post_id)
    crawl(history)
    blog.surface(blog.now - deleted.published)
    crawl(history)
    blog.surface(40 * HOUR)
    return history


def test_a_search_that_finds_others_is_not_ended_by_one_total(searching: History) -> None:
    blog = searching.site.blog
    crawl(searching, faults={1: Fault.LESS})
    assert blog.living.keys() <= searching.tables.living().keys()


@pytest.mark.parametrize("total", [{}, {1: Fault.LESS}])
def test_a_search_that_finds_others_and_breaks_off_goes_on(
    searching: History, total: dict[int, Fault]
) -> None:
    blog = searching.site.blog
    broken = 32 if searching.site.habits.totals_heed_bounds else 5
    sick = {broken: Fault.SICK, broken + 1: Fault.SICK}
    assert status(crawl(searching, faults=total | sick)) is Exit.INCOMPLETE
    assert status(crawl(searching)) is Exit.COMPLETE
    assert blog.living.keys() <= searching.tables.living().keys()


def test_a_page_of_the_sitemap_that_comes_empty_once_is_no_end(history: History) -> None:
    history.site.off = True
    second = 2 + 1 + history.site.habits.page
    assert status(crawl(history, faults={second: Fault.EMPTY})) is Exit.COMPLETE
    assert held(history) == POSTS


def test_an_empty_page_of_the_sitemap_before_one_that_is_not_is_no_end(history: History) -> None:
    history.site.off = True
    second = 2 + 1 + history.site.habits.page
    faults = {second: Fault.EMPTY, second + 1: Fault.EMPTY}
    assert status(crawl(history, faults=faults)) is Exit.INCOMPLETE
    assert status(crawl(history)) is Exit.COMPLETE
    assert held(history) == POSTS


def test_a_sitemap_that_lists_nothing_is_not_believed_where_posts_are_held(
    history: History,
) -> None:
    assert status(crawl(history)) is Exit.COMPLETE
    history.site.off = True
    faults = dict.fromkeys((2, 3, 4), Fault.EMPTY)
    assert status(crawl(history, faults=faults)) is Exit.UNUSABLE


def test_a_feed_that_is_off_for_a_day_and_comes_back_costs_no_page_twice(history: History) -> None:
    crawl(history)
    history.site.off = True
    history.site.blog.publish()
    assert status(crawl(history)) is Exit.COMPLETE
    history.site.off = False
    history.site.blog.tick(23 * HOUR)
    back = crawl(history)
    assert (status(back), back.asked) == (Exit.COMPLETE, 2)
    assert crawl(history).asked == 1
