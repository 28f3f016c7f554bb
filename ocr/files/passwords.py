"""Tries the passwords that locked PDFs may have, from a file; they are never logged or shown."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pipeline.errors import EncryptedScanError, MisconfiguredError

log = logging.getLogger(__name__)

_MAX_BYTES, _MAX_PASSWORDS = 2**16, 1_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

T = TypeVar("T")


def check(path: Path | None) -> None:
    """Check that the file of passwords can be read, and by its owner alone.

    Raises:
        MisconfiguredError: it cannot, or others may read it as well.
    """
    if path is not None:
        _read(path)


def known_passwords(path: Path | None) -> tuple[str, ...]:
    """Return the passwords, as the file says now; none when it can no longer be read."""
    if path is None:
        return ()
    try:
        return _read(path)
    except MisconfiguredError as error:
        log.warning("the file of passwords is not used: %s", error.message)
        return ()


def unlocking(attempt: Callable[[tuple[str, ...]], T], path: Path | None) -> T:
    """Return what an attempt gives; try again with the known passwords when a file is locked.

    Only jobs that have a locked file before them get to know the passwords. What the attempt
    raises otherwise is raised.

    Args:
        attempt: has a file opened by a job in a new folder, with the passwords it is given.
        path: the file of passwords.
    """
    try:
        return attempt(())
    except EncryptedScanError:
        passwords = known_passwords(path)
        if not passwords:
            raise
    return attempt(passwords)


def _read(path: Path) -> tuple[str, ...]:
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if mode & _OTHERS:
                raise MisconfiguredError(
                    f"Tệp mật khẩu {path} để người khác đọc được.",
                    f"Chạy: chmod 600 {path}",
                )
            data = stream.read(_MAX_BYTES)
    except OSError as error:
        raise MisconfiguredError(
            f"Không đọc được tệp mật khẩu {path} ({error.strerror}).",
            "Sửa SOHOA_READING__PASSWORDS_FILE, hoặc cấp quyền đọc cho người chạy Sohoa.",
        ) from error
    lines = data.decode("utf-8-sig", "replace").splitlines()
    return tuple(filter(None, lines))[:_MAX_PASSWORDS]
