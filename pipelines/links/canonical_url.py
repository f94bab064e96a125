"""The identity of an article: one spelling for every way to write the address of an original.

What each step adds, and where its rules come from:

- the reading of the string: the URL Standard (https://url.spec.whatwg.org), as browsers read it;
- `hosts`: IDNA by `idna`, the public suffix list by `tldextract`; `www.`, `m.`, `amp.` and others;
- the path: `w3lib` (percent-encoding and dot segments, RFC 3986 sections 6.2.2.2 and 5.2.4);
- `redirects`: addresses that carry another one (AMP caches, share buttons, short video links);
- `renditions`: AMP, mobile and print, in the path and in the query;
- `houses`: publishers that serve one article under two hosts or paths;
- `query`: one order and one encoding of the parameters, without those of the next two:
- `tracking`: the list of ClearURLs (`rules/clearurls.json`), and what newsrooms add to links;
- `names`: whether the path plainly names the story. Beside a headline of four words, or of two
  with a date, a parameter has to look like a choice (a page, a language, a number) to be kept;
  beside a program (`/story.php`, `/`) it has to be known as tracking to go.

`w3lib` serves as the base since it changes no meaning: `url-normalize` and `courlan` unify less
in our benchmark. `ural` unifies most of all the libraries, but it merges different articles
(`?sid=`, `m.blogspot.com`, `/tag/amp`; it follows `?next=` on any host), takes
0.2 s to import and is under the GPL. `benchmarks/source_links.py` compares them all.
A start of the crawl may not wait for large imports, so the lists are read at the first link.

Where unifying more would risk merging two articles, nothing is unified: page numbers, `?lang=`,
the case of a path, the order of parameters of the same name, `www2.`, other ports, shorteners,
archived copies, numbers as the value of an unknown parameter. IP addresses, `localhost` and other
single labels are refused: no publisher has its articles there, and they are what an attacker would
point to. A user name and a password are left out, also of an address inside the path.
"""

import re
from urllib.parse import SplitResult, quote_from_bytes, unquote_to_bytes, urlsplit

from w3lib.url import canonicalize_url as normalize_with_w3lib

from newsrust_spider.limits import LONGEST_ADDRESS
from pipelines.links.hosts import (
    SELDOM_LABELS,
    UnreadableHostError,
    drop_rendition_labels,
    read_host,
    registered_domain,
)
from pipelines.links.houses import unify_house
from pipelines.links.names import plainly_names_article
from pipelines.links.query import unify_query
from pipelines.links.redirects import carried_address
from pipelines.links.renditions import drop_rendition_path

# A link as written may carry a wrapper and tracking around the URL, each percent-encoded.
_LONGEST_WRITTEN = 8 * LONGEST_ADDRESS
_MOST_ROUNDS = 8

# Controls, and marks without width that copying from a page brings along.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WEB_SCHEME = re.compile(r"https?:[/\\]{2}(?=[^/\\])", re.IGNORECASE)
_INDEX = re.compile(
    r"/(?:index\.(?:html?|shtml|xhtml|php[345]?|aspx?|jsp|cfm)|default\.(?:aspx?|html?))$",
    re.IGNORECASE,
)
# No percent sign, no dot segment, nothing that needs encoding: w3lib would change nothing.
_ALREADY_PLAIN = re.compile(r"(?:/(?!\.)[A-Za-z0-9._~-]*)+")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
# Tracking that was glued on to a link with the wrong mark, or with the mark percent-encoded.
_GLUED = r"(?=(?:utm_[a-z]+|fbclid|gclid)=)"
_GLUED_TO_PATH = re.compile(rf"(?:%3f|&(?:amp;)?|%26){_GLUED}", re.IGNORECASE)
_GLUED_TO_QUERY = re.compile(rf"(?:\?|%3f){_GLUED}", re.IGNORECASE)
_ENTITY = re.compile(r"(?:^|&)(?:amp;)+")
_LOGIN_INSIDE = re.compile(r"(?<=:/)(/?)[^/?#&]*@")
_DEFAULT_PORTS = (None, 80, 443)


class NoCanonicalUrl(ValueError):  # noqa: N818 - the name is part of the design
    """A string that names no article on the web; the text is a short reason without the string."""


def canonical_url(url: str) -> str:
    """Give the one spelling of the address of an article, at most LONGEST_ADDRESS characters long.

    In: a link as somebody wrote it. Out: an https URL; applied again it changes nothing, and
    every spelling of the same original gives the same. Nothing is fetched. Raises
    NoCanonicalUrl, and no other exception, for any string that has none.

    >>> canonical_url("HTTP://WWW.Harbor-Courier.example:80/2024/ferry/amp/?utm_source=feed#top")
    'https://harbor-courier.example/2024/ferry'
    >>> canonical_url("https://www.google.com/url?q=http%3A%2F%2Fharbor-courier.example%2F%3Fp%3D7")
    'https://harbor-courier.example/?p=7'
    >>> canonical_url("mailto:editor@harbor-courier.example")
    Traceback (most recent call last):
    pipelines.links.canonical_url.NoCanonicalUrl: not an http or https address
    """
    if len(url) > _LONGEST_WRITTEN:
        url = url.strip()
    if len(url) > _LONGEST_WRITTEN:
        raise NoCanonicalUrl(f"longer than {LONGEST_ADDRESS:,} characters")
    # Each round undoes one layer; a round that changes nothing is the proof of idempotence.
    for _ in range(_MOST_ROUNDS):
        before, url = url, _unify(url)
        if url == before:
            break
    else:
        raise NoCanonicalUrl("too many addresses inside each other")
    if len(url) > LONGEST_ADDRESS:
        raise NoCanonicalUrl(f"longer than {LONGEST_ADDRESS:,} characters")
    return url


def publisher_of(url: str) -> str | None:
    """Give the registered domain of a URL, or None where the string has no canonical URL.

    >>> publisher_of("https://cooking.nytimes.com/recipes/1"), publisher_of("tel:110")
    ('nytimes.com', None)
    """
    try:
        parts = _read(url)
        return registered_domain(read_host(parts.hostname or ""))
    except (NoCanonicalUrl, UnreadableHostError):
        return None


def _read(url: str) -> SplitResult:
    """Split a string as browsers do; raise NoCanonicalUrl for what is no web address."""
    url = _INVISIBLE.sub("", url).strip()
    if _SURROGATE.search(url):
        raise NoCanonicalUrl("it holds half a character")
    scheme = _WEB_SCHEME.match(url)
    if scheme is None:
        has_scheme = re.match(r"https?:", url, re.IGNORECASE)
        raise NoCanonicalUrl("there is no host" if has_scheme else "not an http or https address")
    # URL Standard, "special scheme": a backslash ends the host just as a slash does.
    head, mark, tail = re.split(r"([?#]|$)", url[scheme.end() :], maxsplit=1)
    try:
        parts = urlsplit("https://" + head.replace("\\", "/") + mark + tail)
    except ValueError:
        raise NoCanonicalUrl("the host name is malformed") from None
    # Between brackets stands an IPv6 address, and `hostname` shows "[v1.a]" without them.
    if "[" in parts.netloc:
        raise NoCanonicalUrl("the host is an IP address")
    return parts


def _unify(url: str) -> str:
    """Undo one layer: give the address that this one carries, or its unified spelling."""
    parts = _read(url)
    try:
        host = drop_rendition_labels(read_host(parts.hostname or ""))
    except UnreadableHostError as error:
        raise NoCanonicalUrl(str(error)) from None
    try:
        port = parts.port
    except ValueError:
        raise NoCanonicalUrl("the port is not a number up to 65535") from None
    path, query = _split_glued(parts.path, parts.query)
    carried = carried_address(host, path or "/", query)
    if carried is not None:
        return carried
    path = _unify_path(path)
    if plainly_names_article(path):
        host = drop_rendition_labels(host, SELDOM_LABELS)
    host, path = unify_house(host, path)
    query = unify_query(query, path, host)
    site = host if port in _DEFAULT_PORTS else f"{host}:{port}"
    found = f"{site}{path}{query and '?'}{query}{_unify_fragment(parts.fragment, path)}"
    return "https://" + (_LOGIN_INSIDE.sub(r"\1", found) if ":/" in found else found)


def _split_glued(path: str, query: str) -> tuple[str, str]:
    """Give a path and a query, with the tracking that was glued on in its place."""
    query = _GLUED_TO_QUERY.sub("&", _ENTITY.sub("&", query))
    glued = _GLUED_TO_PATH.search(path)
    if glued is None:
        return path, query
    return path[: glued.start()], f"{path[glued.end() :]}&{query}"


def _unify_path(path: str) -> str:
    """Give a path in one spelling; no trailing slash, index file, session or rendition."""
    if not _ALREADY_PLAIN.fullmatch(path):
        path = urlsplit(normalize_with_w3lib(f"https://a.example{path}")).path
    path = _SESSION.sub("", path)
    # An address inside a path (an archive's) keeps the two slashes behind its scheme.
    path = re.sub(r"(?<!:)/{2,}", "/", path)
    path = _INDEX.sub("/", path).rstrip("/") or "/"
    return drop_rendition_path(path)


def _unify_fragment(fragment: str, path: str) -> str:
    """Give "#…" where a fragment names a page: a hash-bang, or a route behind a front page.

    A route begins with a slash, or has a number in it, as articles have; "#top/of/page" is only
    a place on the front page.
    """
    named = unquote_to_bytes(fragment).rstrip(b"/")
    numbered = b"/" in named and any(digit in named for digit in b"0123456789")
    routed = path == "/" and (named.startswith(b"/") or numbered) and not named.startswith(b":~:")
    if named in {b"", b"!"} or not (named.startswith(b"!") or routed):
        return ""
    return "#" + quote_from_bytes(named, "!$&'()*+,/:;=?@~")
