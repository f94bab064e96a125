"""How much of two texts is the same, and whether one is a copy of the other.

Copies are cut to different lengths: what counts is how much of each text is shared, not how alike
their sizes are. A cut copy lies wholly inside the original, and at its beginning, since articles
are cut from below; an edited one shares most of both; a text that quotes the agency shares a part
of each, here and there. The thresholds lie between these: benchmarks/copies.py shows how well.
"""

from collections.abc import Iterator
from typing import NamedTuple

from newsrust_spider.copies.words import RUN, Text

LONGEST_GAP = 6
"""Words between two shared runs that count as shared: an edit spoils the runs on either side."""

LEAST_SHARE = 0.6
"""Part of one of the texts, at least, that is shared."""

LEAST_SUM = 1.4
"""Parts of both texts, added, of a copy: 0.7 of each, or the whole of one and 0.4 of the other."""

LEAST_SUM_AT_HEAD = 0.9
LEAST_HEAD = 0.8
"""The same where the shared part is the beginning of the longer text: ``head``, at least."""

LEAST_WORDS = 40
"""A shorter text is a copy only of its equal."""

LEAST_EQUAL_WORDS = 20
"""Equal texts of fewer words are notices ("this video is no longer available"), not articles."""

_HEAD_PART = 0.7


class Overlap(NamedTuple):
    """What two texts share: the part of the first, of the second, and of a beginning; 0 to 1.

    ``head`` is the part that is shared of the beginning of that text of which less is shared; the
    beginning ends where seven tenths of all its shared words are behind: the others may be chance.
    """

    share: float
    other_share: float
    head: float


def measure_overlap(first: Text, second: Text) -> Overlap:
    """Measure what two texts have in common in runs of words.

    The order of the runs makes no difference; edits of a few words are bridged.

    >>> from newsrust_spider.copies.words import read_text
    >>> first = read_text("The ferry is back in town after a")
    >>> second = "The ferry is back in town after a year of repairs, as its owner said it would be"
    >>> measure_overlap(first, read_text(second))
    Overlap(share=1.0, other_share=0.4444, head=1.0)
    """
    if first.words == second.words:
        return Overlap(1.0, 1.0, 1.0) if first.words else Overlap(0.0, 0.0, 0.0)
    shared = first.distinct & second.distinct
    if not shared:
        return Overlap(0.0, 0.0, 0.0)
    share, head = _measure(list(_find_spans(first.runs, shared)), len(first.words))
    other_share, other_head = _measure(list(_find_spans(second.runs, shared)), len(second.words))
    return Overlap(share, other_share, min((share, head), (other_share, other_head))[1])


def is_copy(first: Text, second: Text, overlap: Overlap) -> bool:
    """Tell whether two texts, with the ``overlap`` that was measured, are prints of one text.

    >>> from newsrust_spider.copies.words import read_text
    >>> whole, cut = read_text("word " * 800), read_text("word " * 80)
    >>> is_copy(whole, cut, Overlap(0.1, 1.0, head=0.9))
    True
    >>> is_copy(whole, cut, Overlap(0.1, 1.0, head=0.2))
    False
    """
    if min(len(first.words), len(second.words)) < LEAST_WORDS:
        return first.words == second.words and len(first.words) >= LEAST_EQUAL_WORDS
    shares = overlap[:2]
    at_head = sum(shares) >= LEAST_SUM_AT_HEAD and overlap.head >= LEAST_HEAD
    return max(shares) >= LEAST_SHARE and (at_head or sum(shares) >= LEAST_SUM)


def _find_spans(runs: list[str], shared: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Give the stretches of a text, from word to word, that shared runs cover."""
    begun, end = -1, 0
    for start, run in enumerate(runs):
        if run not in shared:
            continue
        if begun < 0 or start - end > LONGEST_GAP:
            if begun >= 0:
                yield begun, end
            begun = start
        end = start + RUN
    if begun >= 0:
        yield begun, end


def _measure(spans: list[tuple[int, int]], length: int) -> tuple[float, float]:
    """Return the shared part of a text and of its beginning."""
    covered = sum(end - start for start, end in spans)
    left = most = covered * _HEAD_PART
    for start, end in spans:
        if end - start >= left:
            return round(covered / length, 4), round(most / (start + left), 4)
        left -= end - start
    raise AssertionError("seven tenths of the shared words lie beyond them all")
