import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from newsrust_spider.database.embedded import EmbeddedServer
from newsrust_spider.database.engine import DatabaseUnusableError
from tests.janitor import temporary_home


def test_of_several_starters_one_starts_and_all_are_served() -> None:
    with temporary_home() as home:
        server = EmbeddedServer(Path(home, "with blank"))
        Path(home, "with blank").mkdir()
        with ThreadPoolExecutor(4) as pool:
            urls = set(pool.map(lambda _: server.start("db"), range(4)))
        (url,) = urls
        with create_engine(url).connect() as connection:
            assert connection.scalar(text("SHOW listen_addresses")) == ""
            assert connection.scalar(text("SHOW server_encoding")) == "UTF8"
        assert server.stop()
        assert not server.stop()


def test_a_server_that_was_killed_is_started_again() -> None:
    with temporary_home() as home:
        server = EmbeddedServer(Path(home))
        server.start("db")
        pid = int((server.cluster / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, 9)
        with create_engine(server.start("db")).connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        server.stop()


def test_a_path_that_is_too_long_for_a_socket_is_refused_with_the_remedy(tmp_path: Path) -> None:
    home = Path(tmp_path, *["a-rather-long-name-of-a-folder"] * 4)
    with pytest.raises(DatabaseUnusableError, match="set NEWSRUST_HOME to a shorter path"):
        EmbeddedServer(home).start()
    assert not home.exists()


def test_where_no_server_was_ever_made_there_is_none_to_stop(tmp_path: Path) -> None:
    assert not EmbeddedServer(tmp_path / "never").stop()
    assert not EmbeddedServer(tmp_path).stop()
    assert list(tmp_path.iterdir()) == []
