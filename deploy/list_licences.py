"""Write docs/licences.md: the licence of every package in requirements.lock, as it is installed.

``python -m deploy.list_licences > docs/licences.md``. What its metadata say counts, in this order:
License-Expression (PEP 639), the classifiers, the field License.
"""

import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from deploy.audit_lock import LOCK, read_lock

HEAD = """# Licences

What `requirements.lock` installs, as the packages' own metadata state it. Written by
`make lock`; none of it is part of this repository.

The project itself is under the [MIT licence](../LICENSE), which none of these forbids: those under
the LGPL (psycopg2) and the MPL (certifi, tld) are used as libraries, unchanged. One list in the
repository is not ours, the tracking parameters of ClearURLs in `pipelines/links/rules/`: it is
under the LGPL 3.0, which stands beside it.

| package | version | licence |
|---|---|---|
"""
LONGEST = 60
ELSEWHERE = {
    "brotlicffi": "MIT",
    "pypydispatcher": "BSD",
}
"""Packages that only PyPy installs."""


def name_licence(found: Distribution) -> str:
    """Return the licence that a distribution states, "unknown" where it states none."""
    metadata = found.metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    classifiers = metadata.get_all("Classifier") or []
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License :: OSI")]
    if named:
        return " and ".join(sorted(named))
    written = metadata.get_all("License") or [""]
    return str(written[0]).strip().partition("\n")[0][:LONGEST] or "unknown"


def list_licences(lock: Path) -> str:
    """Return the document; SystemExit for a package that is not installed as it is pinned."""
    rows = []
    for name, version in sorted(read_lock(lock.read_text()).items()):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            if name not in ELSEWHERE:
                raise SystemExit(f"{name} is not installed: make demo") from None
            rows.append(f"| {name} | {version} | {ELSEWHERE[name]} |\n")
            continue
        if found.version != version:
            raise SystemExit(f"{name} is {found.version}, and {version} in the lock")
        rows.append(f"| {name} | {version} | {name_licence(found)} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(list_licences(LOCK))
