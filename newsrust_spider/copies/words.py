"""The words of a text, so that two prints of it differ only where somebody edited."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Thai to Khmer, kana, Han: scripts that put no blanks between words.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)
# Vowel signs and accents, which Python does not count as parts of words (Hebrew, Arabic, Indic).
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff"
)
_WORD = re.compile(rf"[\w{_MARKS}]+")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")
# No letter has more than 30 marks (UAX #15, stream-safe text); to sort them takes quadratic time.
_MANY_MARKS = re.compile(r"([^\w\s]{30})[^\w\s]+")

RUN = 6
"""Words of a run. Unrelated texts share hardly one, and far too few where both follow the same
template; copies share many, also where every tenth word is edited (see benchmarks/copies.py)."""

MOST_WORDS = 5_000
"""Words of a text that are compared: 30,000 characters of English, or half a megabyte of runs."""


def words_of(text: str) -> list[str]:
    r"""Give the words of ``text`` in order, folded: no case, no punctuation, one form of a letter.

    A script without blanks gives its characters one by one.

    >>> words_of('"It\'s 5 p.m.," said J. O\u2019Shea')
    ['its', '5', 'p', 'm', 'said', 'j', 'oshea']
    >>> words_of("东京 2020")
    ['东', '京', '2020']
    """
    folded = unicodedata.normalize("NFKC", _MANY_MARKS.sub(r"\1", text)).casefold()
    parted = _UNSPACED.sub(r" \g<0> ", _APOSTROPHES.sub("", folded).replace("_", " "))
    return _WORD.findall(parted)


@dataclass(frozen=True, slots=True)
class Text:
    """A text to compare: its words, its runs of ``RUN`` words in order, and each run once."""

    words: list[str]
    runs: list[str]
    distinct: frozenset[str]


@lru_cache(maxsize=32)  # an article is compared with several, many with the same one
def read_text(body: str) -> Text:
    """Read the first words of ``body`` and their runs; fewer than ``RUN`` words have no run.

    >>> read_text("The ferry is back in town at last!").runs
    ['the ferry is back in town', 'ferry is back in town at', 'is back in town at last']
    """
    words = words_of(body)[:MOST_WORDS]
    runs = [" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]
    return Text(words, runs, frozenset(runs))
