"""``scrapy why ARTICLE_ID``: why an article is in its story."""

import argparse
from dataclasses import asdict
from datetime import datetime
from typing import Any

from scrapy.commands import ScrapyCommand

from newsrust_spider.commands.base import TableCommand, read_article_id
from newsrust_spider.commands.terminal import refuse, tell, tell_json
from newsrust_spider.storage.stories.report import Reasons, read_reasons
from newsrust_spider.verdict import Exit


class Command(TableCommand, ScrapyCommand):
    """Prints the article, its posts, its copies and by what overlap; 1 for an unknown article."""

    arguments = ("ARTICLE_ID",)

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Say why an article is in its story: by which link, or by what overlap"

    def long_desc(self) -> str:
        """Return the help."""
        return (
            "Posts are joined with an article by their source link, which is the same. Articles "
            "are joined in a story by their texts: the first figure is the part of this article's "
            "text that the other has too, the second the part of the other's text. Members that "
            "are not among its copies were joined through others: ask why of them."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ``--json``."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print it; exit 1 where there is no such article."""
        article_id = read_article_id(args[0])
        with self.connection() as connection:
            reasons = read_reasons(connection, article_id)
        if reasons is None:
            refuse(f"there is no article {article_id}", Exit.INCOMPLETE)
        if opts.json:
            tell_json(asdict(reasons))
        else:
            tell(*describe(reasons))


def describe(reasons: Reasons) -> list[str]:
    """Give the lines that a person reads."""
    story, article = reasons.story, reasons.article
    direct = {article["id"], *(copy["id"] for copy in reasons.copies)}
    through = [member for member in reasons.members if member["id"] not in direct]
    publishers = ", ".join(story["publishers"])
    return [
        _name(article),
        f"story {story['story_id']}: {_count(story['articles'], 'article')}"
        + (f" by {publishers}" if publishers else "")
        + f"; first {_day(story['first_published_at'])} by {story['first_publisher'] or 'unknown'}",
        f"joined by the source link {article['source_url'] or '(none)'}:",
        *(f"  {_tell_post(post)}" for post in reasons.posts),
        "joined by their text:" if reasons.copies else "joined by their text: nothing",
        *(f"  {_tell_copy(copy)}" for copy in reasons.copies),
        *(f"  {_name(member)}: through another copy" for member in through),
        *(f"split from article {split['id']}{_tell_split(split)}" for split in reasons.splits),
    ]


def _tell_post(post: dict[str, Any]) -> str:
    gone = f", gone {_day(post['gone_at'])}" if post["gone_at"] else ""
    what = f"post {post['post_id']} of {_day(post['published_at'])}, {post['outcome']}{gone}"
    return f"{what}: {post['permalink']}"


def _tell_copy(copy: dict[str, Any]) -> str:
    figures = f"has {copy['share']:.0%} of this text, shares {copy['other_share']:.0%} of its own"
    return f"{_name(copy)}: {figures}{'' if copy['same_story'] else ' (kept in another story)'}"


def _tell_split(split: dict[str, Any]) -> str:
    reason = f": {split['reason']}" if split["reason"] else ""
    return f" on {_day(split['split_at'])}, when {split['taken_out']} was taken out{reason}"


def _name(article: dict[str, Any]) -> str:
    return (
        f"article {article['id']} ({article['publisher'] or 'no publisher'}) {article['headline']}"
    )


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _day(moment: datetime | None) -> str:
    return f"{moment:%F}" if moment else "on an unknown day"
