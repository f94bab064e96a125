from datetime import UTC, datetime

import pytest

from newsrust_spider.arguments import Arguments
from newsrust_spider.coverage.windows import BEGINNING

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_nothing_given_means_all_of_newsrust() -> None:
    arguments = Arguments.parse({}, NOW)
    assert arguments.site.home == "https://www.newsrust.com"
    assert (arguments.since, arguments.limit) == (BEGINNING, None)


def test_site_since_and_limit_are_taken() -> None:
    given = {"site": "https://a.example", "since": "2022-01-01", "limit": "500"}
    arguments = Arguments.parse(given, NOW)
    assert arguments.site.name == "a.example"
    assert arguments.since == datetime(2022, 1, 1, tzinfo=UTC)
    assert arguments.limit == 500


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sinse", "2024-01-01"),
        ("since", "garbage"),
        ("since", "2030-01-01"),
        ("since", "0001-01-01"),
        ("limit", "0"),
        ("limit", "-5"),
        ("limit", "1e3"),
        ("limit", "٣"),
        ("site", "newsrust"),
        ("site", "ftp://a.example"),
        ("site", "https://a.example/feeds"),
        ("site", "https://user:secret@a.example"),
        ("site", "http://a.example:99999"),
        ("site", "http://[::1"),
    ],
)
def test_an_argument_that_cannot_be_meant_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name if name != "site" else "site"):
        Arguments.parse({name: value}, NOW)
