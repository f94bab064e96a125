"""An HTML fragment as a flat list of tokens: parsed safely, or refused by name.

libxml2 reads the markup, but builds no tree: its own tree loses all text below depth 2,048
without an error, needs quadratic time for the attributes of one tag and 700 bytes an element.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeAlias, cast

from lxml import etree

from newsrust_spider.limits import LARGEST_HTML, MOST_ATTRIBUTES
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.reasons import Reason
from newsrust_spider.text import printable, words

DEEPEST = 2_048
"""Levels of elements, the document's own two included, as libxml2 counts."""
MOST_ELEMENTS = 50_000

_TOO_MANY_BYTES = f"over {LARGEST_HTML} bytes of HTML"
_TOO_MANY_LEVELS = f"over {DEEPEST} levels"
_TOO_MANY_PARTS = f"over {MOST_ELEMENTS} elements, or {MOST_ATTRIBUTES} attributes of one"

# elements that begin and end a line of text
BLOCKS = words(
    "address article aside blockquote caption center dd details dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup "
    "option p pre search section summary table tbody tfoot thead tr ul"
)
VOID = words(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr"
)
_KEPT = words("class data-l10n height hidden href id name src style width")
_DOCUMENT = words("html head body")
_UNSEEN = words("iframe noembed noframes noscript script style template title")
# their text is markup to read, not to obey; what browsers show of it is the text itself
_VERBATIM = words("listing plaintext textarea xmp")


class TooDeep(PostSetAside):
    """The markup is nested deeper than any honest post."""

    reason = Reason.TOO_DEEP


class TooLarge(PostSetAside):
    """The markup or the text is larger than any honest post."""

    reason = Reason.TOO_LARGE


@dataclass(frozen=True, slots=True)
class Open:
    """The start of an element, with those of its attributes that the stages look at."""

    name: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Close:
    """The end of an element; a void element has one too."""

    name: str


Token: TypeAlias = Open | Close | str


def parse_fragment(html: str) -> list[Token]:
    """Read ``html`` and give its tokens: each `Open` has its `Close`, texts never touch.

    Scripts, styles, frames, templates and comments are left out, `<plaintext>` and its kin
    become `<pre>`, texts are printable. Raises `TooLarge` and `TooDeep`.

    >>> parse_fragment("<p>Fish &amp; chips<br>")[1:3]
    ['Fish & chips', Open(name='br', attributes={})]
    """
    # four bytes are the most that one character needs: no need to encode what cannot pass
    if len(html) > LARGEST_HTML or len(raw := printable(html).encode()) > LARGEST_HTML:
        raise TooLarge(_TOO_MANY_BYTES)
    reader = _Tokens()
    # huge_tree: without it a text over 10 MB is silently lost
    parser = etree.HTMLParser(target=cast("Any", reader), encoding="utf-8", huge_tree=True)
    # the prefix keeps libxml2 from guessing where the head ends; it also makes "" readable
    etree.fromstring(b"<html><body>" + raw, parser)
    return reader.tokens


def write_fragment(tokens: Sequence[Token]) -> str:
    """Give the HTML of ``tokens``; parsing it again gives the same tokens."""
    return "".join(_write(token) for token in tokens)


def _write(token: Token) -> str:
    if isinstance(token, str):
        return escape(token, quote=False)
    if isinstance(token, Close):
        return "" if token.name in VOID else f"</{token.name}>"
    attributes = (f' {name}="{escape(value)}"' for name, value in token.attributes.items())
    return f"<{token.name}{''.join(attributes)}>"


class _Tokens:
    """What libxml2 reports to: it counts, and stops the parser by raising."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self._text: list[str] = []
        self._depth = self._elements = self._unseen_at = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST:
            raise TooDeep(_TOO_MANY_LEVELS)
        if self._elements > MOST_ELEMENTS or len(attributes) > MOST_ATTRIBUTES:
            raise TooLarge(_TOO_MANY_PARTS)
        if not self._unseen_at and tag in _UNSEEN:
            self._unseen_at = self._depth
        if not self._unseen_at and tag not in _DOCUMENT:
            kept = {name: value for name, value in attributes.items() if name in _KEPT}
            self._add(Open("pre" if tag in _VERBATIM else tag, kept))

    def end(self, tag: str) -> None:
        if not self._unseen_at and tag not in _DOCUMENT:
            self._add(Close("pre" if tag in _VERBATIM else tag))
        if self._unseen_at == self._depth:
            self._unseen_at = 0
        self._depth -= 1

    def data(self, text: str) -> None:
        if not self._unseen_at:
            self._text.append(text)

    def close(self) -> None:
        self._flush()

    def _add(self, tag: Open | Close) -> None:
        self._flush()
        self.tokens.append(tag)

    def _flush(self) -> None:
        if text := printable("".join(self._text)):
            self.tokens.append(text)
        self._text.clear()
