"""The folder of the embedded server: whose it is, and that no other user leads us astray in it.

Root may stand in a folder that another user owns, who can put links there at any moment. So each
step goes by the open folder, follows no link, and gives away only what it has just made.
"""

import fcntl
import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from newsrust_spider.database.engine import DatabaseUnusableError

REMEDY = "set DATABASE_URL, or NEWSRUST_HOME to a folder that you can write"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_CLUSTER = "postgres"


def name_of_user(uid: int) -> str:
    """Return the name of a user of this host, or the number where there is no name."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def make_home(home: Path) -> None:
    """Make the folder if it is not there; raises DatabaseUnusableError with the remedy."""
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            home.mkdir(mode=0o700)
            # Root's server runs as another user, who has to pass through to its own folders.
            home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise DatabaseUnusableError(f"{home}: {error.strerror}: {REMEDY}") from None


@contextmanager
def alone_in(home: Path) -> Iterator[int]:
    """Give the open folder to one process at a time, as a file descriptor.

    The folder itself is locked: a lock file would be one more thing that can be a link.
    """
    folder = _open_home(home)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)


def find_owner(home: Path) -> int | None:
    """Return the user whose cluster is in ``home``; None where there is no cluster.

    Raises DatabaseUnusableError where we may not act for that user.
    """
    if not home.is_dir():
        return None
    folder = _open_home(home)
    try:
        return _owner_of_cluster(folder, home)
    finally:
        os.close(folder)


def choose_owner(folder: int, home: Path, account: int) -> int:
    """Return the user whom the server in the open ``folder`` belongs to, or will.

    A cluster stays with who made it. A new one is ours; root makes it for whoever owns the
    folder, and for ``account`` where that is root. Raises DatabaseUnusableError with the remedy.
    """
    found = os.fstat(folder)
    owner = _owner_of_cluster(folder, home)
    if owner is None:
        owner = found.st_uid or account if os.geteuid() == 0 else os.geteuid()
    if found.st_uid not in {0, owner}:
        _refuse_other(home, found.st_uid)
    own_group = found.st_gid in {0, _group_of(owner)}
    if found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and not own_group):
        raise DatabaseUnusableError(
            f"{home} can be written by other users: chmod go-w, or set NEWSRUST_HOME to another"
        )
    if not os.access(home, os.W_OK | os.X_OK):
        raise DatabaseUnusableError(f"{home} cannot be written: {REMEDY}")
    return owner


def make_private(folder: int, name: str, owner: int) -> None:
    """Make the folder ``name`` in the open one, for ``owner`` alone; one that is there is closed.

    Raises DatabaseUnusableError where what is there is no folder, or another user's.
    """
    try:
        with suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=folder)
        made = os.open(name, _FOLDER, dir_fd=folder)
    except OSError as error:
        raise DatabaseUnusableError(f"{name} in NEWSRUST_HOME: {error.strerror}") from None
    try:
        found = os.fstat(made)
        if found.st_uid == 0 != owner and not os.listdir(made):  # noqa: PTH208 - by descriptor
            os.fchown(made, owner, _group_of(owner))
        elif found.st_uid != owner:
            raise DatabaseUnusableError(
                f"{name} in NEWSRUST_HOME belongs to {name_of_user(found.st_uid)}: move it away"
            )
        if stat.S_IMODE(found.st_mode) != 0o700:  # noqa: PLR2004 - a mode
            os.fchmod(made, 0o700)
    finally:
        os.close(made)


def make_anew(folder: int, name: str, owner: int) -> None:
    """Make an empty folder ``name`` in the open one, for ``owner`` alone."""
    with suppress(FileNotFoundError):
        shutil.rmtree(name, dir_fd=folder)
    make_private(folder, name, owner)


def read_unlinked(path: Path) -> str:
    """Return the text of a file of the owner's, "" where it is a link or cannot be read."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return ""
    with open(opened, errors="replace") as file:  # noqa: PTH123 - it is open already
        return file.read()


def _open_home(home: Path) -> int:
    try:
        return os.open(home, _FOLDER)
    except PermissionError:
        _refuse_other(home, home.lstat().st_uid)
    except OSError as error:
        # A link, too: whoever made it could lead it elsewhere tomorrow.
        raise DatabaseUnusableError(f"{home}: {error.strerror}: {REMEDY}") from None


def _owner_of_cluster(folder: int, home: Path) -> int | None:
    try:
        cluster = os.open(_CLUSTER, _FOLDER, dir_fd=folder)
    except FileNotFoundError:
        return None
    except PermissionError:
        _refuse_other(home, os.stat(_CLUSTER, dir_fd=folder, follow_symlinks=False).st_uid)
    except OSError as error:
        raise DatabaseUnusableError(f"{home / _CLUSTER}: {error.strerror}") from None
    try:
        owner = os.stat("PG_VERSION", dir_fd=cluster, follow_symlinks=False).st_uid
        folder_of = os.fstat(cluster).st_uid
    except FileNotFoundError:
        return None
    finally:
        os.close(cluster)
    if owner != folder_of:
        raise DatabaseUnusableError(f"{home / _CLUSTER} has files of several users")
    if os.geteuid() not in {0, owner}:
        _refuse_other(home, owner)
    return owner


def _refuse_other(home: Path, owner: int) -> NoReturn:
    user = name_of_user(owner)
    raise DatabaseUnusableError(
        f"the embedded server in {home} belongs to {user}: run `sudo -u {user} scrapy …`,"
        " or set NEWSRUST_HOME to a folder of your own"
    )


def _group_of(uid: int) -> int:
    try:
        return pwd.getpwuid(uid).pw_gid
    except KeyError:
        return os.getegid()
