"""Clusters of copies: which articles tell one story, where an operator keeps some apart."""

from collections.abc import Iterable
from typing import NamedTuple


class Link(NamedTuple):
    """Two articles whose texts are copies, and how much they share (the greater, the more)."""

    article_id: int
    other_id: int
    strength: float


def cluster(links: Iterable[Link], apart: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Give the story of each linked article: the least id of its cluster.

    Links join articles directly and through others. The strongest link is followed first, and
    none that would bring together two articles of ``apart``: whoever resembles both sides of a
    split ends on the side that it shares more with. What comes out depends on the sets of links
    and splits alone, not on their order.

    >>> chain = [Link(2, 1, 1.9), Link(3, 2, 1.5), Link(5, 4, 1.2)]
    >>> cluster(chain, [])
    {1: 1, 2: 1, 3: 1, 4: 4, 5: 4}
    >>> cluster(chain, [(3, 1)])
    {1: 1, 2: 1, 3: 3, 4: 4, 5: 4}
    """
    kept_apart: dict[int, set[int]] = {}
    for first, second in apart:
        kept_apart.setdefault(first, set()).add(second)
        kept_apart.setdefault(second, set()).add(first)
    ordered = sorted(set(links), key=lambda link: (-link.strength, link.article_id, link.other_id))
    groups = {id_: {id_} for link in ordered for id_ in link[:2]}
    for link in ordered:
        small, large = sorted((groups[link.article_id], groups[link.other_id]), key=len)
        if small is large or any(not large.isdisjoint(kept_apart.get(id_, ())) for id_ in small):
            continue
        large |= small
        for id_ in small:
            groups[id_] = large
    least = {id(group): min(group) for group in groups.values()}
    return {id_: least[id(groups[id_])] for id_ in sorted(groups)}
