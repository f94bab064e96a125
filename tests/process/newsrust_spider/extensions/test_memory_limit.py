import subprocess
import sys

TOLD = """
import subprocess, sys
ballast = bytearray(300_000_000)
code = (
    "from newsrust_spider.extensions.memory_limit import MemoryLimit;"
    "print(MemoryLimit.get_virtual_size(None))"
)
print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
"""


def test_the_memory_of_whoever_starts_a_crawl_is_not_taken_for_its_own() -> None:
    ended = subprocess.run([sys.executable, "-c", TOLD], capture_output=True, text=True, check=True)
    assert 10_000_000 < int(ended.stdout) < 200_000_000
