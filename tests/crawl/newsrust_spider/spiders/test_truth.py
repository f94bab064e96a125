"""Crawls that said "complete" and were not, or the reverse: each on the real road, once."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from sqlalchemy import Engine

from demo.faults import Reply, Spoiler
from demo.shape import Shape
from demo.site import StandIn
from tests.crawl.newsrust_spider.spiders.test_crawl import last_crawl, read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth, pass_an_hour
from tests.process.conftest import Crawl, Scrapy


def change_feed(change: Callable[[dict[str, Any]], None]) -> Spoiler:
    """Answer as it should be, but for what ``change`` does to the feed."""

    def spoil(reply: Reply) -> None:
        document = json.loads(reply.answer.body)
        change(document["feed"])
        reply.send(replace(reply.answer, body=json.dumps(document).encode()))

    return spoil


def test_a_page_without_entries_among_a_hundred_edits_is_no_end(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    assert crawl().status == 0
    site.shape.budget = 40_000
    for post in site.blog.posts()[:50]:
        site.blog.edit(post.post_id, title=f"Edited: {post.title}")
    # Blogger says the right total, and leaves the entries out.
    empty = change_feed(lambda feed: feed.pop("entry", None))
    site.misbehave("updated-max", empty, times=None)
    ended = crawl()
    assert ended.status == 1, ended.log
    site.behave()
    ended = crawl()
    assert ended.status == 0, ended.log
    titles = read(embedded_database, "SELECT count(*) AS posts FROM posts WHERE title ~ '^Edited'")
    assert titles[0].posts == 50


def test_deletions_and_an_audit_leave_the_next_hour_quiet(
    site: StandIn, crawl: Crawl, scrapy: Scrapy, embedded_database: Engine
) -> None:
    crawl()
    for post in site.blog.posts()[10:13]:
        site.blog.delete(post.post_id)
    assert crawl().status == 0
    audited = scrapy("audit", "newsrust", "-a", f"site={site.url}")
    assert audited.returncode == 0, audited.stdout
    ended = crawl()
    assert (ended.status, len(ended.requests)) == (0, 2), ended.log
    row = last_crawl(embedded_database)
    assert (row.site_posts, row.held_posts) == (57, 57)


def test_a_draft_that_returns_is_not_called_missing(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    crawl()
    draft = site.blog.posts()[20]
    site.blog.delete(draft.post_id)
    assert crawl().status == 0
    site.blog.restore(draft)
    ended = crawl()
    assert (ended.status, len(ended.requests)) == (0, 4), ended.log
    # One late post may be another than the one that went: it is looked for once, everywhere.
    for _ in range(2):
        pass_an_hour(embedded_database)
        assert crawl().status == 0
    assert len(crawl().requests) == 2


def test_the_deletion_of_the_newest_post_leaves_the_hours_quiet(
    site: StandIn, crawl: Crawl
) -> None:
    crawl()
    site.blog.delete(site.blog.posts("updated")[0].post_id)
    assert crawl().status == 0
    assert len(crawl().requests) == 2


def test_a_late_post_among_the_newest_costs_a_page(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    crawl()
    moment = site.blog.posts("updated")[5].updated - timedelta(seconds=1)
    late = site.blog.surface(updated=moment)
    ended = crawl()
    assert ended.status == 0, ended.log
    assert len(ended.requests) <= 4 + 1, "robots.txt aside, four"
    assert read(embedded_database, "SELECT 1 FROM posts WHERE post_id = :id", id=late.post_id)


def test_an_older_state_from_a_stale_server_replaces_no_newer_one(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    crawl()
    post = next(p for p in site.blog.posts()[5:] if p.paragraphs)
    site.blog.edit(post.post_id, paragraphs=["It was corrected.", "This is the newer text."])
    assert crawl().status == 0

    def go_back(feed: dict[str, Any]) -> None:
        for entry in feed.get("entry", []):
            if entry["id"]["$t"].endswith(post.post_id):
                entry["updated"]["$t"] = post.updated.isoformat(timespec="milliseconds")
                entry["content"] = {"type": "html", "$t": "<p>The older text.</p>"}

    site.misbehave("/feeds/posts/default", change_feed(go_back), times=None)
    site.blog.surface(
        updated=site.blog.posts()[30].updated, published=site.blog.posts()[1].published
    )
    assert crawl().status == 0
    (held,) = read(
        embedded_database,
        "SELECT body FROM articles JOIN posts ON article_id = articles.id WHERE post_id = :id",
        id=post.post_id,
    )
    assert held.body.endswith("This is the newer text.")


def test_a_total_that_flickers_costs_a_question(site: StandIn, crawl: Crawl) -> None:
    crawl()

    def add_one(feed: dict[str, Any]) -> None:
        feed["openSearch$totalResults"]["$t"] = str(len(site.blog) + 1)

    site.misbehave("/feeds/posts/summary", change_feed(add_one))
    ended = crawl()
    assert ended.status == 0, ended.log
    assert len(ended.requests) <= 4
    assert len(crawl().requests) == 2


@pytest.mark.parametrize("hours", [-10, 10])
def test_a_site_whose_clock_is_not_ours_is_read_by_its_own(
    site: StandIn,
    crawl: Crawl,
    embedded_database: Engine,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
) -> None:
    ahead = timedelta(hours=hours)

    def now(*_: object) -> str:
        return format_datetime(datetime.now(UTC) + ahead, usegmt=True)

    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", now)
    for _ in range(2):
        site.blog.surface(updated=datetime.now(UTC) + ahead - timedelta(minutes=1))
        ended = crawl()
        assert ended.status == 0, ended.log
        check_against_truth(site, embedded_database)
    assert len(crawl().requests) == 2


def test_what_is_published_meanwhile_hides_no_late_post(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    crawl()
    site.shape = Shape(totals_heed_bounds=False)
    late = site.blog.surface(updated=site.blog.posts()[40].updated + timedelta(seconds=1))
    published = []

    def publish(reply: Reply) -> None:
        published.append(site.blog.publish())
        reply.send(reply.answer)

    site.misbehave("/feeds/posts/summary", publish)
    ended = crawl()
    site.behave()
    held = {row.post_id for row in read(embedded_database, "SELECT post_id FROM posts")}
    # Held now, or told to be missing.
    assert late.post_id in held or ended.status == 1, ended.log
    assert crawl().status == 0
    check_against_truth(site, embedded_database)
