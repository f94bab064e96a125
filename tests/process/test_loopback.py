"""Nothing that the suite runs reaches beyond this machine."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.loopback.sitecustomize import is_here

# 192.0.2.0/24 and 2001:db8::/32 are set aside for documentation: RFC 5737 and RFC 3849.
NOWHERE, NOWHERE_6 = ("192.0.2.1", 9), ("2001:db8::1", 9)


def connect(kind: int) -> Callable[[], object]:
    return lambda: socket.socket(socket.AF_INET, kind).connect(NOWHERE)


ATTEMPTS: dict[str, Callable[[], object]] = {
    "connect": connect(socket.SOCK_STREAM),
    "connect by datagram": connect(socket.SOCK_DGRAM),
    "connect_ex": lambda: socket.socket().connect_ex(NOWHERE),
    "connect by IPv6": lambda: socket.socket(socket.AF_INET6).connect(NOWHERE_6),
    "create_connection": lambda: socket.create_connection(NOWHERE, timeout=1),
    "sendto": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", NOWHERE),
    "ask the DNS": lambda: socket.getaddrinfo("www.newsrust.com", 443),
    "ask the DNS as Twisted does": lambda: socket.gethostbyname("www.newsrust.com"),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("way", ATTEMPTS)
def test_this_process_cannot_reach_out(way: str, attempts: Path) -> None:
    # Not the class itself: a process that was started with the guard has loaded it already.
    with pytest.raises(RuntimeError, match=r"^socket\.\w+ "):
        ATTEMPTS[way]()
    assert len(attempts.read_text().splitlines()) == 1
    attempts.write_text("")


def test_a_process_that_a_test_starts_cannot_reach_out_and_its_attempt_is_told(
    tmp_path: Path,
) -> None:
    report = tmp_path / "report"
    child = f"import socket\ntry: socket.create_connection({NOWHERE})\nexcept RuntimeError: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    environment = os.environ | {"LOOPBACK_ONLY_REPORT": str(report)}
    subprocess.run([sys.executable, "-c", parent], env=environment, check=True, timeout=60)
    assert report.read_text() == f"socket.connect {NOWHERE!r}\n"


def test_loopback_in_any_spelling_may_be_asked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        for host in ("127.0.0.1", "127.1", "localhost"):
            socket.create_connection((host, server.getsockname()[1]), timeout=5).close()
    assert is_here("::1")
    assert not is_here("::2")
