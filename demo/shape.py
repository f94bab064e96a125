"""The shapes that the site can take: what its owner has set, and what its server neglects."""

from dataclasses import dataclass
from typing import Literal

FeedShape = Literal["full", "short", "feedburner", "off", "login"]


@dataclass(kw_only=True)
class Shape:
    """How the site behaves; may be changed while it runs, and counts from the next request.

    - ``feed``: posts in full, cut short to summaries, redirected to FeedBurner (302 to another
      host unless ``redirect=false``), off (404), or behind a login page (200, HTML).
    - ``budget``: the bytes of content after which a feed page ends, whatever was asked for.
    - ``link_scheme``: the scheme of the blog's own links in feeds, sitemap and robots.txt;
      "mixed" makes every second post's link https.
    - ``comments``: whether entries have ``replies`` links and ``thr$total``.
    - ``gzip``: whether answers are compressed for those who accept it.
    - ``robots``: the whole of robots.txt, if the owner has replaced it.
    - ``ignore_bounds``: ``updated-min`` and ``updated-max`` are never heeded.
    - ``ignore_order``: ``orderby=updated`` is never heeded, and so the bounds of it neither.
    - ``breaks_after``: the feed gives nothing beyond so many posts, and counts them all the same.
    - ``totals_heed_bounds``: a feed's total counts only what the bounds let through; which of
      the two Blogger does is not known.
    - ``sitemap_page``: addresses in one page of the sitemap.
    """

    feed: FeedShape = "full"
    budget: int = 300_000
    link_scheme: Literal["http", "https", "mixed"] = "http"
    comments: bool = True
    gzip: bool = True
    robots: str | None = None
    ignore_bounds: bool = False
    ignore_order: bool = False
    breaks_after: int | None = None
    totals_heed_bounds: bool = False
    sitemap_page: int = 150
