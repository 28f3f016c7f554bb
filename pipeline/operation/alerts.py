"""Decides what operators must be told: each alert once when it begins, once when it is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from pipeline.operation.figures import Figures
from pipeline.operation.notes import AlertNote
from pipeline.operation.services import Service
from pipeline.settings import Settings

WATCH_GONE = timedelta(minutes=5)
LOW_DISK = 10 * 1024**3  # bytes
REFUSED_SHARE, REFUSED_OF = 0.2, 10  # of at least so many files
QUEUE_AGE = timedelta(hours=2)
BACKUP_AGE = timedelta(hours=26)  # a day, and two hours for the one under way


class AlertRule(NamedTuple):
    """What may be told: words without anything of people, files or folders."""

    name: str
    begins: str  # Vietnamese
    over: str  # Vietnamese
    patience: timedelta = timedelta()  # how long it must last


RULES = {
    rule.name: rule
    for rule in (
        AlertRule(
            "watch",
            "Không chương trình nào theo dõi thư mục: tệp thả vào chưa được lấy. "
            "Khởi động lại `sohoa watch`.",
            "Đã có chương trình theo dõi thư mục.",
            WATCH_GONE,
        ),
        AlertRule(
            "disk",
            "Ổ đĩa còn dưới 10 GiB. Giải phóng chỗ hoặc thay ổ lớn hơn.",
            "Ổ đĩa đã có đủ chỗ.",
        ),
        AlertRule(
            "verify",
            "Kiểm tra kho thấy đối tượng hỏng hoặc mất. Chạy `sohoa verify` để biết cách sửa.",
            "Kiểm tra kho không còn thấy gì sai.",
        ),
        AlertRule(
            "refused",
            "Hôm nay hơn 20% số tệp bị từ chối. Xem trang «Vấn đề».",
            "Số tệp bị từ chối hôm nay đã xuống dưới 20%.",
        ),
        AlertRule(
            "queue",
            "Có hồ sơ chờ đọc quá 2 giờ. Xem trang «Hàng đợi».",
            "Không còn hồ sơ nào chờ quá 2 giờ.",
        ),
        AlertRule(
            "backup",
            "Chưa có bản sao lưu nào trong một ngày qua. Chạy `sohoa backup`.",
            "Đã có bản sao lưu mới.",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be sent now, and what is known then."""

    begin: tuple[AlertRule, ...]
    end: tuple[AlertRule, ...]
    note: AlertNote


def troubles(figures: Figures, services: Iterable[Service], settings: Settings) -> Iterator[str]:
    """Yield the names of the rules that hold now.

    Args:
        figures: the figures of this moment.
        services: the processes that should run.
        settings: the settings; a store in a bucket is mirrored, `sohoa backup` does not cover it.
    """
    if any(one.name == "watch" and not one.is_well for one in services):
        yield "watch"
    if figures.free < LOW_DISK:
        yield "disk"
    if figures.verify and figures.verify.faults:
        yield "verify"
    if figures.refused_share > REFUSED_SHARE and figures.today.total >= REFUSED_OF:
        yield "refused"
    if figures.oldest and figures.at - figures.oldest > QUEUE_AGE:
        yield "queue"
    made = figures.backup.at if figures.backup else None
    wants_backup = settings.storage.kind == "disk" and figures.has_papers
    if wants_backup and (made is None or figures.at - made > BACKUP_AGE):
        yield "backup"


def decide(found: Iterable[str], before: AlertNote, now: datetime) -> Told:
    """Decide what to send, from what holds now and what was sent before.

    Args:
        found: names of the rules that hold.
        before: the alerts that were sent and have not ended, and since when each rule holds.
        now: the present time.
    """
    held = {name: min(before.began.get(name, now), now) for name in found}
    due = {name for name, since in held.items() if now - since >= RULES[name].patience}
    begin = tuple(RULES[name] for name in sorted(due - before.open.keys()))
    end = tuple(RULES[name] for name in sorted(before.open.keys() - held.keys()) if name in RULES)
    still = {name: since for name, since in before.open.items() if name in held}
    still |= {rule.name: now for rule in begin}
    return Told(begin, end, AlertNote(still, held))
