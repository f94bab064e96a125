"""A run of the tests that is interrupted leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forms import LONG
from tests.process.conftest import PROJECT, wait_for


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that has ended and that nobody has asked for yet is no process any more.
    return ") Z " not in Path(f"/proc/{pid}/stat").read_text()


WAYS = [
    (signal.SIGTERM, "1"),  # SIGINT has the same handler
    (signal.SIGKILL, "0"),
    *([(signal.SIGINT, "1"), (signal.SIGINT, "0")] if LONG else []),
    *([(signal.SIGTERM, "2"), (signal.SIGKILL, "2")] if LONG else []),
]


@pytest.mark.parametrize(("number", "workers"), WAYS)
def test_a_run_that_is_interrupted_leaves_no_server_no_process_and_no_folder(
    tmp_path: Path, number: signal.Signals, workers: str
) -> None:
    command = [sys.executable, "-m", "pytest", "-n", workers, "-p", "no:cacheprovider"]
    run = subprocess.Popen(
        [*command, "tests/process/a_run_to_interrupt.py"],
        cwd=PROJECT,
        env=os.environ | {"TOLD": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: len(list(tmp_path.glob("[0-9]*"))) == max(int(workers), 1))
        told = [path.read_text().split() for path in tmp_path.iterdir()]
        run.send_signal(number)
        run.wait(120)
    finally:
        run.kill()
        run.wait()
    for home, *pids in told:
        for pid in pids:
            wait_for(lambda pid=pid: not is_there(int(pid)))  # type: ignore[misc]
        wait_for(lambda home=home: not Path(home).exists())  # type: ignore[misc]
