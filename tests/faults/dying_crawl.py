"""``python -m tests.faults.dying_crawl STEP TIME …``: a crawl that dies at a named step.

It is ``scrapy …``, but at the TIME-th time that it comes to STEP it is gone, as by ``kill -9``.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from scrapy.cmdline import execute

from newsrust_spider.parts import Parts
from newsrust_spider.spiders import conversation
from newsrust_spider.storage import articles, ledger, lots
from newsrust_spider.storage.ledger import Ledger
from pipelines.duplicates import SetAsideDuplicates

STEPS: dict[str, tuple[Any, str, bool]] = {
    # step: where it is, and whether death comes after it (or before)
    "a page is asked for": (conversation, "address_of", True),
    "a page is read": (conversation, "read_answer", True),
    "a page is handed over": (Parts, "open", True),
    "what is held is looked up": (SetAsideDuplicates, "_look_up", True),
    "articles are inserted, their posts are not": (articles, "_insert_articles", True),
    "posts are written, their window is not": (lots, "record_progress", False),
    "all is written, nothing committed": (ledger, "store_lot", True),
    "all is committed, nobody knows": (Ledger, "store", True),
    "what was heard is to be remembered": (Ledger, "remember", False),
}

ONCE = ("what was heard is to be remembered",)
"""Steps to which a crawl comes once."""


def die_at(step: str, time: int) -> None:
    """Arrange for the end of this process."""
    owner, name, after = STEPS[step]
    function: Callable[..., Any] = getattr(owner, name)
    times = 0

    def die_in_time(*arguments: Any, **keywords: Any) -> Any:
        nonlocal times
        times += 1
        due = times == time  # asked now: another thread may count on while this one works
        if due and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **keywords)
        if due and after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, die_in_time)


if __name__ == "__main__":
    die_at(sys.argv[1], int(sys.argv[2]))
    execute(["scrapy", *sys.argv[3:]])
