"""The names of publishers, as they write them on their own pages."""

import tomllib
from functools import cache
from pathlib import Path

_NAMES = Path(__file__).with_name("publishers.toml")


def publisher_name(domain: str) -> str | None:
    """Give the name that belongs to a registered domain, or None where `publishers.toml` has none.

    In: what `publisher_of` gives. A domain below a known one has no name: many are sites of their
    own.

    >>> publisher_name("nytimes.com"), publisher_name("bbc.co.uk")
    ('The New York Times', 'BBC')
    >>> publisher_name("harbor-courier.example")
    """
    return _names().get(domain)


@cache
def _names() -> dict[str, str]:
    """Read the names, once; a start of the crawl needs none."""
    return tomllib.loads(_NAMES.read_text(encoding="utf-8"))
