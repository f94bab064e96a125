"""Publishers that serve the same articles under other hosts or paths than the usual ones.

Only where an article has the same path under both hosts, or an address that its number alone names:
the publishers redirect one to the other, or name it in `link rel=canonical`.
"""

import re
from typing import NamedTuple

# host (without `www.` and the like) → where it leads, for every path
_MOVED = {
    "huffingtonpost.com": "huffpost.com",
    "guardian.co.uk": "theguardian.com",
    "i.stuff.co.nz": "stuff.co.nz",
    "timesofindia.com": "timesofindia.indiatimes.com",
    "economictimes.com": "economictimes.indiatimes.com",
    "navbharattimes.com": "navbharattimes.indiatimes.com",
}
# What comes behind the address of an article where it is shown whole, or light, on one page.
_VIEWS = {"indianexpress.com": "/lite", "zeit.de": "/komplettansicht"}


class _House(NamedTuple):
    """A publisher: its hosts, the paths of its articles, and what it calls them itself."""

    hosts: re.Pattern[str]
    paths: re.Pattern[str]
    host: str
    path: str = r"\g<0>"


def _house(hosts: str, paths: str, host: str = "", path: str = r"\g<0>") -> _House:
    return _House(re.compile(hosts), re.compile(paths), host, path)


_HOUSES = (
    _house(
        r"(?:(?:edition|us|lite)\.)?cnn\.com",
        r"(?:/cnn)?(/(?:19|20)[0-9]{2}/[0-9]{2}/[0-9]{2}/.+)",
        "cnn.com",
        r"\1",
    ),
    _house(
        r"bbc\.com",
        r"/(?:news|sport)/(?:.*/)?(?:[a-z-]*[0-9]{6,}|c[0-9a-z]{10,}o?)",
        "bbc.co.uk",
    ),
    _house(r"eu\.usatoday\.com", r"/story/.*[0-9]{6,}/?", "usatoday.com"),
    _house(r"reuters\.com", r"(/article)/(?:.*[/-])?(id[A-Z]{2}[A-Z0-9]{4,})", path=r"\1/\2"),
    _house(
        r".+\.indiatimes\.com",
        r"(.*)/(?:amp_articleshow|articleshow_amp)/([0-9]+\.cms)",
        path=r"\1/articleshow/\2",
    ),
    # AMP in the place of the `a`: /amp/story/7.html
    _house(
        r"(?:.+\.)?(?:voanews\.com|rferl\.org)",
        r"(?:/(?!a/)[^/]+)?/[0-9]{5,}\.html",
        path=r"/a\g<0>",
    ),
    # AMP in the place of the extension: story.amp
    _house(
        r"slate\.com|phys\.org|medicalxpress\.com|techxplore\.com",
        r"/[^.]+/[^./-]+(?:-[^./-]+){2,}",
        path=r"\g<0>.html",
    ),
)


def unify_house(host: str, path: str) -> tuple[str, str]:
    """Give the host and the path that a publisher itself would name.

    >>> unify_house("edition.cnn.com", "/2024/05/01/world/ferry/index.html")[0]
    'cnn.com'
    >>> unify_house("bbc.com", "/news/world-europe-48213977"), unify_house("bbc.com", "/travel")
    (('bbc.co.uk', '/news/world-europe-48213977'), ('bbc.com', '/travel'))
    >>> unify_house("reuters.com", "/article/us-ferry-returns-idUSKBN1ZP0AB")
    ('reuters.com', '/article/idUSKBN1ZP0AB')
    """
    host = _MOVED.get(host, host)
    path = path.removesuffix(_VIEWS.get(host, "")) or "/"
    for house in _HOUSES:
        if house.hosts.fullmatch(host):
            found = house.paths.fullmatch(path)
            return (house.host or host, found.expand(house.path)) if found else (host, path)
    return host, path
