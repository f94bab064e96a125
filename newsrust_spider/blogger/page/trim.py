"""The HTML of a body without what its theme has put inside it."""

from copy import deepcopy

from newsrust_spider.blogger.page.tree import Element, find, has_class, inner_html, visible_text

# Only names that themes give to their own parts: an author may write any class into a post.
_FURNITURE = find(
    "descendant::*["
    + has_class(
        *("post-footer", "post-header", "post-title", "post-labels", "label-container"),
        *("post-share-buttons", "share-buttons", "addthis_toolbox", "sharethis", "jump-link"),
        *("related-posts", "related-post", "relatedposts", "post-related", "post-pagination"),
        *("author-box", "about-author", "authorbox", "post-author", "author-profile"),
        *("comments", "blog-pager", "post-break-links", "post-excerpt"),
    )
    + " or @id='comments' or @id='related-posts' or @id='blog-pager' or self::form]"
)
# Some themes keep the post from browsers until it is scrolled to.
_COPIES = find("descendant::noscript")
_TEMPLATES = find("descendant::script[contains(@type, 'template')]/text()")


def trimmed_html(element: Element) -> str:
    """Return the HTML of the body ``element``, "" where it has no text.

    A body that is only in ``<noscript>``, or in a template for scripts, is taken from there.
    The theme's own parts stay in the tree, where the labels may be among them.
    """
    element = deepcopy(element)
    for part in _FURNITURE(element):
        if part.getparent() is not None:
            part.drop_tree()
    copies = [copy for copy in _COPIES(element) if copy.getparent().tag != "noscript"]
    shown = len(visible_text(element)) - sum(len(visible_text(copy)) for copy in copies)
    if shown > 0:
        return inner_html(element)
    if copies:
        return "".join(inner_html(copy) for copy in copies if visible_text(copy))
    return "".join(_TEMPLATES(element)).strip()
