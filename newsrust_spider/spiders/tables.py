"""An errand's questions of our tables, answered by the ledger."""

from dataclasses import replace

from newsrust_spider.blogger.payload import read_payload
from newsrust_spider.errands.differences import (
    ChooseStale,
    Compare,
    CountLabels,
    LabelsOf,
    NoteLabels,
    NoteListed,
    WithLabel,
)
from newsrust_spider.errands.known import (
    AskKnown,
    AskRejected,
    CountHeld,
    Identify,
    Memory,
    Rejected,
    StatesOf,
)
from newsrust_spider.flags import Flag
from newsrust_spider.items import Post, UnreadablePost
from newsrust_spider.reasons import read_reason
from newsrust_spider.spiders.visit import Visit
from newsrust_spider.storage.kept import Kept
from newsrust_spider.storage.ledger import Ledger

OfCrawls = AskKnown | AskRejected | CountHeld | Identify | StatesOf | Memory
OfLists = ChooseStale | NoteListed | Compare | CountLabels | WithLabel | LabelsOf | NoteLabels
MOST_AT_ONCE = 25
"""Rejected posts that are in memory at once; each has up to 1 MB of payload."""


def ask_ledger(question: OfCrawls | OfLists, visit: Visit) -> object:
    """Return the answer; it waits for the database: call it from a thread."""
    if isinstance(question, Identify):
        blog = visit.ledger.identify(question.blog_id, visit.site.home)
        visit.site = visit.site.among(blog.hosts)
        return blog
    if isinstance(question, AskRejected):
        kept = visit.ledger.fetch_rejected(question, MOST_AT_ONCE)
        last = kept[-1].id if kept else question.after
        return Rejected(tuple(_read_kept(one, visit) for one in kept), last)
    return _ask_of_crawls(question, visit.ledger)


def _ask_of_crawls(question: OfCrawls | OfLists, ledger: Ledger) -> object:
    match question:
        case AskKnown():
            return ledger.find_known()
        case StatesOf(post_ids):
            return ledger.find_states(post_ids)
        case CountHeld():
            return ledger.count_held(question)
        case Memory():
            ledger.remember(question)
            return None
    return _ask_of_lists(question, ledger)


def _ask_of_lists(question: object, ledger: Ledger) -> object:  # noqa: PLR0911 - one a question
    match question:
        case ChooseStale(entries):
            return ledger.choose_stale(entries)
        case NoteListed():
            ledger.note_listed(question)
            return None
        case Compare(since):
            return ledger.compare(since)
        case CountLabels():
            return ledger.count_labels()
        case WithLabel(label):
            return ledger.find_labelled(label)
        case LabelsOf(post_ids):
            return ledger.find_labels(post_ids)
        case NoteLabels(counts):
            ledger.store_label_counts(counts)
            return None
    raise TypeError(f"an errand awaits what is no question: {question!r}")


def _read_kept(kept: Kept, visit: Visit) -> Post | UnreadablePost:
    found = read_payload(kept.payload, visit.site, kept.permalink, visit.clock, kept.updated)
    if isinstance(found, Post) and Flag.SUMMARY_ONLY not in found.mended:
        return replace(found, payload=kept.payload)
    # Nothing was kept of a post that was gone or owed, and of a short feed's entry not the text.
    reason, detail = read_reason(kept.reason), kept.detail
    if kept.payload and isinstance(found, UnreadablePost):
        reason, detail = found.reason, found.detail
    return UnreadablePost(
        site=kept.site,
        post_id=kept.post_id,
        permalink=kept.permalink,
        reason=reason,
        detail=detail,
        payload=kept.payload,
        updated=kept.updated,
    )
