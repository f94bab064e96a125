"""The site's HTML pages as the MagOne theme renders them on the server.

Only a post's own page and static pages hold text: home, label, search and archive pages are
empty shells that scripts would fill.
"""

from demo.answer import Request
from demo.blog import Blog, BlogPost
from demo.feed import home_address
from demo.frame import View, whole_page
from demo.post_page import post_body
from demo.shape import Shape

ABOUT = """<p>This site is a stand-in: it behaves like a news blog and tells nothing true.</p>
<p>Write to nobody.</p>"""


def post_page(blog: Blog, shape: Shape, request: Request, post: BlogPost) -> str:
    """Give the page of a post."""
    home = home_address(shape, request)
    return whole_page(
        blog,
        home,
        View(kind="item", name=post.title, path=post.path, post=post, main=post_body(post, home)),
    )


def list_page(blog: Blog, shape: Shape, request: Request) -> str:
    """Give the home, a label, a search or an archive page: a shell without posts."""
    path = request.path
    name = request.parameters.get("q", "") or path.removeprefix("/search/label/").strip("/")
    kind = "index" if path == "/" or path.startswith("/search") else "archive"
    return whole_page(
        blog,
        home_address(shape, request),
        View(kind=kind, name="" if path in ("/", "/search") and not name else name, path=path),
    )


def about_page(blog: Blog, shape: Shape, request: Request) -> str:
    """Give the one static page."""
    main = (
        "<div class='page post'><h1 class='post-title entry-title'>About</h1>"
        "<div class='post-body entry-content' id='post-body-1000000000000000001'>"
        f"<div class='post-body-inner'>{ABOUT}</div></div></div>"
    )
    view = View(kind="static_page", name="About", path="/p/about.html", main=main)
    return whole_page(blog, home_address(shape, request), view)


def missing_page(blog: Blog, shape: Shape, request: Request) -> str:
    """Give the page for an address that names nothing."""
    main = "<div class='post-404'><div class='code'>404</div><a href='/'>Back Home</a></div>"
    view = View(kind="error_page", name="", path=request.path, main=main)
    return whole_page(blog, home_address(shape, request), view)
