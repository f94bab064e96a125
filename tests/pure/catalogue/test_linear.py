"""Every step takes time in proportion to its input, whatever the input.

Two things are asserted of times of one run, so that a slow or busy machine changes nothing: a step
takes at most so many times as long as a yardstick, and four times the input takes less than
`MOST_GROWTH` times as long, which no quadratic step does. Steps that parse HTML have a bound of
their own.
"""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from newsrust_spider.blogger.decode import decode_page
from newsrust_spider.blogger.entry import read_entry
from newsrust_spider.blogger.feed import FeedError, parse_feed
from newsrust_spider.blogger.label_counts import split_counts
from newsrust_spider.blogger.labels import clean_labels
from newsrust_spider.blogger.moment import read_moment
from newsrust_spider.blogger.page import parse_page
from newsrust_spider.blogger.page.context import read_context
from newsrust_spider.blogger.site import Site
from newsrust_spider.blogger.sitemap import SitemapError, parse_sitemap
from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.copies.words import words_of
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.text import (
    cut_at_word,
    excerpt_of,
    mend_text,
    one_line,
    printable,
    without_credentials,
)
from pipelines.boilerplate import clean_body
from pipelines.links.canonical_url import NoCanonicalUrl, canonical_url
from pipelines.markup.noise import is_link_label, is_noise_line
from pipelines.markup.source_line import take_source_links
from tests.forms import LONG
from tests.storage.catalogue.catalogue import SEEN_AT, Place, wrap
from tests.storage.catalogue.test_html import own_page

MB = 1_000_000 if LONG else 100_000
"""Characters: a megabyte, or a tenth in the short form, for which the same bounds hold."""
YARDSTICK = ("word 12, " * 120_000)[:1_000_000]
"""A megabyte whose words are taken out once: 42 ms on the machine of the figures below."""
WORDS = re.compile(r"\w+")
MOST_FOR_TEXT = 12
"""Yardsticks: five times 100 ms, as measured on that machine."""
MOST_FOR_MARKUP = 120
"""Yardsticks: five seconds there."""
MOST_GROWTH = 12
"""Four times the input takes four times as long; a quadratic step takes sixteen times as long."""
MEASURABLE = 0.2
"""Seconds: below, the clock says more of the machine than of the step."""

SITE = Site.parse("https://a.example")
PLACE = Place(SITE, 0)


def repeat(piece: str) -> Callable[[int], str]:
    """Fill a string of a given length with ``piece``."""
    return lambda size: (piece * (size // len(piece) + 1))[:size]


HOSTILE: dict[str, Callable[[int], str]] = {
    "blanks, then text": lambda size: " " * (size - 5) + "Text.",
    "text, then blanks": lambda size: "Text." + " " * (size - 5),
    "line ends": repeat("\r\n"),
    "tabs and blanks": repeat("a \t "),
    "open comments": repeat("<!--"),
    "open scripts": repeat("<script>"),
    "open links": repeat('<a href="'),
    "links": repeat('<a href="//p/x">Source Link</a> '),
    "almost source links": repeat('<a href="x">Source Link and'),
    "ampersands": repeat("&amp"),
    "references": repeat("&#0;&lt;"),
    "open shortcodes": repeat("[caption "),
    "shortcodes": repeat("[post_ads][lock]"),
    "quotes": repeat("'\""),
    "brackets": repeat("[(<"),
    "less than": repeat("<"),
    "combining marks": repeat("\u0301\u0316"),
    "joiners": repeat("\u200d\u200c"),
    "mixed directions": repeat("a\u202e\u05d0\u202c\u0627"),
    "lone surrogates": repeat("\ud800\udc00\udc00"),
    "one word": repeat("x"),
    "digits": repeat("0123456789"),
    "paragraphs": repeat("<p>"),
    "line breaks": repeat("<br>"),
    "italics": repeat("<i>x</i>"),
    "nested tables": repeat("<table><tr><td>"),
    "styles": repeat("<p style='display : none' class='a b c'>x</p>"),
    "attributes": lambda size: ("<p " + "".join(f"a{n} " for n in range(size // 7)))[:size] + ">x",
    "slashes and signs": repeat("//@"),
    "percent signs": repeat("%25"),
    "dots": repeat("../"),
    "commas": repeat("a,1,"),
    "backslashes": repeat("\\x4"),
}
TEXT_STEPS: dict[str, Callable[[str], Any]] = {
    "mend_text": mend_text,
    "printable": printable,
    "one_line": one_line,
    "cut_at_word": lambda text: cut_at_word(text, 200),
    "excerpt_of": lambda text: excerpt_of(text, 200),
    "without_credentials": without_credentials,
    "clean_labels": lambda text: clean_labels([text]),
    "split_counts": split_counts,
    "read_moment": lambda text: read_moment(text, SEEN_AT),
    "permalink": lambda text: SITE.permalink(f"https://a.example/{text}"),
    "canonical_url": lambda text: canonical_url(f"https://p.example/{text}"),
    "decode_page": lambda text: decode_page(text.encode("utf-8", "surrogatepass"), "latin-1"),
    "read_context": lambda text: read_context("_SetDataContext(" + text),
    "is_noise_line": is_noise_line,
    "words_of": words_of,
    "is_link_label": is_link_label,
    "parse_feed, no feed": lambda text: parse_feed(text, SITE, SEEN_AT),
    "parse_feed, a title": lambda text: parse_feed(
        wrap([PLACE.entry(title={"$t": text})]), SITE, SEEN_AT
    ),
    "read_entry": lambda text: read_entry(PLACE.entry(title={"$t": text}), SITE, SEEN_AT),
}
MARKUP_STEPS: dict[str, Callable[[str], Any]] = {
    "clean_body": clean_body,
    "take_source_links": lambda text: take_source_links("source" + text),
    "parse_sitemap": lambda text: parse_sitemap(f"<urlset><url><loc>{text}", SITE),
    "parse_page": lambda text: parse_page(
        own_page(text), SITE, "https://a.example/x", SEEN_AT, None
    ),
    "parse_page, no theme": lambda text: parse_page(
        f"<html><body><h1>x</h1>{text}</body></html>",
        SITE,
        "https://a.example/2022/06/x.html",
        SEEN_AT,
        None,
    ),
}
REFUSALS = (
    UnreadableEntryError,
    NoCanonicalUrl,
    PostSetAside,
    FeedError,
    SitemapError,
)


def seconds_for(step: Callable[[str], Any], text: str) -> float:
    """Return how long ``step`` takes for ``text``."""
    start = time.process_time()
    with suppress(*REFUSALS):
        step(text)
    return time.process_time() - start


def bound_by(most: int, step: Callable[[str], Any], text: str, whole: float) -> float:
    """Return ``most`` times what ``step`` takes for ``text``: of three runs the best.

    One is enough where ``whole`` is not even half of it: no machine is so busy for that moment.
    """
    best = seconds_for(step, text)
    if whole * 2 >= most * best:
        best = min(best, *(seconds_for(step, text) for _ in range(2)))
    return most * best


def check_growth(
    name: str, step: Callable[[str], Any], make: Callable[[int], str], most: int
) -> None:
    """Assert that 1 MB takes at most ``most`` yardsticks, and that a quarter is no bargain."""
    whole = seconds_for(step, make(MB))
    if whole < MEASURABLE:
        return
    bound = min(
        bound_by(most, lambda text: WORDS.sub("", text), YARDSTICK, whole),
        max(bound_by(MOST_GROWTH, step, make(MB // 4), whole), MOST_GROWTH * MEASURABLE / 4),
    )
    for _ in range(2):
        # The best of three is no longer than a run that is within the bound already.
        if whole >= bound:
            whole = min(whole, seconds_for(step, make(MB)))
    assert whole < bound, (name, whole, bound)


@pytest.mark.parametrize("step", TEXT_STEPS.values(), ids=TEXT_STEPS)
def test_a_step_on_text_takes_100_ms_for_a_megabyte(step: Callable[[str], Any]) -> None:
    for name, make in HOSTILE.items():
        check_growth(name, step, make, MOST_FOR_TEXT)


@pytest.mark.parametrize("step", MARKUP_STEPS.values(), ids=MARKUP_STEPS)
def test_a_step_on_markup_takes_a_second_for_a_megabyte(step: Callable[[str], Any]) -> None:
    for name, make in HOSTILE.items():
        check_growth(name, step, make, MOST_FOR_MARKUP)
