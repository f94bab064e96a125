"""How the page looks by which Google's front end keeps robots out."""

LARGEST = 64 * 1024
"""Characters: Google's page has 3,000 to 6,000; a post that quotes its words comes in a larger
one."""
_SIGNS = (
    "unusual traffic from your computer network",
    "may be sending automated queries",
    'id="captcha-form"',
)


def is_captcha(text: str) -> bool:
    """Tell whether ``text`` is the page that Google shows to robots.

    Half of its words would be too little: the news also tells of unusual traffic.

    >>> is_captcha("<html>We have detected unusual traffic from your computer network.</html>")
    True
    >>> is_captcha("<html>The bridge has seen unusual traffic.</html>")
    False
    >>> is_captcha('{"title": "may be sending automated queries"}')
    False
    """
    if len(text) > LARGEST or not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return False
    page = text.lower()
    return "post-body" not in page and any(sign in page for sign in _SIGNS)
