"""The AMP, mobile and print renditions of a page: same story, other clothes."""

import re

# AMP: https://amp.dev/documentation/guides-and-tutorials/optimize-and-measure/discovery and the
# habits of the large content systems (WordPress `/amp/`, `?amp=1`; Arc `?outputType=amp`).
_YES = frozenset({"", "1", "true", "yes", "y", "on"})
_SWITCHES = frozenset(
    """
    amp ampmode isamp wpamp noamp print printable printmode printer printfriendly printerfriendly
    print-friendly printer-friendly singlepage single_page nomobile mobile
    """.split()  # noqa: SIM905 - a list of words reads better than a list of quotation marks
)
_CHOICES = {
    "outputtype": frozenset({"amp", "amp-type", "print"}),
    "output": frozenset({"amp", "print"}),
    "mode": frozenset({"amp", "print", "mobile"}),
    "format": frozenset({"amp", "print", "mobile"}),
    "view": frozenset({"amp", "print", "mobile", "printable"}),
    "layout": frozenset({"amp", "print", "mobile"}),
    "type": frozenset({"amp"}),
    "amp": frozenset({"amp", "html"}),
    "noamp": frozenset({"mobile"}),
    "marfeeltn": frozenset({"amp"}),
    "m": frozenset({"0", "1"}),  # Blogger's mobile page
    "pagewanted": frozenset({"all", "print"}),
    "page": frozenset({"all"}),
    "print": frozenset({"print"}),
}
_SUFFIX = re.compile(r"\.amp(?=\.html?$)|(?<=\.html)\.amp$|(?<=\.htm)\.amp$|\.amp$", re.IGNORECASE)
# In these lists "amp" is an entry: /tag/amp is the page about amplifiers.
_LISTS = frozenset(
    """
    tag tags topic topics category categories label labels author authors keyword keywords
    section sections search wiki subject subjects
    """.split()  # noqa: SIM905
)


def is_rendition_parameter(name: str, value: str) -> bool:
    """Tell whether a query parameter only chooses the AMP, mobile or print rendition.

    >>> is_rendition_parameter("outputType", "amp"), is_rendition_parameter("amp", "100-watt")
    (True, False)
    """
    name, value = name.lower(), value.lower()
    return (name in _SWITCHES and value in _YES) or value in _CHOICES.get(name, ())


def names_story(segment: str) -> bool:
    """Tell whether a path segment looks like the name of a story: a number or several words.

    >>> names_story("world-europe-48213"), names_story("guitars")
    (True, False)
    """
    return segment.count("-") > 1 or segment.count("_") > 1 or bool(re.search("[0-9]{4}", segment))


def drop_rendition_path(path: str) -> str:
    """Give a path (without a trailing slash) without its AMP or print form.

    >>> drop_rendition_path("/2024/05/ferry/amp"), drop_rendition_path("/ferry.amp.html")
    ('/2024/05/ferry', '/ferry.html')
    >>> drop_rendition_path("/amp/ferry-returns-to-harbour"), drop_rendition_path("/amp/guitars")
    ('/ferry-returns-to-harbour', '/amp/guitars')
    >>> drop_rendition_path("/tag/amp"), drop_rendition_path("/news/print")
    ('/tag/amp', '/news/print')
    """
    segments = _SUFFIX.sub("", path).split("/")[1:]
    last = segments[-1].lower()
    before = segments[-2] if len(segments) > 1 else ""
    is_amp = last in {"amp", "amp.html"} and before and before.lower() not in _LISTS
    if is_amp or (last == "print" and names_story(before)):
        segments.pop()
    elif "amp" in segments[:2] and names_story(segments[-1]):
        # /amp/… as a prefix, or behind a section: /news/amp/world-europe-48213
        segments.remove("amp")
    return "/" + "/".join(segments)
