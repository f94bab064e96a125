"""Exit statuses of ``scrapy crawl``, after sysexits.h where it has a word for it."""

from enum import IntEnum


class Exit(IntEnum):
    """What the end of a crawl tells cron and systemd."""

    COMPLETE = 0
    INCOMPLETE = 1
    USAGE = 2
    UNUSABLE = 69
    DEFECT = 70
    BUSY = 75
