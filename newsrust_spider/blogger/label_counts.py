"""How many posts each label has, as MagOne tells its own scripts on every page."""

import re

from newsrust_spider.blogger.page.tree import find, read_tree
from newsrust_spider.text import one_line

_HIDDEN = find("//*[@id='magone-labels']")
_COUNT = re.compile(r"0|[1-9][0-9]{0,9}")


def read_label_counts(html: str) -> dict[str, int]:
    """Return the labels of the whole site with their numbers of posts; {} where none are told.

    The theme's "Label Manager" writes ``NAME,COUNT,`` for each. A comma may be part of a name:
    what is not a number belongs to the name. Raises UnreadableEntryError as `read_tree` does.
    """
    for hidden in _HIDDEN(read_tree(html)):
        return split_counts("".join(hidden.itertext()))
    return {}


def split_counts(text: str) -> dict[str, int]:
    """Return the pairs of the list ``NAME,COUNT,NAME,COUNT,``.

    >>> split_counts("Africa,964,Art & Culture,12,Dollars, Euros,3,2022,7,Top 10,000,5,")
    {'Africa': 964, 'Art & Culture': 12, 'Dollars, Euros': 3, '2022': 7, 'Top 10,000': 5}
    """
    counts: dict[str, int] = {}
    name: list[str] = []
    for part in text.split(","):
        if name and _COUNT.fullmatch(part.strip()):
            label = one_line(",".join(name))
            if label:
                counts[label] = int(part)
            name = []
        else:
            name.append(part)
    return counts
