"""What a post's page says of the post beside its body: id, title, labels, author, picture."""

import re
from urllib.parse import unquote, urlsplit

from newsrust_spider.blogger.page.around import Surroundings
from newsrust_spider.blogger.page.context import PageContext
from newsrust_spider.blogger.page.tree import Element, find, has_class, visible_text
from newsrust_spider.limits import LONGEST_ADDRESS
from newsrust_spider.text import one_line

_IDS = (
    find(f"descendant::a[{has_class('post-id')}][@data-id]/@data-id"),
    find("ancestor-or-self::*[starts-with(@id, 'post-body-')]/@id"),
    find("descendant::meta[@itemprop='postId']/@content"),
)
_POST_ID = re.compile(r"(?:post-body-)?([0-9]{1,25})")
_TITLES = (
    find(f"descendant::*[{has_class('post-title')}]"),
    find(f"descendant::*[{has_class('entry-title')}]"),
    find("descendant::*[self::h1 or self::h2 or self::h3][contains(@itemprop, 'headline')]"),
)
_OG_TITLE = find("//meta[@property='og:title']/@content")
_SITE_NAME = find("//meta[@property='og:site_name']/@content")
_LABELS = (
    find(f"descendant::*[{has_class('post-labels')}]//a[@href]"),
    find("descendant::a[@rel='tag'][contains(@href, '/search/label/')]"),
    find(f"descendant::*[{has_class('post-label', 'labels', 'label-container')}]//a[@href]"),
    find(f"descendant::*[{has_class('post-footer', 'post-tags')}]//a[@href]"),
)
_LABEL_PATH = "/search/label/"
_AUTHORS = (
    find("descendant::*[contains(@itemprop, 'author')]//*[@itemprop='name']"),
    find(f"descendant::*[{has_class('post-author', 'author')}]//*[{has_class('fn')}]"),
    find("descendant::a[@rel='author']"),
    find(f"descendant::*[{has_class('fn')}]"),
)
_PICTURES = (
    find("//*[@itemprop='image']//img/@src"),
    find("//meta[@itemprop='image_url']/@content"),
    find("//link[@rel='image_src']/@href"),
    find("//meta[@property='og:image']/@content"),
)
# Blogger names the size of a picture before its file name, or at the end of its address.
_SIZE = re.compile(r"/(?:s\d{1,4}|w\d{1,4}-h\d{1,4})(?:-[a-z0-9-]{1,40})?/(?=[^/]*$)")
_SIZE_AT_END = re.compile(r"=(?:s\d{1,4}|w\d{1,4}-h\d{1,4})(?:-[a-z0-9-]{1,40})?$")


def read_post_id(root: Element, around: Surroundings, context: PageContext) -> str:
    """Return the digits of the post's id, "" where the page does not name it."""
    named = [*_IDS[0](root), *(_IDS[1](around.body) if around.body is not None else ())]
    inner = [value for ring in around.rings[-1:] for value in _IDS[2](ring)]
    for value in (*named, context.post_id, *inner):
        match = _POST_ID.fullmatch(value)
        if match:
            return match[1]
    return ""


def read_title(root: Element, around: Surroundings, context: PageContext, *, magone: bool) -> str:
    """Return the title as it is shown, else as Blogger tells its scripts; "" for none.

    A title for other sites (Open Graph) counts only where it is not that of the whole blog,
    which Blogger puts there for a post without a title.
    """
    for path in _TITLES:
        for element in around.nearest(path):
            text = visible_text(element)
            if text:
                return text
    if context.page_name or magone:
        return one_line(context.page_name)
    blog = {one_line(name) for name in (context.blog, *_SITE_NAME(root))}
    titles = map(one_line, _OG_TITLE(root))
    return next((title for title in titles if title not in blog), "")


def read_labels(around: Surroundings) -> list[str]:
    """Return the labels of the post by their addresses, the only spelling no theme changes."""
    for path in _LABELS:
        # A post that leaves an element open swallows the labels; no author writes this class.
        found = around.nearest(path, also_inside=path is _LABELS[0])
        labels = [_label_of(anchor.get("href", "")) for anchor in found]
        if any(labels):
            return [label for label in labels if label]
    return []


def _label_of(href: str) -> str:
    try:
        path = urlsplit(href.strip()).path
    except ValueError:
        return ""
    return unquote(path.partition(_LABEL_PATH)[2])


def read_author(around: Surroundings) -> str:
    """Return the name of the author, "" where the theme does not show it."""
    for path in _AUTHORS:
        for element in around.nearest(path):
            name = visible_text(element)
            if name:
                return name[:200]
    return ""


def read_image(root: Element) -> str:
    """Return the address of the post's picture in the size of the feed's thumbnail.

    >>> thumbnail("https://1.bp.blogspot.com/-a/w1200-h630-p-k-no-nu/pier.jpg")
    'https://1.bp.blogspot.com/-a/s72-c/pier.jpg'
    """
    urls = (one_line(url) for path in _PICTURES for url in path(root))
    return thumbnail(next((url for url in urls if url and len(url) <= LONGEST_ADDRESS), ""))


def thumbnail(url: str) -> str:
    """Return the address of Blogger's thumbnail of the picture at ``url``; others stay.

    >>> thumbnail("https://blogger.googleusercontent.com/img/a/AVvX=s640")
    'https://blogger.googleusercontent.com/img/a/AVvX=s72-c'
    """
    return _SIZE_AT_END.sub("=s72-c", _SIZE.sub("/s72-c/", url))
