"""Limits that several rooms keep: whoever lets more pass hands it to one who refuses it."""

LARGEST_HTML = 4 * 1024 * 1024
"""Bytes: a MagOne page has 0.3 MB, the largest saved page of any theme 1 MB."""
MOST_ATTRIBUTES = 300
"""of one element: libxml2 needs quadratic time for them, 3.3 s for 50,000."""
LONGEST_ADDRESS = 2_000
"""Bytes: the database knows posts and articles by their addresses, and a B-tree refuses an entry
of over 2,704. A canonical URL is ASCII."""
