"""Posts that leave the pipeline early, each by a name that is counted."""

from typing import ClassVar

from scrapy.exceptions import DropItem

from newsrust_spider.items import Article, Outcome
from newsrust_spider.reasons import Reason


class PostSetAside(DropItem):
    """A post that does not go on to the next stage; subclasses name why.

    ``outcome`` says how the post is counted, ``reason`` why it is rejected, if it is, ``detail``
    what was found in this very post, ``article`` what the stages made of it, ``article_id`` the
    article that it retells.
    ``is_stored`` says that the commit is behind it.
    """

    outcome: ClassVar[Outcome] = Outcome.REJECTED
    reason: Reason | None = None
    article: Article | None = None
    article_id: int | None = None
    is_stored: bool = False

    def __init__(self, detail: str = "") -> None:
        """Keep ``detail``, one line that says what is wrong with this post."""
        word = self.reason or self.outcome
        super().__init__(f"{word}: {detail}" if detail else word)
        self.detail = detail


class GivenUp(DropItem):
    """The crawl ended before the post was stored: the next one collects it.

    It has no outcome, and no crawl counts it.
    """
