"""Prints entries of the audit log: of a dossier, of a day, and the alarms that they raise."""

from __future__ import annotations

import argparse
import re
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from flows.cli import USAGE
from flows.commands.audited import audited
from flows.commands.dossiers.show import record_of
from flows.terminal import complain, say, say_json
from flows.wiring import archive, audit_trail, settings
from pipeline import clock
from pipeline.audit import KeptEntry, Verb, find_alarms
from pipeline.errors import SohoaError
from storage import AuditorKey

VERBS = {
    Verb.SIGN_IN: "đăng nhập",
    Verb.SIGN_OUT: "đăng xuất",
    Verb.SEARCH: "tìm",
    Verb.LIST: "xem danh sách",
    Verb.VIEW: "xem",
    Verb.HISTORY: "xem lịch sử",
    Verb.READ: "đọc tệp ngoài kho",
    Verb.UNMASK: "bỏ che",
    Verb.ORIGINAL: "lấy bản gốc",
    Verb.DOWNLOAD: "tải PDF",
    Verb.EXPORT: "xuất ra ngoài",
    Verb.RECEIVE: "nhận vào kho",
    Verb.JOIN: "nhập hồ sơ",
    Verb.SEPARATE: "để riêng",
    Verb.CORRECT: "sửa",
    Verb.RETRY: "cho làm lại",
    Verb.WITHHOLD: "giữ lại",
    Verb.LIFT: "thôi giữ",
    Verb.ERASE: "tiêu hủy",
    Verb.MANAGE: "quản trị",
    Verb.READ_AUDIT: "xem nhật ký",
}
RESULTS = {"done": "", "refused": "bị từ chối", "failed": "không xong"}
RULES = {
    "handed_out": "lấy nhiều bản gốc, PDF trong một giờ",
    "foreign_unit": "xem hồ sơ của đơn vị khác",
    "failed_sign_ins": "đăng nhập sai nhiều lần trong một giờ",
}
_ID = re.compile(r"[0-9a-f]{22}")
_FIELDS = ("account", "session", "address", "verb", "dossier", "purpose", "result", "request")


def day(text: str) -> date:
    """Return the day that an argument names. Raises ``ArgumentTypeError``."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("viết ngày như 2026-11-28") from error


def who(args: argparse.Namespace) -> int:
    """Print everybody who saw, handed out or changed a dossier, oldest first."""
    ids = _ids(args.dossier, as_json=args.json)
    for dossier in ids:
        audited(Verb.READ_AUDIT, dossier=dossier, act="who")
    found = [
        entry
        for dossier in ids
        for entry in audit_trail().entries(having=dossier)
        if entry.text("dossier") == dossier and entry.text("verb") != Verb.READ_AUDIT
    ]
    _print(sorted(found, key=lambda entry: entry.at), None, as_json=args.json)
    return 0


def _ids(name: str, *, as_json: bool) -> list[str]:
    """Return the id of a dossier, and of those that were joined into it."""
    if not _ID.fullmatch(name):
        dossier = record_of(name, as_json=as_json).dossier
        return [dossier.id, *dossier.joined_from]
    joined: tuple[str, ...] = ()
    with suppress(SohoaError):  # who saw it is told even when its records cannot be read
        record = archive().find_record(name)
        joined = record.dossier.joined_from if record else ()
    return [name, *joined]


def show(args: argparse.Namespace) -> int:
    """Print the entries of a day; with the auditor's key also what people typed."""
    if args.words != (args.key is not None):
        complain("sohoa audit show: --words cần --key TỆP, và --key cần --words.")
        return USAGE
    key = AuditorKey(args.key) if args.key else None
    chosen = args.day or clock.today()
    audited(Verb.READ_AUDIT, act="show", day=chosen.isoformat(), opens=int(args.words))
    entries = audit_trail().entries(chosen, chosen)
    if args.account is not None:
        entries = [entry for entry in entries if entry.text("account") == args.account]
    _print(entries, key, as_json=args.json)
    return 0


def alarms(args: argparse.Namespace) -> int:
    """Print the alarms of a day; 1 when there are any."""
    chosen = args.day or clock.today()
    audited(Verb.READ_AUDIT, act="alarms", day=chosen.isoformat())
    limits = settings().audit
    found = list(
        find_alarms(
            audit_trail().entries(chosen, chosen),
            handed_out=limits.handed_out_an_hour,
            foreign_unit=limits.foreign_units_an_hour,
            failed_sign_ins=limits.failed_sign_ins_an_hour,
        )
    )
    if args.json:
        say_json([{**alarm._asdict(), "at": alarm.at.isoformat()} for alarm in found])
        return int(bool(found))
    for alarm in found:
        say(_time(alarm.at), alarm.subject, f"{RULES[alarm.rule]} ({alarm.times})")
    say(f"{len(found)} cảnh báo." if found else "Không có cảnh báo.")
    return int(bool(found))


def _print(entries: list[KeptEntry], key: AuditorKey | None, *, as_json: bool) -> None:
    rows = [_row(entry, key) for entry in entries]
    if as_json:
        say_json(rows)
        return
    for entry, row in zip(entries, rows, strict=True):
        shown = (
            _time(entry.at),
            row["account"],
            row["address"],
            VERBS.get(row["verb"], row["verb"]),
            row["dossier"],
            row["page"] and f"trang {row['page']}",
            row["purpose"],
            RESULTS.get(row["result"], row["result"]),
            f"«{row['words']}»" if row.get("words") else "",
            ", ".join(f"{name}={value}" for name, value in row["detail"].items()),
        )
        say(*filter(None, shown))
    say(f"{len(rows)} dòng." if rows else "Không có dòng nào.")


def _row(entry: KeptEntry, key: AuditorKey | None) -> dict[str, Any]:
    row: dict[str, Any] = {"at": entry.at.isoformat()}
    row |= {name: entry.text(name) for name in _FIELDS}
    row["page"] = entry.body.get("page", 0)
    row["detail"] = dict(entry.body.get("detail", {}))
    row["words_hash"] = entry.text("words_hash")
    if key and (box := entry.text("words_box")):
        row["words"] = key.open(box)
    return row


def _time(moment: datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M:%S}"
