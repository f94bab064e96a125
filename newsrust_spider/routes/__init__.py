"""Routes: the ways to a site's posts. What to ask for next; no parsing, no SQL.

The feed is the first; the sitemap, with a page a post, serves where the feed does not.
"""
