"""The query of a URL in one spelling, with what names the article and nothing else."""

import re
from itertools import groupby
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pipelines.links.names import is_program, plainly_names_article
from pipelines.links.renditions import is_rendition_parameter, is_rendition_value
from pipelines.links.tracking import is_tracking, may_be_tracking, tells_nothing_beside_a_name

_Pair = tuple[str, str]

# `?id=`, `?story_id=`, and a path in the query: `?threads/ferry.7/`
_NAME_OF_AN_ARTICLE = re.compile(r".*id|[pvan]|slug|story|article|[^/]*/.*", re.IGNORECASE)
# What chooses a page, a part, a language or an entry, also beside a headline in the path.
_CHOICE = re.compile(
    r"[a-z]|.*id|.*(?:page|lang|date|year|month|number|num|key|name|code|query|search|index)"
    r"|[^/]*/.*|page.*|pg|pn|seite|pagina|lang.*|locale|lng|hl|edition|country|region|state|city|zip"
    r"|county|district|team|player|game|match|season|episode|ep|chapter|part|volume|vol|issue|day"
    r"|week|time|tab|section|sec|categor.*|cat|topic|tags?|type|kind|view|mode|sort.*|order.*"
    r"|filter.*|facet.*|keywords?|kwd?|term|text|find|slide.*|ima?ge?|photo.*|pic.*|gallery|video|vid"
    r"|clip|play.*|list|offset|start|begin|limit|count|reply|post|thread|message|symbol|ticker|quote"
    r"|isin|product|variant|sku|size|colou?r|model|item|entry|record|doc.*|file|path|url|link|href"
    r"|title|slug|story|article|node|event|show|program.*|channel|station|option|choice|poll|vote"
    r"|quiz|result|step|level|version|rev|revision|diff|action|do|cmd|op|task|gl|ceid|map|layer|lat"
    r"|lon|location|place|author|user|profile|group|forum|board|set|collection|series|cont.*|display"
    r"|letter|alpha|range|period|from_?date|to_?date|no|nr|ref_?no|loc|area|lot|case",
    re.IGNORECASE,
)
# Of a parameter with an unknown name: a number (but 0 and 1 are switches), four digits, a headline.
_CHOSEN = re.compile(r"(?![01]$)[0-9]+|.*[0-9]{4}.*|(?:[^-_]*[-_]){3}.*", re.DOTALL)
_QUERY_SAFE = "!$'()*,/:;?@~|[]"
_LONGEST_VALUE = 2_000


def unify_query(query: str, path: str = "/", host: str = "") -> str:
    """Give a query sorted by name, without what tells nothing of the story.

    Parameters of the same name keep their order, since servers take the first or the last of
    them. How much may go depends on what the path says: a program's parameters stay but for what
    is tracking for sure; a path that plainly names the article leaves choices only (a page, a
    language, an entry of a list: a known name, or the value of an identifier).

    >>> unify_query("utm_source=feed&b=2&id=7&b=1&ref=harbour")
    'b=2&b=1&id=7'
    >>> unify_query("ref=harbour", "/story.php"), unify_query("ref=harbour", "/ferry")
    ('ref=harbour', '')
    >>> unify_query("wave=high&page=2&photo=7&lang=en", "/2024/05/ferry-returns-to-harbour")
    'lang=en&page=2&photo=7'
    """
    pairs = [_unify_parameter(parameter) for parameter in query.split("&") if parameter]
    pairs = [
        pair
        for pair in pairs
        if any(pair) and not is_rendition_parameter(*pair) and not is_tracking(*pair, host)
    ]
    if pairs:
        pairs = _keep_choices(pairs, path)
    pairs.sort(key=lambda pair: pair[0])
    return "&".join(f"{name}={value}" if value else name for (name, value), _ in groupby(pairs))


def _keep_choices(pairs: list[_Pair], path: str) -> list[_Pair]:
    """Give the parameters that may name an article on such a path."""
    if plainly_names_article(path):
        return [pair for pair in pairs if _chooses(*pair)]
    sure = [pair for pair in pairs if not may_be_tracking(*pair)]
    if is_program(path) and not any(_NAME_OF_AN_ARTICLE.fullmatch(name) for name, _ in sure):
        return pairs
    return sure


def _chooses(name: str, value: str) -> bool:
    """Tell whether a parameter may choose something beside a path that names the story."""
    if tells_nothing_beside_a_name(name) or is_rendition_value(value):
        return False
    if _CHOICE.fullmatch(name) or len(value) > _LONGEST_VALUE:
        return True
    return _CHOSEN.fullmatch(value or name) is not None


def _unify_parameter(parameter: str) -> _Pair:
    """Give the name and the value of a parameter, both in one percent-encoding."""
    name, _, value = parameter.partition("=")
    return _quote(name, _QUERY_SAFE), _quote(value, _QUERY_SAFE + "=")


def _quote(text: str, safe: str) -> str:
    """Give a text with only what must be percent-encoded so; bytes stay the bytes they are."""
    if text.isalnum() and text.isascii():
        return text
    return quote_from_bytes(unquote_to_bytes(text.replace("+", " ")), safe + " ").replace(" ", "+")
