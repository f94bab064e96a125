"""How many copies are found, and how much else is taken for one: ours beside plain Jaccard.

    python -m benchmarks.copies [FILE]

Without ``FILE`` the texts are our own inventions: stories of the demo's newsroom, which all follow
the same few templates and are the harder case for unrelated texts. ``FILE`` holds real ones, a
text on each line. What is done to them is invented in both cases, so the figures say how the
candidates differ, not what they would find in a collection of real copies.

Each class has ``CASES`` pairs, made with a fixed seed. "keys" is the share that is looked at at
all, "ours" the share that is joined; the last line is the time for one article.
"""

import re
import sys
import time
from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from demo.newsroom import Newsroom
from newsrust_spider.copies.overlap import is_copy, measure_overlap
from newsrust_spider.copies.sketch import sketch
from newsrust_spider.copies.words import read_text

CASES = 500
SHINGLE = 5
DATELINE = "PORT CALLOW (Agency) \N{EM DASH} "
NOTICE = (
    " This report was first published by the agency and may not be reproduced without permission."
    " Sign up for our newsletter to get the stories of the day."
)
Make = Callable[[str, str, Random], str]


def main(arguments: list[str]) -> None:
    """Print a line for each class."""
    texts = read_texts(arguments)
    table = Table("class", "J \N{GREATER-THAN OR EQUAL TO} 0.8", "0.5", "0.3", "keys", "ours")
    table.title = f"share of {CASES} pairs that is joined, of {len(texts)} texts"
    for name, make in CLASSES.items():
        if name.startswith("partial"):
            table.add_section()
        pairs = list(make_pairs(texts, make, Random(name)))  # noqa: S311 - a fixed seed
        read = [(read_text(first), read_text(second)) for first, second in pairs]
        likeness = [jaccard(first.words, second.words) for first, second in read]
        found = [bool({*sketch(first)} & {*sketch(second)}) for first, second in read]
        ours = [is_copy(*pair, measure_overlap(*pair)) for pair in read]
        joined = [hit and copy for hit, copy in zip(found, ours, strict=True)]
        plain = (share([value >= least for value in likeness]) for least in (0.8, 0.5, 0.3))
        table.add_row(name, *plain, share(found), share(joined))
    Console(width=100).print(table)
    read_text.cache_clear()
    keys = milliseconds(texts, lambda text: sketch(read_text(text)))
    rest = read_text(" ".join(texts[0].split()[1:]))
    measured = milliseconds(texts, lambda text: measure_overlap(read_text(text), rest))
    print(f"{keys:.2f} ms for the words and keys of an article, {measured:.2f} ms to compare two")


def read_texts(arguments: list[str]) -> list[str]:
    """Give the texts of the file, or the stories of the newsroom."""
    if arguments:
        lines = Path(arguments[0]).read_text("utf-8").splitlines()
        return [line for line in lines if len(line.split()) >= 60]  # noqa: PLR2004
    newsroom = Newsroom(3)
    return ["\n\n".join(newsroom.paragraphs(number)) for number in range(600)]


def make_pairs(texts: Sequence[str], make: Make, dice: Random) -> Sequence[tuple[str, str]]:
    """Make the pairs of a class: a text, and what becomes of it with the help of another."""
    drawn = [dice.sample(texts, 2) for _ in range(CASES)]
    return [(text, make(text, other, dice)) for text, other in drawn]


def share(hits: Sequence[bool]) -> str:
    """Give the share of what holds, for the table."""
    return f"{sum(hits) / len(hits):.1%}"


def jaccard(first: list[str], second: list[str]) -> float:
    """Give the plain likeness of two texts: shingles in common of all shingles."""
    sets = [
        {tuple(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1)}
        for words in (first, second)
    ]
    return len(sets[0] & sets[1]) / max(len(sets[0] | sets[1]), 1)


def milliseconds(texts: Sequence[str], work: Callable[[str], object]) -> float:
    """Give the mean time of ``work`` on a text."""
    began = time.perf_counter()
    for text in texts:
        work(text)
    return (time.perf_counter() - began) / len(texts) * 1000


def sentences(text: str) -> list[str]:
    """Give the sentences of a text."""
    return [found for found in re.split(r"(?<=[.!?\u201d])\s+", text) if found]


def cut(text: str, least: float, most: float, dice: Random) -> str:
    """Keep the first sentences."""
    found = sentences(text)
    return " ".join(found[: max(2, ceil(len(found) * dice.uniform(least, most)))])


def edit(text: str, part: float, dice: Random) -> str:
    """Drop, replace and add single words, a third each."""
    words = text.split()
    edited: list[str] = []
    for word in words:
        draw = dice.random() / part if part else 1.0
        if draw < 1 / 3:
            continue
        edited.append(dice.choice(words) if draw < 2 / 3 else word)
        if 2 / 3 <= draw < 1:
            edited.append(dice.choice(words))
    return " ".join(edited)


def drop(text: str, part: float, dice: Random) -> str:
    """Drop some of the sentences."""
    return " ".join(s for s in sentences(text) if dice.random() > part) or text


def move(text: str, dice: Random) -> str:
    """Put three sentences elsewhere."""
    found = sentences(text)
    for _ in range(3):
        found.insert(dice.randrange(len(found)), found.pop(dice.randrange(len(found))))
    return " ".join(found)


def add(text: str, other: str, part: float) -> str:
    """Add words of another text, so that they make ``part`` of the whole."""
    return f"{text} {' '.join(other.split()[: int(len(text.split()) * part / (1 - part))])}"


def reuse(text: str, other: str, part: float, dice: Random) -> str:
    """Write a text of half to one and a half the length, of which ``part`` comes from ``text``."""
    length = len(text.split()) * dice.uniform(0.5, 1.5)
    found, own = sentences(text), sentences(other)
    scattered = dice.random() < 0.5  # noqa: PLR2004 - half of them
    start = dice.randrange(len(found))
    ordered = dice.sample(found, len(found)) if scattered else found[start:] + found[:start]
    taken = take(ordered, length * part)
    written = take(own, len(" ".join(taken).split()) * (1 / part - 1))
    for sentence in reversed(taken):
        place = dice.randrange(len(written) + 1) if scattered else len(written) // 2
        written.insert(place, sentence)
    return " ".join(written)


def take(found: list[str], words: float) -> list[str]:
    """Give the first sentences until they have as many words."""
    taken: list[str] = []
    while len(taken) < len(found) and len(" ".join(taken).split()) < words:
        taken.append(found[len(taken)])
    return taken


CLASSES: dict[str, Make] = {
    "equal": lambda text, _, __: text,
    "cut to 30-100 %": lambda text, _, dice: cut(text, 0.3, 1, dice),
    "cut to 15-30 %": lambda text, _, dice: cut(text, 0.15, 0.3, dice),
    "5-10 % of words edited": lambda text, _, dice: edit(text, dice.uniform(0.05, 0.1), dice),
    "10-15 % of words edited": lambda text, _, dice: edit(text, dice.uniform(0.1, 0.15), dice),
    "sentences dropped and moved": lambda text, _, dice: move(drop(text, 0.25, dice), dice),
    "dateline and notice": lambda text, _, __: DATELINE + text + NOTICE,
    "10-25 % of its own added": lambda text, other, dice: add(text, other, dice.uniform(0.1, 0.25)),
    "several at once": lambda text, other, dice: DATELINE + add(
        edit(cut(text, 0.4, 1, dice), dice.uniform(0, 0.08), dice), other, dice.uniform(0, 0.15)
    ) + NOTICE,
    "partial: 15-30 % reused": lambda a, b, dice: reuse(a, b, dice.uniform(0.15, 0.3), dice),
    "30-45 % reused": lambda a, b, dice: reuse(a, b, dice.uniform(0.3, 0.45), dice),
    "45-55 % reused": lambda a, b, dice: reuse(a, b, dice.uniform(0.45, 0.55), dice),
    "unrelated": lambda _, other, __: other,
}  # fmt: skip

if __name__ == "__main__":
    main(sys.argv[1:])
