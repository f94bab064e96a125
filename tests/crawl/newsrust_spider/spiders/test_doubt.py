"""Answers of the right form that are not what was asked for: none is kept, and none is believed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from demo.answer import Answer, redirect
from demo.blog import Blog, BlogPost
from demo.faults import Fault, Reply, Spoiler
from demo.site import StandIn
from tests.crawl.newsrust_spider.spiders.test_crawl import last_crawl, read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.process.conftest import Crawl

FEEDS = ("short", "off")
NO_POST = {
    "an age warning": (
        "<html><head><title>Content warning</title></head><body><h1>Content warning</h1>"
        "<p>The blog that you are about to view may contain content only suitable for adults.</p>"
        "<a href='?interstitial=x'>I understand, and I wish to go on</a></body></html>"
    ),
    "a browser check": (
        "<html><head><title>Just a moment...</title></head><body><noscript><p>Enable JavaScript"
        " and cookies to go on.</p></noscript><script>check()</script></body></html>"
    ),
    "maintenance": (
        "<html><head><title>We will be back</title></head><body><article><p>"
        + "We are down for maintenance, and shall be back within the hour. " * 20
        + "</p></article></body></html>"
    ),
}


def with_text(blog: Blog) -> BlogPost:
    """Return a post in the middle that has a text and a story of its own."""
    stories = [post.story for post in blog.posts()]
    return next(p for p in blog.posts()[7:] if p.paragraphs and stories.count(p.story) == 1)


def answer(html: str) -> Spoiler:
    return lambda reply: reply.send(Answer(body=html.encode()))


def change_answer(change: Callable[[str], str]) -> Spoiler:
    def spoil(reply: Reply) -> None:
        reply.send(replace(reply.answer, body=change(reply.answer.body.decode()).encode()))

    return spoil


def held(database: Engine) -> set[str]:
    rows = read(database, "SELECT permalink FROM posts WHERE outcome <> 'rejected'")
    return {row.permalink for row in rows}


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("html", NO_POST.values(), ids=NO_POST)
def test_a_page_in_place_of_a_post_is_no_article_and_the_post_is_not_lost(
    site: StandIn, crawl: Crawl, embedded_database: Engine, html: str, feed: str
) -> None:
    site.shape.feed = feed  # type: ignore[assignment]
    victim = with_text(site.blog)
    site.misbehave(victim.path, answer(html), times=None)
    ended = crawl()
    assert ended.status == 1, ended.log
    assert "posts that are owed: 1; no_post" in ended.log
    assert site.url + victim.path not in held(embedded_database)
    assert len(held(embedded_database)) == sum(bool(p.paragraphs) for p in site.blog.posts()) - 1
    bodies = read(embedded_database, "SELECT 1 FROM articles WHERE body ~* 'maintenance|adults'")
    assert bodies == []
    site.behave()
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)


@pytest.mark.parametrize("feed", FEEDS)
def test_a_post_that_leads_to_another_does_not_get_its_text(
    site: StandIn, crawl: Crawl, embedded_database: Engine, feed: str
) -> None:
    site.shape.feed = feed  # type: ignore[assignment]
    victim = with_text(site.blog)
    other = next(p for p in site.blog.posts()[20:] if p.paragraphs and p.story != victim.story)
    site.misbehave(victim.path, lambda reply: reply.send(redirect(site.url + other.path)), None)
    ended = crawl()
    assert ended.status == 1, ended.log
    assert "posts that are owed: 1; another_page" in ended.log
    assert site.url + victim.path not in held(embedded_database)
    same = read(
        embedded_database,
        "SELECT 1 FROM articles WHERE body = :body",
        body="\n\n".join(other.paragraphs),
    )
    assert len(same) == 1
    site.behave()
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)


FOREIGN = {
    "another host": ("https://b.example", "b.example"),
    "relative": ("", "/20"),
}


@pytest.mark.parametrize("page", [1, 2])
@pytest.mark.parametrize(("home", "told"), FOREIGN.values(), ids=FOREIGN)
def test_a_list_of_foreign_addresses_is_not_taken_for_an_end(  # noqa: PLR0913, PLR0917 - drawn
    site: StandIn, crawl: Crawl, embedded_database: Engine, page: int, home: str, told: str
) -> None:
    site.shape.feed, site.shape.sitemap_page = "off", 20
    foreign = change_answer(lambda xml: xml.replace(f"<loc>{site.url}", f"<loc>{home}"))
    site.misbehave(f"/sitemap.xml?page={page}", foreign, times=None)
    ended = crawl()
    assert ended.status == (69 if page == 1 else 1), ended.log
    assert f"foreign: the sitemap lists '{home}{told if not home else ''}" in ended.log
    assert read(embedded_database, "SELECT 1 FROM coverage") == []
    assert len(read(embedded_database, "SELECT 1 FROM posts")) == 20 * (page - 1)
    assert site.elsewhere_requests == []
    site.behave()
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("fault", [Fault.NOT_FOUND, Fault.GONE])
def test_a_post_whose_page_is_away_once_is_owed_and_stored_by_the_next_crawl(
    site: StandIn, crawl: Crawl, embedded_database: Engine, feed: str, fault: Fault
) -> None:
    site.shape.feed = feed  # type: ignore[assignment]
    victim = with_text(site.blog)
    site.misbehave(victim.path, fault, times=None)
    ended = crawl()
    assert ended.status == 1, ended.log
    assert "posts that are owed: 1; the site lists it" in ended.log
    assert read(embedded_database, "SELECT 1 FROM rejected_posts WHERE reason = 'gone'") == []
    site.behave()
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)
    assert read(embedded_database, "SELECT 1 FROM owed WHERE lack <> 'proof'") == []


def test_where_robots_txt_forbids_the_feeds_the_sitemap_serves(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.robots = "User-agent: *\nDisallow: /feeds/\n"
    ended = crawl()
    assert ended.status == 0, ended.log
    assert "robots.txt forbids" in ended.log
    assert not any(target.startswith("/feeds/") for target in ended.requests)
    assert last_crawl(embedded_database).route == "sitemap"
    check_against_truth(site, embedded_database)
    assert crawl().status == 0


def test_a_sick_post_of_a_short_feed_costs_no_neighbour_a_second_request(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.feed = "short"
    victim = with_text(site.blog)
    site.misbehave(victim.path, Fault.SERVER_ERROR, times=None)
    ended = crawl()
    assert ended.status == 1, ended.log
    pages = [target for target in ended.requests if target.endswith(".html")]
    neighbours = [target for target in pages if target != victim.path]
    assert sorted(neighbours) == sorted(p.path for p in site.blog.posts() if p != victim)
    later = [crawl() for _ in range(3)]
    assert [ended.status for ended in later] == [1, 1, 0]
    for ended in later:
        assert not {target for target in ended.requests if target in neighbours}
    # robots.txt, the newest changes, its entry and its page, however often each was tried.
    assert len(set(later[-1].requests)) <= 4
    assert len(crawl().requests) == 2
    (rejected,) = read(
        embedded_database, "SELECT post_id FROM rejected_posts WHERE reason = 'owed'"
    )
    assert rejected.post_id == victim.post_id


def test_a_sitemap_whose_pages_end_with_404_is_walked_to_its_end(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.feed = "off"
    site.shape.sitemap_page = 30
    for beyond in (3, 4):
        site.misbehave(f"/sitemap.xml?page={beyond}", Fault.NOT_FOUND, times=None)
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)


def test_a_sitemap_of_which_a_page_between_others_is_not_there_is_not_whole(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.feed = "off"
    site.shape.sitemap_page = 25
    site.misbehave("/sitemap.xml?page=2", Fault.NOT_FOUND, times=None)
    ended = crawl()
    assert ended.status == 1, ended.log
    assert "page 2 of the sitemap is empty" in ended.log
    site.behave()
    assert crawl().status == 0
    check_against_truth(site, embedded_database)
