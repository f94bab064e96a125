"""The stand-in's blog: the same from the same seed, odd where blogs are odd, and truthful."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Thread

import pytest
from parsel import Selector

from demo import Blog
from demo.newsroom import Newsroom
from demo.spelling import SPELLINGS, WRAPPERS, respell

NOW = datetime(2024, 12, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def blog() -> Blog:
    return Blog(posts=1100, seed=7, now=NOW)


def test_the_same_seed_gives_the_same_blog(blog: Blog) -> None:
    again = Blog(posts=1100, seed=7, now=NOW)
    assert again.posts() == blog.posts()
    assert [p.content for p in again.posts()[:99]] == [p.content for p in blog.posts()[:99]]
    assert Blog(posts=5, seed=8, now=NOW).posts() != Blog(posts=5, seed=7, now=NOW).posts()


def test_each_blog_has_an_id_of_its_own_unless_it_is_given_one() -> None:
    blogs = [Blog(posts=1, seed=seed) for seed in (1, 1, 2)]
    assert len({blog.blog_id for blog in blogs}) == 3
    assert all(blog.blog_id.isdigit() and len(blog.blog_id) == 19 for blog in blogs)
    assert Blog(posts=1, blog_id="7").blog_id == "7"


def test_every_initial_post_lies_in_the_past_in_strict_order(blog: Blog) -> None:
    moments = [post.published for post in blog.posts()]
    assert all(newer > older for newer, older in pairwise(moments))
    assert max(post.updated for post in blog.posts()) <= NOW - timedelta(minutes=7)
    assert moments[0] - moments[-1] > timedelta(days=100)


def test_ids_and_addresses_are_unique_and_well_formed(blog: Blog) -> None:
    posts = blog.posts()
    assert len({post.post_id for post in posts}) == len({post.path for post in posts}) == 1100
    assert all(len(post.post_id) == 19 for post in posts)
    slugs = [post.path[9:].removesuffix(".html").partition("_")[0] for post in posts]
    assert max(map(len, slugs)) <= 39
    assert any("_" in post.path for post in posts)


def test_the_odd_posts_are_there(blog: Blog) -> None:
    posts = blog.posts()
    told = Counter(post.story for post in posts if post.story)
    assert 15 <= sum(times - 1 for times in told.values()) <= 25
    assert sum(not post.source_link for post in posts) == 13
    assert sum(not post.title for post in posts) == 2
    assert sum(not post.content for post in posts) == 2
    assert any(not post.labels for post in posts)
    assert any(post.updated > post.published for post in posts)
    assert any(post.path[:8] < post.published.strftime("/%Y/%m") for post in posts)
    assert blog.story_count() == len(told) + sum(post.story is None for post in posts)


def test_retold_stories_have_another_spelling_and_the_same_text(blog: Blog) -> None:
    first: dict[int, str] = {}
    for post in reversed(blog.posts()):
        if post.story is None:
            continue
        source_url = blog.newsroom.story(post.story).source_url
        assert first.setdefault(post.story, post.source_link) == source_url
        assert post.paragraphs == blog.newsroom.paragraphs(post.story)
    retold = [p for p in blog.posts() if p.story and p.source_link != first[p.story]]
    assert len(retold) > 15


def test_the_truth_stands_in_the_content_paragraph_by_paragraph(blog: Blog) -> None:
    for post in blog.posts()[:300]:
        text = " ".join(" ".join(Selector(post.content or "<p/>").css("::text").getall()).split())
        squeezed = text.replace(" ", "")
        place = 0
        for paragraph in post.paragraphs:
            assert paragraph == " ".join(paragraph.split())
            place = squeezed.index(paragraph.replace(" ", ""), place) + 1


def test_the_source_link_is_the_last_link(blog: Blog) -> None:
    for post in blog.posts()[:300]:
        if post.source_link:
            last = Selector(post.content).css("a")[-1]
            assert last.attrib["href"] == post.source_link
            assert (
                "".join(last.css("::text").getall()).replace("\xa0", " ").lower() == "source link"
            )


def test_labels_are_drawn_as_often_as_newsrust_uses_them(blog: Blog) -> None:
    counts = blog.label_counts()
    assert list(counts)[:2] in (["Entertainment", "Finance"], ["Finance", "Entertainment"])
    assert len(counts) > 60


def test_every_spelling_differs_from_the_original() -> None:
    newsroom = Newsroom(3)
    for number in range(200):
        source_url = newsroom.story(number).source_url
        assert respell(source_url, newsroom.dice(number)) != source_url
    assert len(SPELLINGS) + len(WRAPPERS) == 11


def test_changes_happen_now_each_at_a_moment_of_its_own() -> None:
    blog = Blog(posts=20)
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    post = blog.publish(title="Hello", labels=["World", "Asia"])
    moments = [
        post.updated,
        blog.edit(post.post_id, title="Hello again").updated,
        blog.relabel(post.post_id, ["World"]).updated,
        blog.publish_duplicate_of(post).updated,
    ]
    assert before < moments[0]
    assert all(earlier < later for earlier, later in pairwise(moments))
    assert moments[-1] <= datetime.now(UTC)
    assert all(moment.microsecond % 1000 == 0 for moment in moments)
    assert post.path.endswith("/hello.html")


def test_an_edit_keeps_address_and_identity() -> None:
    blog = Blog(posts=20)
    post = blog.posts()[5]
    edited = blog.edit(post.post_id, paragraphs=["One.", "Two."])
    assert (edited.path, edited.story, edited.published) == (post.path, post.story, post.published)
    assert edited.paragraphs == ("One.", "Two.")
    assert blog.by_path(post.path) == blog.by_id(post.post_id) == blog.posts("updated")[0] == edited


def test_a_duplicate_retells_the_story_under_another_spelling() -> None:
    blog = Blog(posts=20)
    post = blog.posts()[0]
    copy = blog.publish_duplicate_of(post)
    assert copy.story == post.story
    assert copy.source_link != post.source_link
    assert copy.paragraphs == post.paragraphs
    assert copy.post_id != post.post_id


def test_a_post_surfaces_in_the_past() -> None:
    blog = Blog(posts=20)
    moment = blog.posts("updated")[10].updated + timedelta(milliseconds=1)
    surfaced = blog.surface(updated=moment)
    assert blog.posts("updated")[10] == surfaced
    assert len(blog) == 21


def test_a_deleted_post_is_gone() -> None:
    blog = Blog(posts=20)
    post = blog.posts()[3]
    blog.delete(post.post_id)
    assert blog.by_path(post.path) is None
    assert blog.by_id(post.post_id) is None
    assert post not in blog.posts()


def test_many_editors_may_work_at_once() -> None:
    blog = Blog(posts=5)
    editors = [Thread(target=lambda: [blog.publish() for _ in range(10)]) for _ in range(4)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert len({post.updated for post in blog.posts()}) == len(blog) == 45
