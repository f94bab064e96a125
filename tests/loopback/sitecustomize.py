"""Keeps a Python process on this machine: loopback, unix sockets, and no question to the DNS.

Python imports a module of this name at its start (https://docs.python.org/3/library/site.html),
so that a folder on PYTHONPATH is enough for the processes that tests start, and for theirs. What
a process tried is noted in the file that LOOPBACK_ONLY_REPORT names: code under test may swallow
the refusal.
"""

import os
import socket
import sys
from ipaddress import ip_address
from typing import Any

REPORT = "LOOPBACK_ONLY_REPORT"
CONNECTING = ("socket.connect", "socket.sendto", "socket.sendmsg")
ASKING = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
HERE = ("", "localhost", socket.gethostname())


class LeavesThisMachineError(RuntimeError):
    """A test, or what it started, was about to send something away."""


def is_numeric(host: str) -> bool:
    """Tell whether ``host`` is an address in any spelling that needs no DNS, as in "127.1"."""
    try:
        socket.inet_aton(host)
    except OSError:
        return ":" in host
    return True


def is_here(host: object) -> bool:
    """Tell whether ``host`` is this machine, and is known to be without asking anyone."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
    if name is None or name in HERE:
        return True
    try:
        return ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


def stay(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise LeavesThisMachineError for what would leave: before it does, as an audit hook may."""
    if event in CONNECTING:
        connection, address = arguments[:2]
        inet = connection.family in (socket.AF_INET, socket.AF_INET6)
        leaves = inet and address is not None and not is_here(address[0])
    elif event in ASKING:
        address = arguments[0]
        leaves = not is_here(address) and not is_numeric(str(address))
    else:
        return
    if leaves:
        said = f"{event} {address!r}"
        if path := os.environ.get(REPORT):
            with open(path, "a", encoding="utf-8") as report:  # noqa: PTH123 - imports nothing
                report.write(said + "\n")
        raise LeavesThisMachineError(said)


sys.addaudithook(stay)
