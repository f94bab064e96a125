"""Two names of one blog become one, whatever was held under each, by the rights of a crawl."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Row, text

from newsrust_spider.coverage.windows import Window, merge_windows
from newsrust_spider.errands.known import Memory, Search
from newsrust_spider.items import Article
from newsrust_spider.owed import Owed
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.articles import file_duplicates, store_articles
from newsrust_spider.storage.blogs import identify
from newsrust_spider.storage.crawls import Tally, open_crawl, record_progress
from newsrust_spider.storage.held import find_held
from newsrust_spider.storage.known import find_known, note_owed, remember
from newsrust_spider.storage.label_counts import store_label_counts
from newsrust_spider.storage.listing import mark_gone
from newsrust_spider.storage.rejected import Rejection, reject_post
from pipelines.duplicates import is_duplicate
from tests.forms import often
from tests.pure.newsrust_spider.texts import make_text
from tests.storage.newsrust_spider.storage.conftest import NOON, make_article

OLD, NEW = "old.example", "new.example:8080"
HOME = "http://new.example:8080"
HOMES = {OLD: "https://old.example", NEW: HOME}
HOUR = timedelta(hours=1)
POSTS = range(1, 9)
ODD = """
    SELECT id, 'untold' FROM articles
    WHERE id NOT IN (SELECT article_id FROM posts WHERE article_id IS NOT NULL)
    UNION ALL
    SELECT id, 'mislabelled' FROM articles
    WHERE labels <> ARRAY(SELECT DISTINCT label FROM posts, unnest(posts.labels) AS label
                          WHERE article_id = articles.id ORDER BY label)
       OR published_at IS DISTINCT FROM (SELECT min(published_at) FROM posts
                                         WHERE article_id = articles.id)
"""
NAMELESS = "/2022/06/nameless.html"


def read(connection: Connection, query: str, **values: Any) -> Sequence[Row[Any]]:
    return connection.execute(text(query), values).all()


def at(site: str, article: Article, **changes: Any) -> Article:
    """Let the post of ``article`` be one of ``site``."""
    path = f"/2022/06/{article.post.post_id}.html"
    post = replace(article.post, site=site, permalink=HOMES[site] + path, **changes)
    return replace(article, post=post)


def draw_article(dice: Random, site: str, number: int) -> Article:
    """Draw a state of a post: its source, its words, its labels, when it changed."""
    source = dice.choice([None, None, "https://p.example/shared", f"https://p.example/{number}"])
    article = make_article(
        number,
        source,
        body=make_text(number if dice.random() < 0.6 else dice.randint(1, 3)),
        headline=f"Headline {dice.randint(1, 2)}",
        labels=tuple(dice.sample(["World", "Sea", "Sky"], 2)),
        updated=NOON + HOUR * dice.randint(0, 5),
    )
    if number != POSTS[-1]:
        return at(site, article)
    # A post without a number is known by its address.
    return at(site, article, post_id=HOMES[site] + NAMELESS)


def draw_window(dice: Random) -> Window:
    start = NOON + HOUR * dice.randint(0, 20)
    return Window(start, start + HOUR * dice.randint(1, 4))


def store(connection: Connection, crawl: int, article: Article) -> None:
    """Store an article as the stages do: a duplicate is filed under the one that is held."""
    (held,) = find_held(connection, [article])
    if is_duplicate(held):
        file_duplicates(connection, crawl, [(article, held.retold_id or 0)])
    else:
        store_articles(connection, crawl, [article])


def fill(connection: Connection, dice: Random, site: str) -> None:
    """Let a crawl or two of ``site`` have left all kinds of rows."""
    for _ in range(dice.randint(1, 2)):
        crawl = open_crawl(connection, site, "test")
        record_progress(connection, crawl, Tally({}), draw_window(dice))
        record_progress(connection, crawl, Tally({}), draw_window(dice))
        for number in POSTS:
            if dice.random() < 0.6:
                store(connection, crawl, draw_article(dice, site, number))
        for number in POSTS[:-1]:
            permalink = f"{HOMES[site]}/2022/06/{number}.html"
            moment = NOON + HOUR * dice.randint(0, 5)
            if dice.random() < 0.2:
                payload = b"x" if dice.random() < 0.5 else site.encode()
                rejection = Rejection(
                    site, str(number), permalink, Reason.NO_BODY, "", payload, moment
                )
                reject_post(connection, crawl, rejection)
            if dice.random() < 0.2:
                note_owed(connection, site, [Owed(str(number), permalink, moment, "", NOON)], ())
            if dice.random() < 0.2:
                mark_gone(connection, site, [str(number)])
    if dice.random() < 0.7:
        remember(connection, site, Memory((("1", NOON),), dice.randint(-3, 3), None))
    # In one transaction all moments are the same.
    store_label_counts(connection, site, {f"World {site}": (dice.randint(0, 9), 1)})


def dump(connection: Connection) -> dict[str, list[str]]:
    """Give all rows of all tables."""
    tables = read(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = {}
    for (table,) in tables:
        query = f"SELECT t::text FROM {table} AS t"  # noqa: S608 - names of the catalogue
        rows[table] = sorted(row[0] for row in connection.exec_driver_sql(query))
    return rows


def move(connection: Connection, home: str = HOME, site: str = NEW) -> frozenset[str]:
    """Let the blog be crawled as ``site``, by a member of the writers alone."""
    connection.execute(text("SET LOCAL ROLE newsrust_writer"))
    hosts = identify(connection, site, home, "40").hosts
    connection.execute(text("RESET ROLE"))
    return hosts


def states(connection: Connection) -> dict[str, list[Row[Any]]]:
    """Give the rows of each post, by its number or else its path."""
    rows: dict[str, list[Row[Any]]] = {}
    for row in read(connection, "SELECT * FROM posts ORDER BY id"):
        rows.setdefault(row.post_id.replace(HOMES[OLD], HOME), []).append(row)
    return rows


def choose(rows: list[Row[Any]]) -> tuple[datetime | None, bool]:
    """Give the moment of the state that is to stay, and whether the post is living."""
    good = [row for row in rows if row.outcome != "rejected"] or rows
    living = [row for row in good if row.gone_at is None] or good
    return (
        max((row.updated_at for row in living if row.updated_at), default=None),
        any(row.gone_at is None for row in rows),
    )


@pytest.mark.parametrize("seed", often(short=25, long=1000))
def test_two_names_of_a_blog_become_one(connection: Connection, seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - no secret is drawn
    for site in dice.sample([OLD, NEW], 2):
        fill(connection, dice, site)
    move(connection, HOMES[OLD], OLD)
    expected = {name: choose(rows) for name, rows in states(connection).items()}
    odd = read(connection, ODD)
    spans = [
        Window(row.covered_from, row.covered_until)
        for row in read(connection, "SELECT * FROM coverage")
    ]
    counts = "SELECT count(*), sum(posts_seen) FROM crawls"
    crawls = read(connection, counts)

    assert move(connection) == {OLD, NEW}

    found = states(connection)
    assert all(len(rows) == 1 for rows in found.values())
    assert {name: choose(rows) for name, rows in found.items()} == expected
    assert read(connection, counts) == crawls
    assert list(find_known(connection, NEW).windows) == list(merge_windows(spans))
    check_old_name_is_gone(connection)
    # An article that its post has left for another is there as before, but no new one.
    assert set(read(connection, ODD)) <= set(odd)
    check_articles(connection)
    before = dump(connection)
    assert move(connection) == {OLD, NEW}
    assert dump(connection) == before


def check_old_name_is_gone(connection: Connection) -> None:
    columns = """
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name IN ('site', 'permalink', 'post_id')
    """
    for row in read(connection, columns):
        query = f"SELECT 1 FROM {row.table_name} WHERE {row.column_name} ~ 'old.example'"  # noqa: S608
        assert connection.exec_driver_sql(query).all() == [], row


def check_articles(connection: Connection) -> None:
    """Every post has its article, and every article its story."""
    astray = """
        SELECT article_id FROM story_keys WHERE article_id NOT IN (SELECT id FROM articles)
        UNION ALL
        SELECT id FROM posts WHERE (article_id IS NULL) <> (outcome = 'rejected')
    """
    assert read(connection, astray) == []
    # Nothing is split here: a story is what links join, and is called by its first article.
    misplaced = """
        SELECT 1 FROM story_links JOIN articles AS one ON one.id = article_id
        JOIN articles AS two ON two.id = other_id WHERE one.story_id <> two.story_id
        UNION ALL
        SELECT 1 FROM articles GROUP BY story_id HAVING min(id) <> story_id
        UNION ALL
        SELECT 1 FROM articles WHERE story_id <> id AND NOT EXISTS (
            SELECT FROM story_links WHERE id IN (article_id, other_id))
    """
    assert read(connection, misplaced) == []


def test_what_only_the_former_name_had_is_kept_as_it_is(connection: Connection, crawl: int) -> None:
    connection.execute(text("UPDATE crawls SET site = :site"), {"site": OLD})
    store_articles(connection, crawl, [at(OLD, make_article(n)) for n in (1, 2, 3)])
    memory = Memory((("1", NOON), ("2", None)), -2, Search(NOON, 3))
    remember(connection, OLD, memory)
    move(connection, HOMES[OLD], OLD)
    held = read(connection, "SELECT id, post_id, article_id, content_hash FROM posts ORDER BY id")
    move(connection)
    known = find_known(connection, NEW)
    assert (known.memory, known.held, known.owed) == (memory, 3, ())
    query = "SELECT id, post_id, article_id, content_hash FROM posts ORDER BY id"
    assert read(connection, query) == held
    assert find_known(connection, OLD).held == 0


def test_of_two_memories_neither_explains_a_missing_post(connection: Connection) -> None:
    for site, difference in ((OLD, 4), (NEW, -1)):
        remember(connection, site, Memory((("1", NOON),), difference))
    move(connection, HOMES[OLD], OLD)
    move(connection)
    memory = find_known(connection, NEW).memory
    assert memory is not None
    assert (memory.newest, memory.difference) == ((), -1)
    assert memory.search is not None
    assert memory.search.is_for_posts
    assert memory.search.below is None


def test_an_article_that_the_lesser_state_told_is_read_again(
    connection: Connection, crawl: int
) -> None:
    old = at(OLD, make_article(1, body="Old words."))
    new = at(NEW, make_article(1, body="New words.", updated=NOON + HOUR))
    store_articles(connection, crawl, [old])
    assert store_articles(connection, crawl, [new])[0].outcome == "duplicate"
    move(connection, HOMES[OLD], OLD)
    move(connection)
    (debt,) = find_known(connection, NEW).owed
    assert (debt.post_id, debt.permalink, debt.updated) == ("1", new.post.permalink, NOON + HOUR)
    # It comes, and tells its article in its own words.
    (filed,) = store_articles(connection, crawl, [new])
    assert filed.outcome == "changed"
    note_owed(connection, NEW, (), ["1"])
    assert read(connection, "SELECT body FROM articles") == [("New words.",)]
    assert read(connection, "SELECT body FROM article_versions") == [("Old words.",)]


def test_a_former_text_of_a_post_becomes_a_version_of_its_article(
    connection: Connection, crawl: int
) -> None:
    for site, body, updated in ((OLD, "Old words.", NOON), (NEW, "New words.", NOON + HOUR)):
        store_articles(
            connection, crawl, [at(site, make_article(1, None, body=body, updated=updated))]
        )
    move(connection, HOMES[OLD], OLD)
    move(connection)
    assert read(connection, "SELECT body FROM articles") == [("New words.",)]
    assert read(connection, "SELECT body FROM article_versions") == [("Old words.",)]


def test_what_an_operator_split_stays_apart(connection: Connection, crawl: int) -> None:
    copy = at(OLD, make_article(2, None, body=make_text(1)))
    batch = [at(OLD, make_article(1, None, body=make_text(1))), copy]
    first, second = (filed.article_id for filed in store_articles(connection, crawl, batch))
    split = "INSERT INTO story_splits VALUES (:one, :two, 'another flood', now())"
    connection.execute(text(split), {"one": second, "two": first})
    connection.execute(text("UPDATE articles SET story_id = id"))
    newer = at(NEW, make_article(1, None, body=make_text(1), updated=NOON + HOUR))
    store_articles(connection, crawl, [newer])
    move(connection, HOMES[OLD], OLD)
    move(connection)
    rows = read(connection, "SELECT id, story_id FROM articles")
    assert len(rows) == 2
    assert all(row.id == row.story_id for row in rows)
    assert len(read(connection, "SELECT 1 FROM story_splits")) == 1


def test_a_site_that_has_come_to_https_keeps_its_posts(connection: Connection, crawl: int) -> None:
    store_articles(connection, crawl, [at(NEW, make_article(1))])
    remember(connection, NEW, Memory((("1", NOON),), 2))
    connection.execute(text("UPDATE crawls SET site = :site"), {"site": NEW})
    move(connection)
    assert move(connection, HOME.replace("http:", "https:")) == {NEW}
    permalinks = read(connection, "SELECT permalink FROM posts")
    assert permalinks == [("https://new.example:8080/2022/06/1.html",)]
    assert find_known(connection, NEW).memory == Memory((("1", NOON),), 2)
