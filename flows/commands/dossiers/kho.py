"""`sohoa kho`: lists the papers of a person or organisation in all dossiers, and what still holds.

The number comes from standard input or a prompt: arguments of a process are seen by every user of
the machine, and stay in the shell's history.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from getpass import getpass

from flows.commands.audited import audited
from flows.terminal import say, say_json
from flows.wiring import archive, owners
from pipeline import clock, report
from pipeline.audit import Verb
from pipeline.errors import QueryError
from pipeline.model import ValidityState
from pipeline.owners import MOST_PAPERS, HeldPaper, owner_number, papers_held

RECORDS = (Verb.SEARCH, Verb.VIEW)

_STATES = {
    ValidityState.VALID: "còn hiệu lực",
    ValidityState.EXPIRED: "HẾT HIỆU LỰC",
    ValidityState.LASTING: "không thời hạn",
    ValidityState.UNKNOWN: "chưa rõ thời hạn",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "--on",
        metavar="NGÀY",
        type=date.fromisoformat,
        help="còn hiệu lực vào ngày này, dạng 2026-03-05; không có: hôm nay",
    )
    parser.add_argument(
        "--valid", action="store_true", help="bỏ giấy tờ đã hết hiệu lực vào ngày đó"
    )
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Print the papers of the number that is read; 1 when there are none.

    Raises:
        QueryError: what was typed is neither an identity number nor a tax code.
        OwnersUnavailableError: the index of owners is away.
    """
    number = owner_number(_typed())
    day = args.on or clock.today()
    places = owners().find(number, MOST_PAPERS)
    held = list(papers_held(number, places, archive(), day))
    if args.valid:
        held = [each for each in held if each.validity.state is not ValidityState.EXPIRED]
    audited(Verb.SEARCH, words=number, what="owner", found=len(held))
    for dossier in dict.fromkeys(each.record.dossier.id for each in held):
        audited(Verb.VIEW, dossier=dossier)
    if args.json:
        say_json([report.held_paper(each) for each in held])
    else:
        _show(held)
    return int(not held)


def _typed() -> str:
    if sys.stdin.isatty():
        return getpass("Số định danh hoặc mã số thuế (không hiện khi gõ): ")
    line = sys.stdin.readline(1_000)
    if not line.strip():
        raise QueryError("Chưa có số nào trên đầu vào.", "Ví dụ: sohoa kho < tệp_có_số")
    return line


def _show(held: list[HeldPaper]) -> None:
    for each in held:
        findings = each.document.findings
        named = [findings[name].value for name in ("number", "issued_on") if name in findings]
        until = f" đến {each.validity.until:%d/%m/%Y}" if each.validity.until else ""
        say(
            each.record.dossier.id,
            f"trang {each.document.pages[0]}",
            each.document.type or "chưa rõ loại",
            *named,
            _STATES[each.validity.state] + until,
        )
    if not held:
        say("Kho chưa có giấy tờ nào mang số này một cách chắc chắn.")
