"""Checks that a home is for its own user alone, for `sohoa doctor`."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from pipeline.intake.handles import Folder, is_ours
from pipeline.intake.watched.ignored import RECEIPTS, REFUSED
from pipeline.model import Check
from pipeline.private_files import left_over, open_to_others

_SHOWN = 3  # names in a sentence


def check_private_files(home: Path, watched: list[Path]) -> Iterator[Check]:
    """Yield whether others can read the home, and what killed processes left; never raises."""
    if found := open_to_others(home, watched):
        names = ", ".join(path.name for path in found[:_SHOWN])
        yield Check(
            "quyền của thư mục",
            f"người dùng khác đọc được {len(found)} mục trong {home}: {names}",
            f"Chạy: chmod -R go= {home}/{found[0].name} (và các mục còn lại)",
        )
    if folders := left_over(home):
        yield Check(
            "tệp tạm",
            f"{len(folders)} thư mục tạm do chương trình bị dừng đột ngột để lại",
            "Khởi động lại `sohoa watch`; lần khởi động nào cũng dọn các thư mục đó.",
        )
    for folder in watched:
        if folder.is_dir():
            yield from _check_own_folders(folder)


def _check_own_folders(watched: Path) -> Iterator[Check]:
    """Yield whether what the product makes in a watched folder is its own there."""
    part = f"thư mục {watched}"
    try:
        with Folder.at(watched) as folder:
            for name in (RECEIPTS, REFUSED):
                if folder.has(name) and not _is_ours(folder, name):
                    yield Check(
                        part,
                        f"«{name}» không phải do chương trình tạo, nên không dùng được",
                        f"Đổi tên hoặc xóa «{name}» đó; chương trình sẽ tự tạo lại.",
                    )
                elif folder.has(name) and _owner(folder, name) != os.geteuid():
                    yield Check(part, f"ổ mạng đặt chủ khác cho «{name}»; việc nhận vẫn chạy")
    except OSError as error:
        yield Check(part, f"không xem được ({error.strerror})", "Kiểm tra quyền và ổ mạng.")


def _is_ours(folder: Folder, name: str) -> bool:
    state = os.stat(name, dir_fd=folder.descriptor, follow_symlinks=False)
    if not stat.S_ISDIR(state.st_mode):
        return False
    with folder.folder(name) as inside:
        return is_ours(inside, folder)


def _owner(folder: Folder, name: str) -> int:
    return os.stat(name, dir_fd=folder.descriptor, follow_symlinks=False).st_uid
