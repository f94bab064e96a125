"""The cases of `benchmarks.source_links`: originals of invented newsrooms, and their spellings.

Addresses in the styles of real publishers, each spelled in the ways of every class, and pairs that
name two stories. All of it comes from a fixed seed.
"""

from collections.abc import Callable, Iterable
from itertools import combinations
from random import Random
from urllib.parse import quote, urlsplit

Spelling = Callable[[str, Random], str]
Pair = tuple[str, str]

PUBLISHERS = ("www.harbor-courier.example", "www.daily-quay.com", "www.northfieldtimes.co.uk")
STYLES = (
    "https://{host}/2024/05/{day:02}/{slug}",
    "https://{host}/world/{slug}-{number}",
    "https://{host}/2024/{day:02}/{slug}.html",
    "https://{host}/story.php?id={number}",
    "https://{host}/{slug}/{number}?lang=en",
    "https://{host}/index.php?threads/{slug}.{number}",
    "https://{host}/news/{word}-{number}",
    "https://{host}/article/{slug}",
)
WORDS = (
    "ferry", "returns", "harbour", "council", "budget", "storm", "bridge", "museum", "strike",
    "verdict", "rail", "spring", "quay", "tunnel", "orchard", "lantern",
)  # fmt: skip
SHARING = (
    "utm_source=feed&utm_medium=rss", "fbclid=IwAR0x7Qm2kD9", "gclid=Cj0KCQiA1x", "msclkid=9f",
    "mc_cid=1a&mc_eid=2b", "at_medium=RSS&at_campaign=KARANGA", "_ga=2.1.2", "xtor=RSS-3",
    "igshid=Mzc1", "smid=tw-share", "partner=rss&emc=rss", "CMP=share_btn_tw", "ref=homepage",
    "source=twitter", "ncid=txtlnk", "wpisrc=nl_most", "ocid=socialflow", "share=facebook",
    "__twitter_impression=true", "guccounter=1", "s_cid=x1", "traffic_source=rss", "dicbo=v2-1",
)  # fmt: skip
PRINTING = (
    "print=1", "pagewanted=print", "pagewanted=all", "printable=true", "view=print", "pf=1",
    "format=print", "printerfriendly", "tmpl=component&print=1", "action=print",
)  # fmt: skip
AMP = ("amp=1", "outputType=amp", "amp", "viewas=amp", "amp_js_v=0.1&usqp=mq331")
MOBILE = ("m=1", "mobile=1", "view=mobile", "nomobile=1")
# Beside a name in the path: what a page adds of its own, and readers copy with the address.
NOISE = (
    "_=1577836800", "nc=1", "cb=99887766", "wave=9a", "highlight", "replytocom=48213", "rel=x",
    "email=a%40ex.com", "msg=fail", "sh=3f2a1b7c1d2e", "autoplay=true", "from=sidebar",
)  # fmt: skip
WRAPPERS = (
    "https://www.google.com/url?q={}&sa=D", "https://l.facebook.com/l.php?u={}&h=AT0",
    "https://www.google.co.uk/url?sa=t&url={}", "https://twitter.com/intent/tweet?url={}&text=x",
    "https://www.linkedin.com/shareArticle?mini=true&url={}", "https://out.reddit.com/t3_a?url={}",
)  # fmt: skip


def originals(dice: Random, count: int) -> list[str]:
    """Give the canonical links of so many invented stories."""
    return [
        dice.choice(STYLES).format(
            host=dice.choice(PUBLISHERS),
            day=dice.randint(1, 28),
            slug="-".join(dice.sample(WORDS, 4)),
            word=dice.choice(WORDS),
            number=100_000 + number,
        )
        for number in range(count)
    ]


def spelled(stories: list[str]) -> dict[str, list[Pair]]:
    """Give each story with its spellings by class, where a spelling changes it."""
    dice = Random(11)  # noqa: S311 - a fixed seed, no secret
    return {
        name: [(s, v) for spell in ways for s in stories if (v := spell(s, dice)) != s]
        for name, ways in SPELLINGS.items()
    }


def apart(stories: list[str]) -> dict[str, list[Pair]]:
    """Give pairs that name two stories: other choices beside one path, words that look alike."""
    plain = [story for story in stories if "?" not in story]
    choices = ("id=48213", "id=48214", "page=2", "page=3", "lang=fr", "p=7", "v=abc", "state=ohio")
    words = ("", "/en", "/fr", "/amp", "/print", "/m", "/tag/amp", "/news", "/news/print", "/story")
    hosts = ("ex.com", "news.ex.com", "m.co", "www2.ex.com", "m.blogspot.com", "a.blogspot.com")
    programs = (
        "ref=48213",
        "ref=48214",
        "id=1",
        "id=2",
        "t=1",
        "sid=1",
        "sid=2",
        "mod=a",
        "cid=48",
    )
    return {
        "choices beside a name": [
            (f"{story}?{first}", f"{story}?{second}")
            for story in plain[:25]
            for first, second in combinations(choices, 2)
        ],
        "parameters of a program": _pairs(f"https://ex.com/story.php?{p}" for p in programs),
        "words of a path": _pairs(f"https://ex.com{word}" for word in words),
        "case of a path": [
            (s, s.replace(urlsplit(s).path, urlsplit(s).path.upper())) for s in plain
        ],
        "hosts": _pairs(f"https://{host}/a" for host in hosts),
        "wrapped by a stranger": _pairs(
            f"https://ex.com/{name}?{name}={quote(story, safe='')}"
            for name in ("login", "next", "target")
            for story in stories[:5]
        ),
    }


def _pairs(urls: Iterable[str]) -> list[Pair]:
    return list(combinations(urls, 2))


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


def with_start(url: str, start: str) -> str:
    """Put a segment in front of the path of a story that its path names."""
    return url if "?" in url else url.replace(path := urlsplit(url).path, start + path, 1)


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


SPELLINGS: dict[str, tuple[Spelling, ...]] = {
    "print": (
        lambda url, dice: with_query(url, dice.choice(PRINTING)),
        lambda url, dice: (
            with_path(url, dice.choice(("/print", "/print/"))) if "?" not in url else url
        ),
        lambda url, _: url if "/2024/" not in url else with_start(url, "/print"),
    ),
    "share": (
        lambda url, dice: with_query(url, dice.choice(SHARING)),
        lambda url, dice: with_query(url, "&amp;".join(dice.sample(SHARING, 2))),
        lambda url, dice: url + dice.choice(("#comments", "#top", "#xtor=RSS-1")),
    ),
    "same host and path": (
        lambda url, dice: url if "?" in url else with_query(url, dice.choice(NOISE)),
        lambda url, dice: with_query(url, dice.choice(SHARING)),
    ),
    "og:url": (
        lambda url, _: url.replace("https:", "http:", 1),
        lambda url, _: with_host(url, ""),
        lambda url, _: with_path(url, "/"),
        lambda url, _: with_path(url, "/index.html") if "?" not in url else url,
    ),
    "AMP": (
        lambda url, _: with_host(url, "amp."),
        lambda url, dice: with_path(url, dice.choice(("/amp", "/amp/"))),
        lambda url, _: with_start(url, "/amp"),
        lambda url, _: url.replace(".html", ".amp.html"),
        lambda url, dice: with_query(url, dice.choice(AMP)),
        amp_cache,
        lambda url, _: url.replace("https://", "https://www.google.com/amp/s/", 1),
    ),
    "mobile": (
        lambda url, dice: with_host(url, dice.choice(("m.", "mobile."))),
        lambda url, _: url if "?" in url else with_host(url, "wap."),
        lambda url, dice: with_query(url, dice.choice(MOBILE)),
    ),
    "redirect": (lambda url, dice: dice.choice(WRAPPERS).format(quote(url, safe="")),),
    "encoding": (
        escaped,
        host_in_capitals,
        lambda url, _: url.replace(host := urlsplit(url).netloc, f"{host}:443", 1),
        lambda url, _: f" {url}\n",
        lambda url, _: url.replace("https://", "https://a:b@", 1),
    ),
}
