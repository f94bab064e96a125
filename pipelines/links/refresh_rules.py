"""Fetches the list of tracking parameters that `rules/clearurls.json` is made of.

    python -m pipelines.links.refresh_rules [ADDRESS, or FILE and its DATE]

The list is the one of ClearURLs (LGPL-3.0, the licence stands beside the data); the crawl never
fetches it. Of its providers only the names of parameters and the hosts that they belong to are
kept: what it blocks, its redirections and its exceptions are a browser's business.
"""

import json
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

# https://github.com/ClearURLs/Rules names this address as the published form of the list.
UPSTREAM = "https://rules2.clearurls.xyz/data.minify.json"
RULES = Path(__file__).with_name("rules") / "clearurls.json"
_TIMEOUT = 30.0

# `^https?:\/\/(?:[a-z0-9-]+\.)*?nytimes\.com`, and `amazon(?:\.[a-z]{2,}){1,}` for every country
_HOST_PATTERN = re.compile(
    r"\^?https\?:(?://|\\/\\/)(?:\(\?:\[a-z0-9-\]\+\\\.\)\*\??)?(?:\(\?:www\\\.\)\??|www\\\.)?"
    r"(?P<host>[a-z0-9-]+(?:\\?\.[a-z0-9-]+)*|\([a-z0-9.\\|-]+\))"
    r"(?P<any_country>\(\?:\\\.\[a-z\]\{2,\}\)\{1,\})?"
)


def convert(upstream: Mapping[str, Any], as_of: str) -> dict[str, Any]:
    """Give our form of ClearURLs' list; raise ValueError for what is not that list.

    Out: `global` holds patterns of names that count everywhere, `hosts` those of one host (with
    what lies below it). A host that ends in a dot stands for every country's.

    >>> site = {"urlPattern": "^https?://daily[.]example", "rules": ["smid"]}
    >>> convert({"providers": {"daily": site}}, "2024-03-01")
    Traceback (most recent call last):
    ValueError: this is not the list of ClearURLs: it names no parameter
    """
    found: set[str] = set()
    hosts: dict[str, set[str]] = {}
    for provider in upstream.get("providers", {}).values():
        rules = {_plain(rule) for rule in provider.get("rules", ())}
        if provider["urlPattern"] == ".*":
            found |= rules
            continue
        for host in _hosts(provider["urlPattern"]) if rules else ():
            hosts.setdefault(host, set()).update(rules)
    if not found or not hosts:
        raise ValueError("this is not the list of ClearURLs: it names no parameter")
    return {
        "source": f"{UPSTREAM} as of {as_of}, hosts and names of parameters only",
        "licence": "LGPL-3.0, see LICENSE and LICENSE.GPL",
        "global": sorted(found),
        "hosts": {host: sorted(names) for host, names in sorted(hosts.items())},
    }


def _plain(rule: str) -> str:
    """Give a rule as a pattern of a decoded name; raise ValueError where it is none."""
    plain = rule.removeprefix("(?:%3F)?").replace("%24", r"\$")
    try:
        re.compile(plain)
    except re.error as error:
        raise ValueError(f"a rule is no pattern: {error}") from None
    return plain


def _hosts(pattern: str) -> list[str]:
    """Give the hosts of a provider; none where it counts on one page of a site only."""
    found = _HOST_PATTERN.fullmatch(pattern)
    if found is None:
        return []
    end = "." if found["any_country"] else ""
    names = found["host"].replace("\\", "").strip("()").split("|")
    return [name + end for name in names if "." in name + end]


def main(arguments: list[str]) -> None:
    """Read the list from an address or a file (of a date) and write ours."""
    origin = arguments[0] if arguments else UPSTREAM
    as_of = arguments[1] if len(arguments) > 1 else datetime.now(UTC).date().isoformat()
    if origin.startswith("https://"):
        with urlopen(origin, timeout=_TIMEOUT) as answer:  # noqa: S310 - https only
            raw = answer.read()
    else:
        raw = Path(origin).read_bytes()
    rules = convert(json.loads(raw), as_of)
    RULES.write_text(json.dumps(rules, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{RULES.name}: {len(rules['global'])} rules for every host, ")
    sys.stdout.write(f"{len(rules['hosts'])} hosts with their own\n")


if __name__ == "__main__":
    main(sys.argv[1:])
