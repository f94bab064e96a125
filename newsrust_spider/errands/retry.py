"""The errand of ``scrapy retry``: rejected posts, tried again from what was kept of them."""

from newsrust_spider.errands.desk import Delivery, Desk
from newsrust_spider.errands.known import AskRejected, Wanted

YOUNG = Wanted(attempts=5)
"""What every crawl tries again by itself: a new release, or the passing of a date, may help."""


async def retry_rejected(desk: Desk, wanted: Wanted) -> None:
    """Hand over the ``wanted`` posts, a few at a time, oldest rejection first."""
    few = await desk.ask(AskRejected(wanted))
    while few.posts:
        await desk.keep(Delivery(few.posts, replayed=True))
        few = await desk.ask(AskRejected(wanted, few.last))
