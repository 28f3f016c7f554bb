"""`sohoa show`: prints the newest state of a dossier."""

from __future__ import annotations

import argparse
import re

from rich.table import Table

from flows.console import marked_up, open_console
from flows.terminal import say_json
from flows.wiring import archive, index
from pipeline import report, stages
from pipeline.documents import find_dossier_code
from pipeline.errors import ObjectMissingError
from pipeline.model import Dossier, Query, Record

_ID = re.compile(r"[0-9a-f]{22}")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("dossier", metavar="DOSSIER", help="id hoặc mã hồ sơ")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def record_of(name: str) -> Record:
    """Return the newest record of a dossier.

    Args:
        name: the dossier's id (22 hexadecimal digits) or its code.

    Raises:
        ObjectMissingError: the name is no dossier's id or code.
    """
    if code := find_dossier_code(name):
        hits = index().find(Query(code, limit=1)).hits
        if hits and hits[0].code == code:
            return stages.newest_record(hits[0].dossier, archive())
    if not _ID.fullmatch(name):
        raise ObjectMissingError(
            f"«{name}» không phải id hay mã của một hồ sơ đã lưu.",
            "Tìm bằng `sohoa search`, rồi dùng id trong kết quả.",
        )
    return stages.newest_record(name, archive())


def run(args: argparse.Namespace) -> int:
    """Print a dossier with its findings and pages.

    Raises:
        ObjectMissingError: the name is no dossier's id or code.
    """
    dossier = record_of(args.dossier).dossier
    if args.json:
        say_json(report.whole_dossier(dossier))
    else:
        _show(dossier)
    return 0


def _show(dossier: Dossier) -> None:
    console = open_console()
    console.print(dossier.title, style="bold", markup=False)
    state = f"id {dossier.id} · mã {dossier.code or '—'} · {dossier.outcome or 'đang chờ'}"
    console.print(state, markup=False)
    for reason in dossier.reasons:
        console.print(f"! {reason}", markup=False)
    for document in dossier.documents:
        pages = ", ".join(map(str, document.pages))
        console.print(f"{document.type or 'Giấy tờ'} (trang {pages})", markup=False)
        for name, finding in document.findings.items():
            doubt = "" if finding.is_certain else "  (chưa chắc chắn)"
            console.print(f"   {name}: {finding.value}{doubt}", markup=False)
    table = Table("trang", "trạng thái", "tin cậy", "giây", "lý do")
    for row in report.page_table(dossier):
        table.add_row(*(marked_up(value) for value in row.values()))
    console.print(table)
