"""`sohoa restore`: restores a backup into an empty home; ``--check`` is a drill."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import track

from flows.commands.audited import audited, operator
from flows.console import open_console
from flows.terminal import say, say_json
from flows.wiring import archive, settings
from pipeline.access import may_hand_out
from pipeline.audit import Verb
from pipeline.errors import StorageUnavailableError
from pipeline.operation.notes import BackupNote, read_note, write_note
from pipeline.stages import ask_again
from storage.backup import (
    BackupFolder,
    BackupSet,
    CheckReport,
    Restored,
    check_backup,
    restore_backup,
)

RECORDS = (Verb.MANAGE,)
MOST_SHOWN = 50  # faults that are printed; --json has them all


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("folder", metavar="THƯ_MỤC", type=Path, help="nơi để các bản sao lưu")
    parser.add_argument(
        "--check",
        action="store_true",
        help="chỉ diễn tập: băm lại mọi tệp, mở mọi hồ sơ và cơ sở dữ liệu; không ghi vào kho nào",
    )
    parser.add_argument("--set", metavar="TÊN", default="", help="bản nào; không có: bản mới nhất")
    parser.add_argument("--keys", metavar="THƯ_MỤC", type=Path, help="nơi đã để khóa riêng")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Restore into ``SOHOA_HOME``, or check; 1 when a check found something wrong.

    Raises:
        BackupRefusedError: the home is not empty, or the backup is half or damaged.
        StorageUnavailableError: the disk does not give or take the files.
    """
    chosen = BackupFolder(args.folder).find(args.set)
    try:
        if args.check:
            return _check(chosen, args)
        return _restore(chosen, args)
    except OSError as error:
        raise StorageUnavailableError(
            f"Chưa xong ({error.strerror}).",
            "Kiểm tra ổ đĩa còn chỗ, còn quyền rồi chạy lại; phần đã khôi phục được dùng tiếp.",
        ) from error


def _check(chosen: BackupSet, args: argparse.Namespace) -> int:
    audited(Verb.MANAGE, act="check backup")
    began = time.monotonic()
    report = check_backup(chosen, args.keys, _with_progress("Đang diễn tập khôi phục"))
    seconds = time.monotonic() - began
    before = read_note(settings().home, BackupNote) or BackupNote()
    now, faults = datetime.now(UTC), len(report.faults)
    with suppress(OSError):  # the drill may run where no home can be written
        write_note(
            settings().home,
            replace(before, checked_at=now, checked_name=report.name, check_faults=faults),
        )
    if args.json:
        say_json(_checked_row(report, seconds))
    else:
        _show_check(report, seconds)
    return int(bool(report.faults))


def _restore(chosen: BackupSet, args: argparse.Namespace) -> int:
    home = settings().home
    restored = restore_backup(chosen, home, args.keys, _with_progress("Đang khôi phục"))
    audited(Verb.MANAGE, act="restore", backup=restored.name)
    queued = _ask_for_unfinished()
    if args.json:
        say_json({**_restored_row(restored), "home": str(home), "queued": queued})
    else:
        _show_restored(restored, home, queued)
    return 0


def _ask_for_unfinished() -> int:
    """Queue the dossiers that were read while the backup was made: its queue lacks them."""
    queued = {entry.dossier for entry in archive().queued()}
    unfinished = 0
    for dossier in archive().dossiers():
        record = archive().find_record(dossier)
        if record is None or dossier in queued or record.dossier.outcome:
            continue
        if may_hand_out(record) and record.dossier.joined_into is None:
            ask_again(dossier, archive(), actor=operator())
            unfinished += 1
    return unfinished


def _with_progress(what: str) -> Callable[[list[str]], Iterable[str]]:
    console = open_console(stderr=True)

    def show(names: list[str]) -> Iterable[str]:
        return track(names, what, console=console, transient=True)

    return show


def _checked_row(report: CheckReport, seconds: float) -> dict[str, object]:
    return {
        "name": report.name,
        "files": report.files,
        "bytes": report.bytes,
        "dossiers": report.dossiers,
        "databases": report.databases,
        "keys": report.keys,
        "seconds": round(seconds, 2),
        "faults": [{"file": name, "why": why} for name, why in report.faults],
    }


def _restored_row(restored: Restored) -> dict[str, object]:
    return {
        "name": restored.name,
        "files": restored.files,
        "bytes": restored.bytes,
        "keys": restored.keys,
        "went_on": restored.went_on,
    }


def _show_check(report: CheckReport, seconds: float) -> None:
    size = f"{report.bytes / 1e6:.1f} MB"
    say(
        f"Diễn tập với bản {report.name}: băm lại {report.files} tệp ({size}), "
        f"mở {report.dossiers} hồ sơ, {report.databases} cơ sở dữ liệu, trong {seconds:.1f} giây."
    )
    if report.keys is None:
        say("Khóa để chỗ khác, chưa kiểm: thêm --keys THƯ_MỤC.")
    else:
        say(f"Khóa: {report.keys}.")
    for name, why in report.faults[:MOST_SHOWN]:
        say(f"✗ {why}: {name}")
    if len(report.faults) > MOST_SHOWN:
        say(f"… và {len(report.faults) - MOST_SHOWN} tệp nữa; xem --json")
    if report.faults:
        say(f"{len(report.faults)} tệp có vấn đề: dùng bản khác (--set TÊN), rồi sao lưu lại.")
    else:
        say("Khôi phục được. Không ghi gì vào kho đang dùng.")


def _show_restored(restored: Restored, home: Path, queued: int) -> None:
    again = " (làm tiếp lần bị ngắt)" if restored.went_on else ""
    say(f"Đã khôi phục bản {restored.name} vào {home}{again}.")
    size = f"{restored.bytes / 1e6:.1f} MB"
    say(f"{restored.files} tệp, {size}, {restored.keys} khóa; mọi tệp đúng mã băm.")
    if queued:
        say(f"{queued} hồ sơ đang đọc dở lúc sao lưu: đã đưa lại vào hàng đợi.")
    say("Tiếp theo: sohoa reindex; sohoa verify; sohoa doctor reconcile; rồi sohoa watch.")
