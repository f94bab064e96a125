"""What a path tells of an article: its name, a program that shows it, or neither."""

import re
from functools import lru_cache

# Paths that name a program; the article is then named by a parameter.
_PROGRAM = re.compile(
    r"\.(?:php[345]?|aspx?|jsp|jhtml|cfm|cgi|pl|do|dll|exe|nsf|mvc)(?:/|$)"
    r"|/(?:view|show|read|item|display|node|details?|watch|video|player|article|story|print|embed"
    r"|search|find|results?|viewer|login|index)$|/cgi-bin/|^/$",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\.(?:s?html?|xhtml|story|ece|cms|php|aspx)$", re.IGNORECASE)
# /2024/05/, /2024-05-01/, /20240501/, /2024/may/01/: the day of an article, not a number of it
_DATE = re.compile(
    r"/(?:19|20)[0-9]{2}(?:[/_-][01]?[0-9](?:[/_-]|$)|[/_-](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct"
    r"|nov|dec)[a-z]*/|[01][0-9][0-3][0-9](?:[/_-]|$)|/)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}|[^\x00-\x7f]+|(?:%[0-9a-f]{2}){3,}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"[0-9]{5}")
_ENDS_IN_NUMBER = re.compile(r"(?:^|[-_.,a-z])[0-9]{6,}$", re.IGNORECASE)
_SEARCHES = re.compile(r"(?:^|[-_/])(?:search|archives?|calendar|login)(?:[-_.]|$)", re.IGNORECASE)
_LONGEST_SEGMENT = 400


def is_program(path: str) -> bool:
    """Tell whether a path names a program that a parameter tells what to show.

    >>> is_program("/story.php"), is_program("/"), is_program("/world/ferry")
    (True, True, False)
    """
    return _PROGRAM.search(path) is not None


def names_article(segment: str) -> bool:
    """Tell whether a path segment looks like the name of an article: a number or several words.

    >>> names_article("world-europe-48213"), names_article("guitars")
    (True, False)
    """
    return segment.count("-") > 1 or segment.count("_") > 1 or bool(re.search("[0-9]{4}", segment))


@lru_cache(maxsize=1024)
def plainly_names_article(path: str) -> bool:
    """Tell whether a path leaves no doubt which article it names, whatever the query says.

    It does with a headline of four words, with one of two words beside a date or a number of five
    digits, and with a number of six digits or more that ends it. A program never does, nor does
    what searches.

    >>> plainly_names_article("/world/ferry-returns-to-harbour")
    True
    >>> plainly_names_article("/world/ferry")
    False
    >>> plainly_names_article("/2024/05/01/ferry-returns.html"), plainly_names_article("/2024/05")
    (True, False)
    >>> plainly_names_article("/news/48213977"), plainly_names_article("/find-a-ferry.php")
    (True, False)
    """
    if is_program(path) or _SEARCHES.search(path):
        return False
    plain = _EXTENSION.sub("", path)
    last = plain.rpartition("/")[2]
    before = plain.removesuffix("/" + last).rpartition("/")[2]
    if _ENDS_IN_NUMBER.search(last):
        return True
    # /ferry-returns-to-harbour/48213 and /ferry-returns-to-harbour/full end in no headline
    words = max(_count_words(last), _count_words(before) if not _count_words(last) else 0)
    if words > 3:  # noqa: PLR2004
        return True
    dated = _DATE.search(path) is not None
    return (words > 1 and (dated or _LONG_NUMBER.search(path) is not None)) or (
        dated and words > 0 and last != plain.lstrip("/") and _EXTENSION.search(path) is not None
    )


def _count_words(segment: str) -> int:
    """Count the words between the hyphens of a segment; a single run of letters is one."""
    if len(segment) > _LONGEST_SEGMENT:
        return 0
    return (
        len(_WORD.findall(segment))
        if re.search("[-_,+~]|%20", segment)
        else bool(_WORD.fullmatch(segment))
    )
