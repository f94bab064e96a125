"""No text of a site commands a terminal, whichever command prints it."""

import json
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.cmdline import _get_commands_from_module, execute
from scrapy.utils.project import get_project_settings
from sqlalchemy import Engine, text

from newsrust_spider.commands import terminal
from newsrust_spider.commands.audit import _show
from newsrust_spider.errands.audit import Findings
from newsrust_spider.reasons import Reason
from newsrust_spider.storage.articles import store_articles
from newsrust_spider.storage.crawls import open_crawl
from newsrust_spider.storage.rejected import Rejection, reject_post
from tests.pure.newsrust_spider.texts import cut, make_text
from tests.storage.newsrust_spider.storage.conftest import make_article

HOSTILE = (
    "[/url] [bold red]x[/] :smile: \x1b]0;title\x07\x1b[2J \x9b31m \r\n forged: line"
    " \u202e\u2066 \u2028 \x7f \x08 \x0c"
)
COMMANDS = {"status", "rejected", "why", "split", "audit", "crawl", "retry", "database"}
TOLD = {
    "crawls": ("site", "reason", "version"),
    "articles": ("publisher", "publisher_name", "source_link", "byline"),
    "posts": ("permalink", "title"),
    "rejected_posts": ("detail", "permalink"),
}
Ran = tuple[int, str, str]
Command = Callable[..., Ran]


def obeyed(printed: str) -> list[str]:
    """Give the characters that a terminal would not just show."""
    harmless = "\n \u200c\u200d"
    return [s for s in printed if unicodedata.category(s)[0] in "CZ" and s not in harmless]


signs = st.characters() | st.sampled_from(sorted(set(HOSTILE)))


@given(st.lists(st.text(signs, max_size=30), min_size=1, max_size=4))
def test_whatever_is_told_is_only_shown(lines: list[str]) -> None:
    written: list[str] = []

    def note(output: str | bytes) -> None:
        written.append(output.decode() if isinstance(output, bytes) else output)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terminal, "_write", note)
        patch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        terminal.tell(*lines)
        terminal.tell_table(["a [b]"] * len(lines), [lines], numbers=("a [b]",))
        terminal.tell_json({"lines": lines})
        terminal.tell_bytes("".join(lines).encode("utf-8", "surrogatepass"))
    assert written[0].count("\n") == len(lines)
    assert json.loads(written[2]) == {"lines": lines}
    assert obeyed("".join(written)) == []


@pytest.fixture
def command(embedded_database: Engine, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run one of our commands in this process; give its exit status and what it printed."""

    def run(*arguments: str) -> Ran:
        settings = get_project_settings()
        url = embedded_database.url.render_as_string(hide_password=False)
        settings.set("DATABASE_URL", url, priority="cmdline")
        with pytest.raises(SystemExit) as ended:
            execute(["scrapy", *arguments], settings)
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


@pytest.fixture
def articles(embedded_database: Engine) -> list[int]:
    """Store a story of two articles whose every text is hostile, and a rejected post."""
    body = make_text(1)
    batch = [
        make_article(n, f"https://p{n}.example/x", headline=HOSTILE, body=b, labels=(HOSTILE,))
        for n, b in enumerate((body, cut(body, 0.5)), 1)
    ]
    with embedded_database.begin() as connection:
        crawl = open_crawl(connection, "a.example", "test")
        ids = [filed.article_id for filed in store_articles(connection, crawl, batch)]
        rejection = Rejection(
            HOSTILE, HOSTILE, HOSTILE, Reason.EMPTY_BODY, HOSTILE, HOSTILE.encode()
        )
        reject_post(connection, crawl, rejection)
        for table, columns in TOLD.items():
            hostile = ", ".join(f"{column} = :hostile" for column in columns)
            # The names are our own.
            connection.execute(text(f"UPDATE {table} SET {hostile}"), {"hostile": HOSTILE})  # noqa: S608
    return ids


def test_a_row_of_hostile_texts_is_shown_by_each_command(
    command: Command, articles: list[int]
) -> None:
    for arguments in (
        ("status",),
        ("status", "--json"),
        ("rejected",),
        ("rejected", "--json"),
        ("why", str(articles[0])),
        ("why", "--json", str(articles[0])),
        ("split", str(articles[1]), HOSTILE),
        ("why", str(articles[0])),
    ):
        status, out, err = command(*arguments)
        assert (status, err, obeyed(out)) == (0, "", []), arguments
        assert "forged" in "".join(out.split()) or arguments[0] == "split", arguments


def test_an_audit_is_shown_as_safely(capsys: pytest.CaptureFixture[str]) -> None:
    found = Findings(
        compared=True,
        site_posts=3,
        held_posts=2,
        missing=(HOSTILE,) * 30,
        stale=(HOSTILE,),
        gone=(HOSTILE,),
        labels={HOSTILE: (1, 2)},
    )
    _show(found)
    out = capsys.readouterr().out
    assert obeyed(out) == []
    assert out.count("forged") == 20 + 1 + 1 + 1


def test_no_command_is_forgotten_here() -> None:
    module = get_project_settings()["COMMANDS_MODULE"]
    assert set(_get_commands_from_module(module, inproject=True)) == COMMANDS


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--jsn"),
        ("status", "--js"),
        ("status", "extra"),
        ("status", "--json=yes"),
        ("rejected", "--most", "99999999999999999999"),
        ("rejected", "--most", "-1"),
        ("rejected", "--most", "ten"),
        ("rejected", "--payload", "99999999999999999999"),
        ("rejected", "--payload", "x"),
        ("rejected", "--reason", "TYPO"),
        ("rejected", "--reason", "\x1b[31m"),
        ("why",),
        ("why", "99999999999999999999"),
        ("why", "1", "2"),
        ("why", "x\ny"),
        ("split", "0"),
        ("split", "--reason", "x", "1"),
        ("retry", "--id", "99999999999999999999"),
        ("retry", "--al"),
        ("retry",),
        ("audit", "--foo"),
        ("audit",),
        ("audit", "newsrust", "-a", "site=http://127.0.0.1:0"),
        ("crawl", "newsrust", "-a", "site=http://127.0.0.1:0"),
        ("database",),
        ("database", "foo"),
        ("database", "stop", "now"),
        ("database", "--help-me", "stop"),
    ],
    ids=lambda arguments: " ".join(arguments).encode("unicode_escape").decode(),
)
def test_what_a_command_does_not_know_is_refused_in_one_line(
    command: Command, arguments: tuple[str, ...]
) -> None:
    status, out, err = command(*arguments)
    assert (status, out) == (2, ""), err
    assert err.startswith("newsrust: ")
    assert err.count("\n") == 1
    assert obeyed(err) == []


def test_a_reason_of_a_former_release_may_be_named_while_a_post_has_it(
    command: Command, articles: list[int], embedded_database: Engine
) -> None:
    with embedded_database.begin() as connection:
        connection.execute(text("UPDATE rejected_posts SET reason = 'of_old'"))
    assert articles
    assert command("rejected", "--reason", "of_old")[0] == 0
