"""How many spellings of a source link become one, and how many stories are merged by mistake.

    python -m benchmarks.source_links

Makes its own cases from a fixed seed (`source_links_cases.py`), so that two runs give the same
figures (but for the times). Every candidate answers the same cases in the same run; a library that
is not installed is named. A candidate that raises gives no identity: the spelling counts as not
unified. The classes are what our own rules are about, so the share of `ours` says that they work,
not how common a class is in the wild.
"""

import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from random import Random

from rich.console import Console
from rich.table import Table

from benchmarks.source_links_cases import apart, originals, spelled
from pipelines.links.canonical_url import canonical_url

Identity = Callable[[str], object]
Pair = tuple[str, str]

ORIGINALS = 400


def main() -> None:
    """Print the shares unified, the false merges and the speed."""
    stories = originals(Random(7), ORIGINALS)  # noqa: S311 - a fixed seed, no secret
    classes, merges = spelled(stories), apart(stories)
    every = [pair for pairs in classes.values() for pair in pairs]
    table = Table("class", "cases", *CANDIDATES)
    for name, pairs in [*classes.items(), ("all", every)]:
        table.add_row(name, str(len(pairs)), *(f"{share(each, pairs):.2f}" for each in _all()))
    table.add_section()
    for name, pairs in merges.items():
        found = (sum(agrees(each, pair) for pair in pairs) for each in _all())
        table.add_row(f"merged: {name}", str(len(pairs)), *map(str, found))
    found = (merged(each, stories) for each in _all())
    table.add_row("merged: originals", str(len(stories)), *map(str, found))
    table.add_section()
    links = [variant for _, variant in every]
    table.add_row("URLs/s, one core", str(len(links)), *(f"{speed(e, links):,.0f}" for e in _all()))
    console = Console(width=150)
    console.print(table)
    print("All addresses are made by this benchmark; none is a reader's or a publisher's.")
    print("Not installed:", ", ".join(name for name in LIBRARIES if not find_spec(name)) or "none")


def share(identity: Identity, pairs: list[Pair]) -> float:
    """Give the share of pairs that have one identity, 0 to 1."""
    return sum(agrees(identity, pair) for pair in pairs) / len(pairs)


def merged(identity: Identity, stories: list[str]) -> int:
    """Count the stories that share their identity with one before them."""
    found = [_identity_of(identity, story) for story in stories]
    known = [each for each in found if each is not None]
    return len(known) - len(set(known))


def agrees(identity: Identity, pair: Pair) -> bool:
    """Tell whether both addresses have an identity, the same one."""
    first, second = (_identity_of(identity, url) for url in pair)
    return first is not None and first == second


def _identity_of(identity: Identity, url: str) -> object:
    try:
        return identity(url)
    except Exception:  # noqa: BLE001 - what a candidate raises is its own business
        return None


def speed(identity: Identity, links: list[str]) -> float:
    """Give how many links a second of processor time suffices for."""
    began = time.process_time()
    for link in links:
        _identity_of(identity, link)
    return len(links) / (time.process_time() - began)


LIBRARIES = ("ural", "courlan", "w3lib", "url_normalize", "yarl")


def _candidates() -> Iterator[tuple[str, Identity]]:
    """Give ours and what is installed of the others, each by name."""
    yield "ours", canonical_url
    if find_spec("ural"):
        ural = import_module("ural")
        yield "ural canonicalize", ural.canonicalize_url
        yield "ural normalize", ural.normalize_url
        yield "ural fingerprint", ural.fingerprint_url
    if find_spec("courlan"):
        courlan = import_module("courlan")
        yield "courlan clean", courlan.clean_url
        yield "courlan strict", lambda url: courlan.normalize_url(url, strict=True)
    if find_spec("w3lib"):
        yield "w3lib", import_module("w3lib.url").canonicalize_url
    if find_spec("url_normalize"):
        yield "url-normalize", import_module("url_normalize").url_normalize
    if find_spec("yarl"):
        yarl = import_module("yarl")
        yield "yarl", lambda url: str(yarl.URL(url))


CANDIDATES = dict(_candidates())


def _all() -> Iterator[Identity]:
    return iter(CANDIDATES.values())


if __name__ == "__main__":
    main()
