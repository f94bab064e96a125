"""The feed as data, key by key in Blogger's order, and written as JSON or JSONP.

One structure serves the JSON and the Atom form: a text is ``$t``, a string an attribute,
a list a repeated element.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from demo.answer import Request
from demo.blog import OWNER, SUBTITLE, TITLE, Blog, BlogPost
from demo.clock import wire_time
from demo.selection import Selection
from demo.shape import Shape

Node = dict[str, Any]

ATOM = "application/atom+xml"
NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns$openSearch": "http://a9.com/-/spec/opensearchrss/1.0/",
    "xmlns$blogger": "http://schemas.google.com/blogger/2008",
    "xmlns$georss": "http://www.georss.org/georss",
    "xmlns$gd": "http://schemas.google.com/g/2005",
    "xmlns$thr": "http://purl.org/syndication/thread/1.0",
}
MEDIA = "http://search.yahoo.com/mrss/"
LABEL_SCHEME = "http://www.blogger.com/atom/ns#"
GENERATOR = {"version": "7.00", "uri": "http://www.blogger.com", "$t": "Blogger"}
FEED_RELATION = "http://schemas.google.com/g/2005#feed"
HUB = "http://pubsubhubbub.appspot.com/"
PORTRAIT = {
    "rel": "http://schemas.google.com/g/2005#thumbnail",
    "width": "32",
    "height": "32",
    "src": "//images.newsrust.example/img/b/desk/s220/desk.png",
}
# Blogger's own constants are the only values whose slashes it does not escape.
CONSTANTS = (
    *NAMESPACES.values(), MEDIA, LABEL_SCHEME, GENERATOR["uri"], FEED_RELATION, HUB,
    PORTRAIT["rel"], ATOM, "text/html",
)  # fmt: skip
UNSEEN = re.compile(r"(?s)<!--.*?-->|<(script|style)\b.*?</\1>|<[^>]*>")
SUMMARY_LENGTH = 399


def tag_of(blog: Blog) -> str:
    """Give the name by which Blogger's feeds know the blog."""
    return f"tag:blogger.com,1999:blog-{blog.blog_id}"


def feeds_of(blog: Blog) -> str:
    """Give the address of the blog's feeds at www.blogger.com, without a slash at the end."""
    return f"https://www.blogger.com/feeds/{blog.blog_id}"


def text(value: str, kind: str = "") -> Node:
    """Give a text node, with its type where it has one."""
    return {"type": kind, "$t": value} if kind else {"$t": value}


def link(rel: str, kind: str, href: str, title: str | None = None) -> Node:
    """Give a link; only some have a title."""
    named = {} if title is None else {"title": title}
    return {"rel": rel, "type": kind, "href": href, **named}


def feed(blog: Blog, shape: Shape, request: Request, chosen: Selection) -> Node:
    """Give the feed of a selection; without posts it has no ``entry``."""
    labels = [{"term": label} for label in blog.label_counts()]
    entries = [entry(blog, post, shape, request, chosen.form) for post in chosen.posts]
    return {
        **NAMESPACES,
        "id": text(tag_of(blog)),
        "updated": text(wire_time(blog.touched)),
        **({"category": labels} if labels else {}),
        "title": text(TITLE, "text"),
        "subtitle": text(SUBTITLE, "html"),
        "link": feed_links(blog, shape, request, chosen),
        "author": [author(OWNER)],
        "generator": GENERATOR,
        "openSearch$totalResults": text(str(chosen.total)),
        "openSearch$startIndex": text(str(chosen.start)),
        "openSearch$itemsPerPage": text(str(chosen.size)),
        **({"entry": entries} if entries else {}),
    }


def feed_links(blog: Blog, shape: Shape, request: Request, chosen: Selection) -> list[Node]:
    """Give the feed's links; those to pages of it point to www.blogger.com."""
    home = home_address(shape, request)
    labelled = "".join(f"/{quote(label, safe='')}" for label in chosen.labels)
    own = f"{feeds_of(blog)}/posts/{chosen.form}{'/-' if labelled else ''}{labelled}"
    asked = {
        name: value for name, value in sorted(request.parameters.items()) if name != "callback"
    }
    query = f"?{urlencode(asked, quote_via=quote)}" if asked else ""
    return [
        link(FEED_RELATION, ATOM, f"{home}/feeds/posts/{chosen.form}"),
        link("self", ATOM, own + query),
        link(
            "alternate", "text/html", f"{home}/search/label{labelled}" if labelled else f"{home}/"
        ),
        {"rel": "hub", "href": HUB},
        *page_links(own, asked, chosen),
    ]


def page_links(own: str, asked: dict[str, str], chosen: Selection) -> Iterator[Node]:
    """Give the links to the pages before and after; ``asked`` is the query of this one."""
    kept = {name: v for name, v in asked.items() if name not in ("start-index", "max-results")}

    def other_page(rel: str, start: int) -> Node:
        place = {**kept, "start-index": start, "max-results": chosen.size}
        return link(rel, ATOM, f"{own}?{urlencode(place, quote_via=quote)}")

    if chosen.start > 1 and chosen.size > 0:
        yield other_page("previous", max(1, chosen.start - chosen.size))
    if chosen.posts and chosen.end <= chosen.matching:
        yield other_page("next", chosen.end)


def entry(
    blog: Blog, post: BlogPost, shape: Shape, request: Request, form: str = "default"
) -> Node:
    """Give one post; what it does not have, it does not name."""
    labels = [{"scheme": LABEL_SCHEME, "term": label} for label in post.labels]
    content = post.content
    if form == "summary" or shape.feed == "short":
        told = {"summary": text(summary(content), "text")}
    else:
        told = {"content": text(content, "html")}
    image = {"xmlns$media": MEDIA, "url": post.image, "height": "72", "width": "72"}
    return {
        "id": text(f"{tag_of(blog)}.post-{post.post_id}"),
        "published": text(wire_time(post.published)),
        "updated": text(wire_time(post.updated)),
        **({"category": labels} if labels else {}),
        "title": text(post.title, "text"),
        **told,
        "link": entry_links(blog, post, shape, request),
        "author": [author(post.author)],
        **({"media$thumbnail": image} if post.image else {}),
        **({"thr$total": text("0")} if shape.comments else {}),
    }


def entry_links(blog: Blog, post: BlogPost, shape: Shape, request: Request) -> list[Node]:
    """Give a post's links: the comments come first, the post itself last."""
    permalink = home_address(shape, request, post) + post.path
    home = permalink.removesuffix(post.path)
    own = f"{feeds_of(blog)}/posts/default/{post.post_id}"
    replies = [
        link("replies", ATOM, f"{home}/feeds/{post.post_id}/comments/default", "Post Comments"),
        link("replies", "text/html", f"{permalink}#comment-form", "0 Comments"),
    ]
    return [
        *(replies if shape.comments else ()),
        link("edit", ATOM, own),
        link("self", ATOM, own),
        link("alternate", "text/html", permalink, post.title),
    ]


def author(name: str) -> Node:
    """Give an author; the address is always the same."""
    profile = f"http://www.blogger.com/profile/{10**19 + sum(name.encode()):020}"
    return {
        "name": text(name),
        "uri": text(profile),
        "email": text("noreply@blogger.com"),
        "gd$image": PORTRAIT,
    }


def home_address(shape: Shape, request: Request, post: BlogPost | None = None) -> str:
    """Give the address of the site, without a slash at the end, in the scheme of its shape."""
    if shape.link_scheme == "mixed":
        return f"http{'s' if post and int(post.post_id) % 2 else ''}://{request.host}"
    return f"{shape.link_scheme}://{request.host}"


def summary(content: str) -> str:
    """Strip the tags and cut; what stood in two blocks may run together, as with Blogger."""
    return html.unescape(UNSEEN.sub("", content))[:SUMMARY_LENGTH]


def to_json(node: Node) -> str:
    """Write JSON with Blogger's escapes and no others."""
    written = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
    for sign, escape in (("/", "\\/"), ("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        written = written.replace(sign, escape)
    for constant in CONSTANTS:
        escaped = constant.replace("/", "\\/")
        written = written.replace(f'"{escaped}"', f'"{constant}"')
    return written


def to_jsonp(node: Node, callback: str) -> str:
    """Write JSONP as Blogger does; without a name, the old default and no first line."""
    named = f"// API callback\n{callback}" if callback else "gdata.io.handleScriptLoaded"
    return f"{named}({to_json(node)});"
