"""A sketch of a text: few numbers by which its copies are found among all texts.

MinHash as it was first described (Broder, On the resemblance and containment of documents, 1997):
the smallest hashes of the text's runs. Of two texts that share a part J of their runs, about that
part of the keys is shared, whatever their lengths. One hash a run is all that it takes, and the
hash is fixed by a standard (RFC 7693): keys that were stored long ago, by another version of any
library, can still be compared. Libraries for MinHash give no such promise.
"""

from hashlib import blake2b

from newsrust_spider.copies.words import Text

KEYS = 32
"""Keys of a text. Where a tenth of all runs is shared (a text cut to a tenth), at least one key
is shared in 1 - 0.9 ** 32 = 97 % of the cases; where a fifth is, in 99.9 %."""


def sketch(text: Text) -> list[int]:
    """Give the keys of a text: at most ``KEYS`` signed integers of 64 bits, ascending.

    >>> from newsrust_spider.copies.words import read_text
    >>> len(sketch(read_text("The ferry is back in town. At last!")))
    3
    >>> sketch(read_text("Too short for a run."))
    []
    """
    return sorted(map(_hash, text.distinct))[:KEYS]


def _hash(run: str) -> int:
    return int.from_bytes(blake2b(run.encode(), digest_size=8).digest(), "big", signed=True)
