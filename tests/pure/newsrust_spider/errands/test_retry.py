from datetime import UTC, datetime
from typing import Any

from newsrust_spider.errands.desk import Delivery
from newsrust_spider.errands.known import AskRejected, Rejected, Wanted
from newsrust_spider.errands.retry import retry_rejected
from newsrust_spider.items import UnreadablePost
from newsrust_spider.reasons import Reason

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
POSTS = [
    UnreadablePost(
        site="a.example", post_id=str(n), permalink="", reason=Reason.GONE, detail="", payload=b""
    )
    for n in range(5)
]


class Desk:
    """A desk at which two rejected posts are given at a time."""

    def __init__(self) -> None:
        """Begin with nothing handed over."""
        self.kept: list[Delivery] = []
        self.asked: list[AskRejected] = []

    async def ask(self, question: AskRejected) -> Rejected:
        """Give the next two behind the last."""
        self.asked.append(question)
        few = POSTS[question.after : question.after + 2]
        return Rejected(tuple(few), question.after + len(few))

    async def keep(self, delivery: Delivery) -> None:
        """Note it."""
        self.kept.append(delivery)


def test_rejected_posts_are_handed_over_a_few_at_a_time_until_there_are_no_more() -> None:
    desk: Any = Desk()
    wanted = Wanted(reason=Reason.GONE)
    errand = retry_rejected(desk, wanted)
    try:
        errand.send(None)
    except StopIteration:
        pass
    else:
        raise AssertionError("it waits for what is no question")
    assert [post for delivery in desk.kept for post in delivery.posts] == POSTS
    assert all(delivery.replayed for delivery in desk.kept)
    assert [question.after for question in desk.asked] == [0, 2, 4, 5]
    assert {question.wanted for question in desk.asked} == {wanted}
