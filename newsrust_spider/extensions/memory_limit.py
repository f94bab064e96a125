"""The memory limit, held against what this process uses."""

from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

_STATUS = Path("/proc/self/status")


class MemoryLimit(MemoryUsage):
    """Scrapy's extension, but with the peak of this very program.

    Scrapy asks getrusage(2), whose peak survives an exec: a crawl that a large process starts
    would begin with the peak of that one, and end at once.
    """

    def get_virtual_size(self) -> int:
        """Return the peak of the resident memory in bytes."""
        if not _STATUS.exists():  # no Linux
            return super().get_virtual_size()
        peak = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) * 1024
