"""Stage 300: a story is stored once. Posts that retell one that we hold are set aside."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Self

from scrapy.crawler import Crawler

from newsrust_spider.items import Article, Outcome
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.storage.articles import file_duplicates
from newsrust_spider.storage.fingerprint import fingerprint_post
from newsrust_spider.storage.held import Held, find_held
from newsrust_spider.storage.ledger import Ledger
from pipelines.batch import Batch
from pipelines.poison import keep_apart


class Duplicate(PostSetAside):
    """Another post brought the article that this one retells."""

    outcome: ClassVar[Outcome] = Outcome.DUPLICATE
    reason = "duplicate"


class Unchanged(PostSetAside):
    """We hold this very state of the post."""

    outcome: ClassVar[Outcome] = Outcome.UNCHANGED
    reason = "unchanged"


def is_unchanged(article: Article, held: Held) -> bool:
    """Tell whether the post is held as it is, down to the moment of its last change."""
    post = article.post
    return held.updated == post.updated and held.fingerprint == fingerprint_post(post)


def is_duplicate(held: Held) -> bool:
    """Tell whether the story is held, and another post brought it.

    >>> is_duplicate(Held(story_id=7)), is_duplicate(Held())
    (True, False)
    >>> is_duplicate(Held(story_id=7, article_id=7, brought=True))
    False
    """
    brought_it = held.brought and held.article_id == held.story_id
    return held.story_id is not None and not brought_it


class SetAsideDuplicates:
    """Sets aside what is held: unchanged posts, and posts whose article another post brought.

    A duplicate is filed with its article, which gains its labels. Two posts of one new story
    that arrive together both pass: the stage that stores them settles it by the constraint.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Take the crawler whose spider holds the open ledger."""
        self._crawler = crawler
        self._batch = Batch(self._judge)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the stage for ``crawler``."""
        return cls(crawler)

    async def process_item(self, item: Article) -> Article:
        """Return the article if it is news; raises Unchanged or Duplicate."""
        return await self._batch.add(item)

    def _judge(self, batch: list[Article]) -> Sequence[Article | Exception]:
        ledger: Ledger = self._crawler.spider.ledger  # type: ignore[union-attr]

        def work(articles: list[Article]) -> Sequence[Article | Exception]:
            return ledger.run(partial(self._sort, ledger.id, articles))

        return keep_apart(work, batch)

    def _sort(
        self, crawl: int, batch: list[Article], connection: Any
    ) -> Sequence[Article | Exception]:
        held = find_held(connection, batch)
        verdicts = [self._verdict(a, h) for a, h in zip(batch, held, strict=True)]
        duplicates = [
            (article, known.story_id)
            for article, known, verdict in zip(batch, held, verdicts, strict=True)
            if isinstance(verdict, Duplicate) and known.story_id is not None
        ]
        if duplicates:
            file_duplicates(connection, crawl, duplicates)
        return verdicts

    def _verdict(self, article: Article, held: Held) -> Article | Exception:
        if is_unchanged(article, held):
            return Unchanged()
        if is_duplicate(held):
            return Duplicate(f"of article {held.story_id}")
        return article
