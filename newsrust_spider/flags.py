"""What had to be mended in a post: the words in ``articles.cleaning``, with a sentence each."""

from newsrust_spider.glossary import Term


class Flag(Term):
    """What a reader of the article may want to know of its post."""

    BROKEN_CHARACTERS = "broken_characters", "Characters were broken: U+FFFD stands for them."
    FUTURE_UPDATED = (
        "future_updated",
        "Its last change was dated in the future; that date is left out.",
    )
    HEADLINE_CUT = "headline_cut", "Its headline was cut to 1,000 characters."
    LABEL_CUT = "label_cut", "One of its labels was cut to 200 characters."
    LABEL_DROPPED = "label_dropped", "One of its labels was empty, or no text, and is left out."
    LABELS_CUT = "labels_cut", "It had over 100 labels; the first 100 are kept."
    NO_ID = "no_id", "It has no number of Blogger's, and is known by its address."
    NO_PUBLISHED = "no_published", "The date of its publication is not known."
    NO_TITLE = "no_title", "It had no title: its first words are the headline."
    NO_UPDATED = "no_updated", "The date of its last change is not known: another date stands in."
    SEVERAL_SOURCE_LINKS = (
        "several_source_links",
        "It had several source links; the last usable one counts.",
    )
    SUMMARY_ONLY = "summary_only", "The feed gave its summary in place of its text."
    SUSPICIOUS_DATE = "suspicious_date", "It is dated before 1995: no news on the web is older."
    UPDATED_BEFORE_PUBLISHED = (
        "updated_before_published",
        "Its last change is dated before its publication.",
    )
