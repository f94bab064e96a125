"""A sitemap that does not say when its posts changed."""

import re
from dataclasses import replace

from sqlalchemy import Engine

from demo.faults import Reply
from demo.site import StandIn
from tests.crawl.newsrust_spider.spiders.test_crawl import read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.process.conftest import Crawl


def leave_moments_out(reply: Reply) -> None:
    """Answer with the sitemap, but without a lastmod."""
    body = re.sub(rb"<lastmod>[^<]*</lastmod>", b"", reply.answer.body)
    reply.send(replace(reply.answer, body=body))


def test_its_posts_count_as_unchanged_since_they_were_published_and_the_feed_corrects_that(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.feed = "off"
    site.misbehave("/sitemap.xml", leave_moments_out, times=None)
    assert crawl().status == 0
    rows = read(embedded_database, "SELECT updated_at, published_at FROM posts")
    assert all(row.updated_at == row.published_at for row in rows if row.published_at)
    edited = next(post for post in site.blog.posts()[5:] if post.paragraphs)
    site.blog.edit(edited.post_id, paragraphs=["All of it was wrong.", "We are sorry for that."])
    site.shape.feed = "full"
    assert crawl().status == 0
    check_against_truth(site, embedded_database)
