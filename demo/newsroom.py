"""Stories out of nothing: the same seed and number always give the same story."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from random import Random

from demo.vocabulary import HEADLINES, LABEL_COUNTS, PUBLISHERS, SENTENCES, SUBHEADS, WORDS

SLOT = re.compile(r"\{(\w+)\}")
LABELS = tuple(LABEL_COUNTS)
LABEL_WEIGHTS = tuple(accumulate(LABEL_COUNTS.values()))
HEADLINE_LENGTH = 110
LONG_TEXT = 5
APOSTROPHE = "\u2019"
LOOSE_ENDS = " ,:\u2018"


@dataclass(frozen=True, slots=True)
class Story:
    """What an original newsroom published under ``source_url``, and who wrote it."""

    number: int
    headline: str
    byline: str
    publisher: str
    source_url: str


@dataclass(frozen=True)
class Newsroom:
    """An endless supply of stories: nothing is kept, everything follows from ``seed``."""

    seed: int = 1

    def dice(self, *purpose: object) -> Random:
        """Give the random numbers of one purpose, the same at each call and in each process."""
        return Random(":".join(map(str, (self.seed, *purpose))))

    def story(self, number: int) -> Story:
        """Give the story of this number, without its text."""
        dice = self.dice("story", number)
        headline = compose(dice, HEADLINES)[:HEADLINE_LENGTH].rstrip(LOOSE_ENDS)
        publisher = dice.choice(PUBLISHERS)
        return Story(
            number=number,
            headline=headline,
            byline=compose(dice, ("{person}",)),
            publisher=publisher,
            source_url=f"https://{publisher}{source_path(dice, publisher, headline, number)}",
        )

    def paragraphs(self, number: int) -> tuple[str, ...]:
        """Give the text of the story of this number: 4 to 25 paragraphs and subheads."""
        return story_text(self, number)

    def labels(self, *purpose: object) -> tuple[str, ...]:
        """Draw one to five labels as often as Newsrust uses them, in alphabetical order."""
        dice = self.dice("labels", *purpose)
        drawn = dice.choices(
            LABELS, cum_weights=LABEL_WEIGHTS, k=dice.choice((1, 2, 2, 3, 3, 4, 5))
        )
        return tuple(sorted(set(drawn), key=str.casefold))


def happens(dice: Random, share: float) -> bool:
    """Tell whether something happens that happens in this share of all cases."""
    return dice.random() < share


@lru_cache(maxsize=2000)
def story_text(newsroom: Newsroom, number: int) -> tuple[str, ...]:
    """Write the paragraphs of one story; a text without a full stop at its end is a subhead."""
    dice = newsroom.dice("text", number)
    texts = [
        " ".join(compose(dice, SENTENCES) for _ in range(dice.randint(1, 4)))
        for _ in range(dice.randint(4, 12) if happens(dice, 0.8) else dice.randint(13, 22))
    ]
    if len(texts) > LONG_TEXT and happens(dice, 0.4):
        for _ in range(dice.randint(1, 3)):
            texts.insert(dice.randint(2, len(texts) - 1), compose(dice, SUBHEADS))
    return tuple(texts)


def compose(dice: Random, templates: tuple[str, ...]) -> str:
    """Fill one of the templates; a slot with a capital letter gives a filler with one."""

    def filler(slot: re.Match[str]) -> str:
        name = slot[1]
        text = SLOT.sub(filler, dice.choice(WORDS[name.lower()]))
        return text[0].upper() + text[1:] if name[0].isupper() else text

    return SLOT.sub(filler, dice.choice(templates))


def words_of(text: str) -> str:
    """Give a text as an address has it: lower case, its words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower().replace(APOSTROPHE, "")))


def source_path(dice: Random, publisher: str, headline: str, number: int) -> str:
    """Give the original's path in the style of its publisher; the number makes it unique."""
    words = words_of(headline)[:60].strip("-")
    section = dice.choice(("world", "business", "culture", "sport", "city", "science"))
    day = f"20{dice.randint(19, 24)}/{dice.randint(1, 12):02}/{dice.randint(1, 28):02}"
    styles = (
        f"/{day}/{section}/{words}-{number}.html",
        f"/{section}/{words}-{number}",
        f"/news/{section}/{day}/{words}-{number}/",
        f"/story.php?id={number}&section={section}",
        f"/{section}/Article-{number:07}.htm",
    )
    return styles[PUBLISHERS.index(publisher) % len(styles)]
