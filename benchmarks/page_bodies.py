"""How well the body of a saved Blogger page is found: ours beside plain trafilatura.

    python -m benchmarks.page_bodies DIRECTORY

``DIRECTORY`` holds saved pages (``.html`` or ``.html.gz``) and an ``index.json``: a list of
objects with the ``file`` of a page and what is known of its body, either the whole of it
(``text``) or pieces that it must (``with``) and must not (``without``) hold. A page of neither
is passed over.

The score of a whole text is F1 over its 4-grams of words; that of pieces is the share of them
that are found, or absent, as they should be. Both candidates give HTML, and the same
``clean_body`` of the pipelines makes text of it.
"""

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from newsrust_spider.blogger.decode import decode_page
from newsrust_spider.blogger.page import parse_page
from newsrust_spider.blogger.page.extract import extract_html
from newsrust_spider.blogger.site import Site
from newsrust_spider.items import UnreadablePost
from pipelines.boilerplate import clean_body

SITE = Site.parse("https://blog.example")
PERMALINK = f"{SITE.home}/2022/06/post.html"


def main(arguments: list[str]) -> int:
    """Print a line for each page of the directory, and the means; 2 where there is none."""
    folder = Path(arguments[0]) if len(arguments) == 1 else None
    if folder is None or not (folder / "index.json").is_file():
        print("usage: python -m benchmarks.page_bodies DIRECTORY (one with an index.json)")
        return 2
    table = Table("page", *CANDIDATES, title="share of the body found")
    scores: dict[str, list[float]] = {name: [] for name in CANDIDATES}
    seconds = dict.fromkeys(CANDIDATES, 0.0)
    for sample in json.loads((folder / "index.json").read_text("utf-8")):
        if sample.get("text") or sample.get("with"):
            html = load(folder / sample["file"])
            table.add_row(sample["file"], *score_all(sample, html, scores, seconds))
    table.add_section()
    table.add_row("mean", *(f"{sum(of) / max(len(of), 1):.4f}" for of in scores.values()))
    table.add_row("lowest", *(f"{min(of, default=0):.3f}" for of in scores.values()))
    table.add_row("seconds", *(f"{seconds[name]:.2f}" for name in CANDIDATES))
    Console().print(table)
    return 0


def score_all(
    sample: Mapping[str, Any],
    html: str,
    scores: Mapping[str, list[float]],
    seconds: dict[str, float],
) -> list[str]:
    """Score every candidate on one page, keep the scores, and return them for a line."""
    line = []
    for name, candidate in CANDIDATES.items():
        start = time.perf_counter()
        content = candidate(html)
        seconds[name] += time.perf_counter() - start
        scores[name].append(score(sample, content))
        line.append(f"{scores[name][-1]:.3f}" + ("" if content else " (nothing)"))
    return line


def score(sample: Mapping[str, Any], content: str) -> float:
    """Return how much of what is known of the page's body the HTML ``content`` gets right."""
    body = " ".join(clean_body(content).split())
    if sample.get("text"):
        return f1(sample["text"], body)
    wanted, unwanted = sample["with"], sample.get("without") or []
    right = [" ".join(text.split()) in body for text in wanted]
    right += [" ".join(text.split()) not in body for text in unwanted]
    return sum(right) / len(right) if body else 0.0


def f1(truth: str, found: str) -> float:
    """Return the harmonic mean of precision and recall over 4-grams of words.

    >>> f1("one two three four five", "one two three four")
    0.6666666666666666
    """
    expected, got = four_grams(truth), four_grams(found)
    common = (expected & got).total()
    return 2 * common / max(expected.total() + got.total(), 1)


def four_grams(text: str) -> Counter[tuple[str, ...]]:
    """Return the 4-grams of the words of ``text``, each with its number."""
    words = re.findall(r"\w+", text.casefold())
    return Counter(zip(*(words[skipped:] for skipped in range(4)), strict=False))


def load(path: Path) -> str:
    """Return the text of a saved page."""
    raw = path.read_bytes()
    return decode_page(gzip.decompress(raw) if path.suffix == ".gz" else raw, None)


def ours(html: str) -> str:
    """Give what `parse_page` finds, "" where it refuses the page."""
    post = parse_page(html, SITE, PERMALINK, datetime.now(UTC), None)
    return "" if isinstance(post, UnreadablePost) else post.content


CANDIDATES: dict[str, Callable[[str], str]] = {"ours": ours, "trafilatura": extract_html}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
