"""`sohoa show`: prints the newest state of a dossier."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import Any

from rich.table import Table

from flows.commands.audited import audited
from flows.console import marked_up, open_console
from flows.terminal import say, say_json
from flows.wiring import archive, index
from pipeline import clock, report, stages
from pipeline.audit import Verb
from pipeline.checklist.decided import decisions_of
from pipeline.documents import find_dossier_code
from pipeline.errors import ObjectMissingError, SeveralDossiersError
from pipeline.joining.codes import dossiers_of
from pipeline.model import ComponentState, Dossier, Finding, Query, Record

RECORDS = (Verb.VIEW, Verb.LIST)
_ID = re.compile(r"[0-9a-f]{22}")

_COMPONENT = {
    ComponentState.PRESENT: "✓ có:",
    ComponentState.MISSING: "✗ thiếu:",
    ComponentState.UNCLEAR: "? cần xem:",
    ComponentState.SHOWN: "– chỉ xuất trình:",
    ComponentState.EXEMPT: "– không bắt buộc:",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("dossier", metavar="HỒ_SƠ", help="id hoặc mã hồ sơ")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def record_of(name: str, *, as_json: bool = False) -> Record:
    """Return the newest record of a dossier.

    Args:
        name: the dossier's id (22 hexadecimal digits) or its code.
        as_json: how the dossiers are listed when the code belongs to several.

    Raises:
        ObjectMissingError: the name is no dossier's id or code.
        SearchUnavailableError: the archive knows no such code, and the index is away.
        SeveralDossiersError: several dossiers carry the code; they were listed.
    """
    code = find_dossier_code(name)
    found = dossiers_of(code, archive(), index()) if code else ()
    if len(found) == 1:
        return found[0]
    if found:
        for record in found:
            audited(Verb.LIST, dossier=record.dossier.id)
        _list([record.dossier for record in found], as_json=as_json)
        ids = ", ".join(record.dossier.id for record in found)
        raise SeveralDossiersError(
            f"Mã {code} có ở {len(found)} hồ sơ: {ids}.", "Dùng id của một hồ sơ."
        )
    if code:
        index().find(Query(code, limit=1))  # while it is away, nobody knows all codes
    if not _ID.fullmatch(name):
        raise ObjectMissingError(
            f"«{name}» không phải id hay mã của một hồ sơ đã lưu.",
            "Tìm bằng `sohoa search`, rồi dùng id trong kết quả.",
        )
    return stages.newest_record(name, archive())


def _list(dossiers: list[Dossier], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                **report.outcome_row(dossier),
                "received": dossier.received.isoformat(),
                "proposed_join": dossier.proposed_join,
            }
            for dossier in dossiers
        ]
        say_json(rows)
        return
    for dossier in dossiers:
        state = dossier.outcome or "đang chờ"
        waits = f"chờ nhập vào {dossier.proposed_join}" if dossier.proposed_join else ""
        say(dossier.id, state, f"{dossier.received:%Y-%m-%d %H:%M}", waits)


def run(args: argparse.Namespace) -> int:
    """Print a dossier with its findings and pages.

    Raises:
        ObjectMissingError: the name is no dossier's id or code.
        SeveralDossiersError: several dossiers carry the code; they were listed.
    """
    record = record_of(args.dossier, as_json=args.json)
    dossier = record.dossier
    audited(Verb.VIEW, dossier=dossier.id)
    if args.json:
        say_json({**report.whole_dossier(dossier), "version": record.sequence})
    else:
        _show(dossier)
    return 0


def _standing(dossier: Dossier) -> Iterator[str]:
    """Yield what a person must know of a dossier before they use it."""
    if dossier.withheld:
        yield f"Được giữ lại từ {dossier.withheld.since:%Y-%m-%d %H:%M} ({dossier.withheld.by})."
    if dossier.joined_into:
        yield f"Đã được nhập vào hồ sơ {dossier.joined_into}."
    if dossier.proposed_join:
        yield f"Mã này đã có ở hồ sơ {dossier.proposed_join}: chọn bằng `sohoa join {dossier.id}`."


def _standing_of(finding: Finding) -> str:
    if finding.confirmed_by:
        return f"  (đã xác nhận: {finding.confirmed_by})"
    return "" if finding.is_certain else "  (chưa chắc chắn)"


def _edited(row: dict[str, Any]) -> str:
    """Say what people decided of a page, by the place that ``sohoa correct --restore`` takes."""
    parts = [
        f"bỏ ra: {row['left_out']}" if row["left_out"] else "",
        "đã sửa chữ" if row["words"] else "",
        "đã xoay" if row["orientation"] is not None else "",
    ]
    return f"Trang {row['file']}:{row['number']} {', '.join(filter(None, parts))} ({row['by']})"


def _show(dossier: Dossier) -> None:
    console = open_console()
    console.print(dossier.title, style="bold", markup=False)
    state = f"id {dossier.id} · mã {dossier.code or '—'} · {dossier.outcome or 'đang chờ'}"
    console.print(state, markup=False)
    for reason in (*_standing(dossier), *dossier.reasons):
        console.print(f"! {reason}", markup=False)
    marks = decisions_of(dossier.components, dossier.marks)
    for one, mark in zip(dossier.components, marks, strict=True):
        where = f" (trang {', '.join(map(str, one.pages))})" if one.pages else ""
        held = f" (hồ sơ {one.reference})" if one.reference else ""
        marked = f" ({mark.by} đánh dấu {clock.local(mark.at):%d/%m/%Y})" if mark else ""
        told = f"{_COMPONENT[one.state]} {one.name}{where} {one.reason}{held}{marked}"
        console.print(told, markup=False)
    for number, document in enumerate(dossier.documents, start=1):
        shared = {each.page for each in document.parts}
        whole = (f"{page}" for page in document.pages if page not in shared)
        pages = ", ".join([*whole, *map(str, document.parts)])
        console.print(f"{number}. {document.type or 'Giấy tờ'} (trang {pages})", markup=False)
        if document.boundary:
            console.print(f"   ✂ {document.boundary}", markup=False)
        for name, finding in document.findings.items():
            console.print(f"   {name}: {finding.value}{_standing_of(finding)}", markup=False)
    for row in report.edits(dossier):
        console.print(_edited(row), markup=False)
    table = Table("trang", "trạng thái", "tin cậy", "giây", "lý do")
    for row in report.page_table(dossier):
        table.add_row(*(marked_up(value) for value in row.values()))
    console.print(table)
