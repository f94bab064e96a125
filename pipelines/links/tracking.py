"""Query parameters that tell how a reader came, not what the reader reads.

The base is the list of ClearURLs, a file that `make tracking-rules` refreshes; `newsrooms.toml`
adds what the links of newsrooms carry. Both are read at the first link.
"""

import json
import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

_RULES = Path(__file__).with_name("rules")
# A rule that matches one of these would remove what an article is known by, whoever lists it:
# ClearURLs strips `p` from a shop's pages, and its `[a-z]?mc` takes a network's initials.
_NAMES_THAT_SELECT = tuple(
    """
    id p v q page lang hl edition story article slug title item key keyword gallery date mc
    """.split()  # noqa: SIM905 - as below
)
# No parameter that anybody invented for tracking is longer; a pattern never sees a longer one.
_LONGEST_NAME = 60
# Values of `ref`, `from` and the like that only ever name a channel.
_CHANNELS = frozenset(
    """
    rss feed feeds twitter tw twtr x fb facebook ig instagram reddit linkedin whatsapp telegram
    pinterest flipboard email mail newsletter homepage home hp app ios android mobile share social
    google googlenews gnews yahoo msn apple applenews syndication widget ts tw_i fb_i nf viral
    bookmark bookmarks notif shortener hootsuite sharebutton share_button
    """.split()  # noqa: SIM905 - a list of words reads better than a list of quotation marks
)
_NAME_OF_A_CHANNEL = re.compile(
    r"ref|source|src|via|partner|feature|mod|share|shared|referr?er|feed|sns|spref|fromref|from"
    r"|platform|_ss|te|nl|rss|tid|st"
)
_IDENTIFIER = re.compile(r"[0-9]{3}")


class _Rules(NamedTuple):
    everywhere: re.Pattern[str]
    channels: re.Pattern[str]
    beside_a_name: re.Pattern[str]
    hosts: dict[str, list[str]]


def is_tracking(name: str, value: str, host: str = "") -> bool:
    """Tell whether a query parameter never names an article (at a host), whatever page it is on.

    >>> is_tracking("utm_source", "feed"), is_tracking("CMP", "share_btn_tw")
    (True, True)
    >>> is_tracking("ref", "twitter"), is_tracking("ref", "48213"), is_tracking("id", "7")
    (True, False, False)
    >>> is_tracking("mod", "e2tw", "wsj.com"), is_tracking("mod", "e2tw", "forum.example")
    (True, False)
    """
    if len(name) > _LONGEST_NAME:
        return False
    name = name.lower()
    if _rules().everywhere.fullmatch(name):
        return True
    if value.lower() in _CHANNELS and _NAME_OF_A_CHANNEL.fullmatch(name):
        return True
    own = _rules_of(host)
    return own is not None and own.fullmatch(name) is not None


def may_be_tracking(name: str, value: str) -> bool:
    """Tell whether a query parameter is tracking where something else names the story.

    >>> may_be_tracking("source", "harbour-app"), may_be_tracking("source", "48213")
    (True, False)
    >>> may_be_tracking("gallery", "x"), may_be_tracking("keyword", "ferry")
    (False, False)
    """
    is_channel = len(name) <= _LONGEST_NAME and _rules().channels.fullmatch(name) is not None
    return is_channel and _IDENTIFIER.search(value) is None


def tells_nothing_beside_a_name(name: str) -> bool:
    """Tell whether a parameter is noise, with any value, on a path that names the article itself.

    >>> tells_nothing_beside_a_name("ref"), tells_nothing_beside_a_name("rand")
    (True, True)
    >>> tells_nothing_beside_a_name("page"), tells_nothing_beside_a_name("photo")
    (False, False)
    """
    return len(name) <= _LONGEST_NAME and _rules().beside_a_name.fullmatch(name) is not None


@cache
def _rules() -> _Rules:
    """Read both lists; a start of the crawl must not pay for it."""
    listed = json.loads((_RULES / "clearurls.json").read_text(encoding="utf-8"))
    newsrooms = tomllib.loads((_RULES / "newsrooms.toml").read_text(encoding="utf-8"))
    hosts: dict[str, list[str]] = dict(listed["hosts"])
    for host, names in newsrooms["hosts"].items():
        hosts[host] = [*hosts.get(host, ()), *names]
    everywhere = [*listed["global"], *newsrooms["everywhere"]]
    channels, beside = newsrooms["channels"], newsrooms["beside_a_name"]
    return _Rules(_one_of(everywhere), _one_of(channels), _one_of([*channels, *beside]), hosts)


@lru_cache(maxsize=4096)
def _rules_of(host: str) -> re.Pattern[str] | None:
    """Give the rules of a host and of the hosts above it, or None."""
    labels = host.split(".")
    hosts = _rules().hosts
    names = [name for n in range(len(labels)) for name in hosts.get(".".join(labels[n:]), ())]
    # "amazon." stands for amazon.com, amazon.co.uk and the others
    names += [name for label in labels[-3:-1] for name in hosts.get(f"{label}.", ())]
    return _one_of(names) if names else None


def _one_of(rules: Iterable[str]) -> re.Pattern[str]:
    """Give one pattern for all of the rules that select nothing."""
    patterns = [re.compile(rule, re.IGNORECASE) for rule in sorted(set(rules))]
    safe = [p.pattern for p in patterns if not any(map(p.fullmatch, _NAMES_THAT_SELECT))]
    return re.compile("|".join(f"(?:{rule})" for rule in safe) or "(?!)", re.IGNORECASE)
