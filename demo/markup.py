"""A post's HTML as an aggregator pastes it: the paragraphs, and all the noise around them.

The truth is the sequence of paragraphs. Each of them appears once, in order, as a block of its
own (a paragraph, a line between breaks, a heading, a quotation, an item of a list). Its words may
be parted by a no-break space or a line end, its characters written as entities, some of its words
emphasised or linked. Captions, advertisements, share lines, scripts, styles, comments, frames and
the source line are noise.
"""

import re
from collections.abc import Callable
from html import escape
from random import Random

from demo import noise
from demo.newsroom import happens

ENTITIES = str.maketrans(
    {"\u2019": "&#8217;", "—": "&mdash;", "“": "&ldquo;", "”": "&#8221;", "ü": "&uuml;"}
)
HEADING = re.compile(r"[^.!?”]{1,60}")
FEW_PARAGRAPHS = 6
FEW_WORDS = 8
INLINE = ("b", "i", "em", "strong", "u")
WRAPPERS = (
    "{}",
    '<div dir="ltr" style="text-align: left;" trbidi="on">{}</div>',
    "<div><div class='article-body'><div>{}</div></div></div>",
    '<section class="StoryBodyCompanionColumn">\n{}\n</section>',
)
SOURCE_LINES = (
    '<a href="{url}">Source Link</a>',
    '<b><a href="{url}">Source Link</a></b>',
    '<div style="text-align: right;"><a href="{url}">Source Link</a></div>',
    '<p><a href="{url}">SOURCE LINK</a></p>',
    '<a href="{url}">Source&nbsp;Link</a>',
    "<a href='{url}'>Source Link</a>",
    '<a href="{url}" rel="nofollow noopener" target="_blank">Source Link</a>',
    '<hr />\n<a href="{url}">Source Link</a>',
    '<p><i><a href="{url}">Source Link</a></i></p>',
    '<p><a href="{url}">Source Link</a> {publisher}</p>',
    '<br /><br /><a  target="_blank" href="{url}" ><span>Source Link</span></a><br />',
)

Joiner = Callable[[list[str], Random], str]


def dress(
    paragraphs: tuple[str, ...], *, dice: Random, source_link: str, publisher: str, image: str
) -> str:
    """Give the HTML that tells these paragraphs, with its noise and its source line.

    ``source_link`` and ``image`` may be empty: then there is no source line, no picture.
    """
    blocks = [*blocks_of(paragraphs, dice)]
    noise.sprinkle(blocks, dice)
    if image:
        blocks.insert(0, noise.picture(image, dice))
    article = dice.choice(WRAPPERS).format("\n".join(blocks))
    return article + "\n" + source_line(source_link, publisher, dice) if source_link else article


def source_line(source_link: str, publisher: str, dice: Random) -> str:
    """Give the line at the end that names the original, in one of its many markups."""
    return dice.choice(SOURCE_LINES).format(url=escape(source_link), publisher=escape(publisher))


def blocks_of(paragraphs: tuple[str, ...], dice: Random) -> list[str]:
    """Give the paragraphs as blocks; one post keeps to one way of pasting plain text."""
    paste = dice.choice(PASTES)
    quoted = dice.randrange(len(paragraphs)) if paragraphs and happens(dice, 0.2) else -1
    listed = range(0)
    if len(paragraphs) > FEW_PARAGRAPHS and happens(dice, 0.15):
        start = dice.randrange(3, len(paragraphs) - 2)
        listed = range(start, start + 3)
    blocks: list[str] = []
    plain: list[str] = []
    for place, text in enumerate(paragraphs):
        block = special_block(place, text, quoted, listed, dice)
        if not block:
            plain.append(inline(text, dice))
            continue
        blocks += [paste(plain, dice)] * bool(plain) + [block]
        plain = []
    return blocks + [paste(plain, dice)] * bool(plain)


def special_block(place: int, text: str, quoted: int, listed: range, dice: Random) -> str:
    """Give a paragraph as list item, quotation or heading; nothing where it is plain text."""
    words = inline(text, dice)
    if place in listed:
        first, last = place == listed[0], place == listed[-1]
        return "<ul>" * first + f"<li>{words}</li>" + "</ul>" * last
    if place == quoted:
        return dice.choice(
            ("<blockquote>{}</blockquote>", "<blockquote><p>{}</p></blockquote>")
        ).format(words)
    if place and HEADING.fullmatch(text):
        return dice.choice(("<h2>{}</h2>", "<h3>{}</h3>", "<h3 class='sub'><b>{}</b></h3>")).format(
            words
        )
    return ""


def inline(text: str, dice: Random) -> str:
    """Write a paragraph's text as HTML: entities, odd blanks, emphasis and links in it."""
    told = escape(text, quote=False)
    words = (told.translate(ENTITIES) if happens(dice, 0.5) else told).split()
    if len(words) > FEW_WORDS and happens(dice, 0.3):
        start = dice.randrange(len(words) - 4)
        stop = start + dice.randint(1, 4)
        tag = dice.choice(INLINE)
        opened = tag if happens(dice, 0.5) else noise.link_tag(dice)
        words[start] = f"<{opened}>{words[start]}"
        words[stop - 1] += f"</{opened.partition(' ')[0]}>"
    blank = dice.choice((" ", " ", " ", "\n", " \n  "))
    joined = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
    if happens(dice, 0.1) and not any("<" in part for part in joined):
        joined = joined[0].replace(" ", "&nbsp;", 1), joined[1]
    return blank.join(filter(None, joined))


def in_paragraphs(texts: list[str], dice: Random) -> str:
    """Paste as ``<p>``, with or without a class."""
    opened = dice.choice(("<p>", "<p>", '<p class="css-axufdj evys1bk0">', "<p dir='ltr'>"))
    return "\n".join(f"{opened}{text}</p>" for text in texts)


def between_breaks(texts: list[str], dice: Random) -> str:
    """Paste as lines that two breaks part."""
    two = dice.choice(("<br /><br />", "<br>\n<br>\n", "<br/>\n&nbsp;<br/>"))
    return f"<div>{two.join(texts)}</div>"


def in_divisions(texts: list[str], _: Random) -> str:
    """Paste as ``<div>``, an empty line between."""
    return "\n<div><br /></div>\n".join(f"<div>{text}</div>" for text in texts)


def in_nested_divisions(texts: list[str], _: Random) -> str:
    """Paste as ``<p>`` in ``<div>`` in ``<div>``."""
    return "".join(f"<div><div class='wrap'><p>{text}</p></div></div>" for text in texts)


def in_spans(texts: list[str], _: Random) -> str:
    """Paste as a word processor does."""
    font = "font-family: arial; font-size: 12.0pt; mso-bidi-font-family: Calibri;"
    return "\n".join(
        f'<p class="MsoNormal"><span style="{font}">{t}<o:p></o:p></span></p>' for t in texts
    )


PASTES: tuple[Joiner, ...] = (
    in_paragraphs,
    in_paragraphs,
    in_paragraphs,
    between_breaks,
    in_divisions,
    in_nested_divisions,
    in_spans,
)
