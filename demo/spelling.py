"""The ways in which aggregators spell one and the same source link."""

from collections.abc import Callable
from random import Random
from urllib.parse import SplitResult, quote, urlsplit

from demo.newsroom import happens

TRACKING = (
    "utm_source=rss&utm_medium=feed&utm_campaign=top",
    "utm_source=twitter",
    "fbclid=IwAR0x7Qm2kD9",
    "gclid=Cj0KCQiA1x",
    "smid=tw-share",
)

Spelling = Callable[[SplitResult, Random], str]


def respell(source_url: str, dice: Random) -> str:
    """Give another address of the same original, by one or two of ``SPELLINGS``."""
    address = source_url
    for spell in dice.sample(SPELLINGS, dice.choice((1, 1, 2))):
        address = spell(urlsplit(address), dice)
    if happens(dice, WRAPPED_SHARE):
        return dice.choice(WRAPPERS)(urlsplit(address), dice)
    return address if address != source_url else with_tracking(urlsplit(source_url), dice)


def plain_http(link: SplitResult, _: Random) -> str:
    """Spell it with the unencrypted scheme, and without a port that would belie it."""
    return link._replace(scheme="http", netloc=link.hostname or "").geturl()


def shouting_host(link: SplitResult, _: Random) -> str:
    """Spell the host in upper case."""
    return link._replace(netloc=link.netloc.upper()).geturl()


def default_port(link: SplitResult, _: Random) -> str:
    """Name the scheme's own port."""
    port = 443 if link.scheme == "https" else 80
    return link._replace(netloc=f"{link.hostname}:{port}").geturl()


def toggled_www(link: SplitResult, _: Random) -> str:
    """Drop the leading www, or add it where the host has none."""
    host = link.netloc
    bare = host[4:] if host.lower().startswith("www.") else ""
    return link._replace(netloc=bare or f"www.{host}").geturl()


def mobile_host(link: SplitResult, _: Random) -> str:
    """Name the mobile host, ``m.`` in the place of ``www.``; other sub-domains stay."""
    host = link.netloc
    return link._replace(
        netloc=f"m.{host[4:]}" if host.lower().startswith("www.") else host
    ).geturl()


def with_tracking(link: SplitResult, dice: Random) -> str:
    """Add what a newsletter or a social network adds."""
    return with_query(link, dice.choice(TRACKING))


def with_fragment(link: SplitResult, dice: Random) -> str:
    """Point to a place in the page."""
    return link._replace(fragment=dice.choice(("comments", "top", "xtor=RSS-1"))).geturl()


def other_slash(link: SplitResult, _: Random) -> str:
    """Add or drop the slash at the end, where the path does not name a file."""
    if "." in link.path.rpartition("/")[2]:
        return link.geturl()
    path = link.path.rstrip("/") if link.path.endswith("/") else f"{link.path}/"
    return link._replace(path=path).geturl()


def amp_page(link: SplitResult, dice: Random) -> str:
    """Name the AMP page: by a suffix where the path allows one, or else by a parameter."""
    if "." not in link.path.rpartition("/")[2] and happens(dice, 0.6):
        return link._replace(path=f"{link.path.rstrip('/')}/amp").geturl()
    return with_query(link, dice.choice(("amp=1", "outputType=amp")))


def amp_cache(link: SplitResult, _: Random) -> str:
    """Name the copy in the AMP cache."""
    host = link.hostname or ""
    label = host.replace("-", "--").replace(".", "-")
    rest = link._replace(scheme="", netloc="", fragment="").geturl()
    secure = "s/" if link.scheme == "https" else ""
    return f"https://{label}.cdn.ampproject.org/c/{secure}{host}{rest}"


def search_redirect(link: SplitResult, _: Random) -> str:
    """Wrap it as a search engine does."""
    return f"https://www.google.com/url?q={quote(link.geturl(), safe='')}&sa=D&ust=1645000000000"


def with_query(link: SplitResult, more: str) -> str:
    """Add parameters to those that are there."""
    return link._replace(query="&".join(filter(None, (link.query, more)))).geturl()


WRAPPED_SHARE = 0.15
WRAPPERS: tuple[Spelling, ...] = (amp_cache, search_redirect)
SPELLINGS: tuple[Spelling, ...] = (
    plain_http,
    shouting_host,
    default_port,
    toggled_www,
    mobile_host,
    with_tracking,
    with_fragment,
    other_slash,
    amp_page,
)
