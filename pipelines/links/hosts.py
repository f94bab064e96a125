"""Host names: one spelling for each, and the registered domain that stands for a publisher."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Labels in front of a registered domain that name a rendition of the site, not another site.
# `www2.` and the like are kept: they are often other machines with other pages.
RENDITION_LABELS = frozenset({"www", "m", "mobile", "amp"})
# The same where the path names an article for sure; else they may be sites of their own.
SELDOM_LABELS = frozenset({"mobil", "mobi", "wap", "pda", "touch", "3g", "print", "amphtml"})

# RFC 1035 section 2.3.4 gives the lengths. The underscore is no host name character, but blogs
# and campaign pages use it and resolvers answer.
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST_HOST = 253
# Blogger answered a reader from the domain of the reader's country; the blog is the same.
# https://support.google.com/blogger/answer/2402711
_BLOGSPOT = re.compile(r"\.blogspot\.(?:com?\.)?[a-z]{2}$")
_DOTS = str.maketrans("。．｡", "...")  # noqa: RUF001 - RFC 3490 section 3.1 takes them as dots


class UnreadableHostError(ValueError):
    """A host that names no publisher; the text is the reason, without the host."""


def read_host(written: str) -> str:
    """Give the one spelling of a host: ASCII, lower case, without the trailing dot.

    Percent-encoding in a host is undone, as browsers do; other scripts become punycode by
    UTS 46. Raises UnreadableHostError for what no publisher has: an IP address in any notation
    (also 2130706433 and 0x7f.1), a single label such as `localhost`, a malformed name.

    >>> read_host("WWW.Harbor-Courier.EXAMPLE.")
    'www.harbor-courier.example'
    >>> read_host("ｂüｃｈｅｒ。example")
    'xn--bcher-kva.example'
    >>> read_host("127.1")
    Traceback (most recent call last):
    pipelines.links.hosts.UnreadableHostError: the host is an IP address
    """
    if len(written) > 4 * _LONGEST_HOST:
        raise UnreadableHostError("the host name is too long")
    if ":" in written:
        raise UnreadableHostError("the host is an IP address")
    host = _ascii(unquote(written)).removesuffix(".")
    labels = host.split(".")
    if len(host) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        raise UnreadableHostError("the host name is malformed" if host else "there is no host")
    # URL Standard, "ends in a number": such a host is read as an IPv4 address, or refused.
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        raise UnreadableHostError("the host is an IP address")
    if len(labels) == 1:
        raise UnreadableHostError("the host has no registered domain")
    return host


def _ascii(host: str) -> str:
    """Give a host in lower-case ASCII, by UTS 46 where it has other characters."""
    if host.isascii():
        return host.lower()
    import idna  # noqa: PLC0415 - a table of 0.5 MB that few links need

    host = unicodedata.normalize("NFKC", host).translate(_DOTS)
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise UnreadableHostError("the host name is malformed") from None


@cache
def _suffixes() -> "TLDExtract":
    """Give the public suffix list that tldextract ships; it is read once and never fetched."""
    from tldextract import TLDExtract  # noqa: PLC0415 - 0.13 s that a refused start must not pay

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str:
    """Give the part of a host that somebody registered.

    Hosting suffixes count (each blog under blogspot.com is a publisher of its own). A host
    outside the public suffix list, or that is a suffix itself, gives its last two labels.

    >>> registered_domain("news.bbc.co.uk"), registered_domain("www.harbor-courier.example")
    ('bbc.co.uk', 'harbor-courier.example')
    >>> registered_domain("ferries.blogspot.com"), registered_domain("gov.uk")
    ('ferries.blogspot.com', 'gov.uk')
    """
    found = _suffixes().extract_str(host)
    if found.domain and found.suffix:
        return f"{found.domain}.{found.suffix}"
    return ".".join(host.split(".")[-2:])


def drop_rendition_labels(host: str, labels: frozenset[str] = RENDITION_LABELS) -> str:
    """Give a host without `labels` (`www.`, `m.` …) in front of its registered domain.

    A blog under one of Blogger's country domains comes out under blogspot.com.

    >>> drop_rendition_labels("www.nytimes.com"), drop_rendition_labels("en.m.wikipedia.org")
    ('nytimes.com', 'en.wikipedia.org')
    >>> drop_rendition_labels("m.blogspot.com"), drop_rendition_labels("amp.dev")
    ('m.blogspot.com', 'amp.dev')
    >>> drop_rendition_labels("ferries.blogspot.co.uk")
    'ferries.blogspot.com'
    """
    host = _BLOGSPOT.sub(".blogspot.com", host)
    if labels.isdisjoint(host.split(".")):
        return host
    domain = registered_domain(host)
    below = host.removesuffix(domain).split(".")
    kept = [label for label in below if label and label not in labels]
    return ".".join([*kept, domain])
