"""The parser gives back what a browser would show, or refuses by name; it never loses text."""

from contextlib import suppress
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsrust_spider.limits import LARGEST_HTML
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.text import words
from pipelines.markup.fragment import (
    MOST_ELEMENTS,
    Close,
    Open,
    Token,
    TooDeep,
    TooLarge,
    parse_fragment,
    write_fragment,
)

MARKUP = st.lists(
    st.sampled_from(
        sorted(
            words(
                "<p> </p> <div> </div> <a~href=x> </a> <b> </b> <br> <hr/> <table> <td> </table> "
                "<pre> </pre> <xmp> </xmp> <textarea> </textarea> <plaintext> <script> </script> "
                "<svg> <o:p> </body> </html> <body> <head> <title> <![CDATA[ ]]> &lt; &amp; &#0; "
                "<!-- --> &nbsp; &bogus &#11; &#x202E; &#xD800; < > & \" ' = \ud800 \x00 \u200b "
                "<li> <iframe> <noscript> </noscript> </p~> \ufffe word ~ é 👩"
            )
        )
    )
).map(lambda pieces: "".join(pieces).replace("~", " "))


def text_of(tokens: list[Token]) -> str:
    return "".join(token for token in tokens if isinstance(token, str))


class TestEveryFragment:
    @given(MARKUP | st.text())
    def test_has_a_close_for_every_open(self, html: str) -> None:
        opened: list[str] = []
        for token in parse_fragment(html):
            if isinstance(token, Open):
                opened.append(token.name)
            elif isinstance(token, Close):
                assert opened.pop() == token.name
        assert not opened

    @given(MARKUP | st.text())
    def test_keeps_its_text_when_it_is_written_and_read_again(self, html: str) -> None:
        tokens = parse_fragment(html)
        assert text_of(parse_fragment(write_fragment(tokens))) == text_of(tokens)

    @given(MARKUP | st.text())
    def test_can_be_encoded(self, html: str) -> None:
        assert "\x00" not in text_of(parse_fragment(html)).encode().decode()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("no markup", "no markup"),
        ("a<!-- b -->c<?php d ?>", "ac"),
        ("a<!-- never closed <p>b", "a"),
        ("a<script>b</script><style>c</style><template><p>d</template>e", "ae"),
        ("a<iframe><p>b</p></iframe><noscript>c</noscript>d", "ad"),
        ("a</div></body></html>b", "ab"),
        ("<textarea><b>x</b></textarea><xmp>&lt;</xmp>", "<b>x</b>&lt;"),
        ("a<plaintext><b>x</b>", "a<b>x</b>"),
        ("a<![CDATA[ b ]]>c", "ac"),
        ("&amp;lt;&eacute;&nbsp;&#8217;", "&lt;é\u00a0\u2019"),
        ("a\x00b\x1fc&#31;d&#xFFFE;e", "abcde"),
        ("\ud83d\udc69 \ud800", "👩 \ufffd"),
        ("a\u202eb\u2066c&#x200F;d", "abcd"),
        ("caf\u00e9<meta charset=iso-8859-1>\u00e9", "caf\u00e9\u00e9"),
        ("a\r\nb\u2028c\u0085d", "a\nb\nc\nd"),
    ],
)
def test_the_text_is_what_a_reader_sees(html: str, text: str) -> None:
    assert text_of(parse_fragment(html)) == text


def test_text_at_the_deepest_level_is_kept() -> None:
    assert text_of(parse_fragment("<div>" * 2_046 + "deep" + "</div>" * 2_046 + "end")) == "deepend"


@pytest.mark.parametrize("tag", ["div", "b", "font", "table", "ul"])
def test_deeper_markup_is_refused(tag: str) -> None:
    with pytest.raises(TooDeep, match="too_deep: over 2048 levels"):
        parse_fragment(f"<{tag}>" * 3_000 + "lost")


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("a" * (LARGEST_HTML + 1), id="characters"),
        pytest.param("é" * (LARGEST_HTML // 2 + 1), id="bytes"),
        pytest.param("<br>" * (MOST_ELEMENTS + 1), id="elements"),
        pytest.param(f"<p {' '.join(f'a{i}=1' for i in range(50_000))}>", id="attributes"),
    ],
)
def test_larger_markup_is_refused(html: str) -> None:
    with pytest.raises(TooLarge) as refusal:
        parse_fragment(html)
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(" " * 4_000_000 + "x", id="blanks"),
        pytest.param("<!--" * 50_000, id="open comments"),
        pytest.param("<!-- -->" * 100_000, id="comments"),
        pytest.param("<script>" * 20_000, id="scripts"),
        pytest.param("<b>" * 100_000, id="bold"),
        pytest.param("<i>x</i>" * 500_000, id="italics"),
        pytest.param("</p>" * 500_000, id="ends"),
        pytest.param('<a href="' * 100_000, id="open quotes"),
        pytest.param("&" * 1_000_000, id="ampersands"),
        pytest.param("<" * 1_000_000, id="angles"),
    ],
)
def test_hostile_markup_is_read_or_refused_at_once(html: str) -> None:
    began = perf_counter()
    with suppress(PostSetAside):
        parse_fragment(html)
    # ten times what it takes: only a quadratic step breaks this
    assert perf_counter() - began < 5
