"""Write the tables of docs/reading.md anew, which explain the words that are stored.

``python -m deploy.list_words``. Each table stands between two comments of its own.
"""

import re
from pathlib import Path

from newsrust_spider.blogger.unfit import Unfit
from newsrust_spider.flags import Flag
from newsrust_spider.glossary import Term, table_of
from newsrust_spider.reasons import Reason

PAGE = Path(__file__).parents[1] / "docs" / "reading.md"
TERMS: dict[str, type[Term]] = {"reasons": Reason, "flags": Flag, "unfit": Unfit}


def fill_in(page: str) -> str:
    """Return ``page`` with each table as the code has it; ValueError where one has no place.

    >>> fill_in("<!-- reasons: make words -->")
    Traceback (most recent call last):
    ...
    ValueError: the page has no place, or several, for the table of reasons
    """
    for name, terms in TERMS.items():
        place = rf"(<!-- {name}: make words -->\n).*?(<!-- end of {name} -->)"
        table = table_of(terms)
        page, found = re.subn(place, rf"\g<1>{table}\n\g<2>", page, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"the page has no place, or several, for the table of {name}")
    return page


if __name__ == "__main__":
    PAGE.write_text(fill_in(PAGE.read_text()))
