"""What is boilerplate, and what only looks like it."""

import pytest

from pipelines.boilerplate import clean_body


@pytest.mark.parametrize(
    "sentence",
    [
        "Share prices fell on Monday.",
        "Share this with nobody, she said.",
        "The advertisement ran for a week.",
        "Advertisement sales fell.",
        "Read more books: that was her advice.",
        "A source linked the two men.",
        "Source: the harbor office.",
        "Related or not, both men left.",
        "He will return “[next] year.”",
        "* * *",
    ],
)
def test_keeps_a_sentence_with_a_suspicious_word(sentence: str) -> None:
    assert clean_body(f"<p>{sentence}</p>") == sentence


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "— ADVERTISEMENT —",
        "Story continues<br>below advertisement",
        "Share this:",
        "Share this article: Facebook | Twitter | WhatsApp",
        "Source&nbsp;Link",
        "Source:",
        'See also: <a href="#">The lamps of the pier</a>',
        "Read more »",
        "[post_ads]",
        "[next] [contact]",
        "[ne[lock]xt]",
    ],
)
def test_drops_a_line_of_the_aggregator(line: str) -> None:
    assert clean_body(f"<p>One.</p><p>{line}</p>Two.") == "One.\n\nTwo."
    assert clean_body(f"One.<br><br>{line}<br><br>Two.") == "One.\n\nTwo."


@pytest.mark.parametrize(
    "attribute",
    [
        'class="post-share-buttons"',
        'class="addtoany_share_save_container"',
        'class="a2a_kit a2a_kit_size_32"',
        'class="sharedaddy sd-sharing-enabled"',
        'class="x Story-Ad-2"',
        'class="ad"',
        'class="ads_wrapper"',
        'class="related_posts"',
        'class="post-excerpt"',
        'class="tr-caption"',
        'id="magone-labels"',
        "data-l10n=x",
        "hidden",
        'style="color: red; Display:\tNONE"',
    ],
)
def test_drops_an_element_that_says_what_it_is(attribute: str) -> None:
    assert clean_body(f"One<div {attribute}>x<p>y<br></div>two") == "One\n\ntwo"


@pytest.mark.parametrize(
    "attribute",
    ['class="share-price"', 'class="head"', 'class="related-by-blood"', 'class="post-body"'],
)
def test_keeps_an_element_of_another_name(attribute: str) -> None:
    assert clean_body(f"<div {attribute}>x</div>") == "x"
