"""Sees to it that what is done once is done once, among the threads and processes of a home.

Who comes second is told at once and does not wait: what is claimed may take a minute. A claim is
a lock that the system lets go of with its process, so nothing is left to be tidied by hand.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import ObjectExistsError, StorageUnavailableError
from pipeline.settings import UPLOADS

_CLAIMS = ".claims"  # hidden: no watcher takes it for a drop


@contextmanager
def claimed(home: Path, what: str) -> Iterator[None]:
    """Be the only one who does something, for as long as the block lasts.

    Args:
        home: the home.
        what: a name of what is done, the same for everybody who would do it.

    Raises:
        ObjectExistsError: somebody does it at this moment.
        StorageUnavailableError: the home cannot be written to.
    """
    path = _path(home, what)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = _locked(path)
    except BlockingIOError as error:
        raise _claimed_already() from error
    except OSError as error:
        raise StorageUnavailableError("Không ghi được vào kho.", "Thử lại sau.") from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)  # before the lock goes: who waits for none makes a new one
        fcntl.flock(handle, fcntl.LOCK_UN)  # whatever a child process still holds
        os.close(handle)


def check_unclaimed(home: Path, what: str) -> None:
    """Raise ``ObjectExistsError`` while somebody does what ``claimed`` names."""
    if is_locked(_path(home, what)):
        raise _claimed_already()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other thread or process is in a folder. Raises ``OSError``."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def is_locked(path: Path) -> bool:
    """Tell whether somebody has a file to himself at this moment. Raises ``OSError``."""
    if not path.exists():
        return False
    with path.open("rb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _locked(path: Path) -> int:
    """Return a handle of a file with its lock. Raises ``BlockingIOError`` when somebody has it."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists() and os.path.samestat(os.fstat(handle), path.lstat()):
                return handle
        except FileNotFoundError:  # between the two looks
            pass
        except OSError:
            os.close(handle)
            raise
        os.close(handle)  # whoever had it took its name away: begin anew


def _path(home: Path, what: str) -> Path:
    return home / UPLOADS / _CLAIMS / hashlib.sha256(what.encode()).hexdigest()[:32]


def _claimed_already() -> ObjectExistsError:
    return ObjectExistsError(
        "Việc này đang được làm: có người khác, hoặc một lần bấm trước.",
        "Đợi một lát, tải lại trang rồi xem kết quả.",
    )
