"""Formats states, dates, sizes and numbers as Vietnamese text; most are filters of the templates.

Dates and numbers are written as Vietnamese offices write them (23/11/2025, 1.234); the names of
fields are in ``pipeline.documents.fields``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup, escape

from pipeline import clock
from pipeline.audit import Verb
from pipeline.documents.fields import BY_NAME, FieldKind
from pipeline.intake.receipt_csv import LABELS
from pipeline.model import PageState, ReceiptStatus, Source


class Label(NamedTuple):
    """The name of a state, and the tone it is shown in."""

    text: str
    tone: str  # good, warn, bad or quiet: a CSS class


WAITING = "WAITING"
DOSSIER_STATES = {
    "COMPLETE": Label("Đã số hóa", "good"),
    "PARTIAL": Label("Số hóa chưa trọn vẹn", "warn"),
    "FAILED": Label("Không số hóa được", "bad"),
    WAITING: Label("Đang chờ", "quiet"),
}
PAGE_STATES = {
    PageState.READ: Label("đã đọc", "good"),
    PageState.BLANK: Label("trang trắng", "quiet"),
    PageState.DOUBTFUL: Label("cần xem lại", "warn"),
    PageState.NOT_READ: Label("chưa đọc được", "bad"),
}
RECEIPT_STATES = {  # in the words of the receipts themselves
    ReceiptStatus.ARCHIVED: Label(LABELS[ReceiptStatus.ARCHIVED], "good"),
    ReceiptStatus.DUPLICATE: Label(LABELS[ReceiptStatus.DUPLICATE], "quiet"),
    ReceiptStatus.REFUSED: Label(LABELS[ReceiptStatus.REFUSED], "bad"),
    ReceiptStatus.WAITING: Label(LABELS[ReceiptStatus.WAITING], "warn"),
}
_VERBS = {
    Verb.SIGN_IN: "Đăng nhập",
    Verb.SIGN_OUT: "Đăng xuất",
    Verb.SEARCH: "Tra cứu",
    Verb.LIST: "Xem danh sách",
    Verb.VIEW: "Xem hồ sơ",
    Verb.HISTORY: "Xem lịch sử",
    Verb.READ: "Đọc thử tệp",
    Verb.UNMASK: "Bỏ che dữ liệu",
    Verb.ORIGINAL: "Tải tệp gốc",
    Verb.DOWNLOAD: "Tải PDF tìm được chữ",
    Verb.EXPORT: "Xuất hồ sơ",
    Verb.RECEIVE: "Nhận tệp",
    Verb.JOIN: "Nhập hồ sơ",
    Verb.SEPARATE: "Tách hồ sơ",
    Verb.CORRECT: "Sửa dữ liệu",
    Verb.RETRY: "Cho đọc lại",
    Verb.WITHHOLD: "Giữ lại",
    Verb.LIFT: "Bỏ giữ lại",
    Verb.ERASE: "Xóa",
    Verb.MANAGE: "Quản trị",
    Verb.READ_AUDIT: "Xem nhật ký",
}
_ALARMS = {
    "handed_out": "Nhiều bản gốc, PDF đưa ra",
    "foreign_unit": "Mở hồ sơ của đơn vị khác",
    "failed_sign_ins": "Đăng nhập sai nhiều lần",
}
_SOURCES = {
    Source.QR: "mã QR",
    Source.MRZ: "vùng đọc máy",
    Source.OCR: "nhận dạng từ ảnh",
    Source.TEXT_LAYER: "lớp chữ của tệp",
    Source.TYPED: "người nhập",
    Source.SYSTEM: "hệ thống",
}
_ACTORS = {"demonstration": "người dùng", "intake": "thư mục theo dõi", "sohoa": "hệ thống"}
_UNITS = ("byte", "kB", "MB", "GB", "TB")  # powers of 1000
_ACTIONS = {
    "received": "Tiếp nhận",
    "digitised": "Số hóa",
    "failed": "Không số hóa được",
    "withheld": "Giữ lại: tài liệu mật",
    "confirmed": "Xác nhận trường",
    "corrected": "Sửa trường",
    "recut": "Chia lại giấy tờ",
    "checked": "Xác nhận trang",
    "turned": "Xoay trang",
    "reworded": "Sửa chữ của trang",
    "reordered": "Xếp lại trang",
    "left_out": "Bỏ trang ra",
    "restored": "Đưa trang trở lại",
    "replaced": "Thay trang",
    "reused": "Dùng lại giấy tờ đã có",
    "marked": "Đánh dấu thành phần",
    "unmarked": "Bỏ đánh dấu thành phần",
    "set_apart": "Xác nhận không phải bản trùng",
    "understood": "Hiểu lại theo quy tắc mới",
    "undone": "Hoàn tác",
    "joined": "Nhập hồ sơ",
    "split": "Tách hồ sơ",
    "separated": "Là hồ sơ khác",
    "lifted": "Bỏ giữ lại",
    "lift_proposed": "Đề nghị bỏ giữ lại",
    "lift_refused": "Không chấp thuận bỏ giữ lại",
    "lift_withdrawn": "Rút đề nghị bỏ giữ lại",
}


def dossier_state(state: str | None) -> Label:
    """Return the label of a dossier's outcome; None means that it still waits."""
    return DOSSIER_STATES.get(state or WAITING, Label(str(state), "quiet"))


def finding_value(name: str, value: str) -> str:
    """Return a field's value as offices write it: dates day first."""
    if name in BY_NAME and BY_NAME[name].kind is FieldKind.DATE:
        return iso_day(value)  # year-only births are lawful and shown as they are
    return value


def source(value: Source) -> str:
    """Return the name of where a value or the words of a page come from."""
    return _SOURCES[value]


def action(name: str) -> str:
    """Return the name of a record's action; an unknown action stays as it is."""
    return _ACTIONS.get(name, name)


def verb(name: str) -> str:
    """Return the name of an act of the audit log; an unknown one stays as it is."""
    return {str(known): text for known, text in _VERBS.items()}.get(name, name)


def alarm(rule: str) -> str:
    """Return what a rule of the audit log is about; an unknown one stays as it is."""
    return _ALARMS.get(rule, rule)


def actor(name: str) -> str:
    """Return the name of a record's actor; a person's name stays as it is."""
    return _ACTORS.get(name, name)


def host(holder: str) -> str:
    """Return the host name of a lease's holder (``host:process:start``)."""
    return holder.partition(":")[0]


def number(value: int) -> str:
    """Format a whole number with dots between the thousands: ``1.234``."""
    return f"{value:,}".replace(",", ".")


def size(byte_count: int) -> str:
    """Format a file size with at most one decimal: ``1,4 MB``."""
    if byte_count < 1000:
        return f"{byte_count} byte"
    power = min((len(str(byte_count)) - 1) // 3, len(_UNITS) - 1)
    amount = f"{byte_count / 1000**power:.1f}".removesuffix(".0").replace(".", ",")
    return f"{amount} {_UNITS[power]}"


def percent(share: float) -> str:
    """Format a share of 0-1 as whole percent, rounded down: only 1.0 is 100%."""
    return f"{int(share * 100)}%"


def seconds(milliseconds: float) -> str:
    """Format a duration given in milliseconds as seconds: ``0,04 giây``."""
    if milliseconds < 10:
        return "dưới 0,01 giây"
    return f"{milliseconds / 1000:.2f}".replace(".", ",") + " giây"


def date_time(value: datetime) -> str:
    """Format a time in Hà Nội's zone with its date: ``14:05 ngày 23/11/2025``."""
    return f"{clock.local(value):%H:%M ngày %d/%m/%Y}"


def time_of_day(value: datetime) -> str:
    """Format a time in Hà Nội's zone without its date: ``14:05``."""
    return f"{clock.local(value):%H:%M}"


def day(value: date) -> str:
    """Format a date, or the date of a time in Hà Nội's zone: ``23/11/2025``."""
    return f"{clock.local(value) if isinstance(value, datetime) else value:%d/%m/%Y}"


def iso_day(value: str) -> str:
    """Format an ISO day as people write it; a text that is none stays as it is."""
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except ValueError:
        return value


def duration(value: timedelta) -> str:
    """Format a duration in its largest unit, rounded down: ``3 phút``; a negative one is zero."""
    total = max(0, int(value.total_seconds()))
    for length, unit in ((86_400, "ngày"), (3_600, "giờ"), (60, "phút")):
        if total >= length:
            return f"{total // length} {unit}"
    return f"{total} giây"


def age(since: datetime) -> str:
    """Format how long ago a time was: ``3 phút``."""
    return duration(datetime.now(UTC) - since)


def with_commands(text: str) -> Markup:
    """Return text as HTML in which what stands between backticks is set as a command."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


FILTERS: dict[str, Callable[..., object]] = {
    "action": action,
    "actor": actor,
    "age": age,
    "alarm": alarm,
    "date_time": date_time,
    "day": day,
    "dossier_state": dossier_state,
    "host": host,
    "iso_day": iso_day,
    "number": number,
    "page_state": PAGE_STATES.__getitem__,
    "percent": percent,
    "receipt_state": RECEIPT_STATES.__getitem__,
    "seconds": seconds,
    "size": size,
    "source": source,
    "time_of_day": time_of_day,
    "verb": verb,
    "with_commands": with_commands,
}
