"""What an errand hands over: items for the pipeline, each with the ticket of its part."""

from collections.abc import Iterator
from dataclasses import replace

from scrapy import Request

from newsrust_spider.errands.desk import Delivery
from newsrust_spider.items import Post, Ticket, UnreadablePost
from newsrust_spider.parts import Parts
from newsrust_spider.routes.post_pages import PostPages

Found = Request | Post | UnreadablePost


def hand_over(
    delivery: Delivery, parts: Parts, post_pages: PostPages, most: int
) -> Iterator[Found]:
    """Yield the posts of ``delivery``, in parts of at most ``most``: as many as a stage is given.

    The stage that stores waits for all of a part; Scrapy gives it no more at once. What is due
    once all are stored rides with the last part. Of a post without its text the page is asked for.
    """
    posts = list(delivery.posts)
    due = replace(delivery, posts=())
    if any(map(_is_short, posts)):
        yield from _tag(posts, parts.open(len(posts), due, apart=True), post_pages)
        return
    while len(posts) > most:
        few, posts = posts[:most], posts[most:]
        ticket = parts.open(len(few), Delivery(replayed=delivery.replayed))
        yield from _tag(few, ticket, post_pages)
    yield from _tag(posts, parts.open(len(posts), due), post_pages)


def _is_short(post: Post | UnreadablePost) -> bool:
    return isinstance(post, Post) and "summary_only" in post.mended


def _tag(
    posts: list[Post | UnreadablePost], ticket: Ticket, post_pages: PostPages
) -> Iterator[Found]:
    for post in posts:
        if isinstance(post, Post) and _is_short(post):
            yield post_pages.ask(post.permalink, ticket, post.updated, post)
        else:
            yield replace(post, ticket=ticket)
