"""Blogger's number of a blog, by which it stays the same blog whatever its hosts are called."""

import re

_TAG = re.compile(r"tag:blogger\.com,\d{4}:blog-([0-9]{1,25})(?:\.post-[0-9]{1,25})?")


def find_blog_id(tag: str) -> str:
    """Return the number of the blog that the ``id`` of a feed, or of an entry, names.

    "" where it names none.

    >>> find_blog_id("tag:blogger.com,1999:blog-4029150338847195526")
    '4029150338847195526'
    >>> find_blog_id("tag:blogger.com,1999:blog-40.post-7")
    '40'
    >>> find_blog_id("https://blog-40.example/feed")
    ''
    """
    match = _TAG.fullmatch(tag.strip())
    return match[1] if match else ""
