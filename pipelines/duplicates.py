"""Stage 300: an article is stored once. Posts that retell one that we hold are set aside."""

from collections.abc import Sequence
from typing import ClassVar, Self

from scrapy.crawler import Crawler

from newsrust_spider.items import Article, Outcome
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.storage.fingerprint import fingerprint_post
from newsrust_spider.storage.held import Held
from newsrust_spider.storage.ledger import Ledger
from pipelines.batch import Batch


class Duplicate(PostSetAside):
    """Another post brought the article that this one retells."""

    outcome: ClassVar[Outcome] = Outcome.DUPLICATE


class Unchanged(PostSetAside):
    """We hold this very state of the post."""

    outcome: ClassVar[Outcome] = Outcome.UNCHANGED


def is_unchanged(article: Article, held: Held) -> bool:
    """Tell whether the post is held as it is, down to the moment of its last change."""
    post = article.post
    return held.updated == post.updated and held.fingerprint == fingerprint_post(post)


def is_duplicate(held: Held) -> bool:
    """Tell whether the article is held, and another post brought it.

    >>> is_duplicate(Held(retold_id=7)), is_duplicate(Held())
    (True, False)
    >>> is_duplicate(Held(retold_id=7, article_id=7, brought=True))
    False
    """
    brought_it = held.brought and held.article_id == held.retold_id
    return held.retold_id is not None and not brought_it


class SetAsideDuplicates:
    """Sets aside what is held: unchanged posts, and posts whose article another post brought.

    It only looks; what it sets aside is filed with its article by the stage that stores. Two
    posts of one new article that arrive together both pass: that stage settles it.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Take the crawler whose spider holds the open ledger."""
        self._crawler = crawler
        self._batch = Batch(self._look_up)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the stage for ``crawler``."""
        return cls(crawler)

    async def process_item(self, item: Article) -> Article:
        """Return the article if it is news; raises Unchanged or Duplicate."""
        return judge(item, await self._batch.add(item))

    def _look_up(self, batch: list[Article]) -> Sequence[Held | Exception]:
        ledger: Ledger = self._crawler.spider.ledger  # type: ignore[union-attr]
        return ledger.find_held(batch)


def judge(article: Article, held: Held) -> Article:
    """Return the article if it is news; raises Unchanged or Duplicate."""
    if is_unchanged(article, held):
        aside: PostSetAside = Unchanged()
    elif is_duplicate(held):
        aside = Duplicate(f"of article {held.retold_id}")
        aside.article_id = held.retold_id
    else:
        return article
    aside.article = article
    raise aside
