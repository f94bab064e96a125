"""Stage 400: articles become rows. An item leaves this stage only after the commit."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from newsrust_spider.items import Article, Outcome
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.storage.articles import Filed, store_articles
from newsrust_spider.storage.errors import POISON_ERRORS, explain_poison, is_poison
from pipelines.batch import Batch
from pipelines.duplicates import Duplicate, Unchanged


class PoisonRow(PostSetAside):
    """The database refuses this very row, whatever else is in its batch."""

    reason = "poison_row"


class StoreArticle:
    """Stores articles with their posts and labels, a batch in one transaction."""

    def __init__(self, crawler: Crawler) -> None:
        """Take the crawler whose spider holds the open ledger."""
        self._crawler = crawler
        self._batch = Batch(self._store)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the stage for ``crawler``."""
        return cls(crawler)

    async def process_item(self, item: Article) -> Article:
        """Return the article once it is committed; raises Unchanged, Duplicate or PoisonRow."""
        filed = await self._batch.add(item)
        if filed.outcome is Outcome.DUPLICATE:
            raise Duplicate(f"of article {filed.article_id}")
        if filed.outcome is Outcome.UNCHANGED:
            raise Unchanged
        return replace(item, outcome=filed.outcome)

    def _store(self, batch: list[Article]) -> Sequence[Filed | Exception]:
        ledger = self._crawler.spider.ledger  # type: ignore[union-attr]
        try:
            with ledger.engine.begin() as connection:
                return store_articles(connection, ledger.id, batch)
        except POISON_ERRORS as error:
            if not is_poison(error):
                raise
            if len(batch) == 1:
                return [PoisonRow(explain_poison(error))]
        # One row of the batch is poison: halve it until that row stands alone.
        middle = len(batch) // 2
        return [*self._store(batch[:middle]), *self._store(batch[middle:])]
