"""Words that are stored, or that steer, each with the sentence that explains it."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word with its ``sentence``: ``NAME = "word", "Its sentence."``.

    >>> class Fruit(Term):
    ...     PEAR = "pear", "It is green."
    >>> Fruit.PEAR == "pear", Fruit.PEAR.sentence
    (True, 'It is green.')
    """

    sentence: str

    def __new__(cls, word: str, sentence: str) -> Self:
        """Make a member of both."""
        term = str.__new__(cls, word)
        term._value_ = word
        term.sentence = sentence
        return term


def table_of(terms: type[Term]) -> str:
    """Return the Markdown table of ``terms`` in the order of the alphabet.

    >>> class Fruit(Term):
    ...     PEAR = "pear", "It is green."
    >>> print(table_of(Fruit))
    | word | meaning |
    |---|---|
    | `pear` | It is green. |
    """
    rows = [f"| `{term}` | {term.sentence} |" for term in sorted(terms)]
    return "\n".join(("| word | meaning |", "|---|---|", *rows))
