"""Checks the index of owners for `sohoa doctor`; makes its tables for `sohoa prepare`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from owners import PART
from owners.damage import aside
from owners.database import FILE
from owners.store import OwnerStore
from pipeline.errors import SohoaError
from pipeline.model import Check


def check_store(store: OwnerStore, home: Path, *, is_served: bool) -> Iterator[Check]:
    """Yield how the index of owners is: whether it answers, of which key, whether it is whole.

    Args:
        store: the index.
        home: the folder of the embedded one.
        is_served: whether it lies in PostgreSQL.
    """
    file = home / FILE
    if not is_served and not file.exists() and not aside(file).exists():
        yield Check(PART, "chưa có; tự tạo khi có giấy tờ đầu tiên")
        return
    try:
        count = sum(1 for _ in store.sequences())
        is_behind = store.is_behind()
    except SohoaError as error:
        yield Check(PART, error.message, error.remedy)
        return
    where = "PostgreSQL" if is_served else FILE
    if is_behind:
        yield Check(
            PART,
            f"{_why(file)}đang dựng lại từ kho, mới có {count} hồ sơ",
            "`sohoa watch` tự dựng lại; không chạy nó thì chạy `sohoa reindex`.",
        )
        return
    yield Check(PART, f"{where}: {count} hồ sơ")
    if not is_served and aside(file).exists():
        yield Check(PART, f"đã tự dựng lại sau khi hỏng; xóa được {aside(file)}")


def _why(file: Path) -> str:
    return f"tệp hỏng đã được cất ở {aside(file).name}; " if aside(file).exists() else ""


def prepare_store(store: OwnerStore) -> Iterator[Check]:
    """Make the tables of a served index, and yield what was done; again changes nothing."""
    try:
        store.is_behind()
    except SohoaError as error:
        yield Check(PART, error.message, error.remedy)
    else:
        yield Check(PART, "bảng và khóa đã sẵn sàng")
