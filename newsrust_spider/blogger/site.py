"""The addresses of one Blogger site, and which addresses are its own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlencode, urlsplit

from newsrust_spider.limits import LONGEST_ADDRESS
from newsrust_spider.text import REPLACEMENT, mend_text, without_credentials

DEFAULT_PORTS = {"http": 80, "https": 443}
USUAL_PAGE = 25
"""Posts that Blogger gives where a request does not say how many."""
LARGEST_PAGE = 150
"""Posts asked for in one feed page. Blogger has capped ``max-results`` at 150 since late 2015
(bebraw/blogger2ghost#19); what it then gives is as much as fits its response budget."""


def wire_moment(moment: datetime) -> str:
    """Return ``moment`` as Blogger's feed parameters take it: UTC, milliseconds.

    >>> wire_moment(datetime(2022, 6, 21, 18, 16, 0, 5000, UTC))
    '2022-06-21T18:16:00.005Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Site:
    """One Blogger site: scheme, lower-case host and port.

    ``hosts`` are the names of other sites that serve, or served, the same blog.
    """

    scheme: str
    host: str
    port: int
    hosts: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, address: str) -> Self:
        """Return the site at ``address``; ValueError with the remedy where that is not one.

        >>> Site.parse("https://www.newsrust.com/").name
        'www.newsrust.com'
        >>> Site.parse("newsrust")
        Traceback (most recent call last):
        ...
        ValueError: 'newsrust' is not the address of a site: write it as https://www.example.com
        """
        remedy = f"{address!r} is not the address of a site: write it as https://www.example.com"
        try:
            parts = urlsplit(address.strip())
            port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
        except (ValueError, KeyError):
            raise ValueError(remedy) from None
        host = (parts.hostname or "").rstrip(".")
        beyond = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
        if not host or not host.isascii() or port == 0 or beyond:
            raise ValueError(remedy)
        return cls(parts.scheme, host, port)

    @property
    def name(self) -> str:
        """The site as the database names it: its host, with the port where that is unusual."""
        return _name(self.host, self.port)

    @property
    def home(self) -> str:
        """The address of the home page, without the slash at its end."""
        usual = self.port == DEFAULT_PORTS[self.scheme]
        return f"{self.scheme}://{self.host}" + ("" if usual else f":{self.port}")

    def among(self, hosts: Iterable[str]) -> "Site":
        """Return the same site, of a blog whose posts have had addresses at ``hosts`` too.

        >>> site = Site.parse("https://b.example").among(["a.example", "a.example:8000"])
        >>> site.permalink("http://a.example:8000/2022/01/x.html")
        'https://b.example/2022/01/x.html'
        >>> site.owns("https://a.example/2022/01/x.html")
        False
        """
        return replace(self, hosts=frozenset(hosts))

    def owns(self, url: str) -> bool:
        """Tell whether ``url`` has exactly this scheme, host and port.

        >>> site = Site.parse("https://www.newsrust.com")
        >>> site.owns("https://www.newsrust.com:443/x"), site.owns("https://newsrust.com/x")
        (True, False)
        """
        try:
            parts = urlsplit(url)
            port = parts.port or DEFAULT_PORTS.get(parts.scheme)
        except ValueError:
            return False
        if "@" in parts.netloc:  # what is before it, some clients resolve as part of the name
            return False
        host = (parts.hostname or "").rstrip(".")
        return (parts.scheme, host, port) == (self.scheme, self.host, self.port)

    def permalink(self, href: str) -> str:
        """Return a post's address in its one spelling: our home, no query, no fragment.

        Feeds advertise ``http`` links on ``https`` sites, and ``?m=1`` or ``?showComment=``
        name the same page, as does the same path at another of the blog's hosts. An address
        elsewhere comes back as it is, without a password; "" where it is none, is too long to be
        kept, or has lost a character.

        >>> Site.parse("https://a.example").permalink("http://A.example/2022/01/x.html?m=1#c2")
        'https://a.example/2022/01/x.html'
        """
        address = without_credentials(mend_text(href).strip())
        try:
            parts = urlsplit(address)
            port = parts.port  # raises ValueError where that is none
        except ValueError:
            return ""
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            return ""
        host = parts.hostname.rstrip(".")
        if host == self.host or _name(host, port or DEFAULT_PORTS[parts.scheme]) in self.hosts:
            address = f"{self.home}{parts.path}"
        whole = REPLACEMENT not in address and len(address.encode()) <= LONGEST_ADDRESS
        return address if whole else ""

    def feed(self, kind: str = "default", **parameters: str | int) -> str:
        """Return the address of the JSON feed ``kind``: "default" or "summary".

        ``redirect=false`` passes by an owner's FeedBurner redirect.

        >>> Site.parse("https://a.example").feed("summary", max_results=1)
        'https://a.example/feeds/posts/summary?alt=json&redirect=false&max-results=1'
        """
        query = {"alt": "json", "redirect": "false"}
        query |= {name.replace("_", "-"): str(value) for name, value in parameters.items()}
        return f"{self.home}/feeds/posts/{kind}?{urlencode(query)}"


def _name(host: str, port: int) -> str:
    return host if port in DEFAULT_PORTS.values() else f"{host}:{port}"
