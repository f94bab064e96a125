"""Why a post is rejected: the words in ``rejected_posts.reason``, with a sentence each."""

from newsrust_spider.glossary import Term


class Reason(Term):
    """What a rejected post suffers from."""

    BAD_DATE = "bad_date", "One of its dates is missing, or is no date."
    BAD_ENCODING = "bad_encoding", "Its page is in UTF-16 and does not say so."
    BAD_SOURCE_URL = "bad_source_url", "Its source link is no address on the web."
    BAD_TYPE = "bad_type", "The feed has something else where an entry should be."
    BLOCKED = "blocked", "The site asked for a captcha in place of its page."
    DROPPED = "dropped", "A stage that is not ours dropped it; the detail says why."
    EMPTY = "empty", "Its page came without any text."
    EMPTY_BODY = "empty_body", "Without pictures, frames and boilerplate it has no text."
    FORMER = "former", "A former release rejected it, for a reason that this one does not know."
    FUTURE_DATE = "future_date", "One of its dates is over 48 hours ahead of the site's clock."
    GONE = "gone", "It was named by the site, and is not there any more."
    NO_BODY = "no_body", "No text of a post was found on its page."
    NO_URL = "no_url", "It has no address of its own on the site."
    NOT_A_POST = "not_a_post", "Its address leads to a list, an archive or a static page."
    NOT_FOUND = "not_found", "Its address leads to the site's page for what does not exist."
    NOT_HTML = "not_html", "What came in place of its page is no HTML."
    OWED = "owed", "The site named it, and did not give it in three crawls or a day."
    PAYLOAD_CUT = "payload_cut", "Its entry was too large to be kept whole: no retry can read it."
    POISON_ROW = "poison_row", "The database refuses this very row."
    SCRIPT_ONLY = "script_only", "Only a browser that runs scripts would show its text."
    SELF_SOURCE = "self_source", "Its source link leads back to the aggregator."
    TOO_DEEP = "too_deep", "Its HTML is nested too deep."
    TOO_LARGE = "too_large", "Its HTML or its text is larger than that of any honest post."
    TRUNCATED = "truncated", "Its page breaks off before its end."


def read_reason(word: str) -> Reason:
    """Return the reason that a row names; FORMER where it is none of this release.

    >>> read_reason("gone").name, read_reason("no_text").name
    ('GONE', 'FORMER')
    """
    return next((reason for reason in Reason if reason == word), Reason.FORMER)
