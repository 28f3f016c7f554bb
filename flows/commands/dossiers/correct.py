"""`sohoa correct`: writes what a person decides about fields, pages and papers; takes it back."""

from __future__ import annotations

import argparse

from flows.commands.audited import acting, audited, operator
from flows.commands.dossiers import correct_checklist as checklist
from flows.commands.dossiers import correct_pages as pages
from flows.commands.dossiers.changed import publish_and_print
from flows.commands.dossiers.show import record_of
from flows.wiring import archive
from pipeline import clock, corrections
from pipeline.audit import Verb
from pipeline.corrections import FieldAct, FieldChange, Reuse
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Record
from pipeline.versions import Act

RECORDS = (Verb.CORRECT, Verb.VIEW)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("dossier", metavar="HỒ_SƠ", help="id hoặc mã hồ sơ")
    parser.add_argument(
        "--paper", metavar="N", type=int, default=1, help="giấy tờ thứ mấy của hồ sơ (mặc định 1)"
    )
    parser.add_argument(
        "--set",
        metavar="TRƯỜNG=GIÁ_TRỊ",
        action="append",
        default=[],
        help="giá trị đúng của một trường; lặp lại được",
    )
    parser.add_argument(
        "--confirm", metavar="TRƯỜNG", action="append", default=[], help="trường máy đọc đúng"
    )
    parser.add_argument(
        "--reject", metavar="TRƯỜNG", action="append", default=[], help="giấy không có trường này"
    )
    whole = parser.add_mutually_exclusive_group()
    whole.add_argument("--begin", metavar="TRANG", type=int, help="trang này bắt đầu một giấy tờ")
    whole.add_argument(
        "--continue",
        metavar="TRANG",
        type=int,
        dest="continues",
        help="trang này nối tiếp giấy tờ trước nó",
    )
    whole.add_argument("--undo", metavar="BẢN", type=int, help="hoàn tác lần sửa ở bản này")
    pages.add_to(whole)
    checklist.add_to(whole)
    _add_circumstances(parser)


def _add_circumstances(parser: argparse.ArgumentParser) -> None:
    """Describe what goes along with any correction."""
    checklist.add_circumstances(parser)
    parser.add_argument(
        "--seen", metavar="BẢN", type=int, help="bản bạn đã xem; báo nếu sau đó có người sửa"
    )
    parser.add_argument("--reason", metavar="LÝ_DO", default="", help="lý do, ghi vào lịch sử")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Write the decisions as the dossier's next version and bring it to the index.

    Raises:
        CorrectionRefusedError: there is no such paper, field, page or version, or this is no value.
        EditConflictError: somebody decided about the same field after the version ``--seen``.
        JoinedError: the dossier's scans belong to another one.
        ObjectExistsError: somebody changed the dossier at this very moment.
        ObjectMissingError: there is no such dossier.
        WithheldError: it is withheld.
    """
    dossier = record_of(args.dossier, as_json=args.json).dossier.id
    changes = _changes(args)
    acts = args.begin, args.continues, args.undo
    whole = [each for each in acts if each is not None]
    whole += pages.given(args) + checklist.given(args)
    if bool(changes) == bool(whole):
        raise CorrectionRefusedError(
            "Nói rõ cần sửa gì: các trường, hoặc trang, hoặc chỗ chia giấy, hoặc bản cần hoàn tác.",
            "Ví dụ: sohoa correct ID --set issued_on=05/01/2026 --confirm number",
        )
    with acting(Verb.CORRECT, dossier=dossier, fields=", ".join(each.field for each in changes)):
        record = _decide(dossier, changes, args, Act(operator(), args.reason))
    publish_and_print([record], "correct", as_json=args.json)
    return 0


def _changes(args: argparse.Namespace) -> list[FieldChange]:
    typed = []
    for setting in args.set:
        name, sign, value = setting.partition("=")
        if not sign:
            raise CorrectionRefusedError(
                "Sau --set là tên trường, dấu bằng, giá trị.", "Ví dụ: --set number=12"
            )
        typed.append(FieldChange(args.paper, name.strip(), FieldAct.CORRECT, value))
    return [
        *typed,
        *(FieldChange(args.paper, name, FieldAct.CONFIRM) for name in args.confirm),
        *(FieldChange(args.paper, name, FieldAct.REJECT) for name in args.reject),
    ]


def _decide(dossier: str, changes: list[FieldChange], args: argparse.Namespace, act: Act) -> Record:
    if args.begin is not None or args.continues is not None:
        begins = args.begin is not None
        cut = corrections.begin_paper if begins else corrections.continue_paper
        page = args.begin if begins else args.continues
        return cut(dossier, page, archive(), act, seen=args.seen)
    if pages.given(args):
        return pages.decide(dossier, args, act)
    if args.mark is not None:
        return checklist.mark(dossier, args, act)
    if args.reuse is not None:
        held = checklist.held_paper(args)
        audited(Verb.VIEW, dossier=held.dossier, page=held.page)
        reuse = Reuse(args.reuse, held, clock.today(), args.position)
        return corrections.reuse_paper(dossier, reuse, archive(), act)
    if args.undo is not None:
        return corrections.undo(dossier, args.undo, archive(), act)
    return corrections.amend(dossier, changes, archive(), act, seen=args.seen)
