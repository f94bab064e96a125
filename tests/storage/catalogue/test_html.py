"""Section C of the catalogue: HTML, in the content of an entry and on the page of a post."""

from collections.abc import Iterator

import pytest

from newsrust_spider import settings
from newsrust_spider.blogger.decode import decode_page
from newsrust_spider.blogger.entry import read_entry
from newsrust_spider.blogger.page import parse_page
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.storage.ledger import Ledger
from pipelines.source_link import LONGEST_HEADLINE
from tests.storage.catalogue.catalogue import (
    BAD,
    SEEN_AT,
    STORED,
    End,
    Place,
    Row,
    all_ids,
    at_positions,
    changed,
    check,
    check_article,
    holding,
    ids_of,
    rows_of,
    send,
    titled,
)

PIER = "<p>The pier reopened.</p>"
MB = 1_000_000
NO_FLAG = "What a reader could not see is lost without a word; `posts.content` keeps all of it."

# HTML before the source link: how it ends, and the body where it is stored.
CONTENT: dict[tuple[str, str], tuple[str, str, str]] = {
    ("C01", "2,047 levels"): ("<div>" * 2047 + "Deep.", "too_deep", ""),
    ("C02", "2,046 levels less those around"): (
        "<div>" * 2000 + "Deep." + "</div>" * 2000,
        STORED,
        "Deep.",
    ),
    ("C03", "100,000 unclosed <b>"): ("<b>" * 100_000 + "x", "too_deep", ""),
    ("C04", "a line of 1 MB"): ("word " * (MB // 5 - 1), STORED, "word " * (MB // 5 - 2) + "word"),
    ("C04", "a line of 1.5 MB"): ("word " * (3 * MB // 10), "too_large", ""),
    ("C04", "a line of 10 MB"): ("word " * (2 * MB), "too_large", ""),
    ("C05", "a text of 11 MB"): ("x" * (11 * MB), "too_large", ""),
    ("C06", "50,000 attributes"): (
        "<p " + " ".join(f"a{n}" for n in range(50_000)) + ">x",
        "too_large",
        "",
    ),
    ("C07", "1,000,000 elements"): ("<i>x</i>" * MB, "too_large", ""),
    ("C07", "elements in 4 MB"): ("<i>x</i>" * (MB // 2), "too_large", ""),
    ("C08", "NUL"): ("<p>The pi\0er.</p>", STORED, "The pier."),
    ("C09", "references to no character"): (
        "<p>a&#0;b&#xD800;c&#x110000;d</p>",
        STORED,
        "a\ufffdb\ufffdc\ufffdd",
    ),
    ("C10", "references to controls"): ("<p>a&#11;b&#x1F;c</p>", STORED, "a bc"),
    ("C11", "a noncharacter"): ("<p>a&#xFFFE;b</p>", STORED, "ab"),
    ("C19", "scripts and their kin"): (
        PIER + "<script>a()</script><style>b{}</style><noscript>c</noscript><template>d</template>",
        STORED,
        "The pier reopened.",
    ),
    ("C20", "CDATA"): (PIER + "<![CDATA[lost]]><p>Boats came.</p>", STORED, "*Boats came."),
    ("C21", "a comment that never ends"): ("<!--" + PIER, "empty_body", ""),
    ("C22", "textarea"): ("<textarea>" + PIER + "</textarea>", STORED, PIER),
    ("C22", "xmp"): ("<xmp>" + PIER + "</xmp>", STORED, PIER),
    ("C23", "base"): ("<base href='http://evil.example/'>" + PIER, STORED, "The pier reopened."),
    ("C26", "pictures only"): ("<img src='//p/x.jpg'><iframe src='/x'></iframe>", "empty_body", ""),
    ("C30", "escaped tags"): (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        STORED,
        "<script>alert(1)</script>",
    ),
    ("C32", "3 MB of blanks"): (" " * (3 * MB) + "Text.", STORED, "Text."),
    ("C32", "5 MB of blanks"): (" " * (5 * MB) + "Text.", "too_large", ""),
    ("C33", "50,000 open comments"): ("Text." + "<!--" * 50_000, STORED, "Text."),
    ("C34", "20,000 open scripts"): ("Text." + "<script>" * 20_000, STORED, "Text."),
    ("C35", "meta refresh"): (
        "<meta http-equiv=refresh content='0;url=http://evil.example/'>" + PIER,
        STORED,
        "The pier reopened.",
    ),
    ("C36", "meta refresh to a file"): (
        "<meta http-equiv=refresh content='0;url=file:///etc/passwd'>" + PIER,
        STORED,
        "The pier reopened.",
    ),
    ("C37", "one character"): ("x", STORED, "x"),
    ("C37", "punctuation"): ("?!", STORED, "?!"),
    ("C38", "emoji"): ("<p>\U0001f30a\U0001f6a2</p>", STORED, "\U0001f30a\U0001f6a2"),
    ("C38", "Arabic"): (
        "<p>\u0645\u0631\u062d\u0628\u0627</p>",
        STORED,
        "\u0645\u0631\u062d\u0628\u0627",
    ),
    ("C39", "line ends in prose"): ("<p>a\r\nb\u2028c\u0085d</p>", STORED, "a b c d"),
    ("C39", "line ends in verse"): ("<pre>a\r\nb\u2028c\u0085d</pre>", STORED, "a b c d"),
}
BECAUSE = {
    "C06": "Counted before they are compared, 50,000 attributes cost 0.01 s: nothing runs for 5 s.",
    "C08": NO_FLAG,
    "C22": "No flag: tag-like text is text wherever it stands, as in C30.",
    "C26": "A body without text tells nothing: it is rejected, and kept, with its reason.",
    "C32": "Over 4 MiB of HTML is too large whatever it is, and 3 MB of blanks are stored.",
    "C37": "A short post is a post: only one without any text has nothing to store.",
    "C39": "A body is paragraphs, parted by blank lines: inside one a line end is a blank.",
}


def source(*hrefs: str) -> str:
    """Give lines of source links."""
    return "".join(f'<p><a href="{href}">Source Link</a></p>' for href in hrefs)


def make_rows() -> Iterator[Row]:
    """Give the rows of the section."""
    for (number, what), (html, outcome, body) in CONTENT.items():
        ends = body.removeprefix("*")
        wanted = {"body": body if ends == body else lambda text, end=ends: text.endswith(end)}
        yield Row(
            id=number,
            what=what,
            sent=holding(html),
            outcome=outcome,
            holds=wanted,
            because=BECAUSE.get(number, ""),
        )
    yield Row(
        id="C27",
        what="no source link",
        sent=changed(content={"$t": PIER}),
        holds={"source_url": None, "source_link": ""},
        because="A post without a source link is an article too, known by its post.",
    )
    for what, path in (("the post itself", "/2022/06/99.html"), ("a label", "/search/label/World")):
        yield Row(
            id="C28",
            what=what,
            sent=lambda at, to=path: at.entry(content={"$t": PIER + source(at.site.home + to)}),  # type: ignore[misc]
            outcome="self_source",
        )
    yield Row(
        id="C29",
        what="three source links",
        sent=lambda at: at.entry(
            content={"$t": PIER + source(at.link(1001), at.link(1002), at.link(1003))}
        ),
        flags=("several_source_links",),
        holds={"source_url": lambda url: url.endswith("/1003")},
    )
    yield Row(
        id="C31",
        what="invisible characters in the title",
        sent=titled("Pier\u202e re\u200bopens"),
        holds={"headline": "Pier reopens"},
    )
    title = "pier " * (MB // 5)
    yield Row(
        id="C40",
        what="a title of 1 MB",
        sent=titled(title),
        flags=("headline_cut",),
        holds={"headline": lambda headline: len(headline) <= LONGEST_HEADLINE, "title": title},
        because="No hash of it is kept: the whole title is in `posts.title`.",
    )
    yield Row(
        id="C12",
        what="a broken character",
        sent=holding("<p>The pi\ufffdr.</p>"),
        flags=("broken_characters",),
        holds={"body": "The pi\ufffdr."},
    )


ROWS = tuple(make_rows())
ON_A_PAGE = [row for row in ROWS if (row.id, row.what) in CONTENT]


@pytest.mark.parametrize(("row", "position"), at_positions(ROWS))
def test_content_ends_as_the_catalogue_says(row: Row, position: int, ledger: Ledger) -> None:
    check(row, position, ledger)


def own_page(content: str, *, head: str = "", body_class: str = "post-body-inner") -> str:
    """Give the page of a post in the theme MagOne."""
    return f"""<!DOCTYPE html><html><head>{head}<title>x</title></head><body class='item-view'>
<div class='widget Blog' id='Blog1'><div class='post hentry'><a class='post-id' data-id='{BAD}'></a>
<h1 class='post-title entry-title'>Headline {BAD}</h1>
<abbr itemprop='datePublished' title='2022-06-21T18:16:00-07:00'>June</abbr>
<div class='post-body entry-content' id='post-body-{BAD}'><div class='{body_class}'>{content}</div>
<div class='post-break-links'></div></div></div></div></body></html>"""


def read_page(html: str, place: Place) -> Post | UnreadablePost:
    """Read the page as that of the bad entry."""
    return parse_page(html, place.site, f"{place.site.home}/2022/06/{BAD}.html", SEEN_AT, SEEN_AT)


def crawl_post(html: str, place: Place, ledger: Ledger) -> End:
    """Read the page of a post and send it through all stages."""
    (end,) = send([read_page(html, place)], ledger)
    return end


@pytest.mark.parametrize("row", ON_A_PAGE, ids=str)
def test_the_same_on_the_post_s_own_page_ends_the_same(row: Row, ledger: Ledger) -> None:
    place = Place.new(f"page-{row.id}", 0)
    page = own_page(place.signed(CONTENT[row.id, row.what][0]))
    end = crawl_post(page, place, ledger)
    assert end.how == row.outcome
    if end.article is not None:
        check_article(row, end.article)
    rows = rows_of(place, ledger)
    assert len(rows) == 1
    again = crawl_post(page, place, ledger)
    assert again.how == ("unchanged" if end.how == STORED else end.how)
    assert rows_of(place, ledger) == rows


CAFE = "<p>Le café rouvre à l'été, né là.</p>"
BODY = "Le café rouvre à l'été, né là."


@pytest.mark.parametrize(
    ("body", "declared", "text"),
    [
        pytest.param(CAFE.encode().replace(b".", b"\xff"), "utf-8", BODY[:-1] + "\ufffd", id="C12"),
        pytest.param(CAFE.encode(), "iso-8859-1", BODY, id="C13"),
        pytest.param(CAFE.encode("cp1252"), "utf-8", BODY, id="C14"),
        pytest.param(CAFE.encode(), "no-such-charset", BODY, id="C15"),
        pytest.param(b"+ADw-script+AD4- plain", "utf-7", "+ADw-script+AD4- plain", id="C16"),
        pytest.param(CAFE.encode("utf-16"), None, BODY, id="C18"),
        pytest.param(CAFE.encode("utf-16"), "utf-8", BODY, id="C18 wrong header"),
    ],
)
def test_c12_c13_c14_c15_c16_c18_a_page_is_read_in_its_true_encoding(
    body: bytes, declared: str | None, text: str, ledger: Ledger
) -> None:
    place = Place.new("charset", 0)
    page = decode_page(body, declared)
    end = crawl_post(own_page(page), place, ledger)
    assert end.article is not None
    assert end.article.body == text
    assert ("broken_characters" in end.article.cleaning) == ("\ufffd" in text)


def test_c17_utf_16_without_a_mark_is_refused_by_name(ledger: Ledger) -> None:
    place = Place.new("C17", 0)
    page = decode_page(own_page(CAFE).encode("utf-16-le"), None)
    assert crawl_post(page, place, ledger).how == "bad_encoding"


def test_c22_what_follows_plaintext_is_text(ledger: Ledger) -> None:
    place = Place.new("C22", 0)
    entry = place.entry(content={"$t": f"{PIER}<plaintext>{PIER}"})

    (end,) = send([read_entry(entry, place.site, SEEN_AT)], ledger)
    assert end.article is not None
    assert end.article.body == f"The pier reopened.\n\n{PIER}"


def test_c23_a_relative_link_is_read_on_the_post_s_page_whatever_base_says(ledger: Ledger) -> None:
    place = Place.new("C23", 0)
    head = "<base href='http://evil.example/'>"
    page = own_page(PIER + source("/2022/06/1.html"), head=head)
    assert crawl_post(page, place, ledger).how == "self_source"


@pytest.mark.parametrize("body", ["", "<nav>Menu</nav>"])
def test_c24_a_page_without_a_body_is_refused_by_name(body: str, ledger: Ledger) -> None:
    """No share of a run ends it here: the crawl stops where too many posts are rejected."""
    place = Place.new("C24", 0)
    page = f"<html><body class='item-view'><h1>Headline</h1>{body}</body></html>"
    assert crawl_post(page, place, ledger).how == "no_body"


def test_c25_of_two_bodies_the_one_with_the_post_s_id_counts(ledger: Ledger) -> None:
    place = Place.new("C25", 0)
    other = "<div class='post-body' id='post-body-7'><p>Another post, and a longer one.</p></div>"
    page = own_page(PIER, body_class="inner").replace(
        "<div class='post-body ", other + "<div class='post-body "
    )
    page = page.replace(
        "<head>", f"<head><script>_SetDataContext([{{'data': {{'postId': '{BAD}'}}}}])</script>"
    )
    end = crawl_post(page, place, ledger)
    assert end.article is not None
    assert end.article.body == "The pier reopened."


def test_c35_c36_no_page_sends_the_crawl_elsewhere() -> None:
    assert settings.METAREFRESH_ENABLED is False


def test_every_id_of_the_section_is_here() -> None:
    assert ids_of(globals(), ROWS) == all_ids("C", 40)
