"""The crawl that ``benchmarks.trace`` counts: it notes what is called, and prints it as JSON.

``python -m benchmarks.traced_crawl ADDRESS`` is ``scrapy crawl newsrust -a site=ADDRESS`` with a
profiling hook in every thread, in a process that has imported nothing of ours before. It prints,
file by file, the functions and classes that ran (a class runs once, when it is made).
"""

import inspect
import json
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import CodeType, FrameType

from scrapy import cmdline

ROOT = Path(__file__).parents[1]
ROOMS = ("newsrust_spider", "pipelines")

called: set[CodeType] = set()


def note(frame: FrameType, event: str, _: object) -> None:
    """Note the code of a call, whose ever it is: to look closer at each would take long."""
    if event == "call":
        called.add(frame.f_code)


def crawl(address: str) -> int:
    """Crawl the site at ``address`` to its end; return the exit status."""
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        cmdline.execute(["scrapy", "crawl", "newsrust", "-L", "ERROR", "-a", f"site={address}"])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    finally:
        sys.setprofile(None)
    return 0


def name_ours(codes: Iterable[CodeType]) -> dict[str, dict[str, list[str]]]:
    """Return, by file, the names of the functions and classes of ours among ``codes``.

    Modules, lambdas, comprehensions and generator expressions have no name of their own; what a
    decorator wrote (a dataclass) has no file of ours.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for code in sorted(codes, key=lambda code: (code.co_filename, code.co_firstlineno)):
        path = Path(code.co_filename)
        if code.co_name.startswith("<") or not path.is_relative_to(ROOT):
            continue
        name = path.relative_to(ROOT)
        if name.parts[0] in ROOMS:
            # Only the body of a function has its variables in numbered places.
            kind = "functions" if code.co_flags & inspect.CO_OPTIMIZED else "classes"
            file = found.setdefault(name.as_posix(), {"functions": [], "classes": []})
            file[kind].append(code.co_qualname)
    return found


if __name__ == "__main__":
    status = crawl(sys.argv[1])
    print(json.dumps(name_ours(called.copy())))
    sys.exit(status)
