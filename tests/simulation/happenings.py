"""What happens at a blog, as a step of a history tells it."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from tests.simulation.blog import MINUTE, Blog, some
from tests.simulation.script import Step


def _publish(blog: Blog, dice: Random) -> None:
    for _ in range(dice.choice((1, 1, 2, 7))):
        blog.publish()
        blog.tick(dice.randint(0, 100) * timedelta(seconds=1))


def _delete(blog: Blog, dice: Random) -> None:
    for post_id in some(dice, list(blog.living), 3):
        blog.delete(post_id)


def _surface(blog: Blog, dice: Random) -> None:
    for _ in range(dice.randint(1, 2)):
        blog.surface(timedelta(minutes=dice.randint(10, 60_000)))


def _bring_back(blog: Blog, dice: Random, *, as_it_was: bool) -> None:
    if blog.drafts:
        blog.bring_back(dice.choice(list(blog.drafts)), as_it_was=as_it_was)


HAPPENINGS: dict[Step, Callable[[Blog, Random], object]] = {
    Step.PUBLISH: _publish,
    Step.UNREADABLE: lambda blog, _: blog.publish(unreadable=True),
    Step.DRAFT_BACK: lambda blog, dice: _bring_back(blog, dice, as_it_was=True),
    Step.DRAFT_NEW: lambda blog, dice: _bring_back(blog, dice, as_it_was=False),
    Step.LATE: _surface,
    Step.WAIT: lambda blog, dice: blog.tick(dice.choice((1, 3, 10, 60, 1440)) * MINUTE),
}
TO_LIVING: dict[Step, Callable[[Blog, Random], object]] = {
    Step.EDIT: lambda blog, dice: blog.edit(some(dice, list(blog.living), 4)),
    Step.RELABEL: lambda blog, dice: blog.edit(some(dice, list(blog.living), 40), at_once=True),
    Step.REDATE: lambda blog, dice: blog.redate(
        dice.choice(list(blog.living)), timedelta(days=dice.randint(-30, 30))
    ),
    Step.DELETE: _delete,
}
"""What happens to posts, where there are any."""


def happen(blog: Blog, step: Step, dice: Random) -> None:
    """Let it happen; a step that is none of the blog's does nothing to it."""
    if step in HAPPENINGS:
        HAPPENINGS[step](blog, dice)
    elif step in TO_LIVING and blog.living:
        TO_LIVING[step](blog, dice)
