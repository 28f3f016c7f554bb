"""How the reading room says things: Vietnamese labels, dates, sizes and numbers.

Names of fields follow the design's table of findings; dates and numbers are written as Vietnamese
offices write them (23/11/2025, 1.234).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

from pipeline.documents.fields import BY_NAME, FieldKind, label_of
from pipeline.intake.receipts import LABELS
from pipeline.model import PageState, ReceiptStatus, Source

HANOI = timezone(timedelta(hours=7))  # Việt Nam keeps one time all year, so no zone table is needed


class Label(NamedTuple):
    """A state in words, and the tone the page shows it in."""

    text: str
    tone: str  # good, warn, bad or quiet: a class of the style sheet


WAITING = "WAITING"
DOSSIER_STATES = {
    "COMPLETE": Label("Đã số hóa", "good"),
    "PARTIAL": Label("Chưa đủ", "warn"),
    "FAILED": Label("Không số hóa được", "bad"),
    WAITING: Label("Đang chờ", "quiet"),
}
PAGE_STATES = {
    PageState.READ: Label("đã đọc", "good"),
    PageState.BLANK: Label("trang trắng", "quiet"),
    PageState.DOUBTFUL: Label("cần xem lại", "warn"),
    PageState.NOT_READ: Label("chưa đọc được", "bad"),
}
RECEIPTS = {  # in the words of the receipts themselves
    ReceiptStatus.ARCHIVED: Label(LABELS[ReceiptStatus.ARCHIVED], "good"),
    ReceiptStatus.DUPLICATE: Label(LABELS[ReceiptStatus.DUPLICATE], "quiet"),
    ReceiptStatus.REFUSED: Label(LABELS[ReceiptStatus.REFUSED], "bad"),
    ReceiptStatus.WAITING: Label(LABELS[ReceiptStatus.WAITING], "warn"),
}
FACETS = {
    "state": "Tình trạng",
    "document_type": "Loại giấy tờ",
    "unit": "Đơn vị",
    "year": "Năm",
}
_SOURCES = {
    Source.QR: "mã QR",
    Source.MRZ: "vùng đọc máy",
    Source.OCR: "nhận dạng từ ảnh",
    Source.TEXT_LAYER: "lớp chữ của tệp",
    Source.TYPED: "người nhập",
    Source.SYSTEM: "hệ thống",
}
_ACTORS = {"intake": "thư mục theo dõi", "sohoa": "hệ thống"}
_UNITS = ("byte", "kB", "MB", "GB", "TB")  # powers of 1000
_ACTIONS = {
    "received": "Tiếp nhận",
    "digitised": "Số hóa",
    "failed": "Không số hóa được",
    "withheld": "Giữ lại: tài liệu mật",
    "corrected": "Sửa dữ liệu",
}


def dossier_state(state: str | None) -> Label:
    """Return the words for a dossier's outcome; None means still waiting."""
    return DOSSIER_STATES.get(state or WAITING, Label(str(state), "quiet"))


def finding_value(name: str, value: str) -> str:
    """Return a field's value as offices write it: dates day first."""
    if name in BY_NAME and BY_NAME[name].kind is FieldKind.DATE:
        try:
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        except ValueError:
            return value  # year-only births are lawful and shown as they are
    return value


def source(value: Source) -> str:
    """Return where a value or a page's words come from, in words."""
    return _SOURCES[value]


def action(name: str) -> str:
    """Return what happened to a dossier, in words."""
    return _ACTIONS.get(name, name)


def actor(name: str) -> str:
    """Return who did something to a dossier, in words; a person's name stays."""
    return _ACTORS.get(name, name)


def worker(holder: str) -> str:
    """Return the machine of a lease's holder (``host:process:start``)."""
    return holder.partition(":")[0]


def count(value: int) -> str:
    """Write a whole number with dots between the thousands."""
    return f"{value:,}".replace(",", ".")


def size(octets: int) -> str:
    """Write a file size with at most one decimal: ``1,4 MB``."""
    if octets < 1000:
        return f"{octets} byte"
    power = min((len(str(octets)) - 1) // 3, len(_UNITS) - 1)
    return f"{octets / 1000**power:.1f}".removesuffix(".0").replace(".", ",") + f" {_UNITS[power]}"


def percent(share: float) -> str:
    """Write a share of 0-1 as whole percent, never rounded up to a full hundred."""
    return f"{int(share * 100)}%"


def seconds(milliseconds: float) -> str:
    """Write a duration in seconds: ``0,04 giây``."""
    if milliseconds < 10:
        return "dưới 0,01 giây"
    return f"{milliseconds / 1000:.2f}".replace(".", ",") + " giây"


def moment(value: datetime) -> str:
    """Write a moment in Hà Nội's time: ``14:05 ngày 23/11/2025``."""
    return f"{value.astimezone(HANOI):%H:%M ngày %d/%m/%Y}"


def clock(value: datetime) -> str:
    """Write the time of day in Hà Nội: ``14:05``."""
    return f"{value.astimezone(HANOI):%H:%M}"


def day(value: date) -> str:
    """Write a day: ``23/11/2025``; a moment is taken in Hà Nội's time."""
    return f"{value.astimezone(HANOI) if isinstance(value, datetime) else value:%d/%m/%Y}"


def span(duration: timedelta) -> str:
    """Write how long something takes or took, in its largest unit: ``3 phút``."""
    total = max(0, int(duration.total_seconds()))
    for length, unit in ((86_400, "ngày"), (3_600, "giờ"), (60, "phút")):
        if total >= length:
            return f"{total // length} {unit}"
    return f"{total} giây"


def age(since: datetime) -> str:
    """Write how long ago a moment was."""
    return span(datetime.now(UTC) - since)


FILTERS: dict[str, Callable[..., object]] = {
    "action": action,
    "actor": actor,
    "age": age,
    "clock": clock,
    "count": count,
    "day": day,
    "dossier_state": dossier_state,
    "finding_label": label_of,
    "moment": moment,
    "page_state": PAGE_STATES.__getitem__,
    "percent": percent,
    "receipt": RECEIPTS.__getitem__,
    "seconds": seconds,
    "size": size,
    "source": source,
    "worker": worker,
}
