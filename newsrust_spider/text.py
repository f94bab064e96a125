"""Text that any reader, log and database can take: pure functions, linear in its length."""

import re
import unicodedata

ELLIPSIS = "…"
REPLACEMENT = "\ufffd"
"""What stands for a character that could not be read."""

# Between two slashes, which browsers take in either form, and the host.
_CREDENTIALS = re.compile(r"(?<=[/\\][/\\])[^/\\?#]*@")

_LATIN_END = "\u02ff"
_JOINERS = "\u200c\u200d"
_NONCHARACTERS = [
    *range(0xFDD0, 0xFDF0),
    *(plane * 0x10000 + low for plane in range(17) for low in (0xFFFE, 0xFFFF)),
]
_BIDI_CONTROLS = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_INVISIBLE = [0x00AD, 0x180E, 0x200B, *range(0x2060, 0x2065), 0xFEFF]
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
_MENDED: dict[int, str | None] = {
    **dict.fromkeys([*_CONTROLS, *_NONCHARACTERS, *_BIDI_CONTROLS, *_INVISIBLE]),
    **dict.fromkeys([0x0B, 0x0C], " "),
    **dict.fromkeys([0x0A, 0x0D, 0x85, 0x2028, 0x2029], "\n"),
    0x09: "\t",
}


def words(text: str) -> frozenset[str]:
    """Give the set of the words of ``text``: a list of names that can be read and sorted."""
    return frozenset(text.split())


def mend_text(text: str) -> str:
    r"""Give ``text`` without what Postgres refuses, and otherwise as it came.

    NUL goes and a lone surrogate becomes U+FFFD; only JSON can bring either.

    >>> mend_text("a\x00b\ud800c")
    'ab\ufffdc'
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\x00", "")


def printable(text: str) -> str:
    r"""Give ``text`` without what a database or a reader cannot take, its line ends as newlines.

    Lone surrogates (only JSON can bring them) become U+FFFD; control characters, bidi controls,
    noncharacters and invisible characters go.

    >>> printable("a\x00b\u202e \ud800 c\r\nd")
    'ab \ufffd c\nd'
    """
    # all that has to be mended is unprintable to Python; translate() is ten times as slow
    if text.replace("\n", "").replace("\t", "").replace("\u00a0", "").isprintable():
        return text
    return mend_text(text).replace("\r\n", "\n").translate(_MENDED)


def visible(text: str) -> str:
    r"""Give ``text`` on one line, each character that a terminal would obey as its escape.

    Nothing is lost: what was hidden can be seen. Joiners stay, which many scripts need.

    >>> visible("\x1b[31mred\u202e\n[/url]")
    '\\x1b[31mred\\u202e\\n[/url]'
    """
    if text.isprintable():
        return text
    return "".join(
        sign
        if sign.isprintable() or sign in _JOINERS
        else " "
        if sign == "\u00a0"
        else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


def one_line(text: str) -> str:
    r"""Give ``text`` printable and on one line, with single spaces and none at its ends.

    >>> one_line("  Harbor\u00a0\u200b Courier\r\n")
    'Harbor Courier'
    """
    return " ".join(_without_idle_joiners(printable(text)).split())


def without_credentials(address: str) -> str:
    """Give ``address`` without the name and the password that stand before a host in it.

    >>> without_credentials("https://reader:secret@harbor-courier.example/a@b")
    'https://harbor-courier.example/a@b'
    """
    return _CREDENTIALS.sub("", address) if "@" in address else address


def cut_at_word(text: str, length: int) -> str:
    """Give the first ``length`` characters of ``text`` at most, whole words where that is fair.

    >>> cut_at_word("The harbor reopens", 15)
    'The harbor'
    """
    if len(text) <= length:
        return text
    end = text.rfind(" ", 0, length + 1)
    # a language without blanks, or one endless word: half the room is the least we give
    return text[: end if end > length // 2 else length].rstrip()


def excerpt_of(text: str, length: int) -> str:
    """Give ``text`` where it is short, else its first words and an ellipsis.

    >>> excerpt_of("The harbor, they say, reopens", 21)
    'The harbor, they say…'
    """
    if len(text) <= length:
        return text
    return cut_at_word(text, length).rstrip(" ,;:\u2013\u2014-") + ELLIPSIS


def _without_idle_joiners(text: str) -> str:
    """Drop zero-width joiners, but where a script or an emoji needs them (Persian, Hindi)."""
    if not any(joiner in text for joiner in _JOINERS):
        return text
    kept: list[str] = []
    before = ""
    for character in text:
        if character not in _JOINERS or _joins(before):
            kept.append(character)
            before = character
    return "".join(kept)


def _joins(character: str) -> bool:
    return character > _LATIN_END and unicodedata.category(character)[0] in "LMS"
