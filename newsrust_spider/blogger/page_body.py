"""The body of a post's page: the HTML that its author wrote, found by the theme's hooks."""

import re
from dataclasses import dataclass

from newsrust_spider.blogger.page_extract import extract_main_text
from newsrust_spider.blogger.page_tree import Element, find, has_class, inner_html, visible_text
from newsrust_spider.blogger.value import UnreadableEntryError

_MAGONE = find(f"//*[{has_class('post-body')}]//div[{has_class('post-body-inner')}]")
_MAGONE_CLASS = "post-body-inner"
_MAGONE_END = re.compile(r"<div[^<>]{1,200}post-break-links")
_LONGEST_TAG = 500
_MOST_MENTIONS = 200
"""The styles and scripts of the theme name the class too."""

# The order is by how much a hook says: Blogger's own id, schema.org, the class of every theme
# since 2006, the class of hAtom. facts: of 25 themes 14 have the first, 24 the third.
_HOOKS = tuple(
    find(f"//*[{condition}][not(ancestor::*[@id='comments' or @id='sidebar'])]")
    for condition in (
        "starts-with(@id, 'post-body-') and number(substring(@id, 11)) > 0",
        "contains(concat(' ', normalize-space(@itemprop), ' '), ' articleBody ')",
        has_class("post-body"),
        has_class("entry-content"),
    )
)
# What themes put inside the body's element, and no author does.
_FURNITURE = find(
    "descendant::*["
    + has_class(
        *("post-footer", "post-header", "post-title", "post-labels", "label-container"),
        *("post-share-buttons", "share-buttons", "addthis_toolbox", "sharethis", "jump-link"),
        *("related-posts", "related-post", "relatedposts", "post-related", "post-pagination"),
        *("author-box", "about-author", "authorbox", "post-author", "author-profile"),
        *("comments", "blog-pager", "post-break-links", "post-excerpt"),
    )
    + " or @id='comments' or @id='related-posts' or @id='blog-pager'"
    " or @itemprop='author' or @itemprop='publisher' or self::form]"
)
_HIDDEN_COPY = find("descendant::noscript")
_TEMPLATE = find("descendant::script[@type='text/template' or @type='text/x-template']/text()")
_MEDIA = find("boolean(descendant-or-self::*[self::img or self::iframe or self::video])")
_SCRIPTS = find("boolean(descendant::script[not(contains(@type, 'json'))])")
_DYNAMIC = find("boolean(//meta[@name='blogger-template' and @content='dynamic'])")
_LITTLE = 250
"""A page that shows fewer characters than this, menus and all, is a shell for its scripts."""


@dataclass(frozen=True, slots=True)
class PageBody:
    """The HTML of the post, and the element that it was in: None where the extractor found it."""

    content: str
    element: Element | None
    magone: bool = False


def read_body(root: Element, html: str) -> PageBody:
    """Return the body of the post on the page ``html``, parsed as ``root``.

    An empty body of MagOne is that of an empty post, as in the feed. Raises
    UnreadableEntryError: ``script_only`` where only a browser would show a body, ``no_body``.
    """
    magone = _MAGONE(root)
    if magone:
        return _read_magone(magone[0], html)
    candidates = [element for hook in _HOOKS for element in _by_length(hook(root))]
    for element in candidates:
        content = _content_of(element)
        if content:
            return PageBody(content, element)
    text = "" if _DYNAMIC(root) else extract_main_text(html)
    if text:
        return PageBody(text, None)
    for element in candidates:
        if _MEDIA(element):
            return PageBody(inner_html(element), element)
    _refuse(root, candidates)
    raise UnreadableEntryError("no_body", "no text of a post is on the page")


def _refuse(root: Element, candidates: list[Element]) -> None:
    scripted = any(_SCRIPTS(element) for element in candidates)
    if _DYNAMIC(root) or scripted or (_SCRIPTS(root) and len(visible_text(root)) < _LITTLE):
        raise UnreadableEntryError("script_only", "the body exists only in JavaScript")


def _by_length(elements: list[Element]) -> list[Element]:
    return sorted(elements, key=lambda element: -len(visible_text(element)))


def _read_magone(element: Element, html: str) -> PageBody:
    content = _slice_magone(html)
    if content is None:
        content = inner_html(element)
    if content.strip() and _SCRIPTS(element) and not visible_text(element) and not _MEDIA(element):
        raise UnreadableEntryError("script_only", "the body exists only in JavaScript")
    return PageBody(content, element, magone=True)


def _slice_magone(html: str) -> str | None:
    """Return what stands between the start of the body and the theme's next element, verbatim.

    A stray or a missing end tag in a post would end the body's element too early or too late,
    and the article would differ from the feed's. None where the page is not built like that.
    """
    at = -1
    for _ in range(_MOST_MENTIONS):
        at = html.find(_MAGONE_CLASS, at + 1)
        if at < 0:
            break
        opened, start = html.rfind("<", 0, at), html.find(">", at) + 1
        tag = html[opened:start] if start - opened <= _LONGEST_TAG else ""
        if tag.startswith("<div") and "class=" in tag:
            end = _MAGONE_END.search(html, start)
            return _without_end_tag(html[start : end.start()]) if end else None
    return None


def _without_end_tag(content: str) -> str:
    end = content.rfind("</div>")
    return content[:end] if end >= 0 else content


def _content_of(element: Element) -> str:
    """Return the HTML of a body, "" where it has no text; the theme's furniture goes."""
    for furniture in _FURNITURE(element):
        if furniture.getparent() is not None:
            _drop(furniture)
    hidden = _HIDDEN_COPY(element)
    shown = len(visible_text(element)) - sum(len(visible_text(copy)) for copy in hidden)
    if shown <= 0 and hidden:
        return "".join(map(inner_html, hidden))
    if shown <= 0:
        return "".join(_TEMPLATE(element)).strip()
    return inner_html(element)


def _drop(element: Element) -> None:
    element.drop_tree()
