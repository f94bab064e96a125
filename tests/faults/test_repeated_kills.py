"""``kill -9`` at any step loses nothing that the next crawl does not collect."""

from sqlalchemy import Engine

from demo.shape import Shape
from demo.site import StandIn
from tests.crawl.newsrust_spider.spiders.test_crawl import read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.process.conftest import Crawl, Start, wait_for

STEPS = range(1, 11)


def test_a_crawl_that_is_killed_again_and_again_ends_like_an_undisturbed_one(
    site: StandIn, start: Start, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.budget = 15_000
    killed = 0
    for step in STEPS:
        asked = len(site.requests)
        process = start()
        enough = asked + min(step, 6)
        wait_for(lambda enough=enough: len(site.requests) >= enough)  # type: ignore[misc]
        process.kill()
        process.communicate()
        killed += process.returncode == -9
        site.blog.publish()
    assert killed == len(STEPS)
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)
    rows = read(embedded_database, "SELECT * FROM crawls ORDER BY id")
    assert [row.outcome for row in rows[-2:]] == ["incomplete", "complete"]
    for row in rows:
        counts = ("new", "changed", "unchanged", "duplicate", "rejected")
        assert row.posts_seen == sum(getattr(row, f"posts_{name}") for name in counts)
    # So soon after the news the newest page has to show all of it.
    site.shape.budget = Shape().budget
    assert len(crawl().requests) == 2
