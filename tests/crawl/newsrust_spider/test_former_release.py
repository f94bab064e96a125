"""A database of the former release is gone on with: by migration, with its windows."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import Engine, text

from demo.site import StandIn
from newsrust_spider.coverage.windows import Window
from newsrust_spider.storage.known import find_known
from newsrust_spider.storage.migrate import alembic_config, migrate
from tests.crawl.newsrust_spider.spiders.test_crawl import read
from tests.crawl.newsrust_spider.spiders.test_routes import check_against_truth
from tests.process.conftest import Crawl

FORMER = "0006"
FORGET = """
    DELETE FROM rejected_posts WHERE post_id = ANY(:lost);
    DELETE FROM posts WHERE post_id = ANY(:lost);
    DELETE FROM article_versions WHERE article_id NOT IN (SELECT article_id FROM posts
                                                          WHERE article_id IS NOT NULL);
    DELETE FROM story_keys WHERE article_id NOT IN (SELECT article_id FROM posts
                                                    WHERE article_id IS NOT NULL);
    DELETE FROM articles WHERE id NOT IN (SELECT article_id FROM posts
                                          WHERE article_id IS NOT NULL);
"""
COVER = """
    UPDATE crawls SET reached = :reached, covers_until = :until, site_posts = 60, held_posts = 60
    WHERE id = :id
"""


def become_former(database: Engine, lost: list[str], windows: list[Window]) -> None:
    """Let the database be one of the former release: with these windows, without these posts."""
    with database.begin() as connection:
        connection.execute(text(FORGET), {"lost": lost})
        ids = connection.scalars(text("SELECT id FROM crawls ORDER BY id")).all()
        for crawl, window in zip(ids, windows, strict=True):
            values = {"id": crawl, "reached": window.reached, "until": window.until}
            connection.execute(text(COVER), values)
        command.downgrade(alembic_config(connection), FORMER)
    migrate(database)


@pytest.mark.parametrize("heeds", [True, False], ids=["totals heed bounds", "totals do not"])
def test_a_database_with_a_hole_in_its_windows_goes_on_without_loss(
    site: StandIn,
    crawl: Crawl,
    embedded_database: Engine,
    heeds: bool,  # noqa: FBT001 - drawn
) -> None:
    site.shape.totals_heed_bounds = heeds
    assert [crawl().status for _ in range(2)] == [0, 0]
    posts = site.blog.posts("updated")
    # The former release covered a window up to the moment at which it asked.
    asked = datetime.now(UTC)
    hole = Window(posts[40].updated, posts[20].updated)
    windows = [
        Window(posts[-1].updated - timedelta(days=1), hole.reached),
        Window(hole.until, asked),
    ]
    lost = [post.post_id for post in posts[20:40] if hole.reached < post.updated <= hole.until]
    become_former(embedded_database, lost, windows)
    with embedded_database.connect() as connection:
        known = find_known(connection, site.url.partition("://")[2])
    assert known.windows == (windows[0], Window(hole.until, asked - timedelta(minutes=5)))
    assert known.memory is not None
    assert known.memory.difference == 0
    site.blog.publish()
    ended = crawl()
    assert ended.status == 0, ended.log
    check_against_truth(site, embedded_database)
    assert len(read(embedded_database, "SELECT * FROM coverage")) == 1
    assert len(crawl().requests) == 2
