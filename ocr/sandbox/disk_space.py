"""Checks free temporary disk space, so that a full disk is not reported as a damaged file."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.errors import StorageUnavailableError

RASTER_BYTES = 64 * 1024**2  # a page rendered at 300 dpi needs up to 52 million (A3 in colour)
OUTPUT_BYTES = 1024**2  # what a program prints about a file, a text layer included


def check_free_space(folder: Path, needed: int) -> None:
    """Tell a full disk from a damaged file, after output was bad or may have been cut short.

    Args:
        folder: the folder whose file system is asked.
        needed: bytes that must be free.

    Raises:
        StorageUnavailableError: fewer bytes are free; a repeat helps once there is space.
    """
    if shutil.disk_usage(folder).free < needed:
        raise disk_full()


def disk_full() -> StorageUnavailableError:
    """Return the error that says that the temporary folder is full."""
    return StorageUnavailableError(
        "Thư mục tạm của máy hết chỗ.", "Giải phóng ổ đĩa, hoặc đặt TMPDIR sang ổ khác."
    )
