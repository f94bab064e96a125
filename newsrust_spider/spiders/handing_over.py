"""What an errand hands over: items for the pipeline, each with the ticket of its part."""

from collections.abc import Iterator
from dataclasses import replace

from newsrust_spider.errands.desk import Delivery
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.parts import Parts


def hand_over(delivery: Delivery, parts: Parts, most: int) -> Iterator[Post | UnreadablePost]:
    """Yield the posts of ``delivery``, in parts of at most ``most``: as many as a stage is given.

    The stage that stores waits for all of a part; Scrapy gives it no more at once. What is due
    once all are stored rides with the last part.
    """
    posts = list(delivery.posts)
    while len(posts) > most:
        few, posts = posts[:most], posts[most:]
        ticket = parts.open(len(few), Delivery(replayed=delivery.replayed))
        yield from (replace(post, ticket=ticket) for post in few)
    ticket = parts.open(len(posts), replace(delivery, posts=()))
    yield from (replace(post, ticket=ticket) for post in posts)
