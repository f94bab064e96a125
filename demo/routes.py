"""Which address gives which answer, as long as nothing misbehaves."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from demo import pages, sitemap
from demo.answer import PLAIN, XML, Answer, Request, page, redirect
from demo.blog import OWNER, TITLE, Blog, BlogPost
from demo.clock import wire_time
from demo.feed import ATOM, NAMESPACES, Node, author, entry, feed, tag_of, text, to_json, to_jsonp
from demo.selection import FEED_PATH, select
from demo.shape import Shape
from demo.xmlfeed import to_atom, to_rss

ONE_POST = re.compile(
    r"/feeds/(?:(?P<blog>\d+)/)?posts/(?P<form>default|summary|full)/(?P<post>\d+)"
)
LISTS = re.compile(r"/|/search(?:/label/.+)?|/\d{4}/(?:\d\d/)?|/\d{4}_\d\d_\d\d_archive\.html")
EMPTY_FEEDS = re.compile(
    r"/feeds/(?:(?P<post>\d+)/)?(?P<kind>comments|pages)/(default|summary|full)"
)
OLD_FEEDS = {"/atom.xml": "/feeds/posts/default", "/rss.xml": "/feeds/posts/default?alt=rss"}
MOBILE = re.compile(r"Mobile|iPhone|Android")


@dataclass(frozen=True)
class Site:
    """The blog, its shape, and the address of another host that is none of its own."""

    blog: Blog
    shape: Shape
    elsewhere: str

    def answer(self, request: Request) -> Answer:
        """Give the right answer to a request; 404 or 400 where that cannot be."""
        try:
            return self.right_answer(request)
        except LookupError:
            return Answer(body=b"Not Found", status=404, content_type=PLAIN)
        except ValueError as unreadable:
            return Answer(body=str(unreadable).encode(), status=400, content_type=PLAIN)

    def right_answer(self, request: Request) -> Answer:
        """Give the answer; LookupError where the post is unknown, ValueError if unreadable."""
        if target := OLD_FEEDS.get(request.path):
            more = request.target.partition("?")[2]
            joined = "&".join(filter(None, (target.partition("?")[2], more)))
            path = target.partition("?")[0]
            request = Request(f"{path}?{joined}".rstrip("?"), request.host, request.headers)
        if request.path.startswith("/feeds/"):
            return self.feed_answer(request)
        if request.path in DOCUMENTS:
            kind, write = DOCUMENTS[request.path]
            return Answer(
                body=write(self.blog, self.shape, request).encode(),
                content_type=kind,
                server="blogger-renderd",
                modified=self.blog.touched,
            )
        return self.page_answer(request)

    def page_answer(self, request: Request) -> Answer:
        """Give an HTML page; a telephone is sent to the address with ``m=1`` first."""
        mobile = MOBILE.search(request.headers.get("User-Agent", ""))
        if mobile and "m" not in request.parameters:
            return redirect(f"http://{request.host}{request.with_parameter('m', '1')}")
        told = self.blog, self.shape, request
        if post := self.blog.by_path(request.path):
            return page(pages.post_page(*told, post), modified=self.blog.touched)
        if request.path == "/p/about.html":
            return page(pages.about_page(*told))
        if LISTS.fullmatch(request.path):
            return page(pages.list_page(*told))
        return self.missing(request)

    def missing(self, request: Request) -> Answer:
        """Give the page for an address that names nothing."""
        return page(pages.missing_page(self.blog, self.shape, request), status=404)

    def feed_answer(self, request: Request) -> Answer:
        """Give a feed, or what its owner has put in its place."""
        if self.shape.feed in ("off", "login"):
            return page(LOGIN) if self.shape.feed == "login" else self.missing(request)
        burnt = self.shape.feed == "feedburner" and request.path == "/feeds/posts/default"
        if burnt and request.parameters.get("redirect") != "false":
            return redirect(f"{self.elsewhere}/newsrust")
        if match := ONE_POST.fullmatch(request.path):
            ours = match["blog"] in (None, self.blog.blog_id)
            post = self.blog.by_id(match["post"]) if ours else None
            return self.one_post(request, match["form"], post)
        if EMPTY_FEEDS.fullmatch(request.path):
            return self.written(request, "feed", empty_feed(self.blog))
        if FEED_PATH.fullmatch(request.raw_path):
            return self.posts_feed(request)
        return self.missing(request)

    def posts_feed(self, request: Request) -> Answer:
        """Give a page of posts."""
        chosen = select(self.blog, self.shape, request)
        if request.parameters.get("alt") == "rss":
            body = to_rss(self.blog, self.shape, request, chosen).encode()
            return feed_document(body, "application/rss+xml; charset=UTF-8", self.blog)
        return self.written(request, "feed", feed(self.blog, self.shape, request, chosen))

    def one_post(self, request: Request, form: str, post: BlogPost | None) -> Answer:
        """Give the feed form of a single post."""
        if post is None:
            raise LookupError(request.path)
        node = {**NAMESPACES, **entry(self.blog, post, self.shape, request, form)}
        del node["xmlns$openSearch"]
        return self.written(request, "entry", node)

    def written(self, request: Request, name: str, node: Node) -> Answer:
        """Write a feed or an entry in the form that ``alt`` and ``callback`` ask for."""
        alt, callback = (request.parameters.get(key, "") for key in ("alt", "callback"))
        if not alt.startswith("json"):
            return feed_document(to_atom(name, node).encode(), f"{ATOM}; charset=UTF-8", self.blog)
        told = {"version": "1.0", "encoding": "UTF-8", name: node}
        if alt == "json-in-script" or callback:
            script = to_jsonp(told, callback).encode()
            return feed_document(script, "text/javascript; charset=UTF-8", self.blog)
        return feed_document(to_json(told).encode(), "application/json; charset=UTF-8", self.blog)


def feed_document(body: bytes, kind: str, blog: Blog) -> Answer:
    """Give a feed as an answer, with its validators."""
    server = "blogger-renderd"
    return Answer(body=body, content_type=kind, server=server, modified=blog.touched)


def empty_feed(blog: Blog) -> Node:
    """Give the feed of comments or static pages: there are none."""
    return {
        **NAMESPACES,
        "id": text(f"{tag_of(blog)}.comments"),
        "updated": text(wire_time(blog.touched)),
        "title": text(TITLE, "text"),
        "author": [author(OWNER)],
        "openSearch$totalResults": text("0"),
        "openSearch$startIndex": text("1"),
        "openSearch$itemsPerPage": text("25"),
    }


LOGIN = (
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body>This blog is open to invited \
readers only.</body></html>"
)

Writer = Callable[[Blog, Shape, Request], str]
DOCUMENTS: dict[str, tuple[str, Writer]] = {
    "/robots.txt": (PLAIN, lambda _, shape, request: sitemap.robots(shape, request)),
    "/sitemap.xml": (XML, sitemap.sitemap),
    "/sitemap-pages.xml": (XML, sitemap.sitemap_of_pages),
}
