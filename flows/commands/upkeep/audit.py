"""`sohoa audit`: verifies the audit log, answers who saw a dossier, lists entries and alarms."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from flows.commands.audited import audited
from flows.commands.upkeep import audit_entries
from flows.console import open_console
from flows.terminal import say, say_json
from flows.wiring import audit_trail, settings
from pipeline.audit import AuditFault, AuditReport, Flaw, Verb
from storage import make_auditor_keys

RECORDS = (Verb.READ_AUDIT, Verb.MANAGE)
WORDS = {
    Flaw.CHANGED: "đã bị sửa",
    Flaw.MISSING: "bị mất",
    Flaw.REORDERED: "sai thứ tự",
    Flaw.UNREADABLE: "chưa đọc được",
    Flaw.TORN: "dở dang (tiến trình ghi chết giữa dòng)",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="VIỆC")
    verify = acts.add_parser("verify", help="tìm chỗ bị sửa, bị mất, sai thứ tự trong nhật ký")
    verify.set_defaults(act=_verify)
    who = acts.add_parser("who", help="ai đã xem hồ sơ này")
    who.add_argument("dossier", metavar="HỒ_SƠ", help="id hoặc mã hồ sơ")
    who.set_defaults(act=audit_entries.who)
    show = acts.add_parser("show", help="xem nhật ký của một ngày")
    show.add_argument("--account", metavar="TÊN", help="chỉ của tài khoản này")
    show.add_argument(
        "--words", action="store_true", help="mở cả chữ đã gõ, bằng khóa của kiểm toán viên"
    )
    show.add_argument("--key", type=Path, metavar="TỆP", help="khóa riêng của kiểm toán viên")
    show.set_defaults(act=audit_entries.show)
    alarms = acts.add_parser("alarms", help="những gì kiểm toán viên nên xem")
    alarms.set_defaults(act=audit_entries.alarms)
    for each in (show, alarms):
        each.add_argument("--day", type=audit_entries.day, metavar="NGÀY", help="mặc định hôm nay")
    keys = acts.add_parser("keys", help="tạo cặp khóa của kiểm toán viên")
    keys.add_argument("file", type=Path, metavar="TỆP", help="tệp mới cho khóa riêng, ngoài nhà")
    keys.add_argument("--replace", action="store_true", help="thay khóa công khai đang có")
    keys.set_defaults(act=_keys)
    for each in (verify, who, show, alarms, keys):
        each.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; 1 when the log has faults, or there are alarms.

    Raises:
        AuditUnavailableError: reading the log could not be recorded.
        StorageUnavailableError: the store cannot be listed.
    """
    act: Callable[[argparse.Namespace], int] = args.act
    return act(args)


def _verify(args: argparse.Namespace) -> int:
    """Check all chains, and print what is wrong and the newest hash of each writer."""
    audited(Verb.READ_AUDIT, act="verify")
    report = audit_trail().verify()
    if args.json:
        say_json(_row(report))
    else:
        _show(report)
    return int(bool(report.faults))


def _row(report: AuditReport) -> dict[str, object]:
    return {
        "segments": report.segments,
        "entries": report.entries,
        "faults": [fault._asdict() for fault in report.faults],
        "notices": [notice._asdict() for notice in report.notices],
        "heads": dict(report.heads),
    }


def _show(report: AuditReport) -> None:
    console = open_console()
    for fault in report.faults:
        console.print("✗", _line(fault), markup=False)
    for notice in report.notices:
        console.print("·", _line(notice), markup=False)
    say(f"Đã kiểm tra {report.segments} đoạn, {report.entries} dòng nhật ký.")
    say(f"{len(report.faults)} chỗ có vấn đề." if report.faults else "Không thấy gì sai.")


def _line(fault: AuditFault) -> str:
    where = f"{fault.segment}, dòng {fault.line}" if fault.line else fault.segment
    detail = f" ({fault.detail})" if fault.detail else ""
    return f"{where}: {WORDS[fault.flaw]}{detail}"


def _keys(args: argparse.Namespace) -> int:
    """Make the auditor's keys; the private one is written to the file and nowhere else."""
    audited(Verb.MANAGE, act="audit keys", replaces=int(args.replace))
    name = make_auditor_keys(args.file, settings().home, replaces=args.replace)
    if args.json:
        say_json({"key": name, "file": str(args.file)})
        return 0
    say(f"Khóa {name}: khóa riêng ở {args.file}.")
    say("Giao tệp này cho kiểm toán viên rồi xóa ở đây: chỉ khóa này mở được chữ đã gõ.")
    return 0
