"""Audit what requirements.lock pins for known vulnerabilities; less than all of it is a failure.

``python -m deploy.audit_lock [LOCK [REPORT]]`` asks pip-audit, which needs its advisory service,
or judges a REPORT that ``pip-audit --format json`` wrote. Exit status: 0 all were audited and
nothing is known of them; 1 otherwise, with a line for each reason.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "requirements.lock"
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


def normal(name: str) -> str:
    """Return the one spelling of a package's ``name`` (PEP 503).

    >>> normal("SQLAlchemy_Utils")
    'sqlalchemy-utils'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(text: str) -> dict[str, str]:
    """Return the packages that a lock pins, with their versions.

    >>> read_lock("Scrapy==2.19.0 --hash=sha256:0")
    {'scrapy': '2.19.0'}
    """
    return {normal(name): version for name, version in _PINNED.findall(text)}


def find_faults(report: dict[str, Any], locked: dict[str, str]) -> Iterator[str]:
    """Yield a line for each package of ``locked`` that pip-audit's ``report`` does not clear."""
    told = {normal(one["name"]): one for one in report.get("dependencies", ())}
    if not locked:
        yield "the lock pins nothing"
    for name, version in locked.items():
        one = told.get(name)
        if one is None:
            yield f"{name} {version}: not audited"
        elif "skip_reason" in one:
            yield f"{name} {version}: skipped ({one['skip_reason']})"
        elif one.get("version") != version:
            yield f"{name} {version}: audited as {one.get('version')}"
        else:
            yield from (
                f"{name} {version}: {vulnerability['id']}" for vulnerability in one["vulns"]
            )


def audit(lock: Path) -> dict[str, Any]:
    """Return what pip-audit reports of ``lock``; SystemExit with its words where it fails."""
    command = ["-m", "pip_audit", "--require-hashes", "--disable-pip", "-r", str(lock)]
    ended = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [sys.executable, *command, "--format", "json", "--progress-spinner", "off"],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report: dict[str, Any] = json.loads(ended.stdout)
    except ValueError:
        raise SystemExit(f"pip-audit told nothing: {ended.stderr.strip()[-500:]}") from None
    return report


def main(arguments: list[str]) -> int:
    """Print the faults and the count; return the exit status."""
    lock = Path(arguments[0]) if arguments else LOCK
    report = json.loads(Path(arguments[1]).read_text()) if arguments[1:] else audit(lock)
    locked = read_lock(lock.read_text())
    faults = list(find_faults(report, locked))
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    sys.stdout.write(f"{len(locked)} packages locked, {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
