"""What Blogger itself says of a page, whatever the theme: ``_WidgetManager._SetDataContext``."""

import re
from dataclasses import dataclass

_CALL = "_SetDataContext("
_LONGEST = 30_000
"""Characters of the call that are looked at; the values wanted stand in its first 10,000."""
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_VALUE = r"""(?<![A-Za-z])['"]?{}['"]?\s{{0,40}}:\s{{0,200}}(['"])((?:[^'"\\\n]|\\.){{0,2000}})\1"""
_POST_ID = re.compile(_VALUE.format("postId"))
_BLOG_ID = re.compile(_VALUE.format("blogId"))
_PAGE_TYPE = re.compile(_VALUE.format("pageType"))
_PAGE_NAME = re.compile(_VALUE.format("pageName"))
_TITLE = re.compile(_VALUE.format("title"))


@dataclass(frozen=True, slots=True)
class PageContext:
    """The values of the call, each "" where it is not given.

    ``blog`` is the title of the blog, ``blog_id`` Blogger's number of it. Of 25 saved post
    pages of many themes 24 have the call, more than any other hook.
    """

    post_id: str = ""
    page_type: str = ""
    page_name: str = ""
    blog: str = ""
    blog_id: str = ""


def read_context(html: str) -> PageContext:
    """Return what the page ``html`` tells Blogger's own scripts.

    >>> read_context("<script>_SetDataContext([{'name': 'blog', 'data': {'pageType': 'item'}}])")
    PageContext(post_id='', page_type='item', page_name='', blog='', blog_id='')
    """
    start = html.find(_CALL)
    call = html[start : start + _LONGEST] if start >= 0 else ""
    # What registers the widgets follows the call, and names other posts.
    call = call.partition("_RegisterWidget")[0]
    return PageContext(
        post_id=_read_number(_POST_ID, call),
        page_type=_read(_PAGE_TYPE, call),
        page_name=_read(_PAGE_NAME, call),
        blog=_read(_TITLE, call),
        blog_id=_read_number(_BLOG_ID, call),
    )


def _read_number(pattern: re.Pattern[str], call: str) -> str:
    number = _read(pattern, call)
    return number if number.isascii() and number.isdigit() else ""


def _read(pattern: re.Pattern[str], call: str) -> str:
    match = pattern.search(call)
    return _ESCAPE.sub(_unescape, match[2]) if match else ""


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else {"n": "\n", "t": "\t"}.get(match[3], match[3])
