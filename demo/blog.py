"""The blog in memory: its posts, and what an editor can do to them."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from demo.clock import Clock, real_now
from demo.newsroom import Newsroom
from demo.past import past_posts
from demo.post import BlogPost, Draft, PostWriter
from demo.spelling import respell

FIRST_ID = 4029150338847195526
TITLE = "Newsrust Stand-in - Top News"
SUBTITLE = "Stories that never happened.\nFor tests, benchmarks & the demo."
OWNER = "News Desk"

Order = Literal["published", "updated"]

_numbers = count()

__all__ = ["Blog", "BlogPost", "Order"]


class Blog:
    """A thread-safe blog of ``posts`` posts that all follow from ``seed``.

    The newest initial post lies some minutes before ``now`` (the real present if not given).
    What happens later happens in the real present, each change at a millisecond of its own.
    ``touched`` is the feed's own ``updated``: the last change of anything on the blog.
    ``blog_id`` is Blogger's number of it; unless one is given, each blog of a program has its
    own, and the first blog of a seed the same in each program.
    """

    def __init__(
        self,
        posts: int = 600,
        seed: int = 1,
        now: datetime | None = None,
        blog_id: str | None = None,
    ) -> None:
        """Write the initial posts."""
        now = now or real_now()
        self.blog_id = blog_id or str(FIRST_ID + 1_000_000 * seed + next(_numbers))
        self.newsroom = Newsroom(seed)
        self.touched = now - timedelta(seconds=90)
        self._writer = PostWriter(self.newsroom)
        self._clock = Clock()
        self._lock = threading.RLock()
        self._posts = {post.post_id: post for post in past_posts(self._writer, posts, now)}
        self._by_path = {post.path: post.post_id for post in self._posts.values()}
        self._views: dict[tuple[Order, tuple[str, ...]], tuple[BlogPost, ...]] = {}

    def __len__(self) -> int:
        """Count the posts."""
        return len(self._posts)

    def publish(
        self,
        story: int | None = None,
        labels: Sequence[str] | None = None,
        title: str | None = None,
        paragraphs: Sequence[str] | None = None,
        source_link: str | None = None,
    ) -> BlogPost:
        """Publish a post now; what is not given is made up, from a story never told before."""
        with self._lock:
            draft = Draft(
                published=self._clock.tick(),
                story=story,
                labels=labels,
                title=title,
                paragraphs=paragraphs,
                source_link=source_link,
            )
            post = self._writer.write(draft)
            return self._keep(post, post.updated)

    def publish_duplicate_of(self, post: BlogPost) -> BlogPost:
        """Publish a post on the same story, its source link spelled otherwise, other labels."""
        story = self.newsroom.story(post.text_of)
        with self._lock:
            dice = self.newsroom.dice("duplicate", post.post_id, len(self._posts))
            source_link = respell(story.source_url, dice)
            while source_link == post.source_link:
                source_link = respell(story.source_url, dice)
            return self.publish(story=story.number, source_link=source_link)

    def surface(
        self, updated: datetime, published: datetime | None = None, story: int | None = None
    ) -> BlogPost:
        """Let a scheduled or restored post appear now that bears moments of the past."""
        with self._lock:
            draft = Draft(published=published or updated, updated=updated, story=story)
            post = self._writer.write(draft)
            return self._keep(post, self._clock.tick())

    def edit(
        self, post_id: str, paragraphs: Sequence[str] | None = None, title: str | None = None
    ) -> BlogPost:
        """Change the text or the title of a post; without either, only its ``updated`` moves."""
        with self._lock:
            post = self._posts[post_id]
            rewritten = post.rewritten if paragraphs is None else tuple(paragraphs)
            title = post.title if title is None else title
            now = self._clock.tick()
            return self._keep(replace(post, rewritten=rewritten, title=title, updated=now), now)

    def relabel(self, post_id: str, labels: Sequence[str]) -> BlogPost:
        """Change the labels of a post."""
        with self._lock:
            ordered = tuple(sorted(labels, key=str.casefold))
            now = self._clock.tick()
            return self._keep(replace(self._posts[post_id], labels=ordered, updated=now), now)

    def delete(self, post_id: str) -> None:
        """Take a post off the blog."""
        with self._lock:
            post = self._posts.pop(post_id)
            del self._by_path[post.path]
            self._changed(self._clock.tick())

    def restore(self, post: BlogPost) -> BlogPost:
        """Let a post that was taken off appear again as it was."""
        with self._lock:
            return self._keep(post, self._clock.tick())

    def posts(
        self, order: Order = "published", labels: tuple[str, ...] = ()
    ) -> tuple[BlogPost, ...]:
        """Give the posts that bear all these labels, newest first."""
        with self._lock:
            if (order, labels) not in self._views:
                wanted = set(labels)
                found = [post for post in self._posts.values() if wanted.issubset(post.labels)]
                found.sort(key=lambda post: (getattr(post, order), post.post_id), reverse=True)
                self._views[order, labels] = tuple(found)
            return self._views[order, labels]

    def by_id(self, post_id: str) -> BlogPost | None:
        """Give the post with this id, if there is one."""
        return self._posts.get(post_id)

    def by_path(self, path: str) -> BlogPost | None:
        """Give the post at this address, if there is one."""
        return self._posts.get(self._by_path.get(path, ""))

    def label_counts(self) -> dict[str, int]:
        """Count the posts of each label, the most used label first."""
        counts = Counter(label for post in self.posts() for label in post.labels)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def story_count(self) -> int:
        """Count the articles that these posts amount to: stories, and posts without an original."""
        posts = self.posts()
        stories = {post.story for post in posts if post.story is not None}
        return len(stories) + sum(post.story is None for post in posts)

    def _keep(self, post: BlogPost, moment: datetime) -> BlogPost:
        self._posts[post.post_id] = post
        self._by_path[post.path] = post.post_id
        self._changed(moment)
        return post

    def _changed(self, moment: datetime) -> None:
        self.touched = moment
        self._views.clear()
