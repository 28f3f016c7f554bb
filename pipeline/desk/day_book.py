"""Makes the book of a day: its dossiers, its files, and sums that balance; names on request. Pure.

A row is a mapping from the name of a column to a value: text, number, day or moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pipeline import clock
from pipeline.access import may_hand_out
from pipeline.desk.day import DeskDay
from pipeline.desk.files import DeskFile, DeskState
from pipeline.intake.receipt_csv import LABELS
from pipeline.masking import mask_record
from pipeline.model import Dossier, ReceiptStatus, Record

Value = str | int | date | datetime
Row = Mapping[str, Value]
HIDDEN = "(không hiển thị)"  # a name that whoever asks may not see
STATES = {
    DeskState.TODO: "Cần xử lý",
    DeskState.READING: "Đang đọc",
    DeskState.DONE: "Xong",
}
OUTCOMES = {
    "COMPLETE": "Đã số hóa",
    "PARTIAL": "Số hóa chưa trọn vẹn",
    "FAILED": "Không số hóa được",
    "": "Đang chờ",
}
_HELD = "Giữ lại"
JSON_NAMES = {  # of columns, for programs
    "STT": "number",
    "Mã hồ sơ": "code",
    "Thủ tục": "procedure",
    "Người nộp": "person",
    "Ngày tiếp nhận": "received_on",
    "Ngày hẹn": "due_on",
    "Giấy tờ": "documents",
    "Số trang": "pages",
    "Thành phần còn thiếu": "lacking",
    "Tình trạng": "outcome",
    "Thư mục": "folder",
    "Id": "dossier",
    "Thời gian": "at",
    "Tên tệp": "name",
    "Kết quả": "status",
    "Việc": "state",
    "Kết quả đọc": "told",
    "Số ảnh": "images",
    "Số trang đã đọc": "read",
    "Lý do": "reason",
    "Số byte": "size",
    "SHA-256": "sha256",
}


@dataclass(frozen=True, slots=True)
class DayBook:
    """The book of a day."""

    day: date
    dossiers: tuple[Row, ...]
    files: tuple[Row, ...]
    sums: tuple[Row, ...]  # each with «Mục» and «Số»
    may_put_away: bool


def _masked(record: Record) -> Record:
    return mask_record(record, ())


def day_book(
    desk: DeskDay, *, with_names: bool, masked: Callable[[Record], Record] = _masked
) -> DayBook:
    """Make the book of a day at the desk.

    Args:
        desk: the day, as far as whoever asks may know of it.
        with_names: whether people and names of files are in it; without, all texts are masked.
        masked: masks a record as lists show it; another mask than that of all texts, or a kept one.
    """
    files = sorted(desk.files, key=lambda file: file.receipt.at)
    records = {file.record.dossier.id: file.record for file in files if file.record}
    dossiers = tuple(
        _dossier(
            at,
            record if with_names else masked(record),
            [f for f in files if f.record is record],
            with_names=with_names,
        )
        for at, record in enumerate(records.values(), 1)
    )
    rows = tuple(_file(at, file, with_names=with_names) for at, file in enumerate(files, 1))
    sums = tuple(_sums(desk, records.values()))
    return DayBook(desk.day, dossiers, rows, sums, desk.may_put_away)


def _dossier(at: int, record: Record, files: list[DeskFile], *, with_names: bool) -> Row:
    dossier, is_open = record.dossier, may_hand_out(record)
    person = (dossier.person if with_names else HIDDEN) if is_open else ""
    folder = files[0].folder.name if files else ""
    return {
        "STT": at,
        "Mã hồ sơ": (dossier.code or "") if is_open else "",
        "Thủ tục": _procedure(dossier) if is_open else "",
        "Người nộp": person,
        "Ngày tiếp nhận": _day(dossier, "received_on") if is_open else "",
        "Ngày hẹn": _day(dossier, "due_on") if is_open else "",
        "Giấy tờ": len(dossier.documents) if is_open else 0,
        "Số trang": sum(scan.pages for scan in dossier.scans) if is_open else 0,
        "Thành phần còn thiếu": "; ".join(c.name for c in dossier.lacking) if is_open else "",
        "Tình trạng": OUTCOMES[str(dossier.outcome or "")] if is_open else _HELD,
        "Thư mục": folder,
        "Id": dossier.id,
    }


def _file(at: int, file: DeskFile, *, with_names: bool) -> Row:
    receipt, record = file.receipt, file.record
    is_open = record is not None and may_hand_out(record)
    is_held = record is not None and not is_open
    reasons = () if is_held else file.standing.reasons
    return {
        "STT": at,
        "Thời gian": clock.local(receipt.at).replace(tzinfo=None, microsecond=0),
        "Tên tệp": receipt.name if with_names and not is_held else HIDDEN,
        "Kết quả": LABELS[receipt.status],
        "Việc": STATES[file.state],
        "Kết quả đọc": file.standing.told,
        "Số ảnh": file.images,
        "Số trang đã đọc": file.read,
        "Mã hồ sơ": (record.dossier.code or "") if record and is_open else "",
        "Lý do": " ".join(reasons) if with_names else "",
        "Số byte": receipt.size,
        "SHA-256": receipt.sha256 or "",
    }


def _sums(desk: DeskDay, records: Iterable[Record]) -> Iterable[Row]:
    known = list(records)
    yield {"Mục": "Tệp đã thả", "Số": len(desk.files)}
    for status in ReceiptStatus:
        yield {"Mục": f"– {LABELS[status]}", "Số": desk.counts[status]}
    for state, label in STATES.items():
        yield {"Mục": f"Tệp: {label}", "Số": desk.states[state]}
    yield {"Mục": "Ảnh của tệp đã lưu", "Số": sum(_new(file).images for file in desk.files)}
    yield {"Mục": "Trang đã đọc", "Số": sum(_new(file).read for file in desk.files)}
    yield {"Mục": "Hồ sơ", "Số": len(known)}
    outcomes = Counter(
        OUTCOMES[str(record.dossier.outcome or "")] if may_hand_out(record) else _HELD
        for record in known
    )
    for label in (*OUTCOMES.values(), _HELD):
        yield {"Mục": f"Hồ sơ: {label}", "Số": outcomes[label]}


class _Pages:
    """Counts of a file whose pages were counted with another file: a duplicate."""

    images = read = 0


def _new(file: DeskFile) -> DeskFile | _Pages:
    return file if file.receipt.status is ReceiptStatus.ARCHIVED else _Pages()


def _procedure(dossier: Dossier) -> str:
    named = (document.findings.get("procedure_name") for document in dossier.documents)
    found = next((one.value for one in named if one), "")
    return found or dossier.procedure or ""


def _day(dossier: Dossier, name: str) -> date | str:
    found = dossier.find_day(name)
    try:
        return date.fromisoformat(found) if found else ""
    except ValueError:
        return found or ""


def day_book_json(desk: DeskDay, book: DayBook) -> dict[str, object]:
    """Return the book of a day in the shape of `sohoa today --json`."""
    return {
        "day": str(desk.day),
        "files": len(desk.files),
        "counts": {str(status): number for status, number in desk.counts.items()},
        "states": {str(state): number for state, number in desk.states.items()},
        "may_put_away": desk.may_put_away,
        "troubles": list(desk.troubles),
        "book": {
            "dossiers": [_named(row) for row in book.dossiers],
            "files": [_named(row) for row in book.files],
        },
    }


def _named(row: Row) -> dict[str, Value]:
    return {
        JSON_NAMES[column]: value.isoformat() if isinstance(value, date) else value
        for column, value in row.items()
    }
