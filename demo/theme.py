"""What the theme puts on every page: styles, words for its scripts, menu, footer."""

# Lists of words read best as lines of text.
# ruff: noqa: SIM905

from datetime import date

WORDS = (
    *"Loaded All Posts|No posts found|VIEW ALL|Read on|Reply|Cancel|Remove|By|Home|PAGES|"
    "POSTS|See all|MORE FOR YOU|TOPIC|ARCHIVE|FIND|EVERY POST|Nothing fits your words|"
    "Back to start".split("|"),
)
MOMENTS = (
    *(date(2024, 1, day).strftime("%A") for day in range(1, 8)),
    *(date(2024, 1, day).strftime("%a") for day in range(1, 8)),
    *(date(2024, month, 1).strftime("%B") for month in range(1, 13)),
    *(date(2024, month, 1).strftime("%b") for month in range(1, 13)),
    *"just now|a minute ago|$$1$$ minutes ago|an hour ago|$$1$$ hours ago|Yesterday|"
    "$$1$$ days ago|$$1$$ weeks ago|over five weeks ago|Fans|Follow|"
    "THIS TEXT IS LOCKED|FIRST: Share it|THEN: Click the shared link|Copy the Code|"
    "Select the Code|The code is copied|Please press [CTRL]+[C]|Table of Content".split("|"),
)
SIDES = ("main", "content", "sidebar", "post", "footer", "menu", "label", "widget", "ad", "share")
STYLES = "\n".join(
    f".{side} .item-{n}{{margin:{n}px 0 {n % 7}px;padding:{n % 5}em;color:#{n * 4099 % 4096:03x}}}"
    for side in SIDES
    for n in range(35)
)
MENU = "".join(
    f"<li><a href='{place}'>{name}</a></li>"
    for name, place in (
        ("Home", "/"),
        ("World", "/search/label/World"),
        ("Finance", "/search/label/Finance"),
        ("About", "/p/about.html"),
    )
)
HEADER = f"""<header id='header'><!--MAGONE-MAIN-MENU-LOCATION-START-->
<ul class='menu'>{MENU}</ul>
<!--MAGONE-MAIN-MENU-LOCATION-END--></header>"""
ADVERTISEMENT = """<div class='post-ads'><ins class='adsbygoogle' data-ad-slot='0000'></ins>
<script>(adsbygoogle = window.adsbygoogle || []).push({});</script></div>"""
SHARE = "".join(
    f"<a class='share-button {name.lower()}' href='#'><span>{name}</span></a>"
    for name in ("Facebook", "Twitter", "Pinterest", "Email")
)
FOOTER = """<footer id='footer'><div class='widget FollowByEmail'><h2>Follow by e-mail</h2></div>
<div class='copyright'>A stand-in. Nothing here has happened.</div></footer>
<div id='admin-section'><div class='widget ContactForm'><form><input name='name'/></form></div>"""
SEARCH_FORM = """<div class='search-form-wrapper hide'><form action='/search'>
<input name='q' placeholder='Type something and Enter'/></form></div>
<script>var MAX_BREADCRUMB_DEPTH = 2;</script>"""
PREFETCH = "".join(
    f"<link href='//{host}' rel='dns-prefetch'/>"
    for host in ("fonts.example", "1.bp.pictures.example", "28.2bp.pictures.example")
)


def localised_words() -> str:
    """Give the two hidden blocks of words that the theme's scripts use."""
    blocks = (
        "\n".join(f"<span data-l10n='{word}'>{word}</span>" for word in words)
        for words in (WORDS, MOMENTS)
    )
    return "\n".join(f"<div style='display:none!important'>\n{block}\n</div>" for block in blocks)
