"""A page of Blogger's sitemap: XML in, addresses out (https://www.sitemaps.org/protocol.html)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from newsrust_spider.blogger.moment import read_moment
from newsrust_spider.blogger.site import Site
from newsrust_spider.blogger.unfit import Unfit, UnfitAnswerError
from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.text import one_line, without_credentials

MOST_BYTES = 52_428_800
"""The protocol's own bound, as is the next."""
MOST_ENTRIES = 50_000
_ENDS = ("</urlset>", "</sitemapindex>", "/>")
# Whoever has a clock judges the future; here a moment must only be one.
_ANY_TIME = datetime(9000, 1, 1, tzinfo=UTC)
_LONGEST_FOREIGN = 200
"""Characters of an address that is not ours: enough to tell whose it is."""
_DAY = 10
"""Characters of a lastmod that names a day and no time."""


class SitemapError(UnfitAnswerError):
    """A response that is no sitemap."""


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A post's address in our spelling, and when it was last changed, if that can be read."""

    permalink: str
    lastmod: datetime | None


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """The posts of one page, in its order.

    ``foreign`` is what it lists beside them: addresses of other sites, relative ones, or none.
    """

    entries: tuple[SitemapEntry, ...] = ()
    foreign: tuple[str, ...] = ()


def parse_sitemap(xml: str | bytes, site: Site) -> SitemapPage:
    """Return what a page of the sitemap of ``site``, ``xml``, lists.

    Raises SitemapError: ``empty``, ``too_large``, ``dtd`` (no sitemap needs one, attacks do),
    ``truncated``, ``not_xml``, ``bad_xml``, ``too_deep``, ``not_a_sitemap``. An index is no page:
    it names no post, and to take it for an empty page would end the walk.
    """
    raw = xml.encode("utf-8", "replace") if isinstance(xml, str) else xml
    root = _read_root(raw, "utf-8" if isinstance(xml, str) else None)
    name = etree.QName(root).localname
    if name != "urlset":
        raise SitemapError(Unfit.NOT_A_SITEMAP, f"the XML is a {name[:40]!r}")
    entries: list[SitemapEntry] = []
    foreign: list[str] = []
    for address, lastmod in _read_places(root):
        permalink = _permalink(address, site)
        if permalink:
            entries.append(SitemapEntry(permalink, _read_lastmod(lastmod)))
        else:
            foreign.append(without_credentials(one_line(address))[:_LONGEST_FOREIGN])
    return SitemapPage(tuple(entries), tuple(foreign))


def _read_root(raw: bytes, encoding: str | None) -> Any:
    if len(raw) > MOST_BYTES:
        raise SitemapError(Unfit.TOO_LARGE, f"over {MOST_BYTES} bytes")
    if not raw.strip():
        raise SitemapError(Unfit.EMPTY, "the answer has no body")
    head = raw[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head.startswith(b"<") and b"\x00" not in head[:8]:
        raise SitemapError(Unfit.NOT_XML, f"the answer begins with {head[:20]!r}")
    if b"<html" in head or head.startswith(b"<!doctype html"):
        raise SitemapError(Unfit.NOT_XML, "an HTML page came where a sitemap was asked for")
    if b"<!doctype" in raw.lower():
        raise SitemapError(Unfit.DTD, "the XML declares a document type")
    root = _parse(raw, encoding)
    # In UTF-16 the bytes did not show it.
    if root.getroottree().docinfo.doctype:
        raise SitemapError(Unfit.DTD, "the XML declares a document type")
    return root


def _parse(raw: bytes, encoding: str | None) -> Any:
    parser = etree.XMLParser(encoding=encoding, resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(raw.strip(), parser)
    except etree.XMLSyntaxError as error:
        if "encoding" in str(error) and encoding is None:
            # Windows-1252 that calls itself UTF-8.
            return _parse(raw.decode("cp1252", "replace").encode(), "utf-8")
        _refuse(raw, str(error))


def _refuse(raw: bytes, problem: str) -> None:
    tail = raw[-200:].decode("utf-8", "replace").strip()
    if "depth" in problem.lower():
        raise SitemapError(Unfit.TOO_DEEP, "the XML is nested too deep") from None
    if not tail.endswith(_ENDS):
        raise SitemapError(
            Unfit.TRUNCATED, f"the sitemap breaks off after {len(raw)} bytes"
        ) from None
    raise SitemapError(Unfit.BAD_XML, one_line(problem)[:200]) from None


def _read_places(root: Any) -> Iterator[tuple[str, str]]:
    for number, place in enumerate(root.iterchildren("{*}url")):
        if number >= MOST_ENTRIES:
            raise SitemapError(Unfit.TOO_LARGE, f"over {MOST_ENTRIES} addresses in one page")
        yield place.findtext("{*}loc") or "", place.findtext("{*}lastmod") or ""


def _permalink(text: str, site: Site) -> str:
    permalink = site.permalink(one_line(text))
    return permalink if site.owns(permalink) else ""


def _read_lastmod(text: str) -> datetime | None:
    text = text.strip()
    try:
        return read_moment(f"{text}T00:00Z" if len(text) == _DAY else text, _ANY_TIME)
    except UnreadableEntryError:
        return None
