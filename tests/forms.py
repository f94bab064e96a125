"""The two forms of the suite: ``make test`` is short and always the same, ``make faults`` is long.

The long form tries each fault more often, at new random moments, and properties with new seeds.
"""

import os

LONG = os.environ.get("FAULTS") == "long"


def often(short: int, long: int) -> range:
    """Return how often a fault is tried, in the short and in the long form."""
    return range(long if LONG else short)
