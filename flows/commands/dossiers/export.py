"""`sohoa export`: writes the searchable PDFs of a dossier to a folder."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from flows.commands.audited import audited
from flows.commands.dossiers.show import record_of
from flows.terminal import say, say_json
from flows.wiring import archive, binder
from pipeline.access import check_hand_out
from pipeline.audit import AuditResult, Verb
from pipeline.errors import JoinedError, ObjectExistsError, WithheldError
from pipeline.file_names import file_name
from pipeline.model import Dossier, Record
from pipeline.pdf_binding import bind
from pipeline.ports.searchable_pdf import SearchablePdf

RECORDS = (Verb.EXPORT,)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("dossier", metavar="HỒ_SƠ", help="id hoặc mã hồ sơ")
    parser.add_argument("--to", metavar="THƯ_MỤC", type=Path, default=Path(), help="thư mục đích")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Write a PDF for each scan of the dossier, made now where there is none; 1 if any is missing.

    Raises:
        ObjectExistsError: the folder already has a file of that name.
        SeveralDossiersError: several dossiers carry the code; they were listed.
    """
    record = record_of(args.dossier, as_json=args.json)
    refusal = _refusal(record)
    result = AuditResult.REFUSED if refusal else AuditResult.DONE
    audited(Verb.EXPORT, dossier=record.dossier.id, result=result)
    made = {each.scan: each for each in bind(record, archive(), binder())}
    args.to.mkdir(parents=True, exist_ok=True)
    papers = [scan for scan in record.dossier.scans if scan.pages]
    rows: list[dict[str, Any]] = [
        _row(record.dossier, number, made[scan.sha256], args.to)
        if scan.sha256 in made
        else {"file": None, "level": None, "reasons": [refusal or "Chưa đọc được tệp này."]}
        for number, scan in enumerate(papers, start=1)
    ]
    if args.json:
        say_json(rows)
    else:
        for row in rows:
            say(row["file"] or "—", row["level"] or "", *row["reasons"])
    return int(not all(row["file"] for row in rows))


def _refusal(record: Record) -> str:
    """Return why nothing of a dossier is handed out; empty when it is."""
    try:
        check_hand_out(record)
    except (JoinedError, WithheldError) as error:
        return str(error)
    return ""


def _row(dossier: Dossier, number: int, made: SearchablePdf, folder: Path) -> dict[str, Any]:
    name = file_name(f"{dossier.code or dossier.id}-{number:02d}", "application/pdf")
    target = folder / name if made.pdf else None
    if target:
        _write(made, target)
    level = f"PDF/A-{made.level}" if made.level else "PDF" if made.pdf else None
    return {
        "file": str(target) if target else None,
        "level": level,
        "reasons": list(made.reasons),
    }


def _write(made: SearchablePdf, target: Path) -> None:
    try:
        with (
            archive().searchable_pdf(made.scan, made.recipe) as path,
            path.open("rb") as stored,
            target.open("xb") as stream,
        ):
            shutil.copyfileobj(stored, stream)
    except FileExistsError as error:
        raise ObjectExistsError(f"Đã có tệp {target}.", "Chọn thư mục khác bằng --to.") from error
