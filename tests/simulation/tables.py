"""A model of what is held: what the tables would say, and nothing of how they do it."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsrust_spider import evidence
from newsrust_spider.blogger.sitemap import SitemapEntry
from newsrust_spider.coverage.windows import BEGINNING, Window, merge_windows
from newsrust_spider.errands.desk import Delivery
from newsrust_spider.errands.differences import (
    ChooseStale,
    Compare,
    CountLabels,
    Differences,
    HeldPost,
    NoteLabels,
    NoteListed,
)
from newsrust_spider.errands.known import AskKnown, CountHeld, Known, Memory, StatesOf
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.owed import Lack, Owed


@dataclass(slots=True)
class Held:
    """A post as it is held; moments are unknown of one that could not be read.

    ``undated`` tells of a rejected one that its entry in the feed has no moment.
    """

    updated: datetime | None
    published: datetime | None
    permalink: str
    text: str = ""
    gone: bool = False
    undated: bool = False


@dataclass(slots=True)
class Tables:
    """The posts that are held, what is covered, what is owed, and what was remembered.

    Of the posts that were ``rejected`` some have ``left`` the site.
    """

    posts: dict[str, Held] = field(default_factory=dict)
    rejected: dict[str, Held] = field(default_factory=dict)
    left: dict[str, Held] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)
    owed: dict[str, Owed] = field(default_factory=dict)
    memory: Memory | None = None
    listed: dict[str, datetime | None] = field(default_factory=dict)

    def store(self, delivery: Delivery) -> None:
        """Store what was handed over, as one transaction does."""
        for post in delivery.posts:
            if isinstance(post, Post):
                self._store_post(post)
            else:
                self._reject(post)
        if delivery.covers is not None:
            self.windows = list(merge_windows([*self.windows, delivery.covers]))
        for debt in delivery.owed:
            self._owe(debt)
        for post_id in delivery.paid:
            self.owed.pop(post_id, None)
        if delivery.gone:
            self.mark_gone(delivery.gone)

    def _owe(self, debt: Owed) -> None:
        name = debt.post_id
        if name == debt.permalink:
            at_address = [n for n, one in self.owed.items() if one.permalink == name]
            name = next((n for n in at_address if n != debt.permalink), name)
        else:
            self.owed.pop(debt.permalink, None)
        before = self.owed.get(name)
        if before is None or before.updated <= debt.updated:
            self.owed[name] = replace(_age(before, debt), post_id=name)

    def _store_post(self, post: Post) -> None:
        before = self.posts.get(post.post_id)
        if before is None or before.gone or evidence.is_not_older(before.updated, post.updated):
            held = Held(post.updated, post.published, post.permalink, post.content)
            self.posts[post.post_id] = held
            rejected = self.rejected.get(post.post_id)
            if rejected is not None and (rejected.updated or BEGINNING) <= post.updated:
                del self.rejected[post.post_id]
        for name, debt in list(self.owed.items()):
            same = name == post.post_id or debt.permalink == post.permalink
            if same and debt.updated <= post.updated and debt.lack is not Lack.PROOF:
                del self.owed[name]
        if post.permalink != post.post_id:
            self.rejected.pop(post.permalink, None)

    def _reject(self, post: UnreadablePost) -> None:
        name = post.post_id or self._name_at(post.permalink)
        if post.post_id:
            self.rejected.pop(post.permalink, None)
        before = self.rejected.get(name) or self.left.get(name)
        permalink = post.permalink or (before.permalink if before else "")
        former = None if before is None else before.updated
        moments = [one for one in (post.updated, former) if one is not None]
        rejected = Held(
            max(moments, default=None),
            None,
            permalink,
            undated=post.updated is None or (before is not None and before.undated),
        )
        held = self.posts.get(name)
        if post.reason == "gone" and (held is None or held.gone):
            self.rejected.pop(name, None)
            self.left[name] = rejected
            self._explain_gone()
        else:
            self.rejected[name] = rejected

    def _explain_gone(self) -> None:
        if self.memory is not None and self.memory.difference < 0:
            self.memory = replace(self.memory, difference=self.memory.difference + 1)

    def _name_at(self, permalink: str) -> str:
        known = self.rejected | self.posts
        return next((p for p, held in known.items() if held.permalink == permalink), permalink)

    def note(self, note: Memory | NoteListed | NoteLabels) -> None:
        """Keep a note."""
        if isinstance(note, Memory):
            self.memory = note
        elif isinstance(note, NoteListed):
            before = {} if note.first else self.listed
            self.listed = {entry.permalink: entry.lastmod for entry in note.entries} | before

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
                for debt in self._unheld_debts():
                    updated = debt.updated if debt.updated > BEGINNING else None
                    living[debt.post_id] = Held(updated, None, debt.permalink)
                known = [self._newest(post_id, held) for post_id, held in living.items()]
                return sum(_within(held, order, low, high) for held in known)
        return self._answer_of_lists(question)

    def _answer_of_lists(self, question: object) -> object:
        match question:
            case ChooseStale(entries):
                return tuple(entry for entry in entries if self._is_stale(entry))
            case Compare():
                return self._compare()
            case CountLabels():
                return {}
        raise AssertionError(f"nobody answers {question!r}")

    def mark_gone(self, post_ids: tuple[str, ...]) -> None:
        """Note that posts are gone from the site, as an audit does once it has proved it."""
        gone = [post_id for post_id in post_ids if post_id in self.living()]
        for post_id in gone:
            held = self.living()[post_id]
            self.rejected.pop(post_id, None)
            self.posts[post_id] = replace(held, gone=True)
        for post_id in post_ids:
            self.owed.pop(post_id, None)
        for _ in gone:
            self._explain_gone()

    def _is_stale(self, entry: SitemapEntry) -> bool:
        owed = [one.updated for one in self.owed.values() if one.permalink == entry.permalink]
        held = [
            self.state(post_id)
            for post_id, one in self.living().items()
            if one.permalink == entry.permalink
        ]
        return not any(_shows(moment, entry) for moment in (*owed, *held))

    def _compare(self) -> Differences:
        listed = [SitemapEntry(permalink, lastmod) for permalink, lastmod in self.listed.items()]
        listed.sort(key=lambda entry: entry.permalink)
        living = self.living()
        states: dict[str, datetime] = {}
        for post_id, held in living.items():
            newest = max(self.state(post_id), states.get(held.permalink, BEGINNING))
            if newest > BEGINNING:
                states[held.permalink] = newest
        known = {held.permalink for held in living.values()}
        twice = Counter(held.permalink for held in living.values())
        suspects = sorted(
            (held.permalink, post_id)
            for post_id, held in living.items()
            if held.permalink not in self.listed or twice[held.permalink] > 1
        )
        controls = sorted(p for p, held in living.items() if held.permalink in self.listed)
        controls.sort(key=lambda p: living[p].published or BEGINNING, reverse=True)
        controls.sort(key=lambda p: (p not in self.posts, not p.isdigit()))
        return Differences(
            missing=tuple(entry for entry in listed if entry.permalink not in known),
            stale=tuple(
                entry
                for entry in listed
                if entry.permalink in states and not _shows(states[entry.permalink], entry)
            ),
            suspects=tuple(HeldPost(post_id, permalink) for permalink, post_id in suspects),
            control=HeldPost(controls[0], living[controls[0]].permalink) if controls else None,
        )

    def living(self) -> dict[str, Held]:
        """Give what is held and not gone, with what was rejected."""
        return self.rejected | {p: held for p, held in self.posts.items() if not held.gone}

    def _count(self) -> int:
        return len(self.living()) + len(self._unheld_debts())

    def _unheld_debts(self) -> list[Owed]:
        living = self.living()
        addresses = {held.permalink for held in living.values()}
        return [
            debt
            for debt in self.owed.values()
            if debt.post_id not in living and debt.permalink not in addresses
        ]

    def _newest(self, post_id: str, held: Held) -> Held:
        # What is rejected or owed in a newer state counts as changed at that moment.
        debt, rejected = self.owed.get(post_id), self.rejected.get(post_id)
        moments = [] if debt is None or debt.updated == BEGINNING else [debt.updated]
        if not held.undated:
            both = [one for one in (rejected, held) if one is not None]
            moments += [one.updated for one in both if one.updated is not None]
        return replace(held, updated=max(moments, default=None))

    def state(self, post_id: str) -> datetime:
        """Give the moment of the last change of a post that is held, or is rejected in it."""
        both = (self.posts.get(post_id), self.rejected.get(post_id))
        return max((held.updated or BEGINNING) for held in both if held is not None)


def _within(held: Held, order: str, low: datetime | None, high: datetime | None) -> bool:
    moment = held.updated if order == "updated" else held.published
    if moment is None:
        return high is None
    return (low is None or low <= moment) and (high is None or moment < high)


def _shows(moment: datetime, entry: SitemapEntry) -> bool:
    # A sitemap leaves the milliseconds out.
    return entry.lastmod is None or entry.lastmod <= moment.replace(microsecond=0)


def _age(before: Owed | None, debt: Owed) -> Owed:
    """Give a debt the age that it had in that state before."""
    if before is None or before.updated < debt.updated:
        return debt
    since, crawls = min(before.since, debt.since), max(before.crawls, debt.crawls)
    return replace(debt, since=since, crawls=crawls)
