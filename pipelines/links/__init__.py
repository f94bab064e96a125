"""The parts of a canonical link: host, query, tracking, renditions, redirects."""
