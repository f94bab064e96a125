"""The body of a post's page: the HTML that its author wrote, found by the theme's hooks."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsrust_spider.blogger.page.context import PageContext
from newsrust_spider.blogger.page.extract import extract_main_text
from newsrust_spider.blogger.page.magone import find_magone_body, read_magone_body
from newsrust_spider.blogger.page.tree import Element, find, has_class, inner_html, visible_text
from newsrust_spider.blogger.page.trim import trimmed_html
from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.reasons import Reason

# The order is by how much a hook says. Of 25 saved themes 14 have Blogger's own id, 24 the class
# of every theme since 2006; schema.org's word is in between; the rest are the names that themes
# of their own use where they have none of these.
_BY_ID = find("//*[starts-with(@id, 'post-body-') and number(substring(@id, 11)) > 0]")
_MOST = 20
"""Elements that are tried for each hook; pages with more are attacks, and ancestors are dear."""
_BESIDE = "ancestor::*[@id='comments' or @id='sidebar' or self::aside]"
_BY_NAME = tuple(
    find(f"(//*[{condition}])[position() <= {_MOST}][not({_BESIDE})]")
    for condition in (
        "contains(concat(' ', normalize-space(@itemprop), ' '), ' articleBody ')",
        has_class("post-body"),
        has_class("entry-content"),
        has_class("post-content", "article-content", "article-body", "post-entry", "postbody"),
    )
)
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


def read_body(root: Element, html: str, context: PageContext) -> PageBody:
    """Return the body of the post on the page ``html``, parsed as ``root``.

    An empty body of MagOne is that of an empty post, as in the feed. Raises
    UnreadableEntryError: ``script_only`` where only a browser would show a body, ``no_body``.
    """
    magone = find_magone_body(root)
    if magone is not None:
        if _is_scripted(magone):
            raise UnreadableEntryError(Reason.SCRIPT_ONLY, "the body exists only in JavaScript")
        return PageBody(read_magone_body(magone, html), magone, magone=True)
    candidates = list(_find_candidates(root, context.post_id))
    for element in candidates:
        content = trimmed_html(element)
        if content:
            return PageBody(content, element)
    return _read_unhooked(root, html, candidates)


def _find_candidates(root: Element, post_id: str) -> Iterator[Element]:
    # A theme may show other posts below: its own id names the post, else the first is it.
    by_id = _BY_ID(root)[:_MOST]
    yield from sorted(by_id, key=lambda element: element.get("id") != f"post-body-{post_id}")
    for hook in _BY_NAME:
        yield from sorted(hook(root), key=lambda element: -len(visible_text(element)))


def _read_unhooked(root: Element, html: str, candidates: list[Element]) -> PageBody:
    """Return what the extractor finds, else a body of pictures; refuse the page otherwise."""
    shell = _SCRIPTS(root) and len(visible_text(root)) < _LITTLE
    scripted = _DYNAMIC(root) or any(map(_is_scripted, candidates))
    text = "" if scripted else extract_main_text(root, html)
    if text:
        return PageBody(text, None)
    pictures = next(filter(_MEDIA, candidates), None)
    if pictures is not None:
        return PageBody(inner_html(pictures), pictures)
    if shell or scripted:
        raise UnreadableEntryError(Reason.SCRIPT_ONLY, "the body exists only in JavaScript")
    raise UnreadableEntryError(Reason.NO_BODY, "no text of a post is on the page")


def _is_scripted(element: Element) -> bool:
    """Tell whether ``element`` holds a script and nothing to see."""
    return bool(_SCRIPTS(element)) and not visible_text(element) and not _MEDIA(element)
