"""The values of GData JSON, and the refusal of those that make no sense."""

from collections.abc import Mapping
from typing import Any

from newsrust_spider.reasons import Reason
from newsrust_spider.text import mend_text


class UnreadableEntryError(ValueError):
    """An entry that cannot become a Post; ``reason`` is that of the rejected post."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """Keep the ``reason`` and what was found, in one line."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def text_of(value: object) -> str:
    """Return the text of a GData value ``{"$t": …}``, "" where there is none.

    >>> text_of({"type": "text", "$t": "Two dead"}), text_of({"$t": 7}), text_of(None)
    ('Two dead', '7', '')
    """
    found = value.get("$t") if isinstance(value, Mapping) else value
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return mend_text(str(found))


def as_list(value: object) -> list[Any]:
    """Return a JSON value that may stand for a list of one as a list.

    >>> as_list({"rel": "next"}), as_list(None)
    ([{'rel': 'next'}], [])
    """
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
