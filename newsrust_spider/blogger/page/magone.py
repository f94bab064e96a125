"""The body of a post's page in the MagOne theme."""

import re

from newsrust_spider.blogger.page.tree import Element, find, has_class, inner_html

_INNER = find(f"(//div[{has_class('post-body-inner')}])[1][ancestor::*[{has_class('post-body')}]]")
_CLASS = "post-body-inner"
_NEXT = re.compile(r"<div[^<>]{1,200}post-break-links")
_LONGEST_TAG = 500
_MOST_MENTIONS = 200
"""The styles and scripts of the theme name the class too."""


def find_magone_body(root: Element) -> Element | None:
    """Return the element that holds the post and nothing else, None in another theme.

    The element around it, ``.post-body``, holds an excerpt, advertisements and links too.
    """
    return next(iter(_INNER(root)), None)


def read_magone_body(element: Element, html: str) -> str:
    """Return the HTML in ``element`` of the page ``html``, verbatim where that is possible.

    What stands between the body's start and the theme's next element is the post, byte for
    byte. In the tree a stray or a missing end tag in the post ends the body too early or too
    late, and the article would differ from the feed's.
    """
    at = -1
    for _ in range(_MOST_MENTIONS):
        at = html.find(_CLASS, at + 1)
        if at < 0:
            break
        opened, start = html.rfind("<", 0, at), html.find(">", at) + 1
        tag = html[opened:start] if start - opened <= _LONGEST_TAG else ""
        if tag.startswith("<div") and "class=" in tag:
            end = _NEXT.search(html, start)
            if end:
                content, closed, rest = html[start : end.start()].rpartition("</div>")
                return content if closed else rest
    return inner_html(element)
