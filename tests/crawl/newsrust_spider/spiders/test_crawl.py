from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, Row, text

from demo.blog import Blog
from demo.faults import Fault
from demo.site import StandIn
from tests.process.conftest import Crawl


def read(database: Engine, query: str, **values: object) -> Sequence[Row[Any]]:
    with database.connect() as connection:
        return connection.execute(text(query), values).all()


def last_crawl(database: Engine) -> Row[Any]:
    return read(database, "SELECT * FROM crawls ORDER BY id DESC LIMIT 1")[0]


def bodies(database: Engine) -> dict[str, str]:
    rows = read(
        database,
        "SELECT post_id, body FROM posts JOIN articles ON articles.id = article_id"
        " WHERE posts.outcome <> 'duplicate'",
    )
    return {row.post_id: row.body for row in rows}


def stories_with_text(blog: Blog) -> int:
    return blog.story_count() - len({post.story for post in blog.posts() if not post.paragraphs})


def test_a_first_crawl_stores_each_story_once_and_accounts_for_every_post(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    ended = crawl()
    assert ended.status == 0, ended.log
    row = last_crawl(embedded_database)
    assert (row.outcome, row.site_posts, row.held_posts, row.posts_seen) == (
        "complete",
        60,
        60,
        60,
    )
    counts = (row.posts_new, row.posts_duplicate, row.posts_rejected)
    assert sum(counts) == 60
    assert row.requests == len(ended.requests)
    truth = {post.post_id: "\n\n".join(post.paragraphs) for post in site.blog.posts()}
    stored = bodies(embedded_database)
    assert len(stored) == row.posts_new
    assert stored == {post_id: truth[post_id] for post_id in stored}


def test_a_second_crawl_stores_nothing_and_makes_two_requests(
    crawl: Crawl, embedded_database: Engine
) -> None:
    crawl()
    before = read(embedded_database, "SELECT * FROM articles ORDER BY id")
    ended = crawl()
    assert (ended.status, len(ended.requests)) == (0, 2)
    assert last_crawl(embedded_database).posts_seen == 0
    assert read(embedded_database, "SELECT * FROM articles ORDER BY id") == before
    assert len(read(embedded_database, "SELECT * FROM coverage")) == 1


def test_new_edited_relabelled_and_duplicate_posts_are_each_handled(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    crawl()
    edited, relabelled, retold = [p for p in site.blog.posts() if p.paragraphs and p.labels][:3]
    new = site.blog.publish(title="A storm closes the old harbour")
    site.blog.edit(edited.post_id, paragraphs=["It never rained.", "Nobody minded that at all."])
    site.blog.relabel(relabelled.post_id, ["World", "Weather"])
    twin = site.blog.publish_duplicate_of(retold)
    ended = crawl()
    assert ended.status == 0, ended.log
    row = last_crawl(embedded_database)
    assert (row.posts_new, row.posts_changed, row.posts_duplicate) == (1, 2, 1)
    articles = {
        post.post_id: post
        for post in read(
            embedded_database,
            "SELECT post_id, articles.* FROM posts JOIN articles ON articles.id = article_id",
        )
    }
    assert articles[new.post_id].headline == "A storm closes the old harbour"
    assert articles[edited.post_id].body == "It never rained.\n\nNobody minded that at all."
    assert articles[relabelled.post_id].labels == ["Weather", "World"]
    assert articles[twin.post_id].id == articles[retold.post_id].id
    assert set(articles[retold.post_id].labels) == {*retold.labels, *twin.labels}
    versions = read(embedded_database, "SELECT article_id FROM article_versions")
    assert [v.article_id for v in versions] == [articles[edited.post_id].id]


def test_an_edit_that_changes_nothing_is_counted_as_unchanged(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    crawl()
    post = next(p for p in site.blog.posts() if p.paragraphs)
    site.blog.edit(post.post_id)
    crawl()
    row = last_crawl(embedded_database)
    assert (row.posts_changed, row.posts_new) == (0, 0)
    assert row.posts_unchanged >= 1
    assert len(crawl().requests) == 2


def test_a_post_that_surfaces_in_a_covered_window_is_found_by_the_total(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    crawl()
    old = site.blog.posts()[30]
    surfaced = site.blog.surface(
        updated=old.updated + timedelta(minutes=1), published=old.published + timedelta(minutes=1)
    )
    ended = crawl()
    assert ended.status == 0, ended.log
    assert surfaced.post_id in bodies(embedded_database)
    assert len(crawl().requests) == 2


def test_a_post_that_is_gone_from_the_site_stays_with_us(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    crawl()
    gone = next(p for p in site.blog.posts()[10:] if p.paragraphs)
    site.blog.delete(gone.post_id)
    assert crawl().status == 0
    assert gone.post_id in bodies(embedded_database)
    site.blog.surface(updated=gone.updated, published=gone.published)
    assert crawl().status == 0
    assert last_crawl(embedded_database).posts_new == 1


def test_a_failed_page_makes_the_crawl_incomplete_and_the_next_one_heals_it(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.budget = 40_000
    site.misbehave("/feeds/posts/default", Fault.SERVER_ERROR, times=None, skip=2)
    ended = crawl()
    assert ended.status == 1
    assert "the site answers 500" in ended.log
    row = last_crawl(embedded_database)
    assert (row.outcome, 0 < row.posts_seen < 60) == ("incomplete", True)
    first = set(bodies(embedded_database))
    site.behave()
    healed = crawl()
    assert healed.status == 0, healed.log
    assert first < set(bodies(embedded_database))
    assert last_crawl(embedded_database).held_posts == 60
    # It goes on where the first one broke off, and takes again only what overlaps.
    assert last_crawl(embedded_database).posts_unchanged < row.posts_seen
    assert len(read(embedded_database, "SELECT * FROM coverage")) == 1


def test_a_cut_feed_is_asked_for_again(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.misbehave("/feeds/posts/default", Fault.CUT_BODY)
    ended = crawl()
    assert ended.status == 0, ended.log
    assert last_crawl(embedded_database).held_posts == 60


def test_the_limit_ends_a_crawl_as_incomplete_and_the_next_one_goes_on(
    crawl: Crawl, embedded_database: Engine
) -> None:
    for held in (10, 20, 30):
        ended = crawl("-a", "limit=10")
        assert ended.status == 1
        assert "the limit of 10 posts was reached" in ended.log
        assert last_crawl(embedded_database).held_posts == held
    assert crawl().status == 0
    assert last_crawl(embedded_database).held_posts == 60


def test_since_asks_for_no_more_than_what_is_wanted(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    since = site.blog.posts()[20].updated
    assert crawl("-a", f"since={since.isoformat()}").status == 0
    wanted = {p.post_id for p in site.blog.posts() if p.updated > since}
    held = {row.post_id for row in read(embedded_database, "SELECT post_id FROM posts")}
    assert held >= wanted
    assert crawl().status == 0
    assert last_crawl(embedded_database).held_posts == 60


def test_a_site_that_ignores_bounds_costs_time_not_truth(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.ignore_bounds = True
    site.shape.budget = 60_000
    ended = crawl()
    assert ended.status == 0, ended.log
    assert last_crawl(embedded_database).held_posts == 60


def test_a_site_that_ignores_the_order_is_walked_to_the_end_and_says_so(
    site: StandIn, crawl: Crawl, embedded_database: Engine
) -> None:
    site.shape.ignore_order = True
    for post in site.blog.posts()[20:40:5]:
        site.blog.relabel(post.post_id, ["World"])
    ended = crawl()
    assert ended.status == 0, ended.log
    assert "walked by 'published' instead" in ended.log
    assert last_crawl(embedded_database).held_posts == 60
