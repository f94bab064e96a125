"""How far down a crawl is settled: a page counts when all its posts are."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class _Page:
    number: int
    unsettled: int
    reached: datetime


class Frontier:
    """The open pages of a crawl, oldest first; memory holds only those."""

    def __init__(self) -> None:
        """Begin with no page walked."""
        self._pages: deque[_Page] = deque()
        self.reached: datetime | None = None

    @property
    def settled(self) -> bool:
        """Tell whether no walked page has a post without an outcome."""
        return not self._pages

    def open_page(self, number: int, posts: int, reached: datetime) -> None:
        """Note page ``number``: it brings ``posts`` and proves the site covered to ``reached``."""
        self._pages.append(_Page(number, posts, reached))
        self._advance()

    def settle_post(self, number: int) -> bool:
        """Note one post of page ``number`` as settled; tell whether that moved the frontier."""
        for page in self._pages:
            if page.number == number:
                page.unsettled -= 1
                break
        return self._advance()

    def _advance(self) -> bool:
        before = self.reached
        while self._pages and self._pages[0].unsettled <= 0:
            self.reached = self._pages.popleft().reached
        return self.reached != before
