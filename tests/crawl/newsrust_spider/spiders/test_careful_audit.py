"""An audit marks as gone what is proven to be gone, and nothing because an answer lacks it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Engine

from demo.blog import BlogPost
from demo.faults import Fault, Reply, Spoiler
from demo.site import StandIn
from demo.sitemap import urlset
from tests.crawl.newsrust_spider.spiders.test_crawl import read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.process.conftest import Crawl, Scrapy


@dataclass(frozen=True)
class Audited:
    """How an audit ended, and what it found to be gone; None where it could not compare."""

    status: int
    log: str
    gone: list[str] | None


Audit = Callable[..., Audited]


@pytest.fixture
def audit(site: StandIn, scrapy: Scrapy) -> Audit:
    def run(*arguments: str) -> Audited:
        ended = scrapy("audit", "newsrust", "-a", f"site={site.url}", "--json", *arguments)
        found = json.loads(ended.stdout)["gone"] if ended.stdout else None
        return Audited(ended.returncode, ended.stderr, found)

    return run


def empty_list(reply: Reply) -> None:
    reply.send(replace(reply.answer, body=urlset([]).encode()))


def marked(database: Engine) -> set[str]:
    rows = read(database, "SELECT post_id FROM posts WHERE gone_at IS NOT NULL")
    return {row.post_id for row in rows}


def picture_only(site: StandIn) -> BlogPost:
    return site.blog.publish(title="A picture of the harbour", labels=["World"], paragraphs=[])


def test_a_list_that_is_empty_once_purges_nothing_and_is_asked_for_again(
    site: StandIn, crawl: Crawl, audit: Audit, embedded_database: Engine
) -> None:
    assert crawl().status == 0
    site.misbehave("/sitemap.xml", empty_list)
    ended = audit()
    assert (ended.status, ended.gone) == (0, []), ended.log
    assert marked(embedded_database) == set()


@pytest.mark.parametrize(("page", "status"), [(1, 69), (2, 1)])
def test_a_list_with_an_empty_page_for_good_is_not_compared(  # noqa: PLR0913, PLR0917 - drawn
    site: StandIn,
    crawl: Crawl,
    audit: Audit,
    embedded_database: Engine,
    page: int,
    status: int,
) -> None:
    site.shape.sitemap_page = 20
    assert crawl().status == 0
    site.misbehave(f"/sitemap.xml?page={page}", empty_list, times=None)
    for arguments in ((), ("--purge",), ("--heal",)):
        ended = audit(*arguments)
        assert (ended.status, ended.gone) == (status, None), ended.log
        assert f"inconsistent: page {page} of the sitemap is empty" in ended.log
    assert marked(embedded_database) == set()


@pytest.mark.parametrize("arguments", [(), ("--purge",)])
def test_a_list_that_ends_early_purges_no_living_post(
    site: StandIn,
    crawl: Crawl,
    audit: Audit,
    embedded_database: Engine,
    arguments: tuple[str, ...],
) -> None:
    site.shape.sitemap_page = 20
    assert crawl().status == 0
    for page in (2, 3, 4):
        site.misbehave(f"/sitemap.xml?page={page}", empty_list, times=None)
    ended = audit(*arguments)
    assert (ended.status, ended.gone) == (0, []), ended.log
    assert marked(embedded_database) == set()


def delete_during(site: StandIn, post: BlogPost) -> Spoiler:
    """Answer as it should be, and take ``post`` off after that: all behind it moves up."""

    def spoil(reply: Reply) -> None:
        reply.send(reply.answer)
        site.blog.delete(post.post_id)

    return spoil


def test_a_post_that_is_deleted_during_the_walk_costs_no_living_post(
    site: StandIn, crawl: Crawl, audit: Audit, embedded_database: Engine
) -> None:
    site.shape.sitemap_page = 20
    assert crawl().status == 0
    listed_first, moved_up = site.blog.posts()[5], site.blog.posts()[20]
    site.misbehave("/sitemap.xml?page=1", delete_during(site, listed_first))
    ended = audit()
    assert f"{site.url}{moved_up.path}" not in (ended.gone or [])
    assert marked(embedded_database) <= {listed_first.post_id}
    ended = audit()
    assert ended.status == 0, ended.log
    assert marked(embedded_database) == {listed_first.post_id}


@pytest.mark.parametrize("match", [".html", "/feeds/posts/default/"])
def test_where_living_posts_answer_404_too_nothing_is_gone(
    site: StandIn, crawl: Crawl, audit: Audit, embedded_database: Engine, match: str
) -> None:
    assert crawl().status == 0
    deleted, living = site.blog.posts()[10], site.blog.posts()[11]
    site.blog.delete(deleted.post_id)
    site.misbehave("/sitemap.xml", lambda reply: hide(reply, living), times=None)
    site.misbehave(match, Fault.NOT_FOUND, times=None)
    audit()
    assert living.post_id not in marked(embedded_database)
    site.behave()
    ended = audit()
    assert ended.status == 0, ended.log
    assert marked(embedded_database) == {deleted.post_id}


def hide(reply: Reply, post: BlogPost) -> None:
    body = reply.answer.body.decode()
    places = [place for place in body.split("<url>") if f"{post.path}<" not in place]
    end = "" if places[-1].endswith("</urlset>") else "</urlset>"
    reply.send(replace(reply.answer, body=("<url>".join(places) + end).encode()))


def test_many_that_are_listed_no_more_are_looked_at_by_a_purge_alone(
    site: StandIn, crawl: Crawl, audit: Audit, embedded_database: Engine
) -> None:
    assert crawl().status == 0
    deleted = site.blog.posts()[10:30]
    for post in deleted:
        site.blog.delete(post.post_id)
    ended = audit()
    assert ended.status == 1, ended.log
    assert "no usual deletion" in ended.log
    assert marked(embedded_database) == set()
    ended = audit("--purge")
    assert ended.status == 0, ended.log
    assert marked(embedded_database) == {post.post_id for post in deleted}
    quiet = crawl()
    assert (quiet.status, len(quiet.requests)) == (0, 2), quiet.log


def test_a_rejected_post_with_a_label_makes_no_copy_incomplete(
    site: StandIn, crawl: Crawl, audit: Audit, embedded_database: Engine
) -> None:
    picture = picture_only(site)
    assert crawl().status == 0
    (row,) = read(
        embedded_database,
        "SELECT reason FROM rejected_posts WHERE post_id = :id",
        id=picture.post_id,
    )
    assert row.reason == "empty_body"
    for arguments in ((), ("--heal",)):
        ended = audit(*arguments)
        assert (ended.status, ended.gone) == (0, []), ended.log


def test_a_post_that_was_made_again_at_its_address_is_complete_after_an_audit(
    site: StandIn, crawl: Crawl, audit: Audit, embedded_database: Engine
) -> None:
    assert crawl().status == 0
    former = next(p for p in site.blog.posts()[10:] if p.paragraphs)
    site.blog.delete(former.post_id)
    made = site.blog.publish(title="Made again")
    site.blog.delete(made.post_id)
    made = site.blog.restore(replace(made, path=former.path))
    assert crawl().status == 0
    ended = audit()
    assert (ended.status, ended.gone) == (0, [f"{site.url}{former.path}"]), ended.log
    assert marked(embedded_database) == {former.post_id}
    assert audit().status == 0
    quiet = crawl()
    assert (quiet.status, len(quiet.requests)) == (0, 2), quiet.log
    assert read(embedded_database, "SELECT 1 FROM posts WHERE post_id = :id", id=made.post_id)


def test_an_audit_of_a_site_without_a_feed_heals_by_its_pages(
    site: StandIn, crawl: Crawl, audit: Audit, embedded_database: Engine
) -> None:
    site.shape.feed = "off"
    assert crawl().status == 0
    edited = next(p for p in site.blog.posts()[10:] if p.paragraphs)
    site.blog.edit(edited.post_id, paragraphs=["It was wrong.", "Now it is right."])
    assert audit().status == 1
    ended = audit("--heal")
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)
