"""What the blog published before it was opened: the initial posts, with the odd ones among them.

The odd ones come at fixed intervals, so that even a small blog has them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from demo.clock import whole_milliseconds
from demo.post import BlogPost, Draft, PostWriter
from demo.spelling import respell

NEWEST = timedelta(minutes=7)
LEAST_SPAN = timedelta(days=120)
LEAST_GAP = timedelta(minutes=40)

RETOLD = (50, 17)
WITHOUT_SOURCE = (100, 41)
WITHOUT_TITLE = (500, 123)
WITHOUT_CONTENT = (1000, 77)
WITHOUT_LABEL = (97, 5)
EDITED = (33, 8)
MOVED = (200, 60)


def past_posts(writer: PostWriter, posts: int, now: datetime) -> Iterator[BlogPost]:
    """Write ``posts`` posts, oldest first; the newest lies some minutes before ``now``."""
    told: list[BlogPost] = []
    for place, published in enumerate(moments(writer, posts, now)):
        post = old_post(writer, place, published, told, now - NEWEST)
        if post.story is not None:
            told.append(post)
        yield post


def moments(writer: PostWriter, posts: int, now: datetime) -> Iterator[datetime]:
    """Give when the posts were published, oldest first, never on a whole second."""
    gap = max(LEAST_SPAN / max(posts, 1), LEAST_GAP)
    dice = writer.newsroom.dice("moments")
    for behind in range(posts - 1, -1, -1):
        early = 0.9 * dice.random() if behind else 0.0
        moment = whole_milliseconds(now - NEWEST - gap * (behind - early))
        yield moment if moment.microsecond else moment - timedelta(milliseconds=3)


def old_post(
    writer: PostWriter, place: int, published: datetime, told: list[BlogPost], newest: datetime
) -> BlogPost:
    """Write the post at this place, plain or odd."""
    dice = writer.newsroom.dice("past", place)
    story, source_link = None, None
    if comes_round(place, RETOLD) and told:
        model = dice.choice(told)
        story = model.story
        source_link = respell(writer.newsroom.story(model.text_of).source_url, dice)
    empty = comes_round(place, WITHOUT_CONTENT)
    later = min(timedelta(minutes=dice.uniform(10, 7200)), newest - published)
    draft = Draft(
        published=published,
        updated=whole_milliseconds(published + later) if comes_round(place, EDITED) else None,
        story=story,
        source_link="" if empty or comes_round(place, WITHOUT_SOURCE) else source_link,
        labels=() if comes_round(place, WITHOUT_LABEL) else None,
        title="" if comes_round(place, WITHOUT_TITLE) else None,
        paragraphs=() if empty else None,
        addressed=published - timedelta(days=45) if comes_round(place, MOVED) else None,
    )
    return writer.write(draft)


def comes_round(place: int, interval: tuple[int, int]) -> bool:
    """Tell whether the post at this place is one of those that come every so often."""
    every, first = interval
    return place % every == first
