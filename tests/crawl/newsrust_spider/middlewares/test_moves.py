"""A site that has another name now says so by redirects: the crawl names the remedy."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from demo.answer import redirect
from demo.faults import Reply
from demo.site import StandIn
from tests.crawl.newsrust_spider.spiders.test_crawl import last_crawl
from tests.process.conftest import Crawl


def move(reply: Reply) -> None:
    """Answer as a site does that has moved: with the same address at its new host."""
    reply.send(replace(redirect(f"{reply.elsewhere}{reply.request.target}"), status=301))


def move_but_robots(reply: Reply) -> None:
    """Answer so, but for robots.txt."""
    if reply.request.path == "/robots.txt":
        reply.send(reply.answer)
    else:
        move(reply)


def burn(reply: Reply) -> None:
    """Send a reader of the feed to FeedBurner, whatever is asked."""
    reply.send(redirect(f"{reply.elsewhere}/newsrust"))


@pytest.mark.parametrize("way", [move, move_but_robots])
def test_a_site_that_has_moved_ends_with_69_and_the_address_to_use(
    site: StandIn, crawl: Crawl, embedded_database: Engine, way: object
) -> None:
    assert crawl().status == 0
    site.misbehave(fault=way, times=None)  # type: ignore[arg-type]
    ended = crawl()
    remedy = f"it has moved to {site.elsewhere}: use site={site.elsewhere}"
    assert (ended.status, site.elsewhere_requests) == (69, [])
    assert remedy in ended.log
    assert "Traceback" not in ended.log
    row = last_crawl(embedded_database)
    assert row.outcome == "failed"
    assert remedy in row.reason
    if way is move:
        assert row.reason.startswith("robots.txt gives no answer: it has moved to ")
        assert ended.requests == ["/robots.txt"]


def test_a_feed_that_leads_elsewhere_is_no_move(site: StandIn, crawl: Crawl) -> None:
    site.misbehave("/feeds/", burn, times=None)
    ended = crawl()
    assert (ended.status, site.elsewhere_requests) == (0, [])
    assert "the site sends us elsewhere" in ended.log
    assert "moved" not in ended.log
