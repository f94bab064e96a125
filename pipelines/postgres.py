"""Stage 400: articles become rows. An item leaves this stage only after the commit."""

from dataclasses import replace
from typing import Any, Self

from scrapy.crawler import Crawler

from newsrust_spider.items import Article, Outcome
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.reasons import Reason
from pipelines.duplicates import Duplicate, Unchanged


class PoisonRow(PostSetAside):
    """The database refuses this very row, whatever else is stored with it."""

    reason = Reason.POISON_ROW


class StoreArticle:
    """Stores articles with their posts and labels, a part of a page in one transaction."""

    def __init__(self, crawler: Crawler) -> None:
        """Take the crawler whose spider gathers the parts."""
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the stage for ``crawler``."""
        return cls(crawler)

    async def process_item(self, item: Article) -> Article:
        """Return the article once it is committed.

        Raises Unchanged, Duplicate or PoisonRow once that is stored, GivenUp where the crawl
        ended before.
        """
        spider: Any = self._crawler.spider
        filed = await spider.parts.add(item)
        match filed.outcome:
            case Outcome.NEW | Outcome.CHANGED:
                return replace(item, outcome=filed.outcome)
            case Outcome.DUPLICATE:
                aside: PostSetAside = Duplicate(f"of article {filed.article_id}")
            case Outcome.UNCHANGED:
                aside = Unchanged()
            case Outcome.REJECTED:
                aside = PoisonRow(filed.detail)
        aside.is_stored = True
        raise aside
