"""The query of a URL in one spelling, with what names the story and nothing else."""

import re
from itertools import groupby
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pipelines.links.renditions import is_rendition_parameter
from pipelines.links.tracking import is_tracking, may_be_tracking

# `?id=`, `?story_id=`, and a path in the query: `?threads/ferry.7/`
_NAME_OF_A_STORY = re.compile(r".*id|[pvan]|slug|story|article|[^/]*/.*", re.IGNORECASE)
_QUERY_SAFE = "!$'()*,/:;?@~|[]"


def unify_query(query: str, *, names_story: bool) -> str:
    """Give a query sorted by name, without what tells nothing of the story.

    Parameters of the same name keep their order, since servers take the first or the last of
    them. `names_story`: the path names the story already, so an ambiguous parameter may go.

    >>> unify_query("utm_source=feed&b=2&id=7&b=1&ref=harbour", names_story=False)
    'b=2&b=1&id=7'
    >>> unify_query("ref=harbour", names_story=False)
    'ref=harbour'
    """
    pairs = [_unify_parameter(parameter) for parameter in query.split("&") if parameter]
    pairs = [p for p in pairs if any(p) and not is_tracking(*p) and not is_rendition_parameter(*p)]
    sure = [p for p in pairs if not may_be_tracking(*p)]
    if names_story or any(_NAME_OF_A_STORY.fullmatch(name) for name, _ in sure):
        pairs = sure
    pairs.sort(key=lambda pair: pair[0])
    return "&".join(f"{name}={value}" if value else name for (name, value), _ in groupby(pairs))


def _unify_parameter(parameter: str) -> tuple[str, str]:
    """Give the name and the value of a parameter, both in one percent-encoding."""
    name, _, value = parameter.partition("=")
    return _quote(name, _QUERY_SAFE), _quote(value, _QUERY_SAFE + "=")


def _quote(text: str, safe: str) -> str:
    """Give a text with only what must be percent-encoded so; bytes stay the bytes they are."""
    return quote_from_bytes(unquote_to_bytes(text.replace("+", " ")), safe + " ").replace(" ", "+")
