"""Posts that leave the pipeline early, each by a name that is counted."""

from typing import ClassVar

from scrapy.exceptions import DropItem

from newsrust_spider.items import Outcome


class PostSetAside(DropItem):
    """A post that does not go on to the next stage; subclasses name why.

    ``outcome`` says how the post is counted, ``detail`` what was found in this very post.
    """

    outcome: ClassVar[Outcome] = Outcome.REJECTED
    reason: str = ""

    def __init__(self, detail: str = "") -> None:
        """Keep ``detail``, one line that says what is wrong with this post."""
        super().__init__(f"{self.reason}: {detail}" if detail else self.reason)
        self.detail = detail
