"""The paragraphs of an HTML fragment, as a reader sees them, without the boilerplate."""

from collections.abc import Iterable, Iterator, Sequence

from newsrust_spider.text import one_line
from pipelines.markup.fragment import BLOCKS, Close, Open, Token
from pipelines.markup.noise import is_link_label, is_noise, is_noise_line

# docs/blogger.md, Shortcodes: the theme obeys them wherever they stand
_SHORTCODES = ("[post_ads]", "[full_width]", "[sidebar_left]", "[lock]", "[/lock]")
# these two are also words that an editor may put in brackets, so they must stand alone
_LONE_SHORTCODES = frozenset(("[contact]", "[next]"))


def read_paragraphs(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Give the paragraphs of the text of ``tokens``: one line each, none empty.

    Block elements, table rows and two `<br>` part paragraphs, one `<br>` becomes a space.
    """
    text = _RunningText()
    for token in _seen(tokens):
        text.add(token)
    return text.finish()


def _seen(tokens: Iterable[Token]) -> Iterator[Token]:
    """Give the tokens that are not in an element of boilerplate."""
    depth = 0
    for token in tokens:
        inside = depth
        if isinstance(token, Open) and (depth or is_noise(token)):
            depth += 1
        elif isinstance(token, Close) and depth:
            depth -= 1
        # the outermost tags stay, for a block parts the text on its two sides
        if not (inside and depth):
            yield token


class _RunningText:
    """Gathers text into lines and lines into paragraphs."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._lines: list[str] = []
        self._all: list[str] = []
        self._unlinked: list[str] = []
        self._links = self._verbatim = 0

    def add(self, token: Token) -> None:
        if isinstance(token, str):
            self._add_text(token)
            return
        step = 1 if isinstance(token, Open) else -1
        if token.name in BLOCKS:
            self._end_paragraph()
        elif token.name in {"td", "th"}:
            self._all.append(" ")
            self._unlinked.append(" ")
        elif token.name == "br" and step > 0:
            self._end_line()
        self._links += step * (token.name == "a")
        self._verbatim += step * (token.name == "pre")

    def finish(self) -> tuple[str, ...]:
        self._end_paragraph()
        return tuple(self._done)

    def _add_text(self, text: str) -> None:
        if not self._verbatim:
            self._all.append(text)
            if not self._links:
                self._unlinked.append(text)
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self._end_line()
            self._all.append(line)
            self._unlinked.append(line)

    def _end_line(self) -> None:
        """End a line; an empty one (the second `<br>`) ends the paragraph."""
        line = _without_shortcodes("".join(self._all))
        label = "".join(self._unlinked)
        is_empty = not line and not "".join(self._all).strip()
        self._all.clear()
        self._unlinked.clear()
        if is_empty:
            self._join_lines()
        elif line and not is_noise_line(line) and not (label != line and is_link_label(label)):
            self._lines.append(line)

    def _end_paragraph(self) -> None:
        self._end_line()
        self._join_lines()

    def _join_lines(self) -> None:
        # a rule about whole lines may fit only now: "Continue reading<br>the main story"
        if self._lines and not is_noise_line(paragraph := " ".join(self._lines)):
            self._done.append(paragraph)
        self._lines.clear()


def _without_shortcodes(text: str) -> str:
    text = one_line(text)
    if "[" not in text:
        return text
    for gap in ("", " "):  # what the first round joins to a new shortcode, the second parts
        for code in _SHORTCODES:
            text = text.replace(code, gap)
    text = one_line(text)
    return "" if _LONE_SHORTCODES.issuperset(text.split()) else text
