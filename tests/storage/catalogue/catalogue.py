"""A feed page of 25 entries, one of them bad, sent through the real stages to a real database.

The catalogue is docs/inputs.md; its sections B to F are tables of `Row` here. Where a row says
``because``, one might expect another end, and that is our reason.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object
from scrapy.utils.project import get_project_settings
from sqlalchemy import text

from newsrust_spider.blogger.feed import parse_feed
from newsrust_spider.blogger.site import Site, wire_moment
from newsrust_spider.items import Article, Outcome, Post, UnreadablePost
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.storage.ledger import Ledger
from tests.forms import LONG
from tests.storage.stages import send_through

SEEN_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
NEIGHBOURS = 24
POSITIONS = {"first": 0, "middle": 12, "last": 24}


def at_positions(rows: Sequence["Row"]) -> list[Any]:
    """Return each row with each position to try it at; in the short form with one, in turn."""
    return [
        pytest.param(row, position, id=f"{row}-{name}")
        for number, row in enumerate(rows)
        for place, (name, position) in enumerate(POSITIONS.items())
        if LONG or place == number % len(POSITIONS)
    ]


BAD = 99
"""The number of the bad entry."""

STAGES: list[Any] = [
    load_object(stage) for stage in build_component_list(get_project_settings()["ITEM_PIPELINES"])
]
"""The stages that the settings name, in the order of their numbers."""

STORED = "stored"
Item = Post | UnreadablePost
_places = count(1)


@dataclass(frozen=True)
class Place:
    """Where an entry stands in a page of a site that no other case uses."""

    site: Site
    position: int

    @classmethod
    def new(cls, name: str, position: int) -> "Place":
        """Return a place at ``position`` of a site of its own."""
        host = f"{re.sub('[^a-z0-9]+', '-', name.lower())}-{next(_places)}.example"
        return cls(Site.parse(f"https://{host}"), position)

    def link(self, number: int = BAD) -> str:
        """Return the address of the original of the entry ``number``."""
        return f"https://harbor-courier.example/{self.site.host}/{number}"

    def signed(self, html: str, number: int = BAD) -> str:
        """Return ``html`` with the line of the source link."""
        return f'{html}<p><a href="{self.link(number)}">Source Link</a></p>'

    def entry(self, number: int = BAD, **changes: Any) -> dict[str, Any]:
        """Return a healthy entry but for ``changes``; ``...`` takes a key away."""
        at = number if number < BAD else self.position
        address = f"http://{self.site.host}/2022/06/{number}.html"
        whole = {
            "id": {"$t": f"tag:blogger.com,1999:blog-1.post-{number}"},
            "published": {"$t": "2022-06-21T18:16:00.005-07:00"},
            "updated": {"$t": wire_moment(SEEN_AT - timedelta(minutes=at))},
            "category": [{"term": "World"}],
            "title": {"type": "text", "$t": f"Headline {number}"},
            "content": {"$t": self.signed(f"<p>The pier reopened, day {number}.</p>", number)},
            "link": [{"rel": "alternate", "type": "text/html", "href": address}],
            "author": [{"name": {"$t": "Reporter"}}],
        }
        return {key: value for key, value in (whole | changes).items() if value is not ...}


Sent = Callable[[Place], Mapping[str, Any] | str]
"""Makes the bad entry: an object, or its JSON as it goes over the wire."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the catalogue: what is sent, and how it has to end.

    ``outcome`` is `STORED`, ``duplicate``, or the reason of the rejection. ``flags`` are in the
    article's ``cleaning``; ``holds`` are attributes of the article, as values or as conditions.
    ``twin`` is the source link of a neighbour.
    """

    id: str
    what: str
    sent: Sent
    outcome: str = STORED
    flags: tuple[str, ...] = ()
    holds: Mapping[str, Any] = field(default_factory=dict)
    because: str = ""
    twin: Callable[[Place], str] | None = None

    def __str__(self) -> str:
        """Return what the row is called in a report of the tests."""
        return f"{self.id} {self.what}"


@dataclass(frozen=True)
class End:
    """How an item ended: `STORED`, another outcome, or a reason; and the article, if stored."""

    how: str
    article: Article | None = None


def changed(**changes: Any) -> Sent:
    """Send a healthy entry but for ``changes``."""
    return lambda at: at.entry(**changes)


def titled(title: object) -> Sent:
    """Send an entry with this title."""
    return changed(title={"$t": title})


def holding(html: str) -> Sent:
    """Send an entry with this HTML and, after it, a source link."""
    return lambda at: at.entry(content={"$t": at.signed(html)})


def linked(href: str | Callable[[Place], str]) -> Sent:
    """Send an entry whose source link leads to ``href``."""
    write = href if callable(href) else lambda _: href
    anchor = '<p>The pier reopened.</p><p><a href="{}">Source Link</a></p>'
    return lambda at: at.entry(content={"$t": anchor.format(write(at))})


def labelled(*terms: object) -> Sent:
    """Send an entry with these labels."""
    return changed(category=[{"term": term} for term in terms])


def write_page(place: Place, row: Row) -> str:
    """Return the JSON of a page with the bad entry of ``row`` at its place among neighbours."""
    numbers = [n + (n >= place.position) for n in range(NEIGHBOURS)]
    entries: list[Mapping[str, Any] | str] = [place.entry(number) for number in numbers]
    if row.twin is not None:
        content = linked(row.twin)(place)["content"]  # type: ignore[index]
        entries[7] = place.entry(numbers[7], content=content)
    entries.insert(place.position, row.sent(place))
    return wrap(entries)


def wrap(entries: Iterable[Mapping[str, Any] | str], total: object = 25) -> str:
    """Return the JSON of a page with ``entries``."""
    texts = (entry if isinstance(entry, str) else json.dumps(entry) for entry in entries)
    head = json.dumps({"openSearch$totalResults": {"$t": total}})[:-1]
    return f'{{"feed": {head}, "entry": [{",".join(texts)}]}}}}'


def send(items: Sequence[Item], ledger: Ledger) -> list[End]:
    """Send ``items`` through all stages, at once as Scrapy does, and keep what is rejected."""
    crawler: Any = SimpleNamespace(spider=SimpleNamespace(ledger=ledger))

    async def run() -> list[Article | PostSetAside]:
        stages = [build_from_crawler(stage, crawler) for stage in STAGES]
        return await send_through(stages, items, crawler)

    return [_describe(end) for end in asyncio.run(run())]


def _describe(end: Article | PostSetAside) -> End:
    if isinstance(end, PostSetAside):
        return End(end.reason or end.outcome)
    assert end.outcome in {Outcome.NEW, Outcome.CHANGED}
    return End(STORED if end.outcome is Outcome.NEW else end.outcome, end)


def crawl_page(page: str, place: Place, ledger: Ledger) -> list[End]:
    """Read ``page`` and send its entries through all stages."""
    return send(parse_feed(page, place.site, SEEN_AT).entries, ledger)


_ROWS = text("""
    SELECT p.post_id, p.outcome, CASE WHEN p.outcome <> 'rejected' THEN p.xmin::text END, a.id,
           a.xmin::text, (SELECT count(*) FROM rejected_posts r WHERE r.site = p.site)
    FROM posts p LEFT JOIN articles a ON a.id = p.article_id WHERE p.site = :site ORDER BY p.id
""")
"""``xmin`` is the transaction that wrote a row: rows that are written anew as they were show."""


def rows_of(place: Place, ledger: Ledger) -> list[tuple[Any, ...]]:
    """Return what the database holds of the place's site."""
    site = {"site": place.site.name}
    return ledger.run(lambda database: [tuple(row) for row in database.execute(_ROWS, site)])


def check(row: Row, position: int, ledger: Ledger) -> None:
    """Assert that ``row`` ends as it has to, alone, and that a second crawl changes nothing."""
    place = Place.new(row.id, position)
    page = write_page(place, row)
    ends = crawl_page(page, place, ledger)
    assert len(ends) == NEIGHBOURS + 1
    rows = rows_of(place, ledger)
    assert len(rows) == NEIGHBOURS + 1, "every post of the page is accounted for"
    end = ends.pop(position)
    if row.twin is None:
        assert Counter(neighbour.how for neighbour in ends) == {STORED: NEIGHBOURS}
        assert end.how == row.outcome
    else:
        # Of two posts of one article the first brings the article, whichever it is.
        found = Counter(one.how for one in (end, *ends))
        same = row.outcome == "duplicate"
        assert found == Counter({STORED: NEIGHBOURS + 1 - same}) + Counter(duplicate=same)
    if end.article is not None:
        check_article(row, end.article)
    again = crawl_page(page, place, ledger)
    kept = end.how if end.how not in {STORED, "duplicate"} else "unchanged"
    assert again.pop(position).how == kept
    assert {neighbour.how for neighbour in again} == {"unchanged"}
    assert rows_of(place, ledger) == rows


def check_article(row: Row, article: Article) -> None:
    """Assert that the article is what ``row`` says, and that no secret is in it."""
    assert set(row.flags) <= set(article.cleaning), article.cleaning
    for name, wanted in row.holds.items():
        found = getattr(article if hasattr(article, name) else article.post, name)
        assert wanted(found) if callable(wanted) else found == wanted, (name, found)


def ids_of(module: Mapping[str, Any], *tables: Iterable[Row]) -> set[str]:
    """Return the ids that ``tables`` cover, and those in the names of a module's tests."""
    named = (name for name in module if name.startswith("test_"))
    by_name = {found.upper() for name in named for found in re.findall(r"_([b-f]\d\d)", name)}
    return by_name | {row.id for table in tables for row in table}


def all_ids(letter: str, last: int) -> set[str]:
    """Return the ids of a section."""
    return {f"{letter}{number:02}" for number in range(1, last + 1)}
