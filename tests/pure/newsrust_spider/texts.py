"""Invented texts for the tests of stories: every seed a story of its own."""

from random import Random


def make_dice(seed: int) -> Random:
    """Give random numbers, the same for the same seed."""
    return Random(seed)  # noqa: S311 - no secret


SYLLABLES = ("ba", "den", "for", "gi", "har", "lu", "mo", "nes", "pol", "ri", "sa", "tor", "ul")
LEXICON = [
    "".join(make_dice(number).choices(SYLLABLES, k=1 + number % 4)) for number in range(3000)
]


def make_text(seed: int, length: int = 300) -> str:
    """Write ``length`` words in sentences of twelve, the same for the same seed."""
    drawn = make_dice(seed).choices(LEXICON, k=length)
    sentences = [" ".join(drawn[n : n + 12]).capitalize() + "." for n in range(0, length, 12)]
    return "\n\n".join(" ".join(sentences[n : n + 3]) for n in range(0, len(sentences), 3))


def cut(text: str, share: float) -> str:
    """Keep the first part of the words of ``text``."""
    words = text.split()
    return " ".join(words[: int(len(words) * share)])


def edit(text: str, every: int) -> str:
    """Replace every n-th word."""
    return " ".join(
        "edited" if n % every == every - 1 else word for n, word in enumerate(text.split())
    )
