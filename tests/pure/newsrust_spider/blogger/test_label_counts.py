"""The theme's hidden list tells how many posts each label has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import Blog, Shape
from demo.answer import Request
from demo.pages import list_page, post_page
from newsrust_spider.blogger.label_counts import read_label_counts, split_counts
from newsrust_spider.blogger.value import UnreadableEntryError

HOST = "127.0.0.1:8000"
LIST = "<html><body><div class='hide' id='magone-labels'>{}</div></body></html>"
NAMES = st.from_regex(r"[A-Za-zé&'/-]+( [A-Za-z]+)?(, [A-Za-z]+)?", fullmatch=True)


def test_the_home_page_of_the_stand_in_tells_all_labels() -> None:
    blog = Blog(posts=200, seed=3)
    html = list_page(blog, Shape(), Request("/", HOST))
    assert read_label_counts(html) == blog.label_counts()


def test_a_post_s_page_tells_them_too() -> None:
    blog = Blog(posts=20, seed=3)
    post = blog.posts()[0]
    html = post_page(blog, Shape(), Request(post.path, HOST), post)
    assert read_label_counts(html) == blog.label_counts()


@pytest.mark.parametrize(
    ("listed", "counts"),
    [
        ("", {}),
        ("Art &amp; Culture,12,", {"Art & Culture": 12}),
        ("A,1,B,0", {"A": 1, "B": 0}),
        ("Dollars, Euros,3,", {"Dollars, Euros": 3}),
        ("2022,7,9/11,2,", {"2022": 7, "9/11": 2}),
        ("Top 10,000,5,", {"Top 10,000": 5}),
        (" World ,\n18308 ,", {"World": 18308}),
        ("No number", {}),
        ("A,99999999999,B,2,", {"A,99999999999,B": 2}),
    ],
)
def test_names_and_numbers_are_told_apart(listed: str, counts: dict[str, int]) -> None:
    assert read_label_counts(LIST.format(listed)) == counts


def test_another_theme_tells_nothing() -> None:
    assert read_label_counts("<html><body><p>Hello</p></body></html>") == {}


def test_half_a_page_is_refused_rather_than_counted() -> None:
    with pytest.raises(UnreadableEntryError, match="truncated"):
        read_label_counts("<html><body><div id='magone-labels'>A,1,B,")


@given(st.dictionaries(NAMES, st.integers(0, 10**9)))
def test_what_was_listed_is_read(counts: dict[str, int]) -> None:
    assert split_counts("".join(f"{name},{count}," for name, count in counts.items())) == counts
