"""What is boilerplate: the elements, and the lines of text, that no newsroom wrote.

A rule names what the thing says of itself (a tag, an id, all the words of a class, the whole
line), never a word inside a sentence.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from newsrust_spider.text import one_line, words
from pipelines.markup.fragment import Open

_TAGS = words(
    "applet audio button canvas datalist dialog embed figcaption form input map meter nav object "
    "optgroup option progress rp select svg video"
)
# docs/blogger.md, Hidden blocks
_IDS = words("comments global-blogger-data magone-labels")
_CLASSES = words(
    "blogger-post-footer fb-like fb-post fb-video feedflare google-auto-placed hidden hide "
    "instagram-media jump-link jp-relatedposts more-link outbrain post-break-links post-excerpt "
    "post-label-data post-labels post-pagination print-only read-more readmore "
    "screen-reader-text sd-sharing sr-only tiktok-embed twitter-tweet twitter-video "
    "twitter-share-button visually-hidden yarpp yarpp-related"
)
_CLASS_PREFIXES = (
    *("a2a_", "addthis", "addtoany", "adsbygoogle", "div-gpt-ad", "outbrain", "sharedaddy"),
    *("sharethis", "taboola", "trc_"),
)
_SUBJECTS = words(
    "ad ads adsense advert advertisement advertisements adverts caption captions newsletter "
    "related relatedposts share sharing sponsored"
)
_FURNITURE = words(
    "above area article articles banner bar below block body bottom box break button buttons "
    "container content entry figure foot footer google group head header heading holder icon "
    "icons image img in inline inner item items label leader left line link links list main mid "
    "middle module more native news outer panel photo pic placeholder post posts right row section "
    "side sidebar signup slot social space spot stories story text this title tool toolbar tools "
    "top tr unit widget wp wrap wrapper"
)
_LINES = frozenset(
    (
        *("advertisement", "advertisements", "advertising", "sponsored", "source link"),
        *("continue reading", "continue reading the main story", "read more", "read full story"),
        *("story continues below", "story continues below advertisement"),
        *("story continues after advertisement", "article continues below"),
        *("article continues below advertisement", "article continues after advertisement"),
        *("skip advertisement", "tweet this", "email this", "blogthis!", "pin it", "print this"),
    )
)
_BESIDE_LINK = frozenset(
    (
        *("also read", "read also", "read more", "read next", "related", "see also", "up next"),
        *("related article", "related articles", "related news", "related post", "related posts"),
        *("related stories", "related story", "more on this story", "must read", "recommended"),
        *("you may also like", "you might also like", "source", "continue reading"),
    )
)
_SHARE_WORDS = words(
    "share sharing this it article post story on via with friends to facebook twitter x whatsapp "
    "telegram email mail e linkedin pinterest reddit tumblr pocket print messenger line skype "
    "copy link more tweet pin like and or the by loading"
)
_SOURCE_LABEL = "source:"
_EDGES = " :.-\u2013\u2014|*[]()<>«»►▶▼→…"
_LONGEST = 120


def is_noise(element: Open) -> bool:
    """Tell whether ``element`` and all that it holds is boilerplate."""
    attributes = element.attributes
    return (
        element.name in _TAGS
        or "hidden" in attributes
        or "data-l10n" in attributes
        or attributes.get("id", "") in _IDS
        or _hides(attributes)
        or any(_is_noise_class(name) for name in _class_names(attributes))
    )


def is_noise_line(line: str) -> bool:
    """Tell whether the whole of ``line`` (single spaces) is boilerplate.

    >>> is_noise_line("— Advertisement —"), is_noise_line("The advertisement ran twice.")
    (True, False)
    """
    if len(line) > _LONGEST:
        return False
    folded = line.casefold()
    return folded == _SOURCE_LABEL or folded.strip(_EDGES) in _LINES or _is_share_line(folded)


def is_link_label(text: str) -> bool:
    """Tell whether ``text``, all that stands beside a link, says "read something else"."""
    return len(text) <= _LONGEST and one_line(text).casefold().strip(_EDGES) in _BESIDE_LINK


def _is_share_line(folded: str) -> bool:
    spoken = re.findall(r"\w+", folded)
    return spoken[:1] == ["share"] and _SHARE_WORDS.issuperset(spoken)


def _hides(attributes: Mapping[str, str]) -> bool:
    style = "".join(attributes.get("style", "").casefold().split())
    return "display:none" in style or "visibility:hidden" in style


def _class_names(attributes: Mapping[str, str]) -> list[str]:
    return attributes.get("class", "")[:1_000].casefold().split()


@lru_cache(maxsize=4_096)  # a blog writes the same few names again and again
def _is_noise_class(name: str) -> bool:
    """Tell whether a class name is about boilerplate only: `story-ad-2`, but not `share-price`."""
    if name in _CLASSES or name.startswith(_CLASS_PREFIXES):
        return True
    parts = {part for part in re.split(r"[-_]+", name) if part and not part.isdigit()}
    return not parts.isdisjoint(_SUBJECTS) and parts <= _SUBJECTS | _FURNITURE
