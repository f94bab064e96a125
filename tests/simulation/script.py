"""What a history follows from: a seed for the blog's habits, and its steps.

A step is a word and a seed of its own, so that a history stays itself when steps are taken out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Step(StrEnum):
    """What may happen."""

    PUBLISH = "publish"
    UNREADABLE = "publish what cannot be read"
    EDIT = "edit"
    RELABEL = "edit many at once"
    REDATE = "give another date"
    DELETE = "delete"
    DRAFT_BACK = "bring a draft back as it was"
    DRAFT_NEW = "bring a draft back as new"
    LATE = "let a scheduled post surface"
    WAIT = "wait"
    FALL_SICK = "let one post spoil its answers"
    GET_WELL = "let all be well"
    CRAWL = "crawl"
    FAULTY = "crawl with faults"
    KILL = "crawl and kill it"
    LIMIT = "crawl with a limit"
    SINCE = "crawl what is newer than a date"
    AUDIT = "audit"
    HEAL = "audit and heal, with faults"
    FEED_OFF = "switch the feed off"
    FEED_ON = "switch it on again"


WEIGHTS = {
    Step.PUBLISH: 6, Step.UNREADABLE: 1, Step.EDIT: 4, Step.RELABEL: 2, Step.REDATE: 1,
    Step.DELETE: 3, Step.DRAFT_BACK: 1, Step.DRAFT_NEW: 1, Step.LATE: 2, Step.WAIT: 6,
    Step.FALL_SICK: 1, Step.GET_WELL: 1, Step.CRAWL: 6, Step.FAULTY: 6, Step.KILL: 2,
    Step.LIMIT: 1, Step.SINCE: 1, Step.AUDIT: 1,
    Step.HEAL: 1, Step.FEED_OFF: 1, Step.FEED_ON: 2,
}  # fmt: skip
STEPS = 30


@dataclass(frozen=True, slots=True)
class Script:
    """All that a history follows from: a seed for the blog's habits, and its steps."""

    seed: int
    steps: tuple[tuple[Step, int], ...]


def draw(seed: int, steps: int = STEPS) -> Script:
    """Draw the script of a history."""
    dice = Random(seed)
    words = dice.choices(list(WEIGHTS), list(WEIGHTS.values()), k=steps)
    return Script(seed, tuple((word, dice.getrandbits(32)) for word in words))


def shrink(script: Script, breaks: Callable[[Script], bool]) -> Script:
    """Take out every step that the failure does not need."""
    steps = script.steps
    size = len(steps) // 2
    while size:
        place = 0
        while place < len(steps):
            fewer = (*steps[:place], *steps[place + size :])
            if breaks(Script(script.seed, fewer)):
                steps = fewer
            else:
                place += size
        size //= 2
    return Script(script.seed, steps)
