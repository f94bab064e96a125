"""The extractor for themes without a hook that is known: trafilatura."""

import re

LEAST = 80
"""An extractor's find of fewer characters is a caption or a button, not a post."""
_BODY = re.compile(r"<body[^>]{0,200}>")


def extract_main_text(html: str) -> str:
    """Return the main text of any page as HTML, "" where the extractor finds none."""
    # 0.6 s that a crawl of MagOne must not pay.
    from trafilatura import extract  # noqa: PLC0415

    found = extract(html, output_format="html", include_comments=False, include_links=True)
    if not found:
        return ""
    start = _BODY.search(found)
    inner = found[start.end() if start else 0 :].rpartition("</body>")[0]
    return inner.strip() if len(_TAGS.sub("", inner).strip()) >= LEAST else ""


_TAGS = re.compile(r"<[^<>]{0,2000}>")
