"""A canonical link and its parts: host, query, tracking, renditions, redirects."""
