"""The labels of a post, cleaned so that equal ones are equal."""

import unicodedata
from collections.abc import Iterable

from newsrust_spider.blogger.value import text_of
from newsrust_spider.flags import Flag
from newsrust_spider.text import one_line

MOST_LABELS = 100
LONGEST_LABEL = 200
_LONGEST_DECOMPOSED = 4 * LONGEST_LABEL
"""No character decomposes to more than four (Unicode Standard Annex 15); and to compose a long run
of combining marks takes quadratic time: 5 s for 80,000 of them."""


def clean_labels(terms: Iterable[object]) -> tuple[tuple[str, ...], tuple[Flag, ...]]:
    """Return the labels among ``terms``, each once, and what had to be mended.

    Labels are the same when they differ in case or white space only; the first spelling stays.

    >>> clean_labels(["World", " world ", "Art & Culture", "", None])
    (('World', 'Art & Culture'), (<Flag.LABEL_DROPPED: 'label_dropped'>,))
    """
    labels: dict[str, str] = {}
    mended: dict[Flag, None] = {}
    for term in terms:
        written = one_line(text_of(term))[:_LONGEST_DECOMPOSED]
        label = unicodedata.normalize("NFC", written)
        if not label:
            mended[Flag.LABEL_DROPPED] = None
            continue
        if len(label) > LONGEST_LABEL:
            mended[Flag.LABEL_CUT] = None
            label = label[:LONGEST_LABEL].rstrip()
        labels.setdefault(label.casefold(), label)
    if len(labels) > MOST_LABELS:
        mended[Flag.LABELS_CUT] = None
    return tuple(labels.values())[:MOST_LABELS], tuple(mended)
