"""The text of a post: no ordinary sentence is lost, whatever the markup."""

from contextlib import suppress
from html import escape
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.text import words
from pipelines.boilerplate import clean_body

PIECES = sorted(
    words(
        "<p> </p> <div> </div> <br> <br/> <b> </b> <a~href=x> </a> <li> <tr> <td> <pre> </pre> "
        "<xmp> <script> </script> <ins~class=adsbygoogle> </ins> <p~hidden> <!-- --> [next] [lock] "
        "[/lock] [post_ads] [ne xt] [post_ ads] Source~Link Source: Advertisement ment Share~this: "
        "Facebook Continue~reading the~main~story Read~more: Also~read &lt;p&gt; &amp;amp; &nbsp; "
        "\u200d \u200c \u202e 👩 م a word . — * \ud800 \x00 &#8203; &#x2028; &#10; &#11; ~"
    )
)
MARKUP = st.lists(st.sampled_from(PIECES), max_size=40).map(
    lambda pieces: "".join(pieces).replace("~", " ")
)

# from_regex takes seconds for the same
SENTENCES = st.lists(
    st.lists(
        st.sampled_from(sorted(words("share source link read more advertisement by the"))),
        min_size=1,
    ).map(lambda said: f"Officials {' '.join(said)} on Monday.")
)


@given(MARKUP | st.text())
def test_cleaning_its_own_output_changes_nothing(html: str) -> None:
    body = clean_body(html)
    again = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in body.split("\n\n"))
    assert clean_body(again) == body


@given(MARKUP | st.text())
def test_cleaning_gives_tidy_paragraphs(html: str) -> None:
    body = clean_body(html)
    assert not body or all(p == " ".join(p.split()) != "" for p in body.split("\n\n"))


@given(SENTENCES)
def test_cleaning_loses_no_ordinary_sentence(sentences: list[str]) -> None:
    html = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    assert clean_body(html) == "\n\n".join(sentences)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(" " * 4_000_000 + "x", id="blanks"),
        pytest.param("&nbsp;" * 600_000 + "x", id="hard blanks"),
        pytest.param("<br> " * 45_000, id="breaks"),
        pytest.param("<b>x</b>" * 45_000, id="bold"),
        pytest.param("[ne" * 500_000 + "xt]" * 500_000, id="shortcodes"),
        pytest.param(f'<p class="{"ad-" * 500_000}">x', id="class"),
        pytest.param(f'<p style="{"display " * 400_000}">x', id="style"),
        pytest.param("<pre>" + "\n" * 900_000, id="line ends"),
        pytest.param("a\u200d" * 900_000, id="joiners"),
        pytest.param("<p hidden>" * 40_000, id="hidden"),
    ],
)
def test_is_quick_on_hostile_markup(html: str) -> None:
    began = process_time()
    with suppress(PostSetAside):
        clean_body(html)
    assert process_time() - began < 5
