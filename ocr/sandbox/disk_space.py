"""Room in the temporary folder: without it a good file looks like a broken one."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.errors import StorageUnavailableError

PICTURE = 64 * 1024**2  # bytes: a page drawn at 300 dpi needs up to 52 million (A3 in colour)
ANSWER = 1024**2  # bytes: what a program says of a file, a text layer included


def check_room(folder: Path, needed: int) -> None:
    """Tell a full disk from a broken file, after something came out wrong or may have.

    Raises:
        StorageUnavailableError: so many bytes are not free; the same again helps later.
    """
    if shutil.disk_usage(folder).free < needed:
        raise StorageUnavailableError(
            "Thư mục tạm của máy hết chỗ.", "Giải phóng ổ đĩa, hoặc đặt TMPDIR sang ổ khác."
        )
