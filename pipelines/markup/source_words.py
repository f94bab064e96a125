"""What stands in the line of a source link, judged by its words alone."""

LONGEST_DECORATION = 60

_WORDS = "source link"
_LABEL = "source:"
_SEPARATORS = " \t\n\u00a0|/•·»>\u2013\u2014-("
_QUOTES = "\"'”\u2019»)]"
_SENTENCE_ENDS = (".", "!", "?", "…", "。")
_ABBREVIATIONS = ("Co.", "Corp.", "Inc.", "Ltd.", "St.")


def reads_source_link(text: str) -> bool:
    """Tell whether the text of an anchor is, or begins with, the words "Source Link".

    >>> reads_source_link("SOURCE LINK »"), reads_source_link("the source"), reads_source_link("")
    (True, False, False)
    """
    folded = text.casefold()
    if not folded.startswith(_WORDS) or len(folded) > len(_WORDS) + LONGEST_DECORATION:
        return False
    return not folded[len(_WORDS) :][:1].isalnum()


def is_decoration(text: str) -> bool:
    """Tell whether ``text`` is a name or a label rather than a sentence of the article.

    >>> is_decoration("U.S. Harbor Courier |"), is_decoration("The pier reopened. |")
    (True, False)
    """
    return len(text) <= LONGEST_DECORATION and not any(map(_ends_sentence, text.split()))


def goes_on(after: str) -> bool:
    """Tell whether a sentence goes on behind the anchor.

    >>> goes_on("was broken, they said."), goes_on("| Harbor Courier"), goes_on("")
    (True, False, False)
    """
    return after[:1].islower() and not is_decoration(after)


def without_label(text: str) -> str:
    """Give the sentence before an anchor without the separator, or "Source:", at its end.

    >>> without_label("The pier reopened. (Source: ")
    'The pier reopened. '
    """
    bare = text.rstrip(_SEPARATORS)
    rest = bare[: -len(_LABEL)]
    if bare.casefold().endswith(_LABEL) and not rest[-1:].isalnum():
        bare = rest.rstrip(_SEPARATORS)
    return f"{bare} "


def _ends_sentence(word: str) -> bool:
    bare = word.rstrip(_QUOTES)
    # "U.S." and "A. Gull" end in a capital and a stop
    is_short = bare[-2:-1].isupper() or bare in _ABBREVIATIONS
    return bare.endswith(_SENTENCE_ENDS) and not is_short
