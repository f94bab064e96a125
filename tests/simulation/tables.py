"""A model of what is held: what the tables would say, and nothing of how they do it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsrust_spider import evidence
from newsrust_spider.coverage.windows import BEGINNING, Window, merge_windows
from newsrust_spider.errands.desk import Delivery
from newsrust_spider.errands.known import AskKnown, CountHeld, Known, Memory, StatesOf
from newsrust_spider.items import Post
from newsrust_spider.owed import Owed


@dataclass(slots=True)
class Held:
    """A post as it is held; moments are unknown of one that could not be read."""

    updated: datetime | None
    published: datetime | None
    gone: bool = False


@dataclass(slots=True)
class Tables:
    """The posts that are held, what is covered, what is owed, and what was remembered."""

    posts: dict[str, Held] = field(default_factory=dict)
    rejected: dict[str, Held] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)
    owed: dict[str, Owed] = field(default_factory=dict)
    memory: Memory | None = None

    def store(self, delivery: Delivery) -> None:
        """Store what was handed over, as one transaction does."""
        for post in delivery.posts:
            before = self.posts.get(post.post_id)
            if not isinstance(post, Post):
                self.rejected[post.post_id] = Held(post.updated, None)
            elif (
                before is None or before.gone or evidence.is_not_older(before.updated, post.updated)
            ):
                self.posts[post.post_id] = Held(post.updated, post.published)
                rejected = self.rejected.get(post.post_id)
                if rejected is not None and (rejected.updated or BEGINNING) <= post.updated:
                    del self.rejected[post.post_id]
        if delivery.covers is not None:
            self.windows = list(merge_windows([*self.windows, delivery.covers]))
        self.owed |= {owed.post_id: owed for owed in delivery.owed}
        for post_id in delivery.paid:
            self.owed.pop(post_id, None)

    def answer(self, question: object) -> object:
        """Answer a question about what is held."""
        match question:
            case AskKnown():
                owed = tuple(self.owed.values())
                return Known(tuple(self.windows), self._count(), self.memory, owed)
            case StatesOf(post_ids):
                living = self.living()
                return {p: self.state(p) for p in post_ids if p in living}
            case CountHeld(low=None, high=None):
                return self._count()
            case CountHeld(order, low, high):
                living = self.living()
                for debt in self.owed.values():
                    living.setdefault(debt.post_id, Held(debt.updated, None))
                known = [self._newest(post_id, held) for post_id, held in living.items()]
                return sum(_within(held, order, low, high) for held in known)
        raise AssertionError(f"nobody answers {question!r}")

    def mark_gone(self, is_gone: Callable[[str], bool], total: int) -> None:
        """Note that posts are gone from the site, as an audit does once it has proved it."""
        gone = [p for p, held in self.living().items() if is_gone(p)]
        for post_id in gone:
            self.rejected.pop(post_id, None)
            if post_id in self.posts:
                self.posts[post_id].gone = True
        if self.memory is not None:
            # The audit hears the total too, and notes a fall as every crawl does.
            unexplained = total - len(self.living())
            difference = min(self.memory.difference + len(gone), unexplained)
            self.memory = replace(self.memory, difference=difference)

    def living(self) -> dict[str, Held]:
        """Give what is held and not gone, with what was rejected."""
        return self.rejected | {p: held for p, held in self.posts.items() if not held.gone}

    def _count(self) -> int:
        return len(self.living().keys() | self.owed.keys())

    def _newest(self, post_id: str, held: Held) -> Held:
        # What is rejected or owed in a newer state counts as changed at that moment.
        others = (self.rejected.get(post_id), self.owed.get(post_id), held)
        moments = [one.updated for one in others if one is not None and one.updated is not None]
        return Held(max(moments, default=None), held.published)

    def state(self, post_id: str) -> datetime:
        """Give the moment of the last change of a post that is held, or is rejected in it."""
        both = (self.posts.get(post_id), self.rejected.get(post_id))
        return max((held.updated or BEGINNING) for held in both if held is not None)


def _within(held: Held, order: str, low: datetime | None, high: datetime | None) -> bool:
    moment = held.updated if order == "updated" else held.published
    if moment is None:
        return high is None
    return (low is None or low <= moment) and (high is None or moment < high)
