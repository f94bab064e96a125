"""The AMP, mobile and print renditions of a page: same article, other clothes."""

import re

from pipelines.links.names import names_article, plainly_names_article

# AMP: https://amp.dev/documentation/guides-and-tutorials/optimize-and-measure/discovery and the
# habits of the large content systems (WordPress `/amp/`, `?amp=1`; Arc `?outputType=amp`; Joomla
# `?tmpl=component&print=1`; TYPO3 `?type=98`; Blogger `?m=1`).
_SET = frozenset("1 true yes y on 0 false no n off".split()) | {""}  # noqa: SIM905
_SWITCHES = frozenset(
    """
    amp ampmode isamp is_amp wpamp noamp amphtml ampversion
    print printable printmode printer printfriendly printerfriendly print-friendly printer-friendly
    printer_friendly print_friendly printview print_view printversion print_version printpage
    printout doprint toprint forprint pf prt printready printer_format
    singlepage single_page single
    mobile nomobile no_mobile ismobile is_mobile mobileview mobile_view mobileversion mobi touch
    fullsite full_site desktop forcedesktop nomobileredirect no_mobile_redirect
    """.split()  # noqa: SIM905 - a list of words reads better than a list of quotation marks
)
_CHOOSERS = frozenset(
    """
    output outputtype mode view viewas view_as viewmode view_mode viewtype pageview page_view
    pagewanted layout tmpl template style theme skin render rendermode action task do cmd op
    print printer printmode print_mode print_view amp ampmode marfeeltn noamp mobile
    """.split()  # noqa: SIM905
)
_CHOICES = {
    "amp": frozenset({"html"}),
    "m": frozenset({"0", "1"}),  # Blogger's mobile page
    "format": frozenset({"amp", "print"}),
    "type": frozenset({"amp"}),
    "pagewanted": frozenset({"all"}),
    "page": frozenset({"all"}),
    "tmpl": frozenset({"component"}),
    "showfullarticle": frozenset({"1", "true"}),
}
_RENDITION = re.compile(
    r"amp(?:html|-type|page)?|print|print(?:able|er|[-_]?friendly|er[-_]?friendly|[-_]?view|[-_]?page"
    r"|[-_]?version|article)|mobile|mobi",
    re.IGNORECASE,
)
# The Guardian's links into a live blog: the page of it that holds one block.
_BLOCK = re.compile(r"with:block-[0-9a-f]+", re.IGNORECASE)
# `-amp` and `-print` end a headline too ("fit to print"): there only behind the article's number.
_SUFFIX = re.compile(
    r"[._,](?:amp|print|mobile)(?=\.s?html?$)|(?<=html)\.amp$|(?<=htm)\.amp$|\.(?:amp|print)$"
    r"|(?<=[0-9]{4})[-_](?:amp|print|druck)(?=$|\.s?html?$)|(?<=-[0-9a-f]{12})-amp$|!amp$",
    re.IGNORECASE,
)
_AMP = frozenset("amp amphtml amp.html amp.htm amp.php amp.shtml amp.aspx".split())  # noqa: SIM905
_PRINT = frozenset(
    """
    print printable print.html print.htm print.shtml print.php print.aspx printer printview
    print-view print_view printpage printversion print-version printer-friendly printerfriendly
    print-preview print.asp print.jsp drucken imprimir imprimer stampa
    """.split()  # noqa: SIM905
)
_PROGRAM = re.compile(r"/print(?:er)?[-_]?(article|story|news)(?=\.[a-z]{2,5}$)", re.IGNORECASE)
# In these lists "amp" is an entry: /tag/amp is the page about amplifiers.
_LISTS = frozenset(
    """
    tag tags topic topics category categories label labels author authors keyword keywords
    section sections search wiki subject subjects
    """.split()  # noqa: SIM905
)
# Behind or before one of these, /print/ and /mobile/ are no section of the paper.
_ARTICLES = frozenset("article articles story stories news content node post posts".split())  # noqa: SIM905
_AMP_PREFIXES = frozenset({"amp", "amphtml", "googleamp", "google-amp"})
# What stands in front of such a prefix and goes with it: /platform/amp/…, /google/amp/….
_BEFORE_AMP = frozenset({"platform", "google"})
_PREFIXES = _AMP_PREFIXES | {"m", "print", "printable", "mobile"}
_SINGULAR = frozenset({"article", "story", "view", "show", "read"})
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_BRIEF_NUMBER = re.compile(r"[0-9]{3}")


def is_rendition_parameter(name: str, value: str) -> bool:
    """Tell whether a query parameter only chooses the AMP, mobile or print rendition.

    >>> is_rendition_parameter("outputType", "amp"), is_rendition_parameter("amp", "100-watt")
    (True, False)
    """
    name, value = name.lower(), value.lower()
    if name in _SWITCHES and value in _SET:
        return True
    if name in _CHOOSERS and is_rendition_value(value):
        return True
    return value in _CHOICES.get(name, ()) or (name == "page" and bool(_BLOCK.fullmatch(value)))


def is_rendition_value(value: str) -> bool:
    """Tell whether a value is the name of a rendition.

    >>> is_rendition_value("printer-friendly"), is_rendition_value("prints")
    (True, False)
    """
    return _RENDITION.fullmatch(value) is not None


def drop_rendition_path(path: str) -> str:
    """Give a path (without a trailing slash) without its AMP, mobile or print form.

    >>> drop_rendition_path("/2024/05/ferry/amp"), drop_rendition_path("/ferry.amp.html")
    ('/2024/05/ferry', '/ferry.html')
    >>> drop_rendition_path("/amp/ferry-returns-to-harbour"), drop_rendition_path("/amp/guitars")
    ('/ferry-returns-to-harbour', '/amp/guitars')
    >>> drop_rendition_path("/platform/amp/2024/ferry-returns"), drop_rendition_path("/a-b-c/amp/1")
    ('/2024/ferry-returns', '/a-b-c')
    >>> drop_rendition_path("/tag/amp"), drop_rendition_path("/news/print")
    ('/tag/amp', '/news/print')
    >>> drop_rendition_path("/print/2024/05/01/ferry-returns"), drop_rendition_path("/m/titanic")
    ('/2024/05/01/ferry-returns', '/m/titanic')
    """
    path = _PROGRAM.sub(r"/\1", _SUFFIX.sub("", path))
    segments = path.split("/")[1:]
    if segments[-1] == "1" and segments[-2:-1] == ["amp"]:
        segments.pop()  # /ferry-returns-48213/amp/1
    last = segments[-1].lower()
    if last in _AMP or last in _PRINT:
        before = segments[-2] if len(segments) > 1 else ""
        deep = last in _AMP and (len(segments) > 2 or before.lower() in _SINGULAR)  # noqa: PLR2004
        if _is_of_an_article(segments[:-1], before, deep=deep):
            segments.pop()
        return "/" + "/".join(segments)
    found = _prefix(segments)
    if found is not None:
        goes_along = segments[found] == "amp" and found and segments[found - 1] in _BEFORE_AMP
        del segments[found - 1 if goes_along else found : found + 1]
    return "/" + "/".join(segments)


def _is_of_an_article(segments: list[str], before: str, *, deep: bool) -> bool:
    """Tell whether a path ends at an article, so that one more word there is its rendition.

    `deep`: it is no section's page, but for the lists: /world/ferry/amp, /story/amp?id=7.
    """
    if not before or (len(segments) > 1 and segments[-2].lower() in _LISTS):
        return False
    if before.lower() in _LISTS or _YEAR.fullmatch(before):
        return False
    # an `.html` or a date in front: what follows has no place of its own
    return (
        deep
        or "-" in before
        or "." in before
        or bool(_BRIEF_NUMBER.search(before))
        or names_article(before)
        or any(map(_YEAR.fullmatch, segments))
    )


def _prefix(segments: list[str]) -> int | None:
    """Give the place of a segment that says which rendition of an article follows, or None."""
    below = [segment.lower() for segment in segments[:-1]]
    # Not always the last: /amp/world/ferry-returns-to-harbour/story?id=48213
    last_named = max((n for n, word in enumerate(segments) if names_article(word)), default=-1)
    for place, word in enumerate(below):
        if word not in _PREFIXES:
            continue
        before = below[place - 1] if place else ""
        after = segments[place + 1].lower()
        plain = plainly_names_article("/" + "/".join(segments[place + 1 :]))
        named = plain or names_article(segments[-1])
        if word in _AMP_PREFIXES:
            named = named or place < last_named
            found = before not in _LISTS and (named or names_article(before))
        elif word == "m":
            found = place == 0 and plain
        else:
            is_article = named and (before in _ARTICLES or after in _ARTICLES)
            found = is_article or (plain and place == 0 and bool(_YEAR.fullmatch(after)))
        if found:
            return place
    return None
