"""A signal of our own, beside Scrapy's: what the spider tells whoever listens.

- ``site_asked``: the site said what it has. ``posts`` (int or None), its total; ``clock``
  (datetime).
"""

site_asked = object()
