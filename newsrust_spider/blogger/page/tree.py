"""A page's HTML as a tree: parsed safely, or refused by name."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, cast

from lxml import etree
from lxml.html import HTMLParser

from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.limits import LARGEST_HTML, MOST_ATTRIBUTES
from newsrust_spider.reasons import Reason
from newsrust_spider.text import one_line

Element: TypeAlias = Any
"""An element of lxml; its stubs know less of it than the library does."""
Search: TypeAlias = Callable[[Element], Any]
"""A compiled XPath."""

DEEPEST = 2_046
"""libxml2 drops all text that is deeper, without an error."""
MOST_ELEMENTS = 100_000
MOST_LEVELS = 5_000_000
"""of all elements together: what questions about ancestors cost. Saved pages have up to 0.1
million."""

_SILENT = frozenset(("script", "style", "template"))
_ENDING = 20_000
"""Counters and notes of a proxy may follow the end of the document."""


class _Guard:
    """What libxml2 reports to before a tree is built: it counts, and stops it by raising."""

    def __init__(self) -> None:
        self._depth = self._elements = self._levels = 0

    def start(self, _: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        self._levels += self._depth
        if self._depth > DEEPEST or self._levels > MOST_LEVELS:
            raise UnreadableEntryError(Reason.TOO_DEEP, f"over {DEEPEST} levels of HTML")
        if self._elements > MOST_ELEMENTS or len(attributes) > MOST_ATTRIBUTES:
            detail = f"over {MOST_ELEMENTS} elements, or {MOST_ATTRIBUTES} attributes of one"
            raise UnreadableEntryError(Reason.TOO_LARGE, detail)

    def end(self, _: str) -> None:
        self._depth -= 1

    def close(self) -> None:
        """End; nothing was built."""


def read_tree(html: str) -> Element:
    """Return the root element of a whole page, without its comments.

    Raises UnreadableEntryError: ``empty``, ``truncated`` (the end tag of the document is not
    there), ``bad_encoding``, ``too_large``, ``too_deep``, ``not_html``.
    """
    raw = html.encode("utf-8", "replace")
    if not raw.strip():
        raise UnreadableEntryError(Reason.EMPTY, "the page has no text")
    if len(raw) > LARGEST_HTML:
        raise UnreadableEntryError(Reason.TOO_LARGE, f"over {LARGEST_HTML} bytes of HTML")
    if html.count("\0") > len(html) // 4:
        raise UnreadableEntryError(
            Reason.BAD_ENCODING, "the page is in UTF-16, and does not say so"
        )
    if "<" not in html:
        raise UnreadableEntryError(Reason.NOT_HTML, f"the page begins with {one_line(html[:20])!r}")
    if "</html" not in html[-_ENDING:].lower():
        raise UnreadableEntryError(
            Reason.TRUNCATED, f"the page breaks off after {len(html)} characters"
        )
    guard = etree.HTMLParser(target=cast("Any", _Guard()), encoding="utf-8", huge_tree=True)
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        etree.fromstring(raw, guard)
        root = etree.fromstring(raw, parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    if root is None:
        raise UnreadableEntryError(Reason.NOT_HTML, "no element could be read")
    return root


def has_class(*names: str) -> str:
    """Return the XPath condition that an element has one of the classes ``names``.

    >>> has_class("post")
    "contains(concat(' ', normalize-space(@class), ' '), ' post ')"
    """
    test = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
    return " or ".join(test.format(name) for name in names)


def find(path: str) -> Search:
    """Return ``path``, compiled: call it with an element, get a list, or what the path says."""
    compiled: Search = etree.XPath(path, smart_strings=False)
    return compiled


def visible_text(element: Element) -> str:
    """Return the text that ``element`` shows, on one line: no scripts, no styles."""
    return one_line("".join(_texts(element)))


def inner_html(element: Element) -> str:
    """Return the HTML inside ``element``, without the element's own tags."""
    whole: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    end = whole.rfind("</")
    return whole[whole.find(">") + 1 : end if end > 0 else len(whole)]


def _texts(element: Element) -> Iterable[str]:
    for step, node in etree.iterwalk(element, events=("start", "end")):
        if step == "start" and node.tag not in _SILENT and node.text:
            yield node.text
        elif step == "end" and node is not element and node.tail:
            yield node.tail
