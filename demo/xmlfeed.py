"""The Atom and RSS forms of the feed, written from the same data as the JSON form."""

import html
from email.utils import format_datetime

from demo.answer import Request
from demo.blog import OWNER, SUBTITLE, TITLE, Blog, BlogPost
from demo.clock import wire_time
from demo.feed import LABEL_SCHEME, MEDIA, NAMESPACES, Node, home_address, summary, tag_of
from demo.selection import Selection
from demo.shape import Shape

XML_START = "<?xml version='1.0' encoding='UTF-8'?>"
STYLE_SHEET = '<?xml-stylesheet href="http://www.blogger.com/styles/atom.css" type="text/css"?>'
DOUBLE_QUOTED = {"category", "media$thumbnail", "xmlns$gd"}


def written(value: str) -> str:
    """Escape a text as Blogger does."""
    return html.escape(value).replace("&#x27;", "&#39;")


def to_atom(name: str, node: Node) -> str:
    """Write a feed or an entry as one line of Atom."""
    return XML_START + STYLE_SHEET + element(name, node)


def element(name: str, node: Node) -> str:
    """Write one element: strings become attributes, lists repeated elements, ``$t`` the text."""
    attributes, inner = "", ""
    for key, value in node.items():
        if key == "$t":
            inner += written(value)
        elif isinstance(value, str):
            quote = '"' if {name, key} & DOUBLE_QUOTED else "'"
            attributes += f" {key.replace('$', ':')}={quote}{written(value)}{quote}"
        else:
            inner += "".join(
                element(key, each) for each in (value if isinstance(value, list) else [value])
            )
    tag = name.replace("$", ":")
    closed = f">{inner}</{tag}>" if inner or "$t" in node else "/>"
    return f"<{tag}{attributes}{closed}"


def to_rss(blog: Blog, shape: Shape, request: Request, chosen: Selection) -> str:
    """Write the feed as RSS 2.0: no links between pages, dates in GMT."""
    spaces = "".join(
        f' {name.replace("$", ":")}="{address}"'
        for name, address in NAMESPACES.items()
        if "$" in name
    )
    labels = "".join(f"<category>{written(label)}</category>" for label in blog.label_counts())
    items = "".join(item(blog, post, shape, request, chosen.form) for post in chosen.posts)
    return (
        f'{XML_START}<rss xmlns:atom="{NAMESPACES["xmlns"]}"{spaces} version="2.0"><channel>'
        f"<atom:id>{tag_of(blog)}</atom:id><lastBuildDate>{format_datetime(blog.touched)}</lastBuildDate>"
        f"{labels}<title>{written(TITLE)}</title><description>{written(SUBTITLE)}</description>"
        f"<link>{home_address(shape, request)}/</link>"
        f"<managingEditor>noreply@blogger.com ({OWNER})</managingEditor>"
        "<generator>Blogger</generator>"
        f"<openSearch:totalResults>{chosen.total}</openSearch:totalResults>"
        f"<openSearch:startIndex>{chosen.start}</openSearch:startIndex>"
        f"<openSearch:itemsPerPage>{chosen.size}</openSearch:itemsPerPage>"
        f"{items}</channel></rss>"
    )


def item(blog: Blog, post: BlogPost, shape: Shape, request: Request, form: str) -> str:
    """Write one post as an RSS item."""
    short = form == "summary" or shape.feed == "short"
    labels = "".join(
        f'<category domain="{LABEL_SCHEME}">{written(label)}</category>' for label in post.labels
    )
    image = (
        f'<media:thumbnail xmlns:media="{MEDIA}" url="{post.image}" height="72" width="72"/>'
        if post.image
        else ""
    )
    return (
        f'<item><guid isPermaLink="false">{tag_of(blog)}.post-{post.post_id}</guid>'
        f"<pubDate>{format_datetime(post.published)}</pubDate>"
        f"<atom:updated>{wire_time(post.updated)}</atom:updated>{labels}"
        f"<title>{written(post.title)}</title>"
        f"<description>{written(summary(post.content) if short else post.content)}</description>"
        f"<link>{home_address(shape, request, post)}{post.path}</link>"
        f"<author>noreply@blogger.com ({written(post.author)})</author>{image}"
        f"{'<thr:total>0</thr:total>' if shape.comments else ''}</item>"
    )
