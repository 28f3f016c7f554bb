"""`sohoa kho`: lists the papers of a person or organisation in all dossiers, and what still holds.

The number comes from standard input or a prompt: arguments of a process are seen by every user of
the machine, and stay in the shell's history.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from getpass import getpass
from itertools import islice

from flows.commands.audited import audited
from flows.terminal import complain, say, say_json
from flows.wiring import archive, owners
from pipeline import clock, report
from pipeline.audit import Verb
from pipeline.errors import QueryError
from pipeline.model import Document, ValidityState
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
    held = _held(number, day, is_valid=args.valid)
    audited(Verb.SEARCH, words=number, what="owner", found=len(held))
    for dossier in dict.fromkeys(each.record.dossier.id for each in held):
        audited(Verb.VIEW, dossier=dossier)
    if args.json:
        say_json([report.held_paper(each) for each in held])
    else:
        _show(held)
    if owners().is_behind():
        complain(
            "Kho đang được dựng lại sau khi tệp bị hỏng, có thể thiếu giấy tờ: `sohoa doctor`."
        )
    return int(not held)


def _held(number: str, day: date, *, is_valid: bool) -> list[HeldPaper]:
    """Return the newest papers, up to a limit; expired ones do not count where none is wanted."""
    found = papers_held(number, owners(), archive(), day)
    wanted = (
        each for each in found if not is_valid or each.validity.state is not ValidityState.EXPIRED
    )
    held = list(islice(wanted, MOST_PAPERS + 1))
    if len(held) > MOST_PAPERS:
        complain(f"Có hơn {MOST_PAPERS} giấy tờ; chỉ in những giấy tờ của hồ sơ mới nhất.")
    return held[:MOST_PAPERS]


def _typed() -> str:
    if sys.stdin.isatty():
        return getpass("Số định danh hoặc mã số thuế (không hiện khi gõ): ")
    line = sys.stdin.readline(1_000)
    if not line.strip():
        raise QueryError("Chưa có số nào trên đầu vào.", "Ví dụ: sohoa kho < tệp_có_số")
    return line


def _place(paper: Document) -> str:
    """Return where a paper begins, as `sohoa correct --held` wants it."""
    return f"trang {paper.pages[0]}" + (f".{part}" if (part := paper.first_part) else "")


def _show(held: list[HeldPaper]) -> None:
    for each in held:
        findings = each.document.findings
        named = [findings[name].value for name in ("number", "issued_on") if name in findings]
        until = f" đến {each.validity.until:%d/%m/%Y}" if each.validity.until else ""
        say(
            each.record.dossier.id,
            _place(each.document),
            each.document.type or "chưa rõ loại",
            *named,
            _STATES[each.validity.state] + until,
        )
    if not held:
        say("Kho chưa có giấy tờ nào mang số này một cách chắc chắn.")
