"""A run for `test_interrupted.py`: it starts a server and a process, says so, and waits."""

import os
import threading
from pathlib import Path

from newsrust_spider.database.embedded import EmbeddedServer
from tests import warm


def test_that_waits(server: EmbeddedServer) -> None:
    started = warm.start("http.server", ["0", "--bind", "127.0.0.1"], os.environ)
    pid = (server.cluster / "postmaster.pid").read_text().splitlines()[0]
    told = Path(os.environ["TOLD"], f"new-{os.getpid()}")
    told.write_text(f"{server.home} {pid} {started.pid}")
    told.rename(told.with_name(str(os.getpid())))
    assert not threading.Event().wait(300)


def test_that_waits_too(server: EmbeddedServer) -> None:
    test_that_waits(server)
