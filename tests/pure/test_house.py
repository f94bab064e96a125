"""The house: who may import whom, who may speak SQL, who reads the environment."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsrust_spider.blogger.unfit import Unfit
from newsrust_spider.flags import Flag
from newsrust_spider.glossary import Term
from newsrust_spider.reasons import Reason

ROOT = Path(__file__).parents[2]
ROOMS = ("newsrust_spider", "pipelines", "demo")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
PURE = (
    "items", "coverage", "verdict", "copies", "text", "blogger",
    "evidence", "owed", "errands", "glossary", "reasons", "flags", "limits",
)  # fmt: skip


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            yield node.module or ""


def all_imports(prefix: str) -> dict[str, set[str]]:
    found = {
        name_of(path): set(imports_of(path))
        for path in SOURCES
        if f"{name_of(path)}.".startswith(f"{prefix}.")
    }
    assert found, f"there is no room {prefix}"
    return found


def offenders(prefix: str, *forbidden: str) -> list[tuple[str, str]]:
    return [
        (module, imported)
        for module, names in all_imports(prefix).items()
        for imported in sorted(names)
        if any(f"{imported}.".startswith(f"{name}.") for name in forbidden)
    ]


def test_the_spider_package_never_imports_the_pipelines_nor_the_demo() -> None:
    assert offenders("newsrust_spider", "pipelines", "demo", "tests") == []


def test_the_pipelines_import_only_items_words_limits_outcomes_text_and_storage() -> None:
    allowed = ("items", "reasons", "flags", "limits", "outcomes", "text", "storage")
    ours = {
        imported
        for names in all_imports("pipelines").values()
        for imported in names
        if imported.startswith("newsrust_spider")
    }
    assert {name for name in ours if name.split(".")[1] not in allowed} == set()
    assert offenders("pipelines", "demo", "tests") == []


@pytest.mark.parametrize("room", PURE)
def test_pure_rooms_know_neither_scrapy_nor_the_database_nor_the_network(room: str) -> None:
    outside = ("scrapy", "twisted", "sqlalchemy", "psycopg2", "os", "asyncio", "socket", "logging")
    assert offenders(f"newsrust_spider.{room}", *outside) == []


def test_blogger_imports_nothing_of_ours_but_items_words_limits_text_and_itself() -> None:
    rooms = ("items", "glossary", "reasons", "flags", "limits", "text", "blogger")
    allowed = tuple(f"newsrust_spider.{room}" for room in rooms)
    assert [
        (module, imported)
        for module, names in all_imports("newsrust_spider.blogger").items()
        for imported in names
        if imported.startswith(("newsrust_spider", "pipelines"))
        and not imported.startswith(allowed)
    ] == []


def test_only_database_and_storage_speak_to_the_database() -> None:
    # What an error of the database means is told by the two who stop the crawl for it.
    may_name_its_errors = {
        "newsrust_spider.log",
        "newsrust_spider.extensions.blame",
        "newsrust_spider.commands.connection",
    }
    for path in SOURCES:
        module = name_of(path)
        if module.startswith(("newsrust_spider.database", "newsrust_spider.storage")):
            continue
        spoken = {name for name in imports_of(path) if name.startswith(("sqlalchemy", "psycopg2"))}
        if module in may_name_its_errors:
            spoken -= {"sqlalchemy.exc"}
        if module in {"newsrust_spider.commands.connection", "newsrust_spider.commands.base"}:
            spoken -= {"sqlalchemy"}  # the types of what it hands on
        assert spoken == set(), module


def test_the_database_knows_no_table() -> None:
    assert offenders("newsrust_spider.database", "newsrust_spider.storage") == []


@pytest.mark.parametrize("room", ["database", "storage"])
def test_database_and_storage_do_not_know_scrapy(room: str) -> None:
    assert offenders(f"newsrust_spider.{room}", "scrapy", "twisted", "itemadapter") == []


def test_only_settings_read_the_environment() -> None:
    readers = {
        name_of(path)
        for path in SOURCES
        if re.search(r"os\.environ\b|getenv", path.read_text())
        and name_of(path).startswith(("newsrust", "pipelines"))
    }
    # psql gets its password by the environment; nothing is read there.
    assert readers - {"newsrust_spider.commands.database"} == {"newsrust_spider.settings"}


def test_sql_is_never_put_together_from_values() -> None:
    rooms = [ROOT / "newsrust_spider" / room for room in ("database", "storage")]
    spoken = [path for room in rooms for path in room.rglob("*.py")]
    for path in (path for path in spoken if path.stem not in {"schema", "columns"}):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text":
                formatted = [a for a in node.args if isinstance(a, ast.JoinedStr | ast.BinOp)]
                assert not formatted, f"{name_of(path)}, line {node.lineno}"


def test_commands_print_by_the_one_file_that_keeps_a_terminal_safe() -> None:
    for path in (ROOT / "newsrust_spider" / "commands").glob("*.py"):
        if path.stem == "terminal":
            continue
        assert not [name for name in imports_of(path) if name.startswith("rich")], path.name
        for node in ast.walk(ast.parse(path.read_text())):
            name = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
            assert name not in {"print", "sys.stdout", "sys.stderr"}, path.name


@pytest.mark.parametrize("terms", [Reason, Flag, Unfit])
def test_every_term_is_spoken_somewhere(terms: type[Term]) -> None:
    spoken = " ".join(path.read_text() for path in SOURCES)
    assert set(re.findall(rf"\b{terms.__name__}\.([A-Z_]+)", spoken)) == set(terms.__members__)


def test_files_are_short_and_named_by_nouns() -> None:
    for path in SOURCES:
        assert path.stem not in {"utils", "util", "helpers", "manager", "common", "misc", "data"}
        if "versions" not in path.parts:
            assert len(path.read_text().splitlines()) <= 220, name_of(path)


def test_nothing_names_a_package_registry_or_a_path_of_a_machine() -> None:
    words = ("pypi" + ".org", "files.python" + "hosted", "/root" + "/", "/home" + "/")
    listed = [*SOURCES, *ROOT.glob("*.lock"), *ROOT.glob("*.toml"), ROOT / "Makefile"]
    for path in listed:
        text = path.read_text()
        assert not [word for word in words if word in text], path.name
