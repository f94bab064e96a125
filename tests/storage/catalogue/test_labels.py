"""Section E of the catalogue: labels."""

from collections.abc import Iterator
from typing import Any

import pytest

from newsrust_spider.blogger.labels import LONGEST_LABEL, MOST_LABELS
from newsrust_spider.storage.ledger import Ledger
from tests.storage.catalogue.catalogue import Row, all_ids, at_positions, check, ids_of, labelled

ZWSP, RLO = "\u200b", "\u202e"

# What is written, and what the labels of the post are then.
KEPT: dict[str, list[tuple[list[Any], list[str]]]] = {
    "E01": [(["x'); drop table articles; --"], ["x'); drop table articles; --"])],
    "E02": [(["%", "%s", ":name", "{}"], ["%", "%s", ":name", "{}"])],
    "E03": [(["Wor\0ld"], ["World"])],
    "E04": [(["Wor\ud800ld"], ["Wor\ufffdld"])],
    "E07": [(["Caf\u00e9", "Cafe\u0301"], ["Caf\u00e9"])],
    "E08": [(["World", "WORLD", " World ", "A\u00a0B", "A B"], ["World", "A B"])],
    "E09": [(["World", f"World{ZWSP}", f"{RLO}World"], ["World"])],
    "E10": [(["World", "W\u043erld"], ["World", "W\u043erld"])],
    "E11": [
        (["\u0130", "i", "i\u0307"], ["\u0130", "i"]),
        (["Stra\u00dfe", "STRASSE", "strasse"], ["Stra\u00dfe"]),
        (["\ufb01sh", "FISH"], ["\ufb01sh"]),
    ],
    "E12": [(["World"] * 3, ["World"])],
    "E14": [([7, True, [1], {}, "World"], ["7", "World"])],
    "E15": [(["World\n2026-01-01 INFO forged"], ["World 2026-01-01 INFO forged"])],
    "E16": [
        (
            ["\U0001f30d", "\u0627\u0644\u0639\u0627\u0644\u0645", "\u4e16\u754c"],
            ["\U0001f30d", "\u0627\u0644\u0639\u0627\u0644\u0645", "\u4e16\u754c"],
        )
    ],
    "E17": [(["../../etc", "<b>", "=cmd()"], ["../../etc", "<b>", "=cmd()"])],
    "E18": [(["null", "NaN", "true"], ["null", "NaN", "true"])],
}
BECAUSE = {
    "E14": "A label that is true, null, a list or an object is no word: it is dropped, and said.",
    "E17": "Labels are kept as written; it is for an export to CSV to mark what looks like a"
    " formula, and there is none here.",
}


def make_rows() -> Iterator[Row]:
    """Give the rows of the section."""
    for number, cases in KEPT.items():
        for written, labels in cases:
            wanted = {"labels": tuple(labels)}
            what, because = repr(written)[:50].replace("\\", "%"), BECAUSE.get(number, "")
            yield Row(id=number, what=what, sent=labelled(*written), holds=wanted, because=because)
    for nothing in ("", "   ", ZWSP, None):
        yield Row(
            id="E05",
            what=f"{nothing!a}",
            sent=labelled(nothing, "World"),
            flags=("label_dropped",),
            holds={"labels": ("World",)},
        )
    yield Row(
        id="E06",
        what="9,000 characters",
        sent=labelled("".join(chr(0x4E00 + n % 997) for n in range(9000))),
        flags=("label_cut",),
        holds={"labels": lambda labels: [len(label) for label in labels] == [LONGEST_LABEL]},
    )
    yield Row(
        id="E06",
        what="a long run of combining marks",
        sent=labelled("a" + "\u0301\u0316" * 500_000),
        flags=("label_cut",),
        holds={"labels": lambda labels: [len(label) for label in labels] == [LONGEST_LABEL]},
    )
    yield Row(
        id="E13",
        what="20,000 labels",
        sent=labelled(*(f"Label {n}" for n in range(20_000))),
        flags=("labels_cut",),
        holds={"labels": tuple(f"Label {n}" for n in range(MOST_LABELS))},
    )


ROWS = tuple(make_rows())


@pytest.mark.parametrize(("row", "position"), at_positions(ROWS))
def test_a_label_ends_as_the_catalogue_says(row: Row, position: int, ledger: Ledger) -> None:
    check(row, position, ledger)


def test_every_id_of_the_section_is_here() -> None:
    assert ids_of(globals(), ROWS) == all_ids("E", 18)
