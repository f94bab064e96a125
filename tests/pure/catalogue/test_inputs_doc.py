"""docs/inputs.md and the tests of the catalogue name the same inputs."""

import re
from pathlib import Path

from newsrust_spider.reasons import Reason

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "inputs.md").read_text()
TESTS = [path.read_text() for path in (ROOT / "tests").glob("*/catalogue/*.py")]
BY_NAME = re.compile(r"_([a-h]\d\d)(?=_)")
BY_ID = re.compile(r"(?<![\w\\])([A-H]\d\d)(?!\w)")


def named_by_tests() -> set[str]:
    """Return the ids in the tables of the tests, and those in the names of the tests."""
    ids = {found for source in TESTS for found in BY_ID.findall(source)}
    return ids | {found.upper() for source in TESTS for found in BY_NAME.findall(source)}


def test_each_input_that_a_test_names_is_in_the_document_once_and_no_other() -> None:
    rows = re.findall(r"^\| ([A-H]\d\d) \|", PAGE, flags=re.MULTILINE)
    assert sorted(rows) == sorted(named_by_tests())


def test_the_document_counts_its_inputs_right() -> None:
    assert f"{len(named_by_tests())} inputs" in PAGE
    assert f"[{len(named_by_tests())} malformed inputs]" in (ROOT / "README.md").read_text()


def test_a_row_that_refers_to_another_refers_to_one_that_is_there() -> None:
    referred = set(re.findall(r"\b(?:as|ends as) ([A-H]\d\d)\b", PAGE, flags=re.IGNORECASE))
    assert referred <= named_by_tests()


def test_a_reason_of_the_document_is_one_of_ours() -> None:
    reasons = set(re.findall(r"rejected as `(\w+)`", PAGE))
    assert reasons
    assert reasons <= set(Reason)
