"""The conversation as Scrapy plays it: where Scrapy 2.19 would hang, lose or mislead."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from demo.answer import redirect
from demo.faults import Fault, Reply
from demo.site import StandIn
from newsrust_spider.items import Article
from newsrust_spider.settings import ITEM_PIPELINES
from tests.crawl.catalogue.crawler import CrawlerProcess
from tests.crawl.newsrust_spider.spiders.test_crawl import last_crawl, read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.process.conftest import Crawl, Scrapy


class Raises:
    """A stage that has a defect."""

    def process_item(self, item: Article) -> Article:
        """Raise for one post in the middle."""
        if item.post.title.startswith("The"):
            raise ValueError(item.post.title)
        return item


class Swaps:
    """A stage that gives back another item than it was given."""

    def process_item(self, item: Article) -> Article:
        """Lose what the post carries."""
        post: dict[str, Any] = {
            name: getattr(item.post, name) for name in item.post.__slots__ if name != "ticket"
        }
        rest = {name: getattr(item, name) for name in item.__slots__ if name != "post"}
        return Article(post=type(item.post)(**post), **rest)


def test_a_page_of_more_posts_than_scrapy_lets_in_at_once_is_stored(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    ended = crawl("-s", "CONCURRENT_ITEMS=7")
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)


@pytest.mark.parametrize("stage", [Raises, Swaps])
def test_a_stage_with_a_defect_ends_the_crawl_and_nobody_waits_for_its_posts(
    site: StandIn, process: CrawlerProcess, embedded_database: Engine, stage: type
) -> None:
    url = embedded_database.url.render_as_string(hide_password=False)
    stages = ITEM_PIPELINES | {f"{stage.__module__}.{stage.__name__}": 150}
    ended = process.crawl(site.url, DATABASE_URL=url, ITEM_PIPELINES=stages)
    assert ended.status == 70, ended.log
    assert last_crawl(embedded_database).outcome == "failed"
    assert read(embedded_database, "SELECT * FROM coverage") == []


def test_a_redirect_within_the_site_is_followed(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    def send_on(reply: Reply) -> None:
        reply.send(redirect(f"{site.url}{reply.request.target}&again=1"))

    site.misbehave("/feeds/posts/default", send_on)
    ended = crawl()
    assert ended.status == 0, ended.log
    assert any("again=1" in target for target in ended.requests)
    check_against_truth(site, embedded_database)


def test_a_redirect_to_another_page_of_the_feed_is_no_answer(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    def send_elsewhere(reply: Reply) -> None:
        reply.send(redirect(f"{site.url}/feeds/posts/default?alt=json&start-index=31"))

    site.misbehave("/feeds/posts/default", send_elsewhere)
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)


def test_a_sick_page_costs_its_own_sick_post_and_no_other(
    site: StandIn, crawl: Crawl, scrapy: Scrapy, embedded_database: Engine
) -> None:
    sick = site.blog.posts()[3]
    site.misbehave(f"/default/{sick.post_id}", Fault.SERVER_ERROR, times=None)
    site.misbehave("/feeds/posts/default?", Fault.SERVER_ERROR, times=None)
    ended = crawl()
    assert ended.status == 1, ended.log
    assert "posts that are owed: 1; the site answers 500" in ended.log
    held = {row.post_id for row in read(embedded_database, "SELECT post_id FROM posts")}
    assert held == {post.post_id for post in site.blog.posts()} - {sick.post_id}
    shown = scrapy("status").stdout
    assert "1 owed: the next crawls ask for them again" in shown
    (debt,) = json.loads(scrapy("status", "--json").stdout)["owed"]
    assert (debt["post_id"], debt["crawls"]) == (sick.post_id, 1)
    assert [crawl().status for _ in range(3)] == [1, 1, 0]
    (rejected,) = read(
        embedded_database, "SELECT post_id FROM rejected_posts WHERE reason = 'owed'"
    )
    assert rejected.post_id == sick.post_id
    assert len(crawl().requests) == 2
    site.behave()
    site.blog.edit(sick.post_id, paragraphs=["It is well again.", "So it is told."])
    assert crawl().status == 0
    check_against_truth(site, embedded_database)


def test_what_is_owed_is_paid_as_soon_as_it_can_be_had(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    sick = site.blog.posts()[3]
    site.misbehave(f"/default/{sick.post_id}", Fault.SERVER_ERROR, times=None)
    site.misbehave("/feeds/posts/default?", Fault.SERVER_ERROR, times=None)
    assert crawl().status == 1
    site.behave()
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)
    assert read(embedded_database, "SELECT * FROM owed") == []
