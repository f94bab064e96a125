"""How many spellings of a source link become one, and how many stories are merged by mistake.

    python -m benchmarks.source_links

Makes its own cases from a fixed seed, so that two runs give the same figures (but for the times):
originals of invented newsrooms in the address styles of real ones; each of them spelled in every
class; and pairs of addresses that name different stories. Every candidate answers the same cases
in the same run. A candidate that raises gives no identity: the spelling counts as not unified.

The classes are what our own rules are about, so the share of `ours` says that they work, not how
common a class is in the wild.
"""

import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations
from random import Random
from urllib.parse import quote, urlsplit

from rich.console import Console
from rich.table import Table

from pipelines.canonical_url import canonical_url

Identity = Callable[[str], object]
Spelling = Callable[[str, Random], str]

ORIGINALS = 200
PUBLISHERS = ("www.harbor-courier.example", "www.daily-quay.com", "northfieldtimes.co.uk")
STYLES = (
    "https://{host}/2024/05/{day:02}/{slug}",
    "https://{host}/world/{slug}-{number}",
    "https://{host}/2024/{day:02}/{slug}.html",
    "https://{host}/story.php?id={number}",
    "https://{host}/{slug}/{number}?lang=en",
    "https://{host}/index.php?threads/{slug}.{number}",
)
WORDS = (
    "ferry", "returns", "harbour", "council", "budget", "storm", "bridge", "museum", "strike",
    "verdict", "rail", "spring",
)  # fmt: skip
TRACKING = (
    "utm_source=feed&utm_medium=rss", "fbclid=IwAR0x7Qm2kD9", "gclid=Cj0KCQiA1x", "msclkid=9f",
    "mc_cid=1a&mc_eid=2b", "at_medium=RSS&at_campaign=KARANGA", "_ga=2.1.2", "xtor=RSS-3",
    "igshid=Mzc1",
)  # fmt: skip
SHARING = (
    "smid=tw-share", "partner=rss&emc=rss", "CMP=share_btn_tw", "ref=homepage", "source=twitter",
    "ncid=txtlnk", "cid=ios_app", "wpisrc=nl_most", "ocid=socialflow", "share=facebook",
)  # fmt: skip
PRINTING = ("print=1", "pagewanted=print", "pagewanted=all", "printable=true", "view=print")
AMP = ("amp=1", "outputType=amp", "amp")
WRAPPERS = (
    "https://www.google.com/url?q={}&sa=D", "https://l.facebook.com/l.php?u={}&h=AT0",
    "https://www.google.co.uk/url?sa=t&url={}", "https://twitter.com/intent/tweet?url={}&text=x",
    "https://www.linkedin.com/shareArticle?mini=true&url={}", "https://out.reddit.com/t3_a?url={}",
)  # fmt: skip


def main() -> None:
    """Print the shares unified, the false merges and the times."""
    stories = originals(Random(7))  # noqa: S311 - a fixed seed, no secret
    spelled = {name: list(spell_all(spell, stories)) for name, spell in SPELLINGS.items()}
    apart = {name: list(combinations(group, 2)) for name, group in APART.items()}
    table = Table("class", "cases", *(name for name, _ in CANDIDATES))
    for name, pairs in spelled.items():
        shares = (sum(agrees(identity, pair) for pair in pairs) for _, identity in CANDIDATES)
        table.add_row(name, str(len(pairs)), *(f"{share / len(pairs):.0%}" for share in shares))
    every = [pair for pairs in spelled.values() for pair in pairs]
    shares = (sum(agrees(identity, pair) for pair in every) for _, identity in CANDIDATES)
    table.add_row("all", str(len(every)), *(f"{share / len(every):.1%}" for share in shares))
    table.add_section()
    for name, pairs in apart.items():
        merges = (sum(agrees(identity, pair) for pair in pairs) for _, identity in CANDIDATES)
        table.add_row(f"merged: {name}", str(len(pairs)), *map(str, merges))
    table.add_section()
    links = [spelling for _, spelling in every]
    times = (f"{microseconds(identity, links):.0f}" for _, identity in CANDIDATES)
    table.add_row("µs a link", str(len(links)), *times)
    Console(width=150).print(table)


def originals(dice: Random) -> list[str]:
    """Give the canonical links of ORIGINALS invented stories."""
    return [
        dice.choice(STYLES).format(
            host=dice.choice(PUBLISHERS),
            day=dice.randint(1, 28),
            slug="-".join(dice.sample(WORDS, 4)),
            number=100_000 + number,
        )
        for number in range(ORIGINALS)
    ]


def spell_all(spell: Spelling, stories: list[str]) -> Iterator[tuple[str, str]]:
    """Give each story with its spelling, where the class changes it."""
    dice = Random(11)  # noqa: S311 - a fixed seed, no secret
    pairs = ((story, spell(story, dice)) for story in stories)
    return ((story, spelling) for story, spelling in pairs if spelling != story)


def agrees(identity: Identity, pair: tuple[str, str]) -> bool:
    """Tell whether both addresses have an identity, the same one."""
    try:
        first, second = map(identity, pair)
    except Exception:  # noqa: BLE001 - what a candidate raises is its own business
        return False
    return first is not None and first == second


def microseconds(identity: Identity, links: list[str]) -> float:
    """Give the mean time for one link."""
    began = time.perf_counter()
    for link in links:
        agrees(identity, (link, link))
    return (time.perf_counter() - began) / len(links) / 2 * 1e6


def with_query(url: str, more: str) -> str:
    """Add a parameter to those that a URL has."""
    return f"{url}{'&' if '?' in url else '?'}{more}"


def with_host(url: str, prefix: str) -> str:
    """Put a prefix in the place of `www.`."""
    host = urlsplit(url).netloc
    return url.replace(host, prefix + host.removeprefix("www."), 1)


def with_path(url: str, end: str) -> str:
    """Add to the path, unless it names a file."""
    path = urlsplit(url).path
    return url if "." in path else url.replace(path, path + end, 1)


def amp_suffix(url: str, _: Random) -> str:
    """Put `.amp` in front of `.html`."""
    return url.replace(".html", ".amp.html")


def amp_cache(url: str, _: Random) -> str:
    """Name the copy in the AMP cache."""
    label = urlsplit(url).netloc.replace("-", "--").replace(".", "-")
    return f"https://{label}.cdn.ampproject.org/c/s/{url.removeprefix('https://')}"


def escaped(url: str, dice: Random) -> str:
    """Percent-encode one letter of the path, which needs it not."""
    path = urlsplit(url).path
    at = dice.choice([i for i, sign in enumerate(path) if sign.isalnum()])
    return url.replace(path, f"{path[:at]}%{ord(path[at]):02x}{path[at + 1 :]}", 1)


def host_in_capitals(url: str, _: Random) -> str:
    """Spell scheme and host in upper case."""
    start = url[: url.index("/", len("https://"))]
    return url.replace(start, start.upper(), 1)


SPELLINGS: dict[str, Spelling] = {
    "scheme": lambda url, _: url.replace("https:", "http:", 1),
    "case of the host": host_in_capitals,
    "default port": lambda url, _: url.replace(host := urlsplit(url).netloc, f"{host}:443", 1),
    "trailing dot": lambda url, _: url.replace(host := urlsplit(url).netloc, f"{host}.", 1),
    "www": lambda url, _: with_host(url, "" if "//www." in url else "www."),
    "mobile host": lambda url, dice: with_host(url, dice.choice(("m.", "mobile."))),
    "AMP host": lambda url, _: with_host(url, "amp."),
    "AMP path": lambda url, dice: with_path(url, dice.choice(("/amp", "/amp/"))),
    "AMP suffix": amp_suffix,
    "AMP parameter": lambda url, dice: with_query(url, dice.choice(AMP)),
    "AMP cache": amp_cache,
    "AMP by Google": lambda url, _: url.replace("https://", "https://www.google.com/amp/s/", 1),
    "tracking": lambda url, dice: with_query(url, dice.choice(TRACKING)),
    "share": lambda url, dice: with_query(url, dice.choice(SHARING)),
    "print": lambda url, dice: with_query(url, dice.choice(PRINTING)),
    "print path": lambda url, _: with_path(url, "/print/"),
    "fragment": lambda url, dice: url + dice.choice(("#comments", "#top", "#xtor=RSS-1")),
    "trailing slash": lambda url, _: with_path(url, "/"),
    "index file": lambda url, _: with_path(url, "/index.html"),
    "percent-encoding": escaped,
    "user and password": lambda url, _: url.replace("https://", "https://a:b@", 1),
    "white space": lambda url, _: f" {url}\n",
    "same path, entities": lambda url, _: with_query(url, "utm_source=a&amp;utm_medium=b"),
    "redirect or share button": lambda url, dice: dice.choice(WRAPPERS).format(quote(url, safe="")),
    "several at once": lambda url, dice: with_host(
        with_query(url.replace("https:", "http:", 1), dice.choice(TRACKING)) + "#top", "m."
    ),
}

APART: dict[str, list[str]] = {
    "same path, other query": [
        f"https://ex.com/{rest}"
        for rest in (
            *(f"story.php?{name}={n}" for n in (48213, 48214) for name in ("id", "p", "v", "sid")),
            *(f"story.php?{name}={n}" for n in (48213, 48214) for name in ("ref", "cid", "eid")),
            *(f"index.php?threads/a.{n}" for n in (1, 2)),
            *(f"search?keyword={word}" for word in ("ferry", "harbour")),
            *(f"show?gallery={n}" for n in (1, 2)),
            *(f"show?a={first}&a={second}" for first, second in ((1, 2), (2, 1))),
        )
    ],
    "language, page": [
        f"https://ex.com/{rest}"
        for rest in ("a", "a?lang=en", "a?lang=de", "en/a", "de/a", "a?page=2", "a?page=3", "a/2")
    ],
    "path": [
        f"https://ex.com/{rest}"
        for rest in ("a", "A", "a.html", "a%2Fb", "a/b", "caf%C3%A9", "caf%E9", "a%2525", "a%25")
    ],
    "rendition words": [
        f"https://ex.com/{rest}"
        for rest in ("", "amp", "print", "m", "tag", "tag/amp", "news", "news/print", "champ")
    ],
    "host": [
        f"https://{host}/a"
        for host in (
            *("ex.com", "news.ex.com", "ex.org", "ex.com:8080", "www2.ex.com", "mex.com"),
            *("m.blogspot.com", "blogspot.com", "a.blogspot.com", "m.github.io", "github.io"),
        )
    ],
    "address in a parameter": [
        f"https://{start}{quote('https://harbor-courier.example/story', safe='')}"
        for start in ("ex.com/a?url=", "ex.com/b?url=", "ex.com/login?next=", "ex.org/?target=")
    ],
    "hash-bang": [f"https://ex.com/{rest}" for rest in ("", "#!/a", "#!/b")],
}


def _candidates() -> Iterator[tuple[str, Identity]]:
    """Give ours and what is installed of the others, each by name."""
    yield "ours", canonical_url
    if find_spec("courlan"):
        import courlan  # noqa: PLC0415 - optional here

        yield "courlan clean", courlan.clean_url
        yield "courlan strict", lambda url: courlan.normalize_url(url, strict=True)
    if find_spec("ural"):
        import ural  # noqa: PLC0415 - optional here

        yield "ural canonicalize", ural.canonicalize_url
        yield "ural normalize", ural.normalize_url
        yield "ural fingerprint", ural.fingerprint_url
    if find_spec("w3lib"):
        from w3lib.url import canonicalize_url  # noqa: PLC0415 - optional here

        yield "w3lib", canonicalize_url
    if find_spec("url_normalize"):
        yield "url-normalize", import_module("url_normalize").url_normalize


CANDIDATES = tuple(_candidates())

if __name__ == "__main__":
    main()
