"""The part of a post's page that belongs to the post, element by element as MagOne orders it."""

import html
from urllib.parse import quote

from demo import theme
from demo.blog import TITLE
from demo.clock import BLOG_ZONE, page_time
from demo.feed import UNSEEN
from demo.post import BlogPost

EXCERPT_LENGTH = 140


def excerpt(content: str) -> str:
    """Give the automatic excerpt: tags turned into blanks, cut in the middle of a word."""
    told = html.unescape(UNSEEN.sub(" ", content)).strip()
    return told if len(told) <= EXCERPT_LENGTH else told[:EXCERPT_LENGTH] + "..."


def post_head(post: BlogPost, home: str) -> str:
    """Give the lines of the head that only a post's page has."""
    told = html.escape(excerpt(post.content))
    comments = f"{home}/feeds/{post.post_id}/comments/default"
    lines = [
        f"<link rel='alternate' type='application/atom+xml' href='{comments}' />",
        f"<meta content='{told}' property='og:description'/>",
    ]
    if post.image:
        large = post.image.replace("/s72-c/", "/w1200-h630-p-k-no-nu/")
        lines += [
            f"<link href='{large}' rel='image_src'/>",
            f"<meta content='{large}' property='og:image'/>",
            "<meta content='summary_large_image' name='twitter:card'/>",
        ]
    return "\n".join(lines)


def post_body(post: BlogPost, home: str) -> str:
    """Give the post: header, body, labels, share buttons, and the empty boxes for scripts."""
    permalink = home + post.path
    return f"""
<div class='post-outer'><div class='post hentry' itemprop='blogPost' itemscope=''
 itemtype='https://schema.org/BlogPosting'>
<a class='hide' href='{permalink}' itemprop='mainEntityOfPage'></a>
{post_header(post, permalink)}
<div class='post-body entry-content content-template right' id='post-body-{post.post_id}'
 itemprop='description articleBody'>
<div class='post-right'>{theme.ADVERTISEMENT}
<p class='post-excerpt'>{html.escape(excerpt(post.content))}</p></div>
<div class='post-body-inner'>{post.content}</div>
<div class='post-break-links'></div>{theme.ADVERTISEMENT}<div class='post-pagination'></div>
</div>
{post_footer(post, home)}
</div></div>
<div class='post-related'></div>
<div id='comments'><div class='comments-tabs'>COMMENTS</div>
<script>var COMMENT_ITEMS = [];</script></div>"""


def post_header(post: BlogPost, permalink: str) -> str:
    """Give the post's header; a post without a title has no h1."""
    title = (
        "<h1 class='post-title entry-title' itemprop='name headline'>"
        f"<a href='{permalink}'>{html.escape(post.title)}</a></h1>"
    )
    shown = post.published.astimezone(BLOG_ZONE).strftime("%B %d, %Y")
    return f"""<div class='post-header'>
<a class='post-id' data-id='{post.post_id}' name='{post.post_id}'></a>
<div class='post-breadcrumb'></div>{breadcrumbs(post, permalink)}
{title if post.title else ""}
<div class='post-sub-title-wrapper'></div>
<div class='post-meta-wrapper'>
<a class='author post-meta post-meta-author' href='#' itemprop='author' itemscope='' rel='author'>\
<span class='fn' itemprop='name'>{html.escape(post.author)}</span></a>
<a class='entry-date published post-meta post-meta-date timestamp-link' href='{permalink}' \
rel='bookmark'><abbr class='updated' itemprop='datePublished dateModified' \
title='{page_time(post.published)}'><span class='value'>{shown}</span></abbr></a>
</div></div>"""


def breadcrumbs(post: BlogPost, permalink: str) -> str:
    """Give one hidden breadcrumb list for each label."""
    home = permalink.removesuffix(post.path)
    return "".join(
        "<span class='hide' itemscope='' itemtype='https://schema.org/BreadcrumbList'>"
        "<span itemprop='itemListElement' itemscope='' itemtype='https://schema.org/ListItem'>"
        f"<meta content='{home}/search/label/{quote(label, safe='')}' itemprop='item'/>"
        f"<meta content='{html.escape(label)}' itemprop='name'/>"
        "<meta content='1' itemprop='position'/></span></span>"
        for label in post.labels
    )


def post_footer(post: BlogPost, home: str) -> str:
    """Give the labels, seen and hidden, the picture, the publisher and the share buttons."""
    seen, hidden = "", ""
    for label in post.labels:
        address, name = f"{home}/search/label/{quote(label, safe='')}", html.escape(label)
        seen += (
            f"<a class='post-label' href='{address}' rel='tag'>"
            f"<span class='label-name'>{name}</span><span class='label-count'></span></a>"
        )
        hidden += f"<span class='post-label-data hide' data-href='{address}'>{name}</span>"
    large = post.image.replace("/s72-c/", "/s1600/")
    image = (
        "<div class='hide' itemprop='image' itemscope='' itemtype='https://schema.org/ImageObject'>"
        f"<img alt='' src='{large}'/><meta content='{large}' itemprop='url'/></div>"
    )
    return f"""<div class='post-footer'>
<div class='post-labels post-section'>{seen}</div>{hidden}
{image if post.image else ""}
<div class='hide' itemprop='publisher' itemscope='' itemtype='https://schema.org/Organization'>
<meta content='{home}/' itemprop='url'/><meta content='{html.escape(TITLE)}' itemprop='name'/>
<div itemprop='logo' itemscope=''><meta content='{home}/favicon.ico' itemprop='url'/></div></div>
<div class='post-share-buttons post-section'><span>SHARE:</span>{theme.SHARE}</div>
</div>"""
