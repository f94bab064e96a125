"""Where a page speaks of its post: around the body, not beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsrust_spider.blogger.page.tree import Element, Search, find, has_class

_WIDGET = find(f"ancestor::*[@id='Blog1' or (({has_class('widget')}) and ({has_class('Blog')}))]")
_POST = find(
    "ancestor::*[self::article or self::main or contains(@itemtype, 'Posting') or "
    + has_class("hentry", "post", "post-outer", "blog-post")
    + "]"
)
_NO_BODY = find(f"//*[@id='Blog1' or ({has_class('hentry')})] | //article | //main")
_BESIDE = find(
    "boolean(ancestor-or-self::*[self::aside or @id='comments' or @id='sidebar' or @id='footer'"
    f" or @id='related-posts' or ({has_class('comments', 'related-posts', 'post-related')})"
    f" or (({has_class('widget')}) and not({has_class('Blog')}) and not(@id='Blog1'))])"
)

_MOST = 20
"""Rings that are looked at, and the outermost: a post is no deeper in any theme."""

_MOST_FOUND = 500


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The elements around a body, the nearest first, up to the one that holds the whole post."""

    body: Element | None
    rings: tuple[Element, ...]

    def nearest(self, search: Search, *, also_inside: bool = False) -> list[Any]:
        """Return the elements of ``search`` in the nearest ring that has any.

        Those in the body are its author's, and do not count unless ``also_inside``.
        """
        return next(self._found(search, also_inside=also_inside), [])

    def _found(self, search: Search, *, also_inside: bool) -> Iterator[list[Any]]:
        inside = set() if self.body is None or also_inside else set(self.body.iter())
        for ring in self.rings:
            found = [e for e in search(ring)[:_MOST_FOUND] if e not in inside and not _BESIDE(e)]
            if found:
                yield found


def surroundings_of(body: Element | None, root: Element) -> Surroundings:
    """Return the surroundings of ``body`` on the page ``root``.

    The outermost is Blogger's own widget, else the element of the post: beyond it other posts
    are spoken of. Without a body it is the first such element of the page.
    """
    if body is None:
        return Surroundings(None, tuple(_NO_BODY(root)[:1]))
    holders = _WIDGET(body)[:1] or _POST(body)[:1]
    rings = []
    for ring in body.iterancestors():
        rings.append(ring)
        if not holders or ring is holders[0]:
            break
    return Surroundings(body, (*rings[:_MOST], *rings[_MOST:][-1:]))
