"""Rejected posts: listed, tried again by hand and by each crawl; and a crawl that rejects many."""

import json

import pytest
from sqlalchemy import Engine, text

from demo.post import BlogPost
from demo.site import StandIn
from tests.crawl.newsrust_spider.spiders.test_crawl import last_crawl, read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.process.conftest import Crawl, Scrapy


def run(database: Engine, statement: str) -> None:
    with database.begin() as connection:
        connection.execute(text(statement))


@pytest.fixture
def refused(site: StandIn, embedded_database: Engine) -> BlogPost:
    """Let the database refuse one post's article, as a rule or a defect of ours might."""
    post = next(post for post in site.blog.posts()[20:] if post.paragraphs)
    body = "\n\n".join(post.paragraphs)[:60].replace("'", "''")
    run(
        embedded_database,
        f"ALTER TABLE articles ADD CONSTRAINT refused CHECK (left(body, 60) <> '{body}')",
    )
    return post


def allow(database: Engine) -> None:
    run(database, "ALTER TABLE articles DROP CONSTRAINT refused")


def test_a_refused_post_is_kept_listed_and_stored_by_retry(
    site: StandIn, crawl: Crawl, scrapy: Scrapy, embedded_database: Engine, refused: BlogPost
) -> None:
    assert crawl().status == 0
    listed = json.loads(scrapy("rejected", "--reason", "poison_row", "--json").stdout)
    assert [post["permalink"] for post in listed] == [site.url + refused.path]
    number = str(listed[0]["id"])
    assert refused.post_id in scrapy("rejected", "--payload", number).stdout
    table = scrapy("rejected").stdout
    assert "refused" in table
    assert "1 poison_row" in table

    site_argument = ("-a", f"site={site.url}")
    vain = scrapy("retry", "--id", number, *site_argument)
    assert (vain.returncode, "set aside" in vain.stderr) == (1, True), vain.stderr
    assert "1 tried again: 0 stored, 1 rejected once more" in vain.stdout

    allow(embedded_database)
    asked = len(site.requests)
    done = scrapy("retry", "--reason", "poison_row", *site_argument)
    assert done.returncode == 0, done.stderr
    assert "1 tried again: 1 stored, 0 rejected once more" in done.stdout
    assert len(site.requests) == asked
    row = last_crawl(embedded_database)
    assert (row.route, row.outcome, row.posts_seen, row.posts_new) == ("retry", "complete", 1, 1)
    assert read(embedded_database, "SELECT 1 FROM rejected_posts WHERE reason = 'poison_row'") == []
    check_against_truth(site, embedded_database)


@pytest.mark.usefixtures("refused")
def test_each_crawl_tries_young_rejected_posts_again_by_itself(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    assert "set aside" in crawl().log
    again = crawl()
    assert ("set aside" in again.log, len(again.requests)) == (False, 2)
    assert last_crawl(embedded_database).posts_seen == 0
    attempts = "SELECT attempts FROM rejected_posts WHERE reason = 'poison_row'"
    assert read(embedded_database, attempts) == [(2,)]
    allow(embedded_database)
    assert len(crawl().requests) == 2
    assert last_crawl(embedded_database).posts_new == 1
    assert read(embedded_database, attempts) == []
    check_against_truth(site, embedded_database)


@pytest.mark.usefixtures("refused")
def test_old_rejected_posts_are_left_to_retry_all(
    site: StandIn, crawl: Crawl, scrapy: Scrapy, embedded_database: Engine
) -> None:
    assert crawl().status == 0
    run(embedded_database, "UPDATE rejected_posts SET attempts = 5")
    allow(embedded_database)
    crawl()
    assert read(embedded_database, "SELECT 1 FROM rejected_posts WHERE reason = 'poison_row'")
    scrapy("retry", "--all", "-a", f"site={site.url}")
    check_against_truth(site, embedded_database)


def test_a_crawl_that_rejects_too_many_posts_stops_and_says_so(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    run(embedded_database, "ALTER TABLE articles ADD CONSTRAINT refused CHECK (id < 0)")
    ended = crawl()
    assert ended.status == 69
    assert "posts were rejected, over 20%: see `scrapy rejected`" in ended.log
    assert last_crawl(embedded_database).outcome == "failed"
    allow(embedded_database)
    healed = crawl()
    assert healed.status == 0, healed.log
    check_against_truth(site, embedded_database)


@pytest.mark.parametrize("choice", [(), ("--all", "--id", "7"), ("--id", "seven")])
def test_a_choice_that_is_none_is_refused(scrapy: Scrapy, choice: tuple[str, ...]) -> None:
    refusal = scrapy("retry", *choice)
    assert refusal.returncode == 2
    assert "Traceback" not in refusal.stderr


def test_ids_that_are_not_rejected_are_told(
    site: StandIn, scrapy: Scrapy, embedded_database: Engine
) -> None:
    ended = scrapy("retry", "--id", "7", "-a", f"site={site.url}")
    assert ended.returncode == 1
    assert "0 tried again" in ended.stdout
    unknown = scrapy("rejected", "--payload", "7")
    assert (unknown.returncode, unknown.stderr) == (1, "newsrust: there is no rejected post 7\n")
    assert read(embedded_database, "SELECT 1 FROM rejected_posts") == []


def test_posts_of_pictures_only_stop_no_crawl_where_they_lie_spread(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    for number in range(66):
        site.blog.publish(paragraphs=() if number % 6 == 0 else None)
    # They are refused long before the posts beside them are stored, and are no odd ones.
    ended = crawl("-s", "NEWSRUST_MOST_REJECTED=5")
    assert ended.status == 0, ended.log
    ((count,),) = read(
        embedded_database, "SELECT count(*) FROM rejected_posts WHERE reason = 'empty_body'"
    )
    assert count >= 11
