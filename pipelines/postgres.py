"""Stage 400: articles become rows. An item leaves this stage only after the commit."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from newsrust_spider.items import Article, Outcome
from newsrust_spider.storage.articles import Filed, store_articles
from newsrust_spider.storage.ledger import Ledger
from pipelines.batch import Batch
from pipelines.duplicates import Duplicate, Unchanged
from pipelines.poison import PoisonRow, keep_apart


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

    def _store(self, batch: list[Article]) -> Sequence[Filed | PoisonRow]:
        ledger: Ledger = self._crawler.spider.ledger  # type: ignore[union-attr]

        def work(articles: list[Article]) -> Sequence[Filed]:
            return ledger.run(lambda connection: store_articles(connection, ledger.id, articles))

        return keep_apart(work, batch)
