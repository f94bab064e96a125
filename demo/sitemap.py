"""robots.txt and the sitemaps."""

from collections.abc import Iterable

from demo.answer import Request
from demo.blog import Blog
from demo.clock import sitemap_time
from demo.feed import home_address
from demo.shape import Shape

INDEX_PAGES = 20
XML_START = "<?xml version='1.0' encoding='UTF-8'?>"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
ROBOTS = """User-agent: Mediapartners-Google
Disallow: {nothing}

User-agent: *
Disallow: /search
Disallow: /share-widget
Allow: /

Sitemap: {home}/sitemap.xml

"""


def robots(shape: Shape, request: Request) -> str:
    """Give robots.txt: Blogger's own, or what the owner has put in its place."""
    if shape.robots is not None:
        return shape.robots
    return ROBOTS.format(nothing="", home=home_address(shape, request))


def sitemap(blog: Blog, shape: Shape, request: Request) -> str:
    """Give the sitemap: a large blog's index, or one page of addresses, newest first.

    The index names 20 pages at the most; the pages after them answer all the same. A page past
    the end holds no address.
    """
    posts, size = blog.posts(), shape.sitemap_page
    page = int(request.parameters.get("page", "0"))
    home = home_address(shape, request)
    if not page and len(posts) > size:
        pages = range(1, min(INDEX_PAGES, -(-len(posts) // size)) + 1)
        places = (f"<sitemap><loc>{home}/sitemap.xml?page={n}</loc></sitemap>" for n in pages)
        return f"{XML_START}<sitemapindex {SPACE}>{''.join(places)}</sitemapindex>"
    first = (max(page, 1) - 1) * size
    return urlset(
        (home_address(shape, request, post) + post.path, sitemap_time(post.updated))
        for post in posts[first : first + size]
    )


def sitemap_of_pages(blog: Blog, shape: Shape, request: Request) -> str:
    """Give the sitemap of the static pages."""
    oldest = blog.posts()[-1].updated if blog.posts() else blog.touched
    return urlset([(f"{home_address(shape, request)}/p/about.html", sitemap_time(oldest))])


def urlset(places: Iterable[tuple[str, str]]) -> str:
    """Write addresses and their last changes as a sitemap."""
    listed = (f"<url><loc>{place}</loc><lastmod>{day}</lastmod></url>" for place, day in places)
    return f"{XML_START}<urlset {SPACE}>{''.join(listed)}</urlset>"
