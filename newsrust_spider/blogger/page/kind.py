"""What a page is: a post's own page, or one that must never become an article."""

import re
from urllib.parse import urlsplit

from newsrust_spider.blogger.captcha import is_captcha
from newsrust_spider.blogger.page.context import PageContext
from newsrust_spider.blogger.page.tree import Element, find, has_class, visible_text
from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.reasons import Reason

_POST_PATH = re.compile(r"/\d{4}/\d\d/[^/]+\.html")
_LIST_PATHS = re.compile(
    r"/|/index\.html|/search(?:/.*)?|/\d{4}/(?:\d\d/)?(?:index\.html)?|/[0-9_]{7,12}archive\.html"
    r"|/p/[^/]+"
)
_KINDS = frozenset(("item", "index", "archive", "static_page", "error_page"))
_BODY_CLASSES = {kind: kind for kind in _KINDS} | {
    "item-view": "item",
    "feed-view": "index",
    "archive-view": "archive",
    "label-view": "index",
    "search-view": "index",
    "page-view": "static_page",
    "error-view": "error_page",
}
# The kinds of Blogger's data:blog.pageType, as MagOne shows them to its scripts.
_OWN_KIND = find(f"//*[@id='global-blogger-data']/*[{has_class('pageType')}]/text()")
_CLASSES = find("(//body/@class)[1]")
_MISSING = find(f"//*[{has_class('post-404', 'error-404', 'errorWrap')}]")
_ADDRESSES = find("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
_SORRY = "the page you were looking for in this blog does not exist"


def refuse_other_pages(root: Element, html: str, context: PageContext, permalink: str) -> None:
    """Return where the page is a post's own; ``permalink`` is what was asked for.

    Raises UnreadableEntryError: ``blocked`` (a captcha), ``not_found`` (the site's 404 page),
    ``not_a_post`` (home, label, search, archive, static page).
    """
    kind = read_kind(root, context)
    if not kind and is_captcha(html):
        raise UnreadableEntryError(Reason.BLOCKED, "the site asks for a captcha")
    kind = kind or _kind_of(permalink)
    if kind == "error_page":
        raise UnreadableEntryError(Reason.NOT_FOUND, "the site has no such page")
    if kind not in {"item", ""}:
        raise UnreadableEntryError(Reason.NOT_A_POST, f"the page is of the kind {kind!r}")


def read_addresses(root: Element) -> tuple[str, ...]:
    """Return what the page calls its own address, as it is written, in the order of the page."""
    return tuple(address.strip() for address in _ADDRESSES(root))


def read_kind(root: Element, context: PageContext) -> str:
    """Return Blogger's word for what the page is, "" where the page does not tell.

    The most telling comes first: what Blogger says to its scripts, the theme's own values, the
    classes of the body, the page's own address. Two of them outvote the others for a post: some
    mirrors keep one home page's scripts for every page.
    """
    classes = " ".join(_CLASSES(root)).split()
    named = next((word for name in classes if (word := _BODY_CLASSES.get(name, ""))), "")
    addresses = [_kind_of(address) for address in _ADDRESSES(root)]
    addressed = "item" if "item" in addresses else next(filter(None, addresses), "")
    own = next((text.strip() for text in _OWN_KIND(root)), "")
    told = [word for word in (context.page_type, own, named) if word in _KINDS]
    if [*told, addressed].count("item") > 1:
        return "item"
    if told:
        return told[0]
    if _MISSING(root) or _SORRY in visible_text(root):
        return "error_page"
    return addressed


def _kind_of(address: str) -> str:
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    if _POST_PATH.fullmatch(path):
        return "item"
    if not _LIST_PATHS.fullmatch(path):
        return ""
    return "static_page" if path.startswith("/p/") else "index"
