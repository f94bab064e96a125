"""A stand-in Newsrust on loopback: a blog that behaves like Blogger with the MagOne theme.

It serves the demo, the tests and the benchmarks; its stories never happened. Start it with
``python -m demo``, or inside a program::

    with StandIn(posts=600, seed=1) as site:
        site.url, site.blog, site.shape, site.requests, site.misbehave(...)

The map of the site:

==================================================  ===============================================
address                                             what it gives
==================================================  ===============================================
/robots.txt                                         rules, and where the sitemap is
/sitemap.xml                                        up to 150 posts: their addresses; else an index
                                                    that names 20 pages at the most
/sitemap.xml?page=N                                 150 addresses, the newest on page 1; past the
                                                    end a page without any
/sitemap-pages.xml                                  the static page
/feeds/posts/default, /full, /summary               posts, 25 unless asked, 150 at the most, fewer
                                                    where their text is over the budget
/feeds/posts/default/-/LABEL[/LABEL]                those that bear the labels
/feeds/posts/default/POSTID                         one post; also ?path=/YYYY/MM/slug.html
/feeds/BLOGID/posts/default...                      the same, as www.blogger.com has it
/feeds/pages/default, /feeds/comments/default       nothing, well-formed
/feeds/POSTID/comments/default                      the same
/atom.xml, /rss.xml                                 old names of the feed
/YYYY/MM/slug.html                                  a post's page
/p/about.html                                       the static page
/, /search?q=, /search/label/LABEL, /YYYY/[MM/]     lists, which hold no posts: scripts would
                                                    fetch them from the feed
anything else                                       404, a page that says so
==================================================  ===============================================

A feed heeds ``alt`` (atom, rss, json, json-in-script), ``callback``, ``start-index``,
``max-results``, ``orderby`` (published, updated), ``published-min``, ``published-max``, and with
``orderby=updated`` also ``updated-min`` and ``updated-max``; ``redirect=false`` passes FeedBurner
by. A telephone is sent to ``?m=1`` of a page. A query that cannot be read is answered with 400.

What the site can be made to do:

- ``demo.shape.Shape``: what the owner has set (full or short feed, FeedBurner, no feed, a login,
  comments, robots.txt) and what the server neglects (bounds, order).
- ``demo.faults.Fault``: what can go wrong on the wire, for chosen requests, for some of them.
- ``demo.blog.Blog``: publish, edit, relabel, delete, duplicate, surface, while it is being read.

The truth to compare with: ``BlogPost.paragraphs`` (the text without its wrapping),
``BlogPost.story`` (which posts tell the same original), ``Blog.label_counts()``,
``Blog.story_count()``.
"""

from demo.blog import Blog
from demo.faults import Fault
from demo.post import BlogPost
from demo.shape import Shape
from demo.site import StandIn

__all__ = ["Blog", "BlogPost", "Fault", "Shape", "StandIn"]
