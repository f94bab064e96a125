"""Whatever shape the site takes, the collection ends with the same articles."""

import pytest
from sqlalchemy import Engine, text

from demo.faults import Fault
from demo.site import StandIn
from tests.crawl.newsrust_spider.spiders.test_crawl import last_crawl, read
from tests.process.conftest import Crawl

Told = dict[str, tuple[str, str, tuple[str, ...]]]


def truth(site: StandIn) -> dict[str, str]:
    return {p.post_id: "\n\n".join(p.paragraphs) for p in site.blog.posts() if p.paragraphs}


def told(database: Engine) -> Told:
    rows = read(
        database,
        "SELECT coalesce(source_url, permalink) AS story, headline, body, articles.labels"
        " FROM articles JOIN posts ON article_id = articles.id AND posts.outcome <> 'duplicate'",
    )
    return {row.story: (row.headline, row.body, tuple(row.labels)) for row in rows}


def check_against_truth(site: StandIn, database: Engine) -> None:
    rows = read(
        database,
        "SELECT post_id, body, posts.labels FROM posts JOIN articles ON articles.id = article_id"
        " WHERE posts.outcome <> 'duplicate'",
    )
    published = truth(site)
    assert {row.post_id: row.body for row in rows} == {
        row.post_id: published[row.post_id] for row in rows
    }
    for row in rows:
        post = site.blog.by_id(row.post_id)
        assert post is not None
        assert set(row.labels) == set(post.labels)
    rejected = sum(not post.paragraphs for post in site.blog.posts())
    assert len(rows) == site.blog.story_count() - rejected
    assert len(read(database, "SELECT 1 FROM posts")) == len(site.blog)


@pytest.mark.parametrize("feed", ["short", "feedburner", "off", "login"])
def test_every_feed_shape_gives_the_articles_that_were_published(
    site: StandIn, crawl: Crawl, embedded_database: Engine, feed: str
) -> None:
    site.shape.feed = feed  # type: ignore[assignment]
    site.shape.sitemap_page = 25
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)
    assert last_crawl(embedded_database).route == (
        "sitemap" if feed in {"off", "login"} else "feed"
    )
    assert site.elsewhere_requests == []


def test_a_feed_that_is_off_costs_an_hour_without_news_no_post_page(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.feed = "off"
    site.shape.sitemap_page = 25
    first = crawl()
    assert sum("taking the sitemap" in line for line in first.log.splitlines()) == 1
    again = crawl()
    assert again.status == 0, again.log
    assert not [target for target in again.requests if target.endswith(".html")]
    edited = next(p for p in site.blog.posts()[40:] if p.paragraphs)
    site.blog.edit(edited.post_id, paragraphs=["All of it was wrong.", "We are sorry for that."])
    site.blog.publish()
    third = crawl()
    assert len([target for target in third.requests if target.endswith(".html")]) == 2
    row = last_crawl(embedded_database)
    assert (row.posts_new, row.posts_changed) == (1, 1)
    check_against_truth(site, embedded_database)


def pass_an_hour(database: Engine) -> None:
    """Let what the last crawl ordered be an hour old."""
    with database.begin() as connection:
        connection.execute(text("UPDATE sites SET search_since = search_since - interval '1 hour'"))


def test_a_feed_that_ends_before_the_blog_is_completed_by_the_sitemap(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.breaks_after = 30
    ended = crawl()
    assert ended.status == 1, ended.log
    assert "an empty page, but a total of 60" in ended.log
    for _ in range(2):
        pass_an_hour(embedded_database)
        ended = crawl()
    assert ended.status == 0, ended.log
    assert "the feed lacks 30 posts that the site counts" in ended.log
    assert len([target for target in ended.requests if target.endswith(".html")]) == 30
    check_against_truth(site, embedded_database)
    assert len(crawl().requests) == 2


def test_a_feed_page_that_fails_in_two_crawls_is_passed_in_another_order(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.budget = 40_000
    site.misbehave("updated-max", Fault.SERVER_ERROR, times=None, skip=1)
    ended = crawl()
    assert ended.status == 1, ended.log
    assert len(read(embedded_database, "SELECT 1 FROM posts")) < 60
    site.behave()
    site.misbehave("updated-max", Fault.SERVER_ERROR, times=None)
    ended = crawl()
    assert ended.status == 0, ended.log
    assert any("orderby=published" in target for target in ended.requests)
    check_against_truth(site, embedded_database)
    assert len(crawl().requests) == 2


def test_a_feed_that_comes_back_is_taken_again(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.feed = "off"
    crawl()
    before = told(embedded_database)
    site.shape.feed = "full"
    ended = crawl()
    assert ended.status == 0, ended.log
    assert last_crawl(embedded_database).route == "feed"
    assert told(embedded_database) == before


def test_a_post_page_that_fails_leaves_the_crawl_incomplete_until_it_answers(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.feed = "short"
    victim = next(p for p in site.blog.posts() if p.paragraphs)
    site.misbehave(victim.path, Fault.SERVER_ERROR, times=None)
    assert crawl().status == 1
    site.behave()
    healed = crawl()
    assert healed.status == 0, healed.log
    check_against_truth(site, embedded_database)


def rejected_at(database: Engine, permalink: str) -> list[str]:
    rows = read(database, "SELECT reason FROM rejected_posts WHERE permalink = :p", p=permalink)
    return [row.reason for row in rows]


def test_a_post_that_the_sitemap_lists_and_the_site_has_not_is_accounted_for(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.feed = "off"
    victim = next(p for p in site.blog.posts() if p.paragraphs)
    site.misbehave(victim.path, Fault.NOT_FOUND, times=None)
    permalink = f"{site.url}{victim.path}"
    for _ in range(3):
        ended = crawl()
        assert ended.status == 1, ended.log
        assert "posts that are owed: 1; " in ended.log
        assert "answer 404" in ended.log or "answers 404" in ended.log
        assert rejected_at(embedded_database, permalink) == []
    ended = crawl()
    assert ended.status == 0, ended.log
    assert rejected_at(embedded_database, permalink) == ["owed"]


def test_an_owed_post_that_the_sitemap_lists_no_more_is_gone(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.feed = "off"
    victim = next(p for p in site.blog.posts() if p.paragraphs)
    site.misbehave(victim.path, Fault.NOT_FOUND, times=None)
    assert crawl().status == 1
    site.behave()
    site.blog.delete(victim.post_id)
    ended = crawl()
    assert ended.status == 0, ended.log
    permalink = f"{site.url}{victim.path}"
    assert rejected_at(embedded_database, permalink) == ["gone"]
    assert read(embedded_database, "SELECT 1 FROM owed WHERE lack <> 'proof'") == []
    # Each crawl tries it again, with nothing in hand.
    assert crawl().status == 0
    assert rejected_at(embedded_database, permalink) == ["gone"]
    site.blog.restore(victim)
    ended = crawl()
    assert ended.status == 0, ended.log
    # What it was known by while its number was not is another row, and gone.
    living = read(embedded_database, "SELECT post_id FROM posts WHERE gone_at IS NULL")
    assert {row.post_id for row in living} == {post.post_id for post in site.blog.posts()}
    assert rejected_at(embedded_database, permalink) == []
