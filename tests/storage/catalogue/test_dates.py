"""Section F of the catalogue: dates."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from newsrust_spider.blogger.site import wire_moment
from newsrust_spider.coverage.walk import TICK, walk_everything
from newsrust_spider.storage.ledger import Ledger
from tests.storage.catalogue.catalogue import (
    SEEN_AT,
    STORED,
    Place,
    Row,
    all_ids,
    at_positions,
    changed,
    check,
    crawl_page,
    ids_of,
    wrap,
)

NOON = datetime(2022, 6, 1, 12, tzinfo=UTC)
NOT_BY_WORD = "Blogger writes RFC 3339 and nothing else: another form is a guess, kept for a retry."

BAD_DATES = {
    "F01": ("2021-02-30T00:00:00Z", "2021-13-01T00:00:00Z"),
    "F02": ("0000-00-00", "0000-01-01T00:00:00Z"),
    "F03": ("300000-01-01T00:00:00Z",),
    "F04": ("infinity", "-infinity", "now", "tomorrow", "epoch"),
    "F05": ("0044-03-15 BC", "0044-03-15T00:00:00Z", "20000-01-01T00:00:00Z"),
    "F06": ("01/02/2021",),
    "F07": ("2021-01-01T25:00:00Z", "2021-01-01T24:00:00Z"),
    "F09": ("2021-01-01T00:00:00+99:00",),
    "F13": ("Thu, 32 Jan 2021 10:00:00 GMT",),
    "F14": ("mars 3, 2021",),
}
GOOD_DATES = {
    ("F08", "2016-12-31T23:59:60Z"): datetime(2017, 1, 1, tzinfo=UTC),
    ("F10", "2022-06-01T07:00:00-05:00"): NOON,
    ("F10", "2022-06-01T17:30:00+05:30"): NOON,
    ("F10", "2022-06-01T12:00:00Z"): NOON,
    # DST in New York: the hour from 1 to 2 came twice, that from 2 to 3 not at all.
    ("F19", "2021-11-07T01:30:00-04:00"): datetime(2021, 11, 7, 5, 30, tzinfo=UTC),
    ("F19", "2021-11-07T01:30:00-05:00"): datetime(2021, 11, 7, 6, 30, tzinfo=UTC),
    ("F19", "2021-03-14T02:30:00-05:00"): datetime(2021, 3, 14, 7, 30, tzinfo=UTC),
}


def dated(number: str, moment: object, **rest: object) -> Row:
    """Make the row of an entry that was published at ``moment``."""
    sent = changed(published={"$t": moment})
    return Row(id=number, what=f"published {moment}", sent=sent, **rest)  # type: ignore[arg-type]


def make_rows() -> Iterator[Row]:
    """Give the rows of the section."""
    for number, dates in BAD_DATES.items():
        for date in dates:
            yield dated(number, date, outcome="bad_date")
            what, sent = f"updated {date}", changed(updated={"$t": date})
            yield Row(id=number, what=what, sent=sent, outcome="bad_date")
    for (number, date), moment in GOOD_DATES.items():
        yield dated(number, date, holds={"published": moment})
    yield dated(
        *("F10", "2022-06-01T12:00:00"),
        holds={"published": NOON},
        because="Without an offset it is UTC: Blogger always writes one, so a setting for the"
        " zone of the blog would never be used.",
    )
    for epoch in (1654084800, 1654084800000, "1654084800"):
        yield dated("F11", epoch, outcome="bad_date", because=NOT_BY_WORD)
    for nothing in ("", "  ", None):
        yield dated("F12", nothing, flags=("no_published",), holds={"published": None})
    yield dated("F15", wire_moment(SEEN_AT + timedelta(hours=1)))
    yield dated("F15", wire_moment(SEEN_AT + timedelta(hours=48)))
    yield dated("F15", wire_moment(SEEN_AT + timedelta(hours=49)), outcome="future_date")
    yield dated("F15", wire_moment(SEEN_AT + timedelta(days=3653)), outcome="future_date")
    yield dated(
        *("F16", "1970-01-01T00:00:00Z"),
        flags=("suspicious_date",),
        because="No web news is older than 1995, but a date is its author's: it is stored and"
        " flagged.",
    )
    yield dated("F16", "1994-12-31T23:59:59Z", flags=("suspicious_date",))
    yield dated("F16", "1969-12-31T23:59:59Z", outcome="bad_date")


ROWS = tuple(make_rows())


@pytest.mark.parametrize(("row", "position"), at_positions(ROWS))
def test_a_date_ends_as_the_catalogue_says(row: Row, position: int, ledger: Ledger) -> None:
    check(row, position, ledger)


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(days=3653)], ids=str)
def test_f15_a_post_of_the_future_does_not_move_what_is_covered(
    ahead: timedelta, ledger: Ledger
) -> None:
    place = Place.new("F15", 0)
    late = place.entry(updated={"$t": wire_moment(SEEN_AT + ahead)})
    page = wrap([late, place.entry(1), place.entry(2)])
    ends = crawl_page(page, place, ledger)
    assert [end.how for end in ends] == ["future_date", STORED, STORED]
    kept = [end.article.post.updated for end in ends if end.article]
    assert max(kept) <= SEEN_AT


def test_f17_no_moment_is_without_a_zone(ledger: Ledger) -> None:
    place = Place.new("F17", 0)
    (end,) = crawl_page(wrap([place.entry(published={"$t": "2022-06-01T12:00:00"})]), place, ledger)
    assert end.article is not None
    assert end.article.post.updated.tzinfo is UTC
    assert end.article.post.published is not None
    assert end.article.post.published.tzinfo is UTC
    zone = ledger.run(lambda database: database.scalar(text("SHOW TimeZone")))
    assert zone in {"UTC", "Etc/UTC"}


def test_f18_of_two_posts_of_one_moment_at_the_border_of_a_page_both_are_asked_for() -> None:
    walk = walk_everything(SEEN_AT).after([SEEN_AT, NOON], received=2)
    assert walk.bound == NOON + TICK
    assert walk.wants(NOON)


def test_every_id_of_the_section_is_here() -> None:
    assert ids_of(globals(), ROWS) == all_ids("F", 19)
