from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from newsrust_spider.items import Article, Outcome
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.articles import file_duplicates, store_articles
from newsrust_spider.storage.held import find_held
from newsrust_spider.storage.rejected import Rejection, reject_post
from tests.storage.newsrust_spider.storage.conftest import NOON, make_article


def read(connection: Connection, query: str) -> Sequence[Row[Any]]:
    return connection.execute(text(query)).all()


def outcomes(connection: Connection, crawl: int, *batch: Article) -> list[Outcome]:
    return [filed.outcome for filed in store_articles(connection, crawl, batch)]


def test_new_articles_are_stored_with_their_posts(connection: Connection, crawl: int) -> None:
    assert outcomes(connection, crawl, make_article(1), make_article(2)) == [Outcome.NEW] * 2
    rows = read(
        connection,
        "SELECT post_id, source_url, first_crawl FROM posts"
        " JOIN articles ON articles.id = article_id ORDER BY post_id",
    )
    assert [tuple(row) for row in rows] == [
        ("1", "https://p.example/1", crawl),
        ("2", "https://p.example/2", crawl),
    ]


def test_of_several_new_posts_of_one_article_the_first_brings_the_article(
    connection: Connection, crawl: int
) -> None:
    source = "https://p.example/story"
    first = make_article(1, source, labels=("World", "Politics"))
    second = make_article(2, source, labels=("world", "Finance"))
    assert outcomes(connection, crawl, first, second) == [Outcome.NEW, Outcome.DUPLICATE]
    (article,) = read(connection, "SELECT * FROM articles")
    assert (article.headline, article.labels) == ("Headline 1", ["Finance", "Politics", "World"])


def test_posts_without_a_source_link_are_articles_each(connection: Connection, crawl: int) -> None:
    batch = [make_article(number, None) for number in (1, 2, 3)]
    assert outcomes(connection, crawl, *batch) == [Outcome.NEW] * 3
    assert outcomes(connection, crawl, *batch) == [Outcome.UNCHANGED] * 3
    headlines = read(connection, "SELECT headline FROM articles ORDER BY id")
    assert [row.headline for row in headlines] == ["Headline 1", "Headline 2", "Headline 3"]


def test_storing_the_same_again_changes_nothing(connection: Connection, crawl: int) -> None:
    outcomes(connection, crawl, make_article(1))
    before = read(connection, "SELECT * FROM articles")
    assert outcomes(connection, crawl, make_article(1)) == [Outcome.UNCHANGED]
    assert read(connection, "SELECT * FROM articles") == before


def test_an_edit_keeps_the_former_version(connection: Connection, crawl: int) -> None:
    outcomes(connection, crawl, make_article(1))
    edited = make_article(1, headline="Corrected", body="Other body.")
    assert outcomes(connection, crawl, edited) == [Outcome.CHANGED]
    assert read(connection, "SELECT headline, body FROM articles")[0] == (
        "Corrected",
        "Other body.",
    )
    assert read(connection, "SELECT headline, body FROM article_versions")[0] == (
        "Headline 1",
        "Body 1.",
    )


def test_relabelling_is_followed_also_when_labels_go(connection: Connection, crawl: int) -> None:
    source = "https://p.example/story"
    outcomes(connection, crawl, make_article(1, source, labels=("World", "Sports")))
    outcomes(connection, crawl, make_article(2, source, labels=("Finance",)))
    assert outcomes(connection, crawl, make_article(1, source, labels=("World",))) == [
        Outcome.CHANGED
    ]
    assert read(connection, "SELECT labels FROM articles")[0].labels == ["Finance", "World"]
    assert read(connection, "SELECT 1 FROM article_versions") == []


def test_the_article_is_dated_by_the_first_of_its_posts(connection: Connection, crawl: int) -> None:
    source = "https://p.example/story"
    earlier = NOON.replace(year=2021)
    outcomes(connection, crawl, make_article(1, source), make_article(2, source, published=earlier))
    assert read(connection, "SELECT published_at FROM articles")[0].published_at == earlier


def test_a_corrected_source_link_moves_the_article_with_its_post(
    connection: Connection, crawl: int
) -> None:
    outcomes(connection, crawl, make_article(1, "https://p.example/wrong"))
    assert outcomes(connection, crawl, make_article(1, "https://p.example/right")) == [
        Outcome.CHANGED
    ]
    rows = read(connection, "SELECT source_url FROM articles")
    assert [row.source_url for row in rows] == ["https://p.example/right"]


def test_a_corrected_source_link_leaves_the_other_posts_their_article(
    connection: Connection, crawl: int
) -> None:
    source = "https://p.example/story"
    outcomes(connection, crawl, make_article(1, source, labels=("World",)))
    outcomes(connection, crawl, make_article(2, source, labels=("Finance",)))
    outcomes(connection, crawl, make_article(1, "https://p.example/right", labels=("World",)))
    rows = read(connection, "SELECT source_url, labels FROM articles ORDER BY source_url")
    assert [tuple(row) for row in rows] == [
        ("https://p.example/right", ["World"]),
        ("https://p.example/story", ["Finance"]),
    ]


def test_what_is_held_of_a_post_and_the_article_that_it_retells_is_found(
    connection: Connection, crawl: int
) -> None:
    source = "https://p.example/story"
    store_articles(connection, crawl, [make_article(1, source)])
    (article,) = read(connection, "SELECT id FROM articles")
    owner, other, unknown = find_held(
        connection, [make_article(1, source), make_article(2, source), make_article(3)]
    )
    assert (owner.article_id, owner.brought, owner.retold_id) == (article.id, True, article.id)
    assert (other.article_id, other.brought, other.retold_id) == (None, False, article.id)
    assert (unknown.fingerprint, unknown.retold_id) == (None, None)


def test_a_duplicate_is_filed_with_its_labels(connection: Connection, crawl: int) -> None:
    source = "https://p.example/story"
    (filed,) = store_articles(connection, crawl, [make_article(1, source)])
    twin = make_article(2, source, labels=("Finance",))
    file_duplicates(connection, crawl, [(twin, filed.article_id)])
    assert read(connection, "SELECT labels FROM articles")[0].labels == ["Finance", "World"]
    assert read(connection, "SELECT outcome FROM posts WHERE post_id = '2'")[0].outcome == (
        "duplicate"
    )


def test_a_post_that_was_rejected_before_leaves_the_list_once_it_is_stored(
    connection: Connection, crawl: int
) -> None:
    reject_post(connection, crawl, Rejection("a.example", "1", "", Reason.BAD_DATE, "", b"{}"))
    assert outcomes(connection, crawl, make_article(1)) == [Outcome.NEW]
    assert read(connection, "SELECT 1 FROM rejected_posts") == []


def test_a_body_beyond_the_limit_of_a_tsvector_is_stored(
    connection: Connection, crawl: int
) -> None:
    body = " ".join(f"word{number}" for number in range(150_000))
    assert outcomes(connection, crawl, make_article(1, body=body)) == [Outcome.NEW]


def test_a_post_that_comes_twice_in_a_batch_is_stored_in_its_last_state(
    connection: Connection, crawl: int
) -> None:
    twice = [make_article(1, body="Early."), make_article(2), make_article(1, body="Late.")]
    assert outcomes(connection, crawl, *twice) == [Outcome.UNCHANGED, Outcome.NEW, Outcome.NEW]
    bodies = read(connection, "SELECT body FROM articles ORDER BY body")
    assert [row.body for row in bodies] == ["Body 2.", "Late."]
