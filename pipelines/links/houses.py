"""Publishers that serve the same stories under other hosts or paths than the usual ones.

Only where a story has the same path under both hosts, or an address that its number alone names:
the publishers redirect one to the other, or name it in `link rel=canonical`.
"""

import re

# host (without `www.` and the like) → where it leads, for every path
_MOVED = {
    "huffingtonpost.com": "huffpost.com",
    "guardian.co.uk": "theguardian.com",
    "timesofindia.com": "timesofindia.indiatimes.com",
    "economictimes.com": "economictimes.indiatimes.com",
    "navbharattimes.com": "navbharattimes.indiatimes.com",
}
_CNN = re.compile(r"(?:/cnn)?(/(?:19|20)[0-9]{2}/[0-9]{2}/[0-9]{2}/.+)")
_BBC = re.compile(r"/(?:news|sport)/(?:.*/)?(?:[a-z-]*[0-9]{6,}|c[0-9a-z]{10,}o?)")
_USA_TODAY = re.compile(r"/story/.*[0-9]{6,}/?")
_REUTERS = re.compile(r"(/article)/(?:.*[/-])?(id[A-Z]{2}[A-Z0-9]{4,})")
# What comes behind the address of a story where it is shown whole, or light, on one page.
_VIEWS = {"indianexpress.com": "/lite", "zeit.de": "/komplettansicht"}
_TIMES_OF_INDIA = re.compile(r"/(?:amp_articleshow|articleshow_amp)/(?=[0-9]+\.cms$)")


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
    if host.endswith("cnn.com") and host in {
        "cnn.com",
        "edition.cnn.com",
        "us.cnn.com",
        "lite.cnn.com",
    }:
        dated = _CNN.fullmatch(path)
        if dated:
            return "cnn.com", dated[1]
    elif host == "bbc.com" and _BBC.fullmatch(path):
        return "bbc.co.uk", path
    elif host == "eu.usatoday.com" and _USA_TODAY.fullmatch(path):
        return "usatoday.com", path
    elif host == "reuters.com":
        return host, _REUTERS.sub(r"\1/\2", path, count=1) if _REUTERS.fullmatch(path) else path
    elif host.endswith(".indiatimes.com"):
        return host, _TIMES_OF_INDIA.sub("/articleshow/", path)
    return host, path
