"""The arguments of `sohoa correct` about the checklist of a dossier, and what they do."""

from __future__ import annotations

import argparse
import re
from typing import Any

from flows.commands.dossiers.show import record_of
from flows.wiring import archive
from pipeline import corrections
from pipeline.corrections import Marking
from pipeline.errors import CorrectionRefusedError
from pipeline.model import MarkKind, OwnedPaper, Record
from pipeline.versions import Act

_NAMES = ("mark", "reuse")
_NO_MARK = "none"
_NUMBERS = re.compile(r"\d{1,7}(,\d{1,7})*")
_PLACE = re.compile(r"[0-9]{1,7}(\.[0-9]{1,4})?")  # a page, and a part of it


def add_to(group: argparse._MutuallyExclusiveGroup) -> None:
    """Describe the arguments of which one alone may be given."""
    group.add_argument(
        "--mark",
        metavar="THÀNH_PHẦN",
        help="nói giấy tờ này của danh mục ra sao (--as), khi máy báo thiếu hoặc chưa rõ",
    )
    group.add_argument(
        "--reuse",
        metavar="THÀNH_PHẦN",
        help="giấy tờ đã có ở hồ sơ khác (--held) thay cho thành phần này, không quét lại",
    )


def add_circumstances(parser: argparse.ArgumentParser) -> None:
    """Describe what goes along with them."""
    parser.add_argument(
        "--as",
        dest="kind",
        choices=[*map(str, MarkKind), _NO_MARK],
        help="on_paper: có trên giấy (--on); shown: chỉ xuất trình; exempt: không phải số hóa"
        " (cần --reason); none: bỏ đánh dấu",
    )
    parser.add_argument("--on", metavar="TRANG,TRANG…", help="giấy tờ đó ở các trang này")
    parser.add_argument(
        "--position",
        metavar="N",
        type=int,
        help="thành phần thứ mấy của danh mục, khi nhiều thành phần cùng tên",
    )
    parser.add_argument(
        "--held",
        metavar="HỒ_SƠ:TRANG[.PHẦN]",
        default="",
        help="giấy tờ đã có, như `sohoa kho` liệt kê",
    )


def given(args: argparse.Namespace) -> list[Any]:
    """Return the arguments about the checklist that were given."""
    return [value for name in _NAMES if (value := getattr(args, name)) is not None]


def mark(dossier: str, args: argparse.Namespace, act: Act) -> Record:
    """Write what was decided about a component as the dossier's next version.

    Raises: as the acts of ``pipeline.corrections``; ``CorrectionRefusedError`` for bad arguments.
    """
    pages = args.on or ""
    if args.kind is None or (pages and not _NUMBERS.fullmatch(pages)):
        raise CorrectionRefusedError(
            "Sau --mark cần --as; --on là các số trang cách nhau bằng dấu phẩy.",
            "Ví dụ: --mark 'Giấy chứng sinh' --as on_paper --on 2,3",
        )
    kind = None if args.kind == _NO_MARK else MarkKind(args.kind)
    numbers = tuple(map(int, filter(None, pages.split(","))))
    marking = Marking(args.mark, kind, numbers, args.position)
    return corrections.mark_component(dossier, marking, archive(), act, seen=args.seen)


def held_paper(args: argparse.Namespace) -> OwnedPaper:
    """Return the paper of another dossier that --held names.

    Raises:
        CorrectionRefusedError: it names none.
        ObjectMissingError: there is no such dossier.
    """
    name, sign, place = args.held.rpartition(":")
    if not sign or not _PLACE.fullmatch(place):
        raise CorrectionRefusedError(
            "Cần --held HỒ_SƠ:TRANG của giấy tờ đã có, hoặc HỒ_SƠ:TRANG.PHẦN.",
            "Tìm giấy tờ đó bằng `sohoa kho`.",
        )
    page, _, part = place.partition(".")
    return OwnedPaper(record_of(name, as_json=args.json).dossier.id, int(page), int(part or 0))
