"""The line that names the original: where it stands in a post, and the post without it.

Blogger does not know such a link: it is the aggregator's habit to end a post with an anchor
that reads "Source Link". Its markup is its author's choice, so the rule looks at lines of text,
not at elements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsrust_spider.text import one_line
from pipelines.markup.fragment import BLOCKS, Close, Open, Token, parse_fragment, write_fragment
from pipelines.markup.source_words import goes_on, is_decoration, reads_source_link, without_label

MOST_LINKS = 50

# a name needs few tokens; a longer line is prose, and the limit keeps the search linear
_NEAR = 40


@dataclass(frozen=True, slots=True)
class _Line:
    """A source link by its token numbers: the line is before + anchor + after."""

    href: str
    before: range
    anchor: range
    after: range


def take_source_links(content: str) -> tuple[tuple[str, ...], str]:
    """Give the targets of the source links of ``content``, in order, and the HTML without them.

    A source link is an anchor that reads "Source Link" (any case, any white space) or begins so.
    With it goes what decorates it in the same line: the publisher's name, "Source:", a rule
    above. Sentences before it stay, and an anchor in the middle of a sentence is none. Content
    without a source link comes back untouched. Raises `TooDeep` and `TooLarge`.

    >>> take_source_links('<p>Fish.</p><hr><p>Pier Post | <a href="//p/1">Source Link</a></p>')
    (('//p/1',), '<p>Fish.</p>')
    """
    if "source" not in content.casefold():
        return (), content
    tokens = parse_fragment(content)
    lines = _find_lines(tokens)
    if not lines:
        return (), content
    changed: dict[int, str] = {}
    for line in lines:
        changed |= _replace_line(tokens, line)
    return tuple(line.href for line in lines), write_fragment(_rewrite(tokens, changed))


def _find_lines(tokens: Sequence[Token]) -> list[_Line]:
    """Find the last `MOST_LINKS` source links."""
    lines: list[_Line] = []
    for start in reversed(range(len(tokens))):
        token = tokens[start]
        if isinstance(token, Open) and token.name == "a" and "href" in token.attributes:
            stop = _end_of_element(tokens, start)
            if stop and reads_source_link(_text(tokens[start:stop])):
                line = _line_around(tokens, start, stop)
                lines += [line] if not goes_on(_text(_pick(tokens, line.after))) else []
        if len(lines) == MOST_LINKS:
            break
    return lines[::-1]


def _end_of_element(tokens: Sequence[Token], start: int) -> int:
    """Give the number after the element's last token; 0 where it is too long to be a name."""
    depth = 0
    for number in range(start, min(start + _NEAR, len(tokens))):
        token = tokens[number]
        depth += isinstance(token, Open) - isinstance(token, Close)
        if not depth:
            return number + 1
    return 0


def _line_around(tokens: Sequence[Token], start: int, stop: int) -> _Line:
    first = start
    while first and start - first < _NEAR and not _breaks_line(tokens[first - 1]):
        first -= 1
    last = stop
    while last < len(tokens) and last - stop < _NEAR and not _breaks_line(tokens[last]):
        last += 1
    opened = tokens[start]
    href = opened.attributes["href"] if isinstance(opened, Open) else ""
    return _Line(href, range(first, start), range(start, stop), range(stop, last))


def _breaks_line(token: Token) -> bool:
    return not isinstance(token, str) and (token.name in BLOCKS or token.name in {"br", "td", "th"})


def _pick(tokens: Sequence[Token], numbers: range) -> Sequence[Token]:
    return tokens[numbers.start : numbers.stop]


def _text(tokens: Sequence[Token]) -> str:
    return one_line("".join(token for token in tokens if isinstance(token, str)))


def _replace_line(tokens: Sequence[Token], line: _Line) -> dict[int, str]:
    """Give what becomes of the tokens of ``line``: "" for those that go."""
    changed = dict.fromkeys(line.anchor, "")
    for side in (line.before, line.after):
        texts = [number for number in side if isinstance(tokens[number], str)]
        if is_decoration(_text(_pick(tokens, side))):
            changed |= dict.fromkeys(texts, "")
        elif side is line.before:
            changed[texts[-1]] = without_label(str(tokens[texts[-1]]))
    return changed


def _rewrite(tokens: Sequence[Token], changed: Mapping[int, str]) -> list[Token]:
    """Give ``tokens`` as ``changed`` says, without the wrappers and rules that are thereby idle."""
    kept: list[Token] = []
    just_cut = False
    for number, token in enumerate(tokens):
        new = changed.get(number, token)
        if new == "" or (just_cut and isinstance(new, str) and not new.strip()):
            just_cut = True
            continue
        if just_cut and not isinstance(new, str) and new.name in BLOCKS:
            _drop_rule(kept)
        if just_cut and isinstance(new, Close) and kept and isinstance(kept[-1], Open):
            kept.pop()
            continue
        just_cut = False
        kept.append(new)
    if just_cut:
        _drop_rule(kept)
    return kept


def _drop_rule(kept: list[Token]) -> None:
    while kept and isinstance(last := kept[-1], str) and not last.strip():
        kept.pop()
    if kept and kept[-1] == Close("hr"):
        del kept[-2:]
