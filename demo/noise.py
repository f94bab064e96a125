"""What stands in a pasted post and is not the story: advertisements, captions, share lines."""

from random import Random

from demo.newsroom import compose, happens

ADVERTISEMENT = """<script async src="https://pagead2.googlesyndication.example/adsbygoogle.js"></script>
<ins class="adsbygoogle" data-ad-client="ca-pub-0000000000000000" style="display: block;"></ins>
<script>(adsbygoogle = window.adsbygoogle || []).push({});</script>"""

INTERLUDES = (
    ADVERTISEMENT,
    "<style>.css-1dv1kvn{position:absolute;margin:-1px} p > a:hover {color:red}</style>",
    "<!-- inline-unit-2 <p>an old draft that nobody should read</p> -->",
    '<div class="ad-label">ADVERTISEMENT</div>',
    "<p style='text-align:center' class='advertisement'>ADVERTISEMENT</p>",
    '<div class="sharedaddy"><h3>Share this:</h3><ul><li><a href="#">Tweet</a></li></ul></div>',
    "<div class='post-share'>Share this article <a href='#'>Facebook</a></div>",
    '<div class="related-posts">Read more: <a href="#">five stories you may have missed</a></div>',
    '<iframe src="https://player.example/embed/4711" width="560">Your browser is old.</iframe>',
    "<div class='twitter-tweet-frame'><iframe src='https://social.example/embed/20'></iframe></div>",
    "<noscript><img src='https://pixel.example/p.gif' alt=''/></noscript>",
    "<p>&nbsp;</p>",
    "<p></p>",
    "<div><br /></div>",
    '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"not this"}</script>',
)
JUMP_BREAKS = ("<a name='more'></a>", "<!--more-->")
CREDITS = (
    "{Person} in {place} last {day}. Photo: {person}",
    "{place}, seen from the harbor.Credit...{person} for the {place} Mail",
    "Outside {body} (Photo by {person})",
)


def sprinkle(blocks: list[str], dice: Random) -> None:
    """Put noise between the blocks of a post, in the list itself; a list stays in one piece."""
    gaps = [gap for gap in range(1, len(blocks) + 1) if not blocks[gap - 1].endswith("</li>")]
    drawn = sorted((dice.choice(gaps) for _ in range(dice.randint(0, 5)) if gaps), reverse=True)
    for gap in drawn:
        blocks.insert(gap, caption(dice) if happens(dice, 0.2) else dice.choice(INTERLUDES))
    if blocks and happens(dice, 0.15):
        blocks.insert(gaps[0], dice.choice(JUMP_BREAKS))


def caption(dice: Random) -> str:
    """Give a figure with a caption."""
    source = f"https://static.example/images/{dice.randrange(10**8)}.jpg"
    words = compose(dice, CREDITS)
    return f'<figure><img src="{source}" alt=""/><figcaption>{words}</figcaption></figure>'


def picture(image: str, dice: Random) -> str:
    """Give the picture at the top of a post, in Blogger's separator or its caption table."""
    linked = f'<a href="{image}"><img border="0" src="{image}" width="400" /></a>'
    if happens(dice, 0.6):
        return f'<div class="separator" style="clear: both; text-align: center;">{linked}</div>'
    return (
        '<table align="center" cellpadding="0" class="tr-caption-container"><tbody>'
        f'<tr><td style="text-align: center;">{linked}</td></tr>'
        f'<tr><td class="tr-caption">{compose(dice, CREDITS)}</td></tr></tbody></table>'
    )


def link_tag(dice: Random) -> str:
    """Give the opening tag, without its brackets, of a link in the text."""
    target = f"https://topics.example/{dice.randrange(10**5)}"
    return dice.choice((f'a href="{target}"', f"a href='{target}?a=1&amp;b=2' title='More'"))
