from sqlalchemy import Connection, text

from newsrust_spider.reasons import Reason
from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.label_counts import (
    count_labels,
    find_labelled,
    find_labels,
    store_label_counts,
)
from newsrust_spider.storage.listing import mark_gone
from newsrust_spider.storage.rejected import Rejection, reject_post
from tests.storage.newsrust_spider.storage.conftest import make_article

SITE = "a.example"


def test_labels_are_those_of_living_posts_that_are_held(connection: Connection, crawl: int) -> None:
    both, one, gone = ("World", "Art"), ("World",), ("World", "Gone")
    batch = [make_article(n, labels=labels) for n, labels in enumerate((both, one, gone), 1)]
    store_articles(connection, crawl, batch)
    mark_gone(connection, SITE, ["3"])
    reject_post(connection, crawl, Rejection(SITE, "4", "", Reason.EMPTY_BODY, "", b"4"))
    assert count_labels(connection, SITE) == {"World": 2, "Art": 1}
    assert find_labelled(connection, SITE, "World") == ("1", "2")
    assert find_labelled(connection, SITE, "Gone") == ()
    assert find_labels(connection, SITE, ["1", "3", "4", "5"]) == {"1": frozenset(both)}


def test_a_post_of_the_same_article_has_labels_of_its_own(
    connection: Connection, crawl: int
) -> None:
    url = "https://p.example/x"
    twins = [make_article(1, url, labels=("World",)), make_article(2, url, labels=("Art",))]
    store_articles(connection, crawl, twins)
    assert count_labels(connection, SITE) == {"World": 1, "Art": 1}


def test_labels_of_another_site_are_not_ours(connection: Connection, crawl: int) -> None:
    store_articles(connection, crawl, [make_article(1)])
    assert count_labels(connection, "b.example") == {}
    assert find_labelled(connection, "b.example", "World") == ()
    assert find_labels(connection, "b.example", ["1"]) == {}


def test_what_the_site_counts_is_kept_beside_what_we_hold(connection: Connection) -> None:
    store_label_counts(connection, SITE, {})
    store_label_counts(connection, SITE, {"World": (12, 11), "Art": (3, 3)})
    rows = connection.execute(
        text("SELECT label, site_posts, held_posts FROM label_counts WHERE site = :site"),
        {"site": SITE},
    )
    assert {tuple(row) for row in rows} == {("World", 12, 11), ("Art", 3, 3)}
