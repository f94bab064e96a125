"""Many crawls in one process, as production runs them: same settings, reactor, HTTP client.

Started as a program: reads one JSON object a line (``site``, ``settings``), crawls, and answers
with one (``status``, ``reason``, ``memory``: the peak of this crawl in bytes). A process a crawl
would take ten times as long. What a process adds to it (exit status, signals) is tested in
tests/process/.
"""

import asyncio
import json
import os
import re
import select
import subprocess
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.utils.project import get_project_settings

from newsrust_spider.log import quieten_scrapy
from tests import janitor

PROJECT = Path(__file__).parents[3]
PATIENCE = 60
"""Seconds after which a crawl counts as hanging."""


@dataclass(frozen=True)
class Crawled:
    """How a crawl ended, its log, and the most memory that the process had meanwhile."""

    status: int
    reason: str
    memory: int
    log: str


class CrawlerProcess:
    """The other side of this program: starts it, and has it crawl."""

    def __init__(self, log: Path, environment: Mapping[str, str]) -> None:
        """Start it; its log goes to the file ``log``."""
        self._path = log
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.crawl.catalogue.crawler"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=PROJECT,
            env=dict(environment),
        )
        janitor.tell(pid=self._process.pid)

    def crawl(self, site: str, **settings: object) -> Crawled:
        """Crawl ``site``; fails where that hangs or ends the process."""
        before = self._path.stat().st_size
        order = json.dumps({"site": site, "settings": settings})
        written, read = self._process.stdin, self._process.stdout
        assert written is not None
        assert read is not None
        written.write(order.encode() + b"\n")
        written.flush()
        answered = select.select([read], [], [], PATIENCE)[0]
        log = self._path.read_bytes()[before:].decode()
        assert answered, f"the crawl hangs: {log[-2000:]}"
        answer = read.readline()
        log = self._path.read_bytes()[before:].decode()
        assert answer, f"the process died: {log[-2000:]}"
        return Crawled(**json.loads(answer), log=log)

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()
        self._log.close()


def forget_peak() -> None:
    """Let the kernel measure anew (man 5 proc_pid_clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")


def read_peak() -> int:
    """Return the most memory of this process since then, in bytes."""
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert peak is not None
    return int(peak[1]) * 1024


async def crawl_once(process: AsyncCrawlerProcess, order: dict[str, Any]) -> dict[str, object]:
    """Crawl as ``order`` says, and tell how it ended."""
    settings = get_project_settings()
    settings.setdict(order["settings"], priority="cmdline")
    forget_peak()
    crawler = Crawler(process.spider_loader.load("newsrust"), settings)
    await process.crawl(crawler, site=order["site"])
    return {
        "status": crawler.stats.get_value("crawl/exit"),
        "reason": crawler.stats.get_value("crawl/reason"),
        "memory": read_peak(),
    }


async def serve(process: AsyncCrawlerProcess, orders: IO[str]) -> None:
    """Crawl for each line of ``orders``, and end with them or with the first defect."""
    try:
        while line := await asyncio.to_thread(orders.readline):
            sys.stdout.write(json.dumps(await crawl_once(process, json.loads(line))) + "\n")
            sys.stdout.flush()
    finally:
        traceback.print_exc()
        # Not by the reactor: it would wait for what hangs.
        os._exit(1)


def main() -> None:
    """Serve until the input ends."""
    process = AsyncCrawlerProcess(get_project_settings())
    quieten_scrapy("INFO")
    asyncio.get_event_loop_policy().get_event_loop().create_task(serve(process, sys.stdin))
    process.start(stop_after_crawl=False)


if __name__ == "__main__":
    main()
