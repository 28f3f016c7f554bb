"""Turns the figures of an installation into JSON and lines for people. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pipeline import clock
from pipeline.model import Outcome, ReceiptStatus
from pipeline.operation.figures import Figures
from pipeline.operation.services import Service

NAMES = {  # of services, as people read them
    "watch": "Theo dõi thư mục (watch)",
    "worker": "Đọc hồ sơ (worker)",
    "prefect": "Prefect",
    "web": "Phòng đọc (web)",
    "storage": "Kho",
    "search": "Chỉ mục",
}


def figures_row(
    figures: Figures, services: Sequence[Service], troubles: Sequence[str]
) -> dict[str, Any]:
    """Return the shape of `sohoa status --json` and of the API.

    Args:
        figures: the figures of this moment.
        services: the processes and parts, each as it is.
        troubles: names of the rules of alerts that hold.
    """
    today, verify, backup = figures.today, figures.verify, figures.backup
    return {
        "at": _moment(figures.at),
        "services": [
            {
                "name": one.name,
                "is_well": one.is_well,
                "since": _moment(one.since),
                "told": one.told,
            }
            for one in services
        ],
        "queued": figures.queued,
        "oldest": _moment(figures.oldest),
        "files": {str(status).lower(): today.files[status] for status in ReceiptStatus},
        "outcomes": {str(one): today.outcomes[str(one)] for one in Outcome},
        "pages": today.pages,
        "pages_a_minute": round(figures.pages_a_minute, 2),
        "hours": list(figures.hours),
        "failures": [{"reason": reason, "count": n} for reason, n in figures.failures],
        "slowest": [
            {"dossier": page.dossier, "page": page.number, "seconds": round(page.seconds, 1)}
            for page in figures.slowest
        ],
        "free": figures.free,
        "size": figures.size,
        "days_left": figures.days_left,
        "verified": _moment(verify.at if verify else None),
        "verify_faults": verify.faults if verify else None,
        "verify_left": verify.left if verify else None,
        "backup": _moment(backup.at if backup else None),
        "backup_name": backup.name if backup else "",
        "backup_checked": _moment(backup.checked_at if backup else None),
        "backup_faults": backup.check_faults if backup else None,
        "troubles": list(troubles),
    }


def status_lines(figures: Figures, services: Sequence[Service]) -> Iterator[tuple[bool, str, str]]:
    """Yield the lines of `sohoa status`: whether it is well, what it is about, what is told.

    Args:
        figures: the figures of this moment.
        services: the processes and parts, each as it is.
    """
    for one in services:
        since = f"từ {time_text(one.since)}" if one.since else ""
        told = ", ".join(filter(None, ("chạy" if one.is_well else "", since, one.told)))
        yield one.is_well, NAMES[one.name], told
    waits = f", lâu nhất {age_text(figures.at - figures.oldest)}" if figures.oldest else ""
    yield True, "Hàng đợi", f"{figures.queued} hồ sơ{waits}"
    yield True, "Hôm nay", balance_text(figures)
    pace = f"{figures.pages_a_minute:.1f}".replace(".", ",")
    yield True, "Tốc độ", f"{pace} trang/phút (giờ qua), hôm nay {figures.today.pages} trang"
    left = f", đủ khoảng {figures.days_left} ngày" if figures.days_left is not None else ""
    yield True, "Ổ đĩa", f"còn {figures.free / 1024**3:.0f} GiB{left}"
    yield verify_text(figures)[0], "Kiểm tra kho", verify_text(figures)[1]
    yield backup_text(figures)[0], "Sao lưu", backup_text(figures)[1]


def balance_text(figures: Figures) -> str:
    """Return what became of today's files, as a sum that balances."""
    files = figures.today.files
    return (
        f"{figures.today.total} tệp = {files[ReceiptStatus.ARCHIVED]} đã lưu"
        f" + {files[ReceiptStatus.DUPLICATE]} trùng + {files[ReceiptStatus.REFUSED]} bị từ chối"
        f" + {files[ReceiptStatus.WAITING]} đang chờ"
    )


def verify_text(figures: Figures) -> tuple[bool, str]:
    """Return whether the last verify found nothing, and what to tell of it."""
    note = figures.verify
    if note is None:
        return True, "chưa biết; chạy `sohoa verify`"
    found = f"{note.faults} đối tượng có vấn đề" if note.faults else "không thấy gì sai"
    left = f", còn {note.left} cho lần sau" if note.left else ""
    age = age_text(figures.at - note.at)
    return not note.faults, f"{age} trước: {note.checked} đối tượng, {found}{left}"


def backup_text(figures: Figures) -> tuple[bool, str]:
    """Return whether the last drill found nothing, and what to tell of backup and drill."""
    note = figures.backup
    if note is None or note.at is None:
        return True, "chưa biết; chạy `sohoa backup`"
    told = f"bản gần nhất {time_text(note.at)}"
    if note.damaged:
        told += f", thiếu {note.damaged} đối tượng hỏng"
    if note.checked_at is None:
        return not note.damaged, f"{told}, chưa diễn tập khôi phục"
    result = f"{note.check_faults} tệp hỏng" if note.check_faults else "khôi phục được"
    told += f", diễn tập {time_text(note.checked_at)}: {result}"
    return not (note.damaged or note.check_faults), told


def age_text(age: timedelta) -> str:
    """Return a length of time in its largest unit, rounded down."""
    total = max(0, int(age.total_seconds()))
    for length, unit in ((86_400, "ngày"), (3_600, "giờ"), (60, "phút")):
        if total >= length:
            return f"{total // length} {unit}"
    return f"{total} giây"


def time_text(moment: datetime) -> str:
    """Return a moment by the office's clock; without its day when that is today."""
    there = clock.local(moment)
    return f"{there:%H:%M}" if there.date() == clock.today() else f"{there:%H:%M %d/%m/%Y}"


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
