"""The picture of an article: the post's thumbnail at full size, else its first picture."""

import re
from urllib.parse import urlsplit

from newsrust_spider.limits import LONGEST_ADDRESS
from newsrust_spider.text import without_credentials
from pipelines.markup.fragment import Open, parse_fragment

# docs/blogger.md, Pictures: their size is part of their address, and s0 is the original
_THUMBNAIL_FOLDER = re.compile(r"/(?:s72|w72-h72)(?:-[a-z0-9-]*)?/")
_THUMBNAIL_SUFFIX = re.compile(r"=(?:s72|w72-h72)(?:-[a-z0-9-]*)?$")


def full_size(url: str) -> str:
    """Give the address of the original of a Blogger thumbnail; other addresses stay.

    >>> full_size("https://1.bp.blogspot.com/-a/s72-c/pier.jpg")
    'https://1.bp.blogspot.com/-a/s0/pier.jpg'
    >>> full_size("https://blogger.googleusercontent.com/img/a/AVvX=s72-c")
    'https://blogger.googleusercontent.com/img/a/AVvX=s0'
    """
    return _THUMBNAIL_SUFFIX.sub("=s0", _THUMBNAIL_FOLDER.sub("/s0/", url))


def lead_image(thumbnail: str, content: str) -> str:
    """Give the address of the article's picture, "" where there is none on the web.

    ``thumbnail`` is what the feed names, ``content`` the HTML of the post. Raises what
    `parse_fragment` raises.
    """
    if url := _web_address(thumbnail):
        return full_size(url)
    if "<img" not in content.casefold():
        return ""
    pictures = (
        token.attributes
        for token in parse_fragment(content)
        if isinstance(token, Open) and token.name == "img"
    )
    # one pixel wide: a counter, not a picture
    urls = (_web_address(found.get("src", "")) for found in pictures if found.get("width") != "1")
    return next((full_size(url) for url in urls if url), "")


def _web_address(url: str) -> str:
    url = without_credentials(url.strip())
    if url.startswith("//"):
        url = f"https:{url}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and parts.hostname
    return url if is_web and len(url) <= LONGEST_ADDRESS else ""
