"""The process as a user of the database with as few rights as a crawl needs."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from demo.site import StandIn
from tests.crawl.newsrust_spider.spiders.test_crawl import last_crawl, read
from tests.process.conftest import Crawl, Scrapy


@pytest.fixture
def login(
    request: pytest.FixtureRequest, embedded_database: Engine, environment: dict[str, str]
) -> Iterator[str]:
    """Let the processes use the database as a member of one role, and of no other."""
    role: str = request.param
    name = f"{role}_{os.getpid()}"
    with embedded_database.begin() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN IN ROLE {role}"))
    url = embedded_database.url.set(username=name)
    environment["DATABASE_URL"] = url.render_as_string(hide_password=False)
    yield name
    with embedded_database.begin() as connection:
        connection.execute(text(f"DROP ROLE {name}"))


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("login", ["newsrust_writer"], indirect=True)
def test_a_member_of_the_writers_alone_crawls_audits_and_heals(
    site: StandIn, crawl: Crawl, scrapy: Scrapy, embedded_database: Engine
) -> None:
    site.shape.budget = 40_000
    first = crawl()
    assert first.status == 0, first.log
    edited, relabelled, lost = [p for p in site.blog.posts() if p.paragraphs and p.labels][:3]
    site.blog.edit(edited.post_id, paragraphs=["It never rained.", "Nobody minded that at all."])
    site.blog.relabel(relabelled.post_id, ["World", "Weather"])
    site.blog.publish()
    second = crawl()
    assert second.status == 0, second.log
    row = last_crawl(embedded_database)
    assert (row.posts_new, row.posts_changed) == (1, 2)
    with embedded_database.begin() as connection:
        connection.execute(text("DELETE FROM posts WHERE post_id = :id"), {"id": lost.post_id})
    healed = scrapy("audit", "newsrust", "-a", f"site={site.url}", "--heal")
    assert healed.returncode == 0, healed.stderr
    assert read(embedded_database, "SELECT 1 FROM posts WHERE post_id = :id", id=lost.post_id)
    assert scrapy("status").returncode == 0


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("login", ["newsrust_reader"], indirect=True)
def test_a_reader_sees_the_status_and_cannot_crawl(crawl: Crawl, scrapy: Scrapy) -> None:
    shown = scrapy("status")
    assert shown.returncode == 0, shown.stderr
    refused = crawl()
    assert (refused.status, refused.requests) == (69, [])
    assert "permission denied" in refused.log
    assert "Traceback" not in refused.log
