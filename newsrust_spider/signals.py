"""Signals of our own, beside Scrapy's: what the spider tells whoever listens.

- ``site_asked``: the site said what it has. ``posts`` (int), its total; ``clock`` (datetime).
- ``page_failed``: a page could not be had or read. ``url`` and ``reason`` (str), ``first`` (bool):
  no page of this site was read before.
"""

site_asked = object()
page_failed = object()
