"""Text from the wire made fit to store: pure, linear in its length."""

import unicodedata

# Zero-width characters and bidirectional controls: invisible, and able to make two equal
# labels differ or a line of a log read backwards (Unicode TR36, section 3.6).
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
_CONTROLS = "".join(map(chr, (*range(0x20), 0x7F, *range(0x80, 0xA0), 0xFFFE, 0xFFFF)))
_STORABLE = str.maketrans("", "", "".join(c for c in _CONTROLS if c not in "\t\n\r\x85"))
_ONE_LINE = str.maketrans("", "", _INVISIBLE)


def mend_text(text: str) -> str:
    r"""Return ``text`` without what Postgres or a reader chokes on.

    NUL and other control characters go (tab and line ends stay), a lone surrogate becomes
    U+FFFD. Only JSON can bring either here.

    >>> mend_text("a\x00b\ud800c")
    'ab\ufffdc'
    """
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.translate(_STORABLE)


def one_line(text: str) -> str:
    r"""Return ``text`` as one line of single spaces, NFC, with nothing invisible in it.

    >>> one_line(" Caf\u0065\u0301\n au\u00a0lait\u200b ")
    'Café au lait'
    """
    return unicodedata.normalize("NFC", " ".join(mend_text(text).translate(_ONE_LINE).split()))


def cut_text(text: str, length: int) -> str:
    """Return ``text``, cut to at most ``length`` characters at a word where that is possible.

    >>> cut_text("the quick brown fox", 12)
    'the quick…'
    >>> cut_text("supercalifragilistic", 8)
    'superca…'
    """
    if len(text) <= length:
        return text
    head = text[: length - 1]
    word_end = head.rfind(" ") if text[length - 1] != " " else len(head)
    return (head[:word_end] if word_end > 0 else head).rstrip() + "…"
