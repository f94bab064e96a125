"""How a crawl ended, and why: the first cause counts."""

from dataclasses import dataclass

from newsrust_spider.exits import Exit

_STOPS = {
    "shutdown": "it was interrupted",
    "closespider_timeout": "its time limit was reached",
    "memusage_exceeded": "its memory limit was reached",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The exit status of a crawl, and one line that says why."""

    status: Exit
    reason: str = ""

    @property
    def outcome(self) -> str:
        """The word of it in the ledger: complete, incomplete or failed."""
        if self.status is Exit.COMPLETE:
            return "complete"
        return "incomplete" if self.status is Exit.INCOMPLETE else "failed"


def judge_end(
    finish_reason: str, errand: Verdict | None, *, settled: bool, errors: int = 0
) -> Verdict:
    """Return the verdict on a crawl in which nothing failed.

    ``finish_reason`` is Scrapy's; ``errand`` is what the errand came to, None where it did not
    come to its end; ``settled`` tells whether every post seen has an outcome; ``errors`` how many
    were logged, as by a signal's receiver that raised.

    >>> judge_end("finished", Verdict(Exit.COMPLETE), settled=True).outcome
    'complete'
    >>> judge_end("shutdown", None, settled=True).reason
    'it was interrupted'
    """
    if finish_reason in _STOPS:
        return Verdict(Exit.INCOMPLETE, _STOPS[finish_reason])
    defects = {
        f"the spider was closed: {finish_reason}": finish_reason != "finished",
        "posts were seen that have no outcome": not settled,
        "errors were logged": errors > 0,
    }
    for defect, found in defects.items():
        if found:
            return Verdict(Exit.DEFECT, defect)
    return errand or Verdict(Exit.DEFECT, "the errand did not come to its end")
