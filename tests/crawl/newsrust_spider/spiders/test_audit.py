"""An audit finds what was planted, exactly, and heals it when it is told to."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from demo.site import StandIn
from tests.crawl.newsrust_spider.spiders.test_crawl import read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.process.conftest import Crawl, Scrapy

Audit = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def audit(site: StandIn, scrapy: Scrapy) -> Audit:
    """Run ``scrapy audit newsrust --json`` and give its exit status and what it found."""

    def run(*arguments: str) -> tuple[int, dict[str, Any]]:
        ended = scrapy("audit", "newsrust", "-a", f"site={site.url}", "--json", *arguments)
        assert ended.stdout, ended.stderr
        return ended.returncode, json.loads(ended.stdout)

    return run


def delete_posts(database: Engine, post_ids: list[str]) -> None:
    with database.begin() as connection:
        for post_id in post_ids:
            connection.execute(text("DELETE FROM posts WHERE post_id = :id"), {"id": post_id})


def addresses(site: StandIn, posts: list[Any]) -> list[str]:
    return sorted(f"{site.url}{post.path}" for post in posts)


def test_a_whole_copy_is_told_complete(crawl: Crawl, audit: Audit, site: StandIn) -> None:
    crawl()
    status, found = audit()
    assert status == 0, found
    assert (found["site_posts"], found["held_posts"]) == (60, 60)
    assert (found["missing"], found["stale"], found["gone"]) == ([], [], [])
    assert {label: counts[0] for label, counts in found["labels"].items()} == (
        site.blog.label_counts()
    )


def test_planted_holes_are_found_exactly_and_healed(
    crawl: Crawl, audit: Audit, site: StandIn, embedded_database: Engine
) -> None:
    crawl()
    posts = [post for post in site.blog.posts() if post.paragraphs and post.labels]
    lost, gone, relabelled = posts[3:6], posts[10:12], posts[20]
    delete_posts(embedded_database, [post.post_id for post in lost])
    for post in gone:
        site.blog.delete(post.post_id)
    site.blog.relabel(relabelled.post_id, [*relabelled.labels, "Planted"])
    status, found = audit()
    assert status == 1
    assert found["missing"] == addresses(site, lost)
    assert found["gone"] == addresses(site, gone)
    assert found["stale"] == addresses(site, [relabelled])
    assert found["labels"]["Planted"] == [1, 0]
    asked = len(site.requests)
    status, found = audit("--heal")
    assert status == 0, found
    fetched = [target for target in site.requests[asked:] if target.endswith(".html")]
    assert sorted(fetched) == sorted(post.path for post in [*lost, relabelled])
    check_against_truth_but_gone(site, embedded_database, len(gone))


def check_against_truth_but_gone(site: StandIn, database: Engine, gone: int) -> None:
    marked = read(database, "SELECT article_id FROM posts WHERE gone_at IS NOT NULL")
    assert len(marked) == gone
    assert all(row.article_id is not None for row in marked)
    held = read(database, "SELECT post_id FROM posts WHERE gone_at IS NULL")
    assert {row.post_id for row in held} == {post.post_id for post in site.blog.posts()}


def test_the_counts_of_the_labels_are_kept(
    crawl: Crawl, audit: Audit, site: StandIn, embedded_database: Engine
) -> None:
    crawl()
    audit()
    rows = read(embedded_database, "SELECT label, site_posts, held_posts FROM label_counts")
    assert {row.label: row.site_posts for row in rows} == site.blog.label_counts()
    assert all(row.site_posts == row.held_posts for row in rows)


def wrong_labels(found: dict[str, Any]) -> dict[str, list[int]]:
    return {name: counts for name, counts in found["labels"].items() if counts[0] != counts[1]}


def test_labels_that_were_changed_in_our_tables_are_found_and_are_no_failure(
    crawl: Crawl, audit: Audit, site: StandIn, embedded_database: Engine
) -> None:
    crawl()
    label, count = next(iter(site.blog.label_counts().items()))
    with embedded_database.begin() as connection:
        connection.execute(
            text(
                "UPDATE posts SET labels = array_remove(labels, :label) WHERE post_id ="
                " (SELECT post_id FROM posts WHERE labels @> ARRAY[:label] LIMIT 1)"
            ),
            {"label": label},
        )
    status, found = audit()
    assert (status, wrong_labels(found)) == (0, {label: [count, count - 1]})


def test_labels_that_were_changed_without_a_sign_are_healed_when_it_is_told_to(
    crawl: Crawl, audit: Audit, site: StandIn, embedded_database: Engine
) -> None:
    crawl()
    posts = [post for post in site.blog.posts() if post.paragraphs and post.labels]
    given, taken = posts[7], posts[30]
    label = taken.labels[0]
    count = site.blog.label_counts()[label]
    site.blog.restore(replace(given, labels=(*given.labels, "Planted")))
    site.blog.restore(replace(taken, labels=taken.labels[1:]))
    assert len(crawl().requests) == 2, "no change is to be seen"
    status, found = audit()
    assert (status, wrong_labels(found)) == (0, {"Planted": [1, 0], label: [count - 1, count]})
    assert (found["missing"], found["stale"]) == ([], [])
    status, found = audit("--heal")
    assert (status, wrong_labels(found)) == (0, {})
    check_against_truth(site, embedded_database)


def test_a_site_without_a_feed_is_audited_by_its_sitemap(
    crawl: Crawl, audit: Audit, site: StandIn, embedded_database: Engine
) -> None:
    site.shape.feed = "off"
    crawl()
    status, found = audit()
    assert (status, found["site_posts"], found["missing"]) == (0, None, [])
    check_against_truth(site, embedded_database)


def test_an_audit_that_found_holes_leaves_them_for_the_next_crawl_to_miss(
    crawl: Crawl, audit: Audit, site: StandIn, embedded_database: Engine
) -> None:
    crawl()
    lost = next(post for post in site.blog.posts()[5:] if post.paragraphs)
    delete_posts(embedded_database, [lost.post_id])
    assert audit()[0] == 1
    assert crawl().status == 0
    assert read(embedded_database, "SELECT 1 FROM posts WHERE post_id = :id", id=lost.post_id)


def test_a_collection_that_began_later_is_audited_from_then_on(
    crawl: Crawl, audit: Audit, site: StandIn
) -> None:
    site.shape.budget = 20_000  # small pages: what stands beside the news is kept too
    moments = sorted(post.updated for post in site.blog.posts())
    since = f"since={moments[30].isoformat()}"
    assert crawl("-a", since).status == 0
    status, found = audit("-a", since)
    assert (status, found["missing"], found["gone"]) == (0, [], []), found
    status, found = audit()
    assert status == 1
    assert len(found["missing"]) > 10
