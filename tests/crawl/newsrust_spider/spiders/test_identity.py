"""Which blog answers: Blogger's number of it is its identity, and the name of its site is not."""

import pytest
from sqlalchemy import Engine

from demo.blog import Blog
from demo.site import StandIn
from tests.crawl.newsrust_spider.spiders.test_crawl import last_crawl, read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.process.conftest import Crawl, Scrapy


def test_the_blog_of_a_site_is_known_after_its_first_crawl(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    assert crawl().status == 0
    (blog,) = read(embedded_database, "SELECT blog_id, site, hosts FROM blogs")
    name = site.url.removeprefix("http://")
    assert (blog.blog_id, blog.site, blog.hosts) == (site.blog.blog_id, name, [name])


def test_another_blog_at_a_known_site_is_told_and_nothing_of_it_is_stored(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    assert crawl().status == 0
    before = read(embedded_database, "SELECT post_id, updated_at FROM posts ORDER BY 1")
    known, site.blog = site.blog, Blog(60, seed=2)
    ended = crawl()
    assert ended.status == 69
    reason = last_crawl(embedded_database).reason
    assert f"is blog {known.blog_id} in this database" in reason
    assert f"answers as blog {site.blog.blog_id}" in reason
    assert read(embedded_database, "SELECT post_id, updated_at FROM posts ORDER BY 1") == before
    site.blog = known
    assert crawl().status == 0


def test_a_blog_that_is_crawled_by_another_name_is_taken_over_and_not_taken_again(
    site: StandIn, crawl: Crawl, scrapy: Scrapy, embedded_database: Engine
) -> None:
    assert crawl().status == 0
    before = read(embedded_database, "SELECT id FROM articles ORDER BY 1")
    with StandIn(blog=site.blog) as moved:
        ended = scrapy("crawl", "newsrust", "-a", f"site={moved.url}")
        assert ended.returncode == 0, ended.stderr
        assert len(moved.requests) <= 2
        name = moved.url.removeprefix("http://")
        names = (
            "SELECT site FROM posts UNION SELECT site FROM crawls"
            " UNION SELECT site FROM sites UNION SELECT site FROM blogs"
        )
        assert [row.site for row in read(embedded_database, names)] == [name]
        addresses = read(embedded_database, "SELECT permalink FROM posts")
        assert all(row.permalink.startswith(moved.url) for row in addresses)
        assert read(embedded_database, "SELECT id FROM articles ORDER BY 1") == before
        moved.blog.publish()
        ended = scrapy("crawl", "newsrust", "-a", f"site={moved.url}")
        assert ended.returncode == 0, ended.stderr
        check_against_truth(moved, embedded_database)


@pytest.mark.parametrize("feed", ["off", "short"])
def test_a_blog_that_has_moved_is_known_by_its_pages_too(
    site: StandIn, crawl: Crawl, scrapy: Scrapy, embedded_database: Engine, feed: str
) -> None:
    assert crawl().status == 0
    with StandIn(blog=site.blog) as moved:
        assert scrapy("crawl", "newsrust", "-a", f"site={moved.url}").returncode == 0
        moved.shape.feed = feed  # type: ignore[assignment]
        asked = len(moved.requests)
        ended = scrapy("crawl", "newsrust", "-a", f"site={moved.url}")
        assert ended.returncode == 0, ended.stderr
        assert not [target for target in moved.requests[asked:] if target.endswith(".html")]
    assert len(read(embedded_database, "SELECT 1 FROM posts")) == 60
