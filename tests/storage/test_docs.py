"""Every query that the documentation shows runs, on the tables as they are."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from newsrust_spider import __version__

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
ROOMS = ("newsrust_spider", "pipelines", "demo", "deploy", "benchmarks", "tests", "docs")
QUERIES = [
    (page.name, statement.strip())
    for page in PAGES
    for block in re.findall(r"```sql\n(.*?)```", page.read_text(), flags=re.DOTALL)
    for statement in re.sub(r"--.*", "", block).split(";")
    if statement.strip()
]


def test_the_documentation_shows_queries() -> None:
    assert len(QUERIES) > 5


@pytest.mark.parametrize(("page", "query"), QUERIES)
def test_a_query_of_the_documentation_runs(
    embedded_database: Engine, page: str, query: str
) -> None:
    with embedded_database.connect() as connection:
        # A colon in a query is no parameter of ours.
        result = connection.execute(text(query.replace(":", r"\:")))
        assert result.returns_rows, page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w./]*)", page.read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_section_of_a_page_that_the_code_cites_is_there() -> None:
    sources = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    cited = {
        place
        for path in sources
        for place in re.findall(r"# (docs/\w+\.md), ([^:;\n]+)", path.read_text())
    }
    assert cited
    assert [
        (page, section)
        for page, section in sorted(cited)
        if f"## {section}\n" not in (ROOT / page).read_text()
    ] == []


def test_the_changelog_knows_the_version() -> None:
    assert f"\n## [{__version__}] - " in (ROOT / "CHANGELOG.md").read_text()
