"""The line of the source link is found by its words, and nothing but the line is taken."""

from contextlib import suppress
from time import perf_counter

import pytest

from newsrust_spider.outcomes import PostSetAside
from pipelines.markup.source_line import take_source_links


@pytest.mark.parametrize(
    ("content", "rest"),
    [
        ("a<hr><p><a href=x>Source Link</a></p>", "a"),
        ("a<br><a href=x>Source Link</a><br>b", "a<br><br>b"),
        ("<p>Port <a href=x>Source Link</a> Courier</p>b", "b"),
        ("<p>He left. <a href=x>Source Link</a> He came.</p>", "<p>He left.  He came.</p>"),
        ("<p>a</p><p><img src=i><a href=x>Source Link</a></p>", '<p>a</p><p><img src="i"></p>'),
        ("a<div><p></p><i><b><a href=x>Source Link</a></b></i></div>", "a<div><p></p></div>"),
    ],
)
def test_taking_the_line_leaves_the_rest_as_it_was(content: str, rest: str) -> None:
    assert take_source_links(content) == (("x",), rest)


@pytest.mark.parametrize(
    "content",
    [
        "<a href=x>Source Linked</a>",
        "<a href=x>Source</a> Link",
        "<a href=x>The Source Link</a>",
        "<a name=x>Source Link</a>",
        "<a href=x>Source Link " + "x" * 100 + "</a>",
        "<p>The <a href=x>source link</a> was dead, they said.</p>",
        "<template><a href=x>Source Link</a></template>",
    ],
)
def test_it_leaves_what_is_no_source_link(content: str) -> None:
    assert take_source_links(content) == ((), content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("<a href=x>Source Link</a>" * 50_000, id="links"),
        pytest.param("<p><a href=x>Source Link" * 50_000, id="lines"),
        pytest.param("<b>" * 2_000 + "<a href=x>Source Link</a> x " * 9_000, id="depth"),
        pytest.param("source " * 500_000 + "<a href=x>Source Link</a>", id="one line"),
        pytest.param("<a href=x>source" + "<i></i>" * 45_000, id="one anchor"),
    ],
)
def test_it_is_quick_on_hostile_markup(content: str) -> None:
    began = perf_counter()
    with suppress(PostSetAside):
        take_source_links(content)
    assert perf_counter() - began < 5
