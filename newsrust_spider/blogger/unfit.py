"""Why an answer of the site does not count: the first word of what is told of it."""

from newsrust_spider.glossary import Term


class Unfit(Term):
    """What an answer suffers from that was asked for as a feed or a sitemap."""

    BAD_JSON = "bad_json", "It begins as JSON, and is none."
    BAD_XML = "bad_xml", "It begins as XML, and is none."
    BLOCKED = "blocked", "The site asked for a captcha."
    DTD = "dtd", "It declares a document type, which no sitemap needs and attacks do."
    DUP_KEYS = "dup_keys", "An object of its JSON has the same key twice."
    EMPTY = "empty", "It has no body."
    NOT_A_FEED = "not_a_feed", "It is JSON, but neither a feed nor the entry that was asked for."
    NOT_A_SITEMAP = "not_a_sitemap", "It is XML, but no page of a sitemap."
    NOT_JSON = "not_json", "It is something else than JSON, such as a page: the feed may be off."
    NOT_XML = "not_xml", "It is something else than XML, such as a page."
    TOO_DEEP = "too_deep", "Its JSON or its XML is nested too deep."
    TOO_LARGE = "too_large", "It has more bytes or entries than a site ever gives at once."
    TRUNCATED = "truncated", "It breaks off before its end."


class UnfitAnswerError(ValueError):
    """An answer that does not count; ``reason`` says why, the text what was found."""

    def __init__(self, reason: Unfit, detail: str) -> None:
        """Keep the ``reason``."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
