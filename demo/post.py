"""One post of the blog, and who writes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from random import Random

from demo import markup
from demo.clock import BLOG_ZONE, wire_time
from demo.newsroom import Newsroom, happens, words_of

AUTHORS = ("News Desk", "News Desk", "News Desk", "Evening Desk", "Ola Brandt")
SLUG_LENGTH = 39
PICTURE_SHARE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogPost:
    """One post. Its moments are in UTC; its text is written anew whenever it is asked for.

    ``story`` is the identity: posts with the same story retell the same original, each with its
    own spelling of ``source_link``; ``None`` where the post names no original. ``image`` is the
    small picture of the feeds; ``source_link`` and ``image`` are "" where there is none.
    """

    post_id: str
    path: str
    title: str
    labels: tuple[str, ...]
    published: datetime
    updated: datetime
    author: str
    story: int | None
    source_link: str
    image: str
    text_of: int = field(repr=False)
    rewritten: tuple[str, ...] | None = field(default=None, repr=False)
    newsroom: Newsroom = field(repr=False, compare=False)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The truth: the plain texts, in order, that a perfect cleaner would keep."""
        return self.newsroom.paragraphs(self.text_of) if self.rewritten is None else self.rewritten

    @property
    def content(self) -> str:
        """The post's HTML, the same each time; "" for a post without text."""
        return content_of(self)

    def __str__(self) -> str:
        """Name the post in one line."""
        return f"{self.path} ({wire_time(self.updated)}) {self.title!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is settled about a post before it is written; ``None`` leaves it open.

    An empty ``source_link`` makes a post without an original; ``addressed`` is the moment that
    the address names, if it is not ``published``.
    """

    published: datetime
    updated: datetime | None = None
    story: int | None = None
    source_link: str | None = None
    labels: Sequence[str] | None = None
    title: str | None = None
    paragraphs: Sequence[str] | None = None
    addressed: datetime | None = None


class PostWriter:
    """Gives each new post its number, its id and an address that no other post has."""

    def __init__(self, newsroom: Newsroom) -> None:
        """Write from the stories of ``newsroom``."""
        self.newsroom = newsroom
        self._written = 0
        self._newest_story = 0
        self._stories: set[int] = set()
        self._paths: set[str] = set()

    def write(self, draft: Draft) -> BlogPost:
        """Write a post from what the draft says; what it leaves open is made up."""
        self._written += 1
        dice = self.newsroom.dice("post", self._written)
        told = self.newsroom.story(self._next_story() if draft.story is None else draft.story)
        self._stories.add(told.number)
        title = told.headline if draft.title is None else draft.title
        labels = self.newsroom.labels(self._written) if draft.labels is None else draft.labels
        return BlogPost(
            post_id=str(dice.randrange(10**18, 9 * 10**18)),
            path=self._path(draft.addressed or draft.published, title, dice),
            title=title,
            labels=tuple(sorted(labels, key=str.casefold)),
            published=draft.published,
            updated=draft.updated or draft.published,
            author=dice.choice(AUTHORS),
            story=None if draft.source_link == "" else told.number,
            source_link=told.source_url if draft.source_link is None else draft.source_link,
            image=picture_address(dice) if happens(dice, PICTURE_SHARE) else "",
            text_of=told.number,
            rewritten=None if draft.paragraphs is None else tuple(draft.paragraphs),
            newsroom=self.newsroom,
        )

    def _next_story(self) -> int:
        """Give the number of a story that no post has told yet."""
        self._newest_story += 1
        while self._newest_story in self._stories:
            self._newest_story += 1
        return self._newest_story

    def _path(self, moment: datetime, title: str, dice: Random) -> str:
        """Give a free ``/YYYY/MM/slug.html``."""
        stem = moment.astimezone(BLOG_ZONE).strftime("/%Y/%m/") + (slug(title) or "blog-post")
        path = f"{stem}.html"
        most = 99
        while path in self._paths:
            path = f"{stem}_{dice.randint(1, most)}.html"
            most *= 2
        self._paths.add(path)
        return path


@lru_cache(maxsize=2000)
def content_of(post: BlogPost) -> str:
    """Write the HTML of a post; feeds ask for it more than once."""
    if not post.paragraphs:
        return ""
    return markup.dress(
        post.paragraphs,
        dice=post.newsroom.dice("markup", post.post_id),
        source_link=post.source_link,
        publisher=post.newsroom.story(post.text_of).publisher,
        image=post.image.replace("/s72-c/", "/s640/"),
    )


def slug(title: str) -> str:
    """Give the name that Blogger makes of a title: whole words, 39 characters at the most."""
    words = [word for word in words_of(title).split("-") if word not in ("a", "an", "the")]
    name = "-".join(words)
    if len(name) <= SLUG_LENGTH:
        return name
    return name[: SLUG_LENGTH + 1].rpartition("-")[0] or name[:SLUG_LENGTH]


def picture_address(dice: Random) -> str:
    """Give the address of a small picture, as feeds name it."""
    return f"https://images.newsrust.example/img/b/{dice.getrandbits(64):016x}/s72-c/photo.jpg"
