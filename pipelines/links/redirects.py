"""Addresses that carry the address of an article: redirects, share buttons and AMP caches.

Nothing is fetched. A shortener (t.co, bit.ly) hides its target and stays as it is.
"""

import re
from urllib.parse import parse_qsl

_Wrapper = tuple[str, tuple[str, ...]]

# host (as `drop_rendition_labels` gives it) → beginning of the path and names of the parameter.
_WRAPPERS: dict[str, tuple[_Wrapper, ...]] = {
    "news.google.com": (("/news/url", ("url",)), ("/url", ("url", "q"))),
    "facebook.com": (("/l.php", ("u",)), ("/sharer", ("u",)), ("/share.php", ("u",))),
    "l.facebook.com": (("/l.php", ("u",)),),
    "lm.facebook.com": (("/l.php", ("u",)),),
    "l.instagram.com": (("/", ("u",)),),
    "l.messenger.com": (("/l.php", ("u",)),),
    "l.threads.net": (("/", ("u",)),),
    "twitter.com": (("/share", ("url",)), ("/intent/tweet", ("url",))),
    "x.com": (("/share", ("url",)), ("/intent/tweet", ("url",)), ("/intent/post", ("url",))),
    "linkedin.com": (
        ("/shareArticle", ("url",)),
        ("/sharing/share-offsite", ("url",)),
        ("/redir/redirect", ("url",)),
    ),
    "reddit.com": (("/submit", ("url",)),),
    "out.reddit.com": (("/", ("url",)),),
    "youtube.com": (("/redirect", ("q",)),),
    "t.umblr.com": (("/redirect", ("z",)),),
    "tumblr.com": (("/share/link", ("url",)),),
    "vk.com": (("/away.php", ("to",)),),
    "slack-redir.net": (("/link", ("url",)),),
    "duckduckgo.com": (("/l", ("uddg",)),),
    "bing.com": (("/news/apiclick.aspx", ("url",)),),
    "getpocket.com": (("/redirect", ("url",)),),
    "medium.com": (("/r", ("url",)),),
    "disq.us": (("/url", ("url",)),),
    "pinterest.com": (("/pin/create", ("url",)),),
    "t.me": (("/share/url", ("url",)),),
    "telegram.me": (("/share/url", ("url",)),),
    "plus.google.com": (("/share", ("url",)),),
    "news.ycombinator.com": (("/submitlink", ("u",)),),
    "buffer.com": (("/add", ("url",)),),
    "share.flipboard.com": (("/bookmarklet", ("url",)),),
    "href.li": (("/", ("url",)),),
    "go.skimresources.com": (("/", ("url",)),),
    "steamcommunity.com": (("/linkfilter", ("url", "u")),),
}
_GOOGLE = re.compile(r"google\.(?:com?\.)?[a-z]{2,3}")
_GOOGLE_WRAPPERS: tuple[_Wrapper, ...] = (("/url", ("q", "url")), ("/imgres", ("imgrefurl",)))
_SAFELINKS = ".safelinks.protection.outlook.com"
# https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls
_CACHE = re.compile(r"(?:^|\.)(?:cdn\.ampproject\.org|bing-amp\.com)$")
_CACHE_PATH = re.compile(r"/(?:c|v|wp|wp/c)/(?:s/)?(.+)")
# A video is named by its eleven characters, wherever they stand.
_VIDEO_PATHS = {
    "youtu.be": re.compile(r"/([\w-]{11})", re.ASCII),
    "youtube.com": re.compile(r"/(?:embed|live|shorts|v)/([\w-]{11})", re.ASCII),
}
_GOOGLE_AMP_PATH = re.compile(r"/amp/(?:s/)?([^/]+\..+)")


def carried_address(host: str, path: str, query: str) -> str | None:
    """Give the web address that an address carries, or None; parts as the URL wrote them.

    >>> carried_address("google.com", "/url", "sa=t&url=https%3A%2F%2Fa.example%2Fx")
    'https://a.example/x'
    >>> carried_address("a-example.cdn.ampproject.org", "/c/s/a.example/x", "")
    'https://a.example/x'
    >>> carried_address("youtu.be", "/dQw4w9WgXcQ", "t=10")
    'https://www.youtube.com/watch?v=dQw4w9WgXcQ'
    >>> carried_address("a.example", "/login", "next=https%3A%2F%2Fa.example%2Fx")
    """
    video = host in _VIDEO_PATHS and _VIDEO_PATHS[host].fullmatch(path)
    if video:
        return f"https://www.youtube.com/watch?v={video[1]}"
    google = _GOOGLE.fullmatch(host)
    cached = None
    if _CACHE.search(host):
        cached = _CACHE_PATH.fullmatch(path)
    elif google:
        cached = _GOOGLE_AMP_PATH.fullmatch(path)
    if cached:
        return _from_cache(cached[1], query)
    wrappers = _GOOGLE_WRAPPERS if google else _WRAPPERS.get(host, ())
    if host.endswith(_SAFELINKS):
        wrappers = (("/", ("url",)),)
    return _parameter(wrappers, path, query)


def _from_cache(address: str, query: str) -> str:
    """Give the URL whose host and path an AMP cache put into its own path.

    A question mark in there is percent-encoded where the cache adds parameters of its own.
    """
    path, _, own_query = address.replace("%3f", "%3F").partition("%3F")
    return f"https://{path}?{own_query}&{query}".rstrip("&").removesuffix("?")


def _parameter(wrappers: tuple[_Wrapper, ...], path: str, query: str) -> str | None:
    """Give the first web address under one of the names that belong to the path, or None."""
    for prefix, names in wrappers:
        if prefix in {"/", path} or path.startswith((f"{prefix}/", f"{prefix}.")):
            for name, value in parse_qsl(query):
                if name in names and value.lower().startswith(("http://", "https://")):
                    return value
    return None
