"""Stage 200: what the theme and the aggregator added goes, the article's own text stays."""

from dataclasses import replace

from newsrust_spider.flags import Flag
from newsrust_spider.items import Article
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.reasons import Reason
from newsrust_spider.text import cut_at_word, excerpt_of, one_line
from pipelines.markup.fragment import TooLarge, parse_fragment
from pipelines.markup.paragraphs import read_paragraphs

LONGEST_BODY = 1_000_000
EXCERPT_LENGTH = 200
HEADLINE_LENGTH = 80

_NO_TEXT = "{} characters of HTML without text"
_TOO_LONG = f"over {LONGEST_BODY} characters of text"


class EmptyBody(PostSetAside):
    """Nothing is left to read: pictures, frames and boilerplate only, or nothing at all."""

    reason = Reason.EMPTY_BODY


class RemoveBoilerplate:
    """Gives an article its body: plain text, paragraph by paragraph."""

    def process_item(self, item: Article) -> Article:
        """Fill in the fields that come from the text; raises what `remove_boilerplate` raises."""
        return remove_boilerplate(item)


def remove_boilerplate(article: Article) -> Article:
    """Give ``article`` with body, excerpt, word count, byline and, if it had none, a headline.

    Raises `EmptyBody`, `TooLarge` and `TooDeep`.
    """
    body = clean_body(article.content)
    if not body:
        raise EmptyBody(_NO_TEXT.format(len(article.content)))
    if len(body) > LONGEST_BODY:
        raise TooLarge(_TOO_LONG)
    opening = one_line(body[: 2 * EXCERPT_LENGTH])
    return replace(
        article,
        headline=article.headline or cut_at_word(opening, HEADLINE_LENGTH),
        body=body,
        excerpt=excerpt_of(opening, EXCERPT_LENGTH),
        byline=one_line(article.post.author),
        word_count=len(body.split()),
        cleaning=article.cleaning if article.headline else (*article.cleaning, Flag.NO_TITLE),
    )


def clean_body(content: str) -> str:
    r"""Give the text of an HTML fragment, its paragraphs parted by blank lines.

    Cleaning its own output, wrapped in `<p>`, changes nothing. Raises `TooLarge` and `TooDeep`.

    >>> clean_body("<p>Fish &amp; <b>chips</b>.<p>Advertisement<p>Fresh<br>daily.")
    'Fish & chips.\n\nFresh daily.'
    """
    return "\n\n".join(read_paragraphs(parse_fragment(content)))
