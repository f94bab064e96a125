"""The text of a page, whatever encoding it came in."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from newsrust_spider.text import REPLACEMENT

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def decode_page(body: bytes, declared: str | None) -> str:
    r"""Return the text of a page: as UTF-8, else as ``declared``, else as Windows-1252.

    Blogger always sends UTF-8, whatever a proxy's header says of it; a few broken bytes in it
    are U+FFFD, and cost no other character.

    >>> decode_page("café".encode(), "iso-8859-1"), decode_page(b"caf\xe9", None)
    ('café', 'café')
    >>> decode_page("né, né, né".encode() + b"\xff", None)
    'né, né, né\ufffd'
    """
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    text = body.decode("utf-8-sig", "replace")
    broken = text.count(REPLACEMENT)
    if not broken or broken <= sum(map(len, _BEYOND_ASCII.findall(text))) // 2:
        return text
    try:
        return body.decode(declared or "")
    except (LookupError, ValueError):
        return body.decode("cp1252", "replace")
