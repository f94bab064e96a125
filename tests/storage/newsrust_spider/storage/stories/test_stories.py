"""Copies find their story in the transaction that stores them; an operator has the last word."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import Any

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Row, text

from newsrust_spider.copies.sketch import sketch
from newsrust_spider.copies.words import read_text
from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import connect_engine
from newsrust_spider.items import Outcome
from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.crawls import open_crawl
from newsrust_spider.storage.migrate import alembic_config, migrate
from newsrust_spider.storage.stories.membership import BACKLOG_SHARE, MOST_CANDIDATES, MOST_POSTINGS
from newsrust_spider.storage.stories.report import (
    NothingToSplitError,
    read_reasons,
    split_article,
)
from tests.pure.newsrust_spider.texts import cut, edit, make_text
from tests.storage.newsrust_spider.storage.conftest import NOON, make_article

STORY, OTHER = make_text(1), make_text(2)
NOTICE = make_text(99, 60)
# Too little of either half is in the other, but both are in the whole.
TOP, TAIL = cut(STORY, 0.6), " ".join(STORY.split()[120:])


def store(connection: Connection, crawl: int, bodies: Sequence[str], first: int = 1) -> list[int]:
    """Store each body as an article of its own publisher, and give their ids."""
    batch = [
        make_article(number, f"https://p{number}.example/x", body=body)
        for number, body in enumerate(bodies, first)
    ]
    return [filed.article_id for filed in store_articles(connection, crawl, batch)]


def read(connection: Connection, query: str) -> Sequence[Row[Any]]:
    return connection.execute(text(query)).all()


def groups(connection: Connection) -> set[frozenset[str]]:
    """Give the stories as sets of bodies: whatever ids the articles have."""
    rows = read(connection, "SELECT array_agg(body) AS bodies FROM articles GROUP BY story_id")
    return {frozenset(row.bodies) for row in rows}


def stories(connection: Connection, ids: Iterable[int]) -> list[int]:
    found = {row.id: row.story_id for row in read(connection, "SELECT id, story_id FROM articles")}
    return [found[id_] for id_ in ids]


def test_an_article_without_copies_is_its_own_story(connection: Connection, crawl: int) -> None:
    ids = store(connection, crawl, [STORY, OTHER, "Brief.", ""])
    assert stories(connection, ids) == ids
    assert read(connection, "SELECT 1 FROM story_links") == []


def test_an_article_that_another_program_inserts_has_a_story_too(connection: Connection) -> None:
    insert = (
        "INSERT INTO articles (headline, body, collected_at, content_changed_at, content_hash)"
        " VALUES ('h', 'b', now(), now(), '') RETURNING id, story_id"
    )
    (row,) = read(connection, insert)
    assert row.id == row.story_id


@pytest.mark.parametrize(
    "copy",
    [STORY, cut(STORY, 0.3), edit(STORY, 12), f"PARIS (Agency) - {STORY} {NOTICE}"],
    ids=["equal", "cut", "edited", "with a notice"],
)
def test_a_copy_joins_whether_it_comes_with_the_first_or_later(
    connection: Connection, crawl: int, copy: str
) -> None:
    first, unrelated, together = store(connection, crawl, [STORY, OTHER, copy])
    (later,) = store(connection, crawl, [copy + " End."], first=4)
    assert stories(connection, [first, together, later, unrelated]) == [first] * 3 + [unrelated]


def test_a_text_that_takes_some_of_another_stays_alone(connection: Connection, crawl: int) -> None:
    reuse = cut(OTHER, 0.6) + " " + cut(STORY, 0.4)
    ids = store(connection, crawl, [STORY, reuse])
    assert stories(connection, ids) == ids


def test_a_text_that_has_two_others_makes_them_one_story(
    connection: Connection, crawl: int
) -> None:
    ids = store(connection, crawl, [TOP, TAIL])
    assert stories(connection, ids) == ids
    (whole,) = store(connection, crawl, [STORY], first=3)
    assert stories(connection, [*ids, whole]) == [ids[0]] * 3


def test_a_digest_does_not_make_one_story_of_many(connection: Connection, crawl: int) -> None:
    others = [make_text(seed) for seed in range(3, 7)]
    ids = store(connection, crawl, [OTHER, STORY, *others])
    store(connection, crawl, [" ".join([STORY, OTHER, *others])], first=50)
    assert stories(connection, ids) == ids


def test_an_edit_neither_joins_nor_parts(connection: Connection, crawl: int) -> None:
    ids = store(connection, crawl, [STORY, STORY, OTHER])
    edited = make_article(2, "https://p2.example/x", body=OTHER)
    (filed,) = store_articles(connection, crawl, [edited])
    assert filed.outcome is Outcome.CHANGED
    assert stories(connection, ids) == [ids[0], ids[0], ids[2]]


MIX = [STORY, cut(STORY, 0.4), edit(STORY, 15), OTHER, edit(cut(OTHER, 0.7), 20), make_text(3)]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(MIX), cuts=st.sets(st.integers(1, len(MIX) - 1)))
def test_stories_do_not_depend_on_order_and_batches(
    embedded_database: Engine, order: list[str], cuts: set[int]
) -> None:
    with embedded_database.connect() as connection:
        crawl = open_crawl(connection, "a.example", "test")
        ends = [*sorted(cuts), len(order)]
        for start, end in zip([0, *ends], ends, strict=False):
            store(connection, crawl, order[start:end], first=start + 1)
        found = groups(connection)
        connection.rollback()
    assert found == {frozenset(MIX[:3]), frozenset(MIX[3:5]), frozenset(MIX[5:])}


def test_a_split_article_stays_out_whoever_comes(connection: Connection, crawl: int) -> None:
    ids = store(connection, crawl, [STORY, cut(STORY, 0.7), edit(STORY, 15)])
    assert split_article(connection, ids[1], "other event") == [ids[0], ids[2]]
    assert stories(connection, ids) == [ids[0], ids[1], ids[0]]
    later = store(connection, crawl, [cut(STORY, 0.69), STORY + " End.", cut(STORY, 0.8)], first=4)
    assert stories(connection, ids) == [ids[0], ids[1], ids[0]]
    # The first of them is most like the one that was taken out, the second like the others.
    assert stories(connection, later)[:2] == [ids[1], ids[0]]


def test_when_the_first_is_split_off_the_rest_get_the_next(
    connection: Connection, crawl: int
) -> None:
    ids = store(connection, crawl, [STORY] * 3)
    split_article(connection, ids[0], "")
    assert stories(connection, ids) == [ids[0], ids[1], ids[1]]


def test_what_hung_together_through_a_split_article_falls_apart(
    connection: Connection, crawl: int
) -> None:
    ids = store(connection, crawl, [TOP, TAIL, STORY])
    assert stories(connection, ids) == [ids[0]] * 3
    split_article(connection, ids[2], "an early version")
    assert stories(connection, ids) == ids


def test_a_bridge_never_brings_a_split_together(connection: Connection, crawl: int) -> None:
    for order in permutations([TOP, TAIL, STORY]):
        with connection.begin_nested() as attempt:
            ids = store(connection, crawl, order)
            sides = [ids[order.index(TOP)], ids[order.index(TAIL)]]
            split_article(connection, sides[0], "")
            store(connection, crawl, [STORY + " End.", edit(STORY, 20)], first=4)
            one, two = stories(connection, sides)
            assert one != two
            attempt.rollback()


@pytest.mark.parametrize(
    ("article", "message"), [(1, "alone"), (2, "no article 2"), (2**70, "no article")]
)
def test_where_there_is_nothing_to_split_it_is_said(
    connection: Connection, crawl: int, article: int, message: str
) -> None:
    (first,) = store(connection, crawl, [STORY])
    with pytest.raises(NothingToSplitError, match=message):
        split_article(connection, first - 1 + article, "")


def test_reasons_name_posts_copies_and_splits(connection: Connection, crawl: int) -> None:
    first, second = store(connection, crawl, [STORY, cut(STORY, 0.5)])
    store_articles(connection, crawl, [make_article(9, "https://p1.example/x", body=STORY)])
    reasons = read_reasons(connection, first)
    assert reasons is not None
    assert [post["outcome"] for post in reasons.posts] == ["new", "duplicate"]
    (copy,) = reasons.copies
    assert (copy["id"], copy["share"], copy["other_share"]) == (second, 0.5, 1.0)
    assert reasons.story["copies"] == 1
    split_article(connection, second, "why not")
    reasons = read_reasons(connection, first)
    assert reasons is not None
    assert [(split["id"], split["reason"]) for split in reasons.splits] == [(second, "why not")]
    assert reasons.copies[0]["same_story"] is False
    assert read_reasons(connection, second + 1000) is None


def test_the_view_says_who_was_first_and_gathers_labels(connection: Connection, crawl: int) -> None:
    batch = [
        make_article(
            number,
            f"https://p{number}.example/x",
            body=STORY,
            labels=labels,
            published=NOON.replace(day=day),
            publisher_name=name,
        )
        for number, labels, day, name in (
            (1, ("World",), 9, None),
            (2, ("world", "Finance"), 3, "The Courier"),
        )
    ]
    store_articles(connection, crawl, batch)
    (row,) = read(connection, "SELECT * FROM stories")
    assert (row.first_publisher, row.headline, row.copies) == ("The Courier", "Headline 2", 1)
    assert row.publishers == ["The Courier", "p.example"]
    assert row.labels in (["Finance", "World"], ["Finance", "world"])
    assert row.first_published_at == NOON.replace(day=3)


def test_a_notice_below_every_article_joins_none_and_costs_no_more(
    connection: Connection, crawl: int
) -> None:
    bodies = [make_text(seed, 90) + "\n\n" + NOTICE for seed in range(300, 300 + 250)]
    ids = store(connection, crawl, bodies)
    assert stories(connection, ids) == ids
    (copy,) = store(connection, crawl, [cut(bodies[3], 0.55) + " " + NOTICE], first=900)
    assert stories(connection, [copy]) == [ids[3]]


def test_the_cost_of_an_article_is_bounded_among_many_others(
    connection: Connection, crawl: int
) -> None:
    """The look-up reads index entries alone, at most MOST_POSTINGS a key."""
    (story,) = store(connection, crawl, [STORY])
    key = sketch(read_text(STORY))[0]
    connection.execute(
        text(
            "INSERT INTO story_keys SELECT hashint8extended(n, 0), 100000 + n % 5000"
            " FROM generate_series(1, 160000) AS n"
        )
    )
    connection.execute(
        text("INSERT INTO story_keys SELECT :key, -n FROM generate_series(1, 5000) AS n"),
        {"key": key},
    )
    connection.execute(text("ANALYZE story_keys"))
    entries, scans = _count_reads(connection)
    (copy,) = store(connection, crawl, [STORY + " End."], first=2)
    assert stories(connection, [copy]) == [story]
    entries_after, scans_after = _count_reads(connection)
    assert scans_after == scans
    assert 0 < entries_after - entries <= 32 * MOST_POSTINGS
    assert MOST_CANDIDATES < MOST_POSTINGS


def _count_reads(connection: Connection) -> tuple[int, int]:
    """Give the index entries and the whole-table scans of story_keys in this transaction."""
    query = """
        SELECT pg_stat_get_xact_tuples_returned('story_keys_pkey'::regclass) AS entries,
               pg_stat_get_xact_numscans('story_keys'::regclass) AS scans
    """
    (row,) = read(connection, query)
    return row.entries, row.scans


def test_articles_from_before_get_their_keys_and_join(connection: Connection, crawl: int) -> None:
    ids = store(connection, crawl, [STORY, *map(make_text, range(10, 40)), cut(STORY, 0.5)])
    for statement in (
        "DELETE FROM story_links", "DELETE FROM story_keys", "UPDATE articles SET story_id = id",
        "INSERT INTO story_backlog SELECT id FROM articles",
    ):  # fmt: skip
        connection.execute(text(statement))
    store(connection, crawl, [OTHER], first=100)
    assert len(read(connection, "SELECT 1 FROM story_backlog")) == len(ids) - BACKLOG_SHARE
    assert stories(connection, ids) == ids
    store(connection, crawl, [make_text(3)], first=101)
    assert read(connection, "SELECT 1 FROM story_backlog") == []
    assert stories(connection, ids) == [*ids[:-1], ids[0]]


def test_a_migration_makes_every_article_that_is_there_a_story(server: EmbeddedServer) -> None:
    engine = connect_engine(server.start("stories_upgrade"))
    insert = (
        "INSERT INTO articles (headline, body, collected_at, content_changed_at, content_hash)"
        " SELECT 'h', 'b', now(), now(), '' FROM generate_series(1, 3)"
    )
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0003")
        connection.execute(text(insert))
    migrate(engine)
    with engine.connect() as connection:
        rows = read(connection, "SELECT articles.id, story_id, article_id FROM articles"
                    " LEFT JOIN story_backlog ON article_id = articles.id")  # fmt: skip
    assert [row.id == row.story_id == row.article_id for row in rows] == [True] * 3
    engine.dispose()


def test_two_crawls_that_store_copies_at_once_make_one_story(embedded_database: Engine) -> None:
    def crawl_site(site: int) -> None:
        for batch in range(5):
            bodies = [f"{make_text(n)} End {site}." for n in range(batch * 4, batch * 4 + 4)]
            if site % 2:
                bodies.reverse()
            with embedded_database.begin() as connection:
                crawl = open_crawl(connection, f"s{site}.example", "test")
                store(connection, crawl, bodies, first=site * 1000 + batch * 4)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(crawl_site, range(1, 4)))
    with embedded_database.connect() as connection:
        sizes = read(connection, "SELECT articles FROM stories")
    assert [row.articles for row in sizes] == [3] * 20


def test_a_writer_may_join_and_split(connection: Connection, crawl: int) -> None:
    connection.execute(text("INSERT INTO story_backlog SELECT id FROM articles"))
    connection.execute(text("SET LOCAL ROLE newsrust_writer"))
    first, second = store(connection, crawl, [STORY, STORY])
    assert split_article(connection, second, "") == [first]
