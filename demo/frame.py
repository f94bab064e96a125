"""What the theme wraps around every page: the head, the sidebar, the hidden blocks, the scripts."""

import html
from dataclasses import dataclass
from urllib.parse import quote

from demo import theme
from demo.blog import TITLE, Blog, BlogPost
from demo.feed import feeds_of
from demo.post_page import post_head

# As in the theme, the first head is commented out, and in the second content comes first.
PAGE = """<!DOCTYPE html>
<html dir='ltr' lang='en' xmlns='http://www.w3.org/1999/xhtml'>
<!--
<head>
<link type='text/css' rel='stylesheet' href='https://www.blogger.com/static/v1/widgets/bundle.css'/>
-->
<head>
{head}
</head>
<body class='{kind}'>
<div class='{kinds}'>
{header}
<{heading} class='blog-title'><a href='{home}/'>{title}</a></{heading}>
<div id='content'><div id='content-section-2'><div class='widget Blog' data-version='1' id='Blog1'>
<div class='blog-posts hfeed'>{main}</div>
</div></div></div>
<aside id='sidebar'>{sidebar}</aside>
{footer}
{labels}</div>
{values}
{words}
{search_form}
</div>
{data_context}
</body>
</html>
"""
HEAD = """{prefetch}
<meta charset='UTF-8'/>
<meta content='width=device-width, initial-scale=1' name='viewport'/>
<meta content='text/html; charset=UTF-8' http-equiv='Content-Type'/>
<meta content='blogger' name='generator'/>
<link href='{home}/favicon.ico' rel='icon' type='image/x-icon'/>
<link href='{address}' rel='canonical'/>
<link rel='alternate' title='{blog} - Atom' type='application/atom+xml' \
href='{home}/feeds/posts/default' />
<link rel='alternate' title='{blog} - RSS' type='application/rss+xml' \
href='{home}/feeds/posts/default?alt=rss' />
<link rel='service.post' type='application/atom+xml' href='{blogger}/posts/default' />
<meta content='{address}' property='og:url'/>
<meta content='{name}' property='og:title'/>
{post}
<title>{title}</title>
<meta content='{kind}' property='og:type'/>
<meta content='{blog}' property='og:site_name'/>
<style type='text/css'>
{styles}
</style>"""


@dataclass(frozen=True, kw_only=True)
class View:
    """What a page shows: its kind, its name, its address, and its post if it is a post's page."""

    kind: str
    name: str = ""
    path: str = "/"
    post: BlogPost | None = None
    main: str = ""

    @property
    def title(self) -> str:
        """The page's title inside the site: the blog's title, and the page's name if any."""
        return f"{TITLE}: {self.name}" if self.name else TITLE


def whole_page(blog: Blog, home: str, view: View) -> str:
    """Give a page from its first line to its last."""
    return PAGE.format(
        head=head(blog, home, view),
        kind=view.kind,
        kinds=f"wrapper home {view.kind}" if view.path == "/" else f"wrapper {view.kind}",
        header=theme.HEADER,
        heading="h2" if view.kind in ("item", "static_page") else "h1",
        home=home,
        title=html.escape(TITLE),
        main=view.main,
        sidebar=sidebar(blog, home),
        footer=theme.FOOTER,
        labels=label_list(blog),
        values=blogger_values(blog, home, view),
        words=theme.localised_words(),
        search_form=theme.SEARCH_FORM,
        data_context=data_context(blog, home, view),
    )


def head(blog: Blog, home: str, view: View) -> str:
    """Give what stands in the second head."""
    name = "404" if view.kind == "error_page" else view.name
    named = view.kind in ("item", "static_page", "error_page")
    return HEAD.format(
        prefetch=theme.PREFETCH,
        home=home,
        address=html.escape(home + quote(view.path)),
        blog=html.escape(TITLE),
        blogger=feeds_of(blog),
        name=html.escape(view.name or TITLE),
        post=post_head(view.post, home) if view.post else "",
        title=html.escape(f"{name} | {TITLE}" if named else view.title),
        kind="article" if view.post else "website",
        styles=theme.STYLES,
    )


def sidebar(blog: Blog, home: str) -> str:
    """Give the widgets beside the page: labels, and five popular posts, the same on every page."""
    labels = "".join(
        f"<li><a href='{home}/search/label/{quote(label, safe='')}'>{html.escape(label)}</a></li>"
        for label in [*blog.label_counts()][:10]
    )
    popular = "".join(
        f"<li><a href='{home}{post.path}'>{html.escape(post.title)}</a></li>"
        for post in blog.posts()[-5:]
    )
    return (
        f"<div class='widget Label' id='Label1'><h2>TOPICS $type=list$count=7</h2><ul>{labels}</ul>"
        f"</div><div class='widget PopularPosts' id='PopularPosts1'><ul>{popular}</ul></div>"
    )


def label_list(blog: Blog) -> str:
    """Give the hidden list of all labels and their counts, ``NAME,COUNT,`` from A to Z."""
    counts = sorted(blog.label_counts().items(), key=lambda pair: pair[0].casefold())
    listed = "".join(f"{html.escape(label)},{count}," for label, count in counts)
    return (
        "<div class='widget Label' data-version='1' id='Label100'><h2>Label Manager</h2>"
        f"<div class='hide' id='magone-labels'>{listed}</div></div>"
    )


def blogger_values(blog: Blog, home: str, view: View) -> str:
    """Give the hidden values that the theme's scripts read."""
    picture = view.post.image if view.post else ""
    values = {
        "languageDirection": "ltr",
        "pageType": view.kind,
        "pageTitle": view.title,
        "pageName": view.name,
        "metaDescription": "",
        "postImageUrl": picture.replace("/s72-c/", "/s1600/"),
        "postImageThumbnailUrl": picture,
        "title": TITLE,
        "url": home + quote(view.path),
        "homepageUrl": f"{home}/",
        "canonicalHomepageUrl": f"{home}/",
        "canonicalUrl": home + quote(view.path),
        "enabledCommentProfileImages": "true",
        "blogId": blog.blog_id,
        "encoding": "UTF-8",
    }
    inner = "\n".join(
        f"<div class='{key}'>{html.escape(value)}</div>" for key, value in values.items()
    )
    return f"<div class='hide' id='global-blogger-data' style='display:none'>\n{inner}\n</div>"


def data_context(blog: Blog, home: str, view: View) -> str:
    """Give the script by which every Blogger page names its blog and its post."""
    name = view.name.replace("\\", "\\\\").replace("'", "\\x27").replace("<", "\\x3c")
    post = f", 'postId': '{view.post.post_id}'" if view.post else ""
    return (
        "<script type='text/javascript'>\n_WidgetManager._SetDataContext([{'name': 'blog', 'data': "
        f"{{'blogId': '{blog.blog_id}', 'title': '{TITLE}', 'url': '{home}{quote(view.path)}', "
        f"'pageType': '{view.kind}'{post}, 'pageName': '{name}', 'encoding': 'UTF-8'}}}}]);\n"
        "</script>"
    )
