"""Signals of our own, beside Scrapy's: what the spider tells whoever listens.

- ``site_asked``: the site said what it has. ``posts`` (int), its total; ``clock`` (datetime).
- ``page_walked``: a page was read. ``page`` (int), its number in the crawl; ``posts`` (int), how
  many items its callback yields; ``reached`` (datetime), how far down it proves the site covered.
- ``page_failed``: a page could not be had or read. ``url`` and ``reason`` (str), ``first`` (bool):
  no page of this site was read before.
"""

site_asked = object()
page_walked = object()
page_failed = object()
