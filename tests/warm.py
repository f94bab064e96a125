"""A warm process: it has imported what ``scrapy`` imports, and becomes one in 20 ms.

Started as a program it forks for each order that comes through a socket; the child takes over
the arguments, environment and streams of the order, and is from then on what ``python -m scrapy``
would be: its signals, its exit status and its end are those of a process of its own. What reads
the environment (newsrust_spider.settings) and the reactor are imported by the child alone.
"""

import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
ROOMS = (
    "newsrust_spider",
    "pipelines",
    "scrapy.commands",
    "scrapy.downloadermiddlewares",
    "scrapy.extensions",
    "scrapy.spidermiddlewares",
)
LATER = (
    "newsrust_spider.settings",
    "newsrust_spider.storage.migrations",
    "scrapy.extensions.statsmailer",  # it warns that it is old
)
BESIDES = (
    "alembic.command",
    "psycopg2",
    "scrapy.cmdline",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.statscollectors",
    "tests.faults.dying_crawl",
    "tldextract.tldextract",
    "twisted.internet.asyncioreactor",
)
LARGEST_ORDER = 1 << 20


class Started:
    """A process that was started warm, used as ``subprocess.Popen`` is."""

    def __init__(self, pid: int, out: int, err: int, end: int) -> None:
        """Take its number, the two ends to read from, and the one that its status comes by."""
        self.pid = pid
        self.returncode: int | None = None
        self._said = {out: bytearray(), err: bytearray()}
        self._streams = (out, err)
        self._open = [out, err]
        self._end = end

    def poll(self) -> int | None:
        """Return its exit status, None while it runs."""
        if self.returncode is None and select.select([self._end], [], [], 0)[0]:
            self.returncode = int(os.read(self._end, 20))
            os.close(self._end)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit status once it has ended; raises subprocess.TimeoutExpired."""
        if self.returncode is None and not select.select([self._end], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("scrapy", timeout or 0)
        status = self.poll()
        assert status is not None
        return status

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Return what it has said on both streams, once it has ended; raises as ``wait``."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while self._open:
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            ready = select.select(self._open, [], [], left)[0]
            if not ready:
                raise subprocess.TimeoutExpired("scrapy", timeout or 0)
            for stream in ready:
                said = os.read(stream, 1 << 16)
                self._said[stream] += said
                if not said:
                    self._open.remove(stream)
                    os.close(stream)
        self.wait(timeout)
        out, err = (self._said[stream].decode(errors="replace") for stream in self._streams)
        return out, err

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as the kernel does."""
        self.send_signal(signal.SIGKILL)


@cache
def _warm() -> tuple[socket.socket, "subprocess.Popen[bytes]"]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST_ORDER)
    command = [sys.executable, "-m", "tests.warm", str(theirs.fileno())]
    process = subprocess.Popen(command, cwd=PROJECT, pass_fds=[theirs.fileno()])
    theirs.close()
    return ours, process


def start(module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Started:
    """Start ``python -m module arguments``."""
    pipes = [os.pipe() for _ in range(3)]
    order = {"module": module, "arguments": list(arguments), "environment": dict(environment)}
    socket.send_fds(_warm()[0], [json.dumps(order).encode()], [theirs for _, theirs in pipes])
    for _, theirs in pipes:
        os.close(theirs)
    out, err, end = (ours for ours, _ in pipes)
    return Started(int(os.read(end, 20)), out, err, end)


def stop() -> None:
    """End the warm process, and whatever it has started."""
    if _warm.cache_info().currsize:
        ours, process = _warm()
        ours.close()
        process.wait()
        _warm.cache_clear()


class Nursery:
    """The forking side: its children, each with the pipe by which its status goes."""

    def __init__(self, orders: socket.socket) -> None:
        """Take orders from a socket; be woken by the end of a child."""
        self._orders = orders
        self._children: dict[int, int] = {}
        self._woken, self._wake = os.pipe()
        for end in (self._woken, self._wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's, meant for the tests
        signal.set_wakeup_fd(self._wake)

    def serve(self) -> dict[str, Any] | None:
        """Fork for each order; return the order in the child, None when there are no more."""
        while True:
            orders = self._orders.fileno()
            ready = select.select([orders, self._woken], [], [])[0]
            if self._woken in ready:
                self._reap()
            if orders in ready:
                said, streams, _, _ = socket.recv_fds(self._orders, LARGEST_ORDER, 3)
                if not said:
                    self._end_all()
                    return None
                if self._fork(*streams) == 0:
                    return json.loads(said)  # type: ignore[no-any-return]

    def _reap(self) -> None:
        os.read(self._woken, 1000)
        for pid in list(self._children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                end = self._children.pop(pid)
                os.write(end, str(os.waitstatus_to_exitcode(status)).encode())
                os.close(end)

    def _fork(self, out: int, err: int, end: int) -> int:
        pid = os.fork()
        if pid:
            self._children[pid] = end
            os.write(end, str(pid).encode())
        else:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup of the suite is not for it
            os.dup2(out, 1)
            os.dup2(err, 2)
            self._orders.close()
            for inherited in (end, self._woken, self._wake, *self._children.values()):
                os.close(inherited)
        os.close(out)
        os.close(err)
        return pid

    def _end_all(self) -> None:
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)


def import_all() -> None:
    """Import what a crawl will, but for what reads the environment or installs a reactor."""
    for room in ROOMS:
        path = importlib.import_module(room).__path__
        for module in pkgutil.walk_packages(path, f"{room}."):
            if not module.name.startswith(LATER):
                importlib.import_module(module.name)
    for name in BESIDES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is here stays, and no child need look at it
    assert not {"twisted.internet.reactor", "newsrust_spider.settings"} & set(sys.modules)


def main() -> None:
    """Serve; in a child, become what was ordered."""
    import_all()
    order = Nursery(socket.socket(fileno=int(sys.argv[1]))).serve()
    if order is not None:
        os.environ.clear()
        os.environ.update(order["environment"])
        sys.argv = [order["module"], *order["arguments"]]
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
