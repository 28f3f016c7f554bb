"""`sohoa verify`: re-hashes the objects of the store and prints what is changed or missing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from flows.console import marked_up, open_console
from flows.terminal import say, say_json
from flows.upkeep.verify import STORE, VerifyOptions, VerifyReport, verify_store
from flows.upkeep.verify_progress import VerifyProgress
from flows.wiring import archive, settings
from pipeline.fixity import Damage, Fault
from pipeline.operation.notes import VerifyNote, write_note

RECORDS = ()  # shows no paper
WORDS = {
    Damage.CHANGED: "đã thay đổi",
    Damage.MISSING: "bị mất",
    Damage.UNREADABLE: "chưa đọc được",
}
_RESTORE = "Chép lại đúng tệp này từ bản sao lưu vào kho, rồi chạy lại `sohoa verify`."
_WAIT = "Chưa hẳn là hỏng: kiểm tra ổ đĩa và quyền đọc, rồi chạy lại `sohoa verify`."
_RECEIVE = "Nếu lần nhận bị ngắt giữa chừng: chạy `sohoa watch` hoặc thả lại tệp. "
_MOVE_OUT = "Chuyển tệp này ra khỏi kho, rồi `sohoa retry` hồ sơ ấy."
_WRITTEN_ANEW = "Không cần làm gì: `sohoa watch` của máy ấy viết lại tệp này mỗi phút."
_READ_AGAIN = (
    "Chép lại từ bản sao lưu; không có thì xóa trang này (.json và .webp), rồi `sohoa retry` hồ sơ."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")
    parser.add_argument("--limit", type=_count, metavar="N", help="nhiều nhất N đối tượng lần này")
    parser.add_argument("--rate", type=_positive, metavar="MB", help="đọc nhiều nhất MB mỗi giây")
    parser.add_argument(
        "--older-than",
        type=_positive,
        metavar="NGÀY",
        help="chỉ những gì chưa được kiểm tra trong ngần ấy ngày; không có: tiếp lượt đang dở",
    )


def run(args: argparse.Namespace) -> int:
    """Verify what is due; 1 when something is changed, missing or cannot be read now.

    Raises:
        StorageUnavailableError: the store is empty and was not before.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = open_console(stderr=True)
    with (
        closing(VerifyProgress(settings().home)) as progress,
        Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar,
    ):

        def track(keys: list[str]) -> Iterator[str]:
            yield from bar.track(keys, description="Đang kiểm tra kho")

        options = VerifyOptions(args.limit, args.older_than, args.rate)
        report = verify_store(archive(), progress, options, track)
    note = VerifyNote(datetime.now(UTC), report.checked, report.left, len(report.faults))
    with suppress(OSError):  # a backup on a medium that is read-only
        write_note(settings().home, note)
    if args.json:
        say_json(_row(report))
    else:
        _show(report)
    return int(bool(report.faults))


def remedy(fault: Fault) -> str:
    """Return what to do about a fault, in Vietnamese."""
    if fault.damage is Damage.UNREADABLE:
        return _WAIT
    if fault.key.startswith(("leases/", "pending/", "proposals/")):
        return _MOVE_OUT
    if fault.key.startswith("watchers/"):
        return _WRITTEN_ANEW
    if fault.key.startswith("pages/"):
        return _READ_AGAIN
    is_unrecorded = fault.damage is Damage.MISSING and fault.key.endswith("/000001.json")
    return (_RECEIVE if is_unrecorded else "") + _RESTORE


def _row(report: VerifyReport) -> dict[str, object]:
    return {
        "checked": report.checked,
        "left": report.left,
        "bytes": report.read,
        "seconds": round(report.seconds, 2),
        "faults": [
            {"key": fault.key, "damage": str(fault.damage), "remedy": remedy(fault)}
            for fault in report.faults
        ],
    }


def _show(report: VerifyReport) -> None:
    console = open_console()
    for fault in report.faults:
        what = "một thư mục của kho" if fault.key == STORE else fault.key
        console.print(f"[red]✗[/red] {WORDS[fault.damage]}: {marked_up(what)}")
        console.print("  →", remedy(fault), markup=False)
    size, seconds = report.read / 1e6, max(report.seconds, 0.001)
    say(f"Đã kiểm tra {report.checked} đối tượng, {size:.1f} MB, {size / seconds:.1f} MB/giây.")
    if report.left:
        say(f"Còn {report.left} đối tượng cho lần sau.")
    say(f"{len(report.faults)} đối tượng có vấn đề." if report.faults else "Không thấy gì sai.")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("phải là số nguyên từ 0 trở lên")
    return int(text)


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("phải là số lớn hơn 0")
    return number
