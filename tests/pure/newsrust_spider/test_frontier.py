from datetime import timedelta

from newsrust_spider.frontier import Frontier
from newsrust_spider.windows import BEGINNING

HIGH, LOW = BEGINNING + timedelta(days=2), BEGINNING + timedelta(days=1)


def test_a_page_counts_when_all_its_posts_are_settled() -> None:
    frontier = Frontier()
    frontier.open_page(1, 2, HIGH)
    assert not frontier.settle_post(1)
    assert not frontier.settled
    assert frontier.settle_post(1)
    assert frontier.reached == HIGH
    assert frontier.settled


def test_a_later_page_waits_for_an_earlier_one() -> None:
    frontier = Frontier()
    frontier.open_page(1, 1, HIGH)
    frontier.open_page(2, 1, LOW)
    assert not frontier.settle_post(2)
    assert not frontier.settled
    assert frontier.settle_post(1)
    assert frontier.reached == LOW


def test_a_page_without_posts_counts_at_once() -> None:
    frontier = Frontier()
    frontier.open_page(1, 0, LOW)
    assert frontier.reached == LOW
