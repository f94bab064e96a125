import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.site import StandIn
from newsrust_spider.blogger.feed import FeedError, FeedPage, parse_feed
from newsrust_spider.blogger.site import Site
from newsrust_spider.items import Post, UnreadablePost

SITE = Site.parse("https://a.example")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def entry(**changes: Any) -> dict[str, Any]:
    whole = {
        "id": {"$t": "tag:blogger.com,1999:blog-1.post-42"},
        "published": {"$t": "2022-06-21T18:16:00.005-07:00"},
        "updated": {"$t": "2022-06-21T18:16:53.989-07:00"},
        "category": [{"scheme": "http://www.blogger.com/atom/ns#", "term": "World"}],
        "title": {"type": "text", "$t": "A headline"},
        "content": {"type": "html", "$t": "<p>Text.</p>"},
        "link": [
            {"rel": "replies", "type": "text/html", "href": "http://a.example/x#comment-form"},
            {"rel": "alternate", "type": "text/html", "href": "http://a.example/2022/06/x.html"},
        ],
        "author": [{"name": {"$t": "Reporter"}}],
    }
    return {key: value for key, value in (whole | changes).items() if value is not ...}


def feed(*entries: Any, total: object = "7") -> str:
    found: dict[str, Any] = {"openSearch$totalResults": {"$t": total}}
    return json.dumps({"feed": found | ({"entry": list(entries)} if entries else {})})


def only_post(**changes: Any) -> Post:
    (found,) = parse_feed(feed(entry(**changes)), SITE, NOW).entries
    assert isinstance(found, Post), found
    return found


def only_unreadable(**changes: Any) -> UnreadablePost:
    (found,) = parse_feed(feed(entry(**changes)), SITE, NOW).entries
    assert isinstance(found, UnreadablePost), found
    return found


def test_an_entry_becomes_a_post_with_moments_in_utc() -> None:
    post = only_post()
    assert post.post_id == "42"
    assert post.permalink == "https://a.example/2022/06/x.html"
    assert post.updated == datetime(2022, 6, 22, 1, 16, 53, 989000, UTC)
    assert (post.title, post.labels, post.author) == ("A headline", ("World",), "Reporter")


def test_the_total_is_read_and_a_missing_entry_key_is_an_empty_page() -> None:
    assert parse_feed(feed(), SITE, NOW) == FeedPage(entries=(), total=7, short=False)


@pytest.mark.parametrize(
    ("tag", "blog"),
    [
        ("tag:blogger.com,1999:blog-4029150338847195526", "4029150338847195526"),
        ("tag:blogger.com,1999:blog-1.comments", ""),
        ("tag:elsewhere.example,1999:blog-1", ""),
        ("tag:blogger.com,1999:blog-\u0661", ""),
        ("tag:blogger.com,1999:blog-" + "1" * 30, ""),
        (None, ""),
    ],
)
def test_the_blog_is_read_and_an_odd_one_is_none(tag: object, blog: str) -> None:
    text = json.dumps({"feed": {"id": {"$t": tag}}})
    assert parse_feed(text, SITE, NOW).blog == blog


@pytest.mark.parametrize("total", ["abc", "-1", "1" * 5000, None, ["1"]])
def test_a_total_that_is_none_is_ignored(total: object) -> None:
    assert parse_feed(feed(entry(), total=total), SITE, NOW).total is None


def test_a_short_feed_is_told_and_its_summary_taken() -> None:
    page = parse_feed(feed(entry(content=..., summary={"$t": "Short."})), SITE, NOW)
    assert page.short
    assert page.posts[0].content == "Short."
    assert "summary_only" in page.posts[0].mended


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"link": ...}, "no_url"),
        ({"link": [{"rel": "alternate", "href": "javascript:x"}]}, "no_url"),
        ({"link": "x"}, "no_url"),
        ({"updated": {"$t": "2021-02-30T00:00:00Z"}}, "bad_date"),
        ({"published": {"$t": "0000-00-00"}}, "bad_date"),
        ({"published": {"$t": "now"}}, "bad_date"),
        ({"published": {"$t": "01/02/2021"}}, "bad_date"),
        ({"published": {"$t": "2021-01-01T25:00:00Z"}}, "bad_date"),
        ({"published": {"$t": "2021-01-01T00:00:00+99:00"}}, "bad_date"),
        ({"published": {"$t": "300000-01-01T00:00:00Z"}}, "bad_date"),
        ({"published": {"$t": "0044-03-15T00:00:00Z"}}, "bad_date"),
        ({"published": {"$t": "2036-01-01T00:00:00Z"}}, "future_date"),
        ({"published": ..., "updated": ...}, "bad_date"),
    ],
)
def test_an_entry_that_cannot_become_a_post_says_why(changes: dict[str, Any], reason: str) -> None:
    unreadable = only_unreadable(**changes)
    assert unreadable.reason == reason
    assert json.loads(unreadable.payload) == entry(**changes)


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"published": ...}, "no_published"),
        ({"published": {"$t": ""}}, "no_published"),
        ({"updated": ...}, "no_updated"),
        ({"id": ...}, "no_id"),
        ({"published": {"$t": "1970-01-01T00:00:00Z"}}, "suspicious_date"),
        ({"category": [{"term": "x" * 9000}]}, "label_cut"),
        ({"category": [{"term": f"label {n}"} for n in range(20_000)]}, "labels_cut"),
        ({"category": [{"term": " \u200b "}]}, "label_dropped"),
    ],
)
def test_what_had_to_be_mended_is_named(changes: dict[str, Any], flag: str) -> None:
    assert flag in only_post(**changes).mended


def test_a_leap_second_is_the_next_second() -> None:
    post = only_post(published={"$t": "2016-12-31T23:59:60Z"})
    assert post.published == datetime(2017, 1, 1, tzinfo=UTC)


def test_labels_are_one_whatever_their_case_spaces_and_invisible_characters() -> None:
    spelled = ["World", "WORLD", " World ", "World\u200b", "\u202eWorld", "A\u00a0B", "A B"]
    assert only_post(category=[{"term": s} for s in spelled]).labels == ("World", "A B")


def test_labels_in_composed_and_decomposed_form_are_one_and_homoglyphs_are_not() -> None:
    spelled = ["Caf\u00e9", "Cafe\u0301", "World", "W\u043erld"]
    assert len(only_post(category=[{"term": s} for s in spelled]).labels) == 3


def test_nul_and_lone_surrogates_are_mended() -> None:
    text = feed(entry(title={"$t": "a"})).replace('"a"', '"a\\u0000b\\ud800c"')
    assert parse_feed(text, SITE, NOW).posts[0].title == "ab\ufffdc"


def test_one_bad_entry_leaves_its_neighbours_alone() -> None:
    good = [entry(id={"$t": f"tag:blogger.com,1999:blog-1.post-{n}"}) for n in range(24)]
    poison: list[Any] = [None, 7, "x", [], {}, entry(published={"$t": "never"})]
    for bad in poison:
        page = parse_feed(feed(*good[:12], bad, *good[12:]), SITE, NOW)
        assert len(page.posts) == 24
        assert len(page.entries) == 25


def test_a_single_entry_that_is_no_list_is_taken() -> None:
    text = json.dumps({"feed": {"entry": entry()}})
    assert len(parse_feed(text, SITE, NOW).posts) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("<html><body>Not found</body></html>", "not_json"),
        ("<html>We detected unusual traffic from your computer network</html>", "blocked"),
        ("<?xml version='1.0'?><feed/>", "not_json"),
        ('// API callback\ncallback({"feed":{}});', "not_json"),
        ("null", "not_a_feed"),
        ("[]", "not_a_feed"),
        ("3", "not_a_feed"),
        ('{"error":{"code":400}}', "not_a_feed"),
        (feed(entry())[:-40], "truncated"),
        (feed(entry())[:200], "truncated"),
        ('{"feed":{} "x"}', "bad_json"),
        ('{"feed":{"link":[1],"link":[]}}', "dup_keys"),
        ("[" * 100_000, "too_deep"),
        ('{"a":' * 100_000, "too_deep"),
        (json.dumps({"feed": {"entry": [1] * 5001}}), "too_large"),
    ],
)
def test_what_is_no_feed_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises(FeedError) as refusal:
        parse_feed(text, SITE, NOW)
    assert refusal.value.reason == reason


def test_a_byte_order_mark_a_raw_control_character_and_huge_numbers_are_survived() -> None:
    text = "\ufeff" + feed(entry(title={"$t": "a\x01b"}, size=1)).replace("\\u0001", "\x01")
    text = text.replace('"size": 1', f'"size": {"9" * 5000}')
    assert parse_feed(text, SITE, NOW).posts[0].post_id == "42"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(entry())), json_values))
def test_no_entry_whatever_its_values_stops_the_page(changes: dict[str, Any]) -> None:
    page = parse_feed(feed(entry(), entry(**changes), entry()), SITE, NOW)
    assert len(page.entries) == 3


@given(st.text())
def test_any_text_is_a_page_or_a_refusal(text: str) -> None:
    try:
        found = parse_feed(text, SITE, NOW)
    except FeedError:
        return
    assert isinstance(found, FeedPage)


def test_every_post_of_the_stand_in_is_read_as_it_was_published() -> None:
    import urllib.request  # noqa: PLC0415 - this test alone speaks HTTP itself

    with StandIn(posts=100) as stand_in:
        site = Site.parse(stand_in.url)
        with urllib.request.urlopen(site.feed("default", max_results=150)) as answer:  # noqa: S310
            page = parse_feed(answer.read().decode(), site, datetime.now(UTC))
        posts = {post.post_id: post for post in page.posts}
        assert (page.total, page.blog) == (100, stand_in.blog.blog_id)
        assert len(posts) == len(page.entries) > 20
        for post_id, post in posts.items():
            published = stand_in.blog.by_id(post_id)
            assert published is not None
            assert (post.title, post.content) == (published.title, published.content)
            assert abs(post.updated - published.updated) < timedelta(milliseconds=1)
            assert set(post.labels) == set(published.labels)
