"""The arguments of `sohoa correct` about single pages, and what they do."""

from __future__ import annotations

import argparse
import re
from typing import Any

from flows.wiring import archive
from pipeline import corrections
from pipeline.corrections import PageSeen
from pipeline.errors import CorrectionRefusedError
from pipeline.model import PagePlace, Record
from pipeline.versions import Act

_NAMES = ("line", "turn", "leave_out", "restore", "replace", "move", "order")
_LINE = re.compile(r"(\d+):(\d+)=(.*)", re.DOTALL)
_PAIR = re.compile(r"(\d+)[:=](\d+)")


def add_to(group: argparse._MutuallyExclusiveGroup) -> None:
    """Describe the arguments."""
    group.add_argument(
        "--line",
        metavar="TRANG:DÒNG=CHỮ",
        action="append",
        help="chữ đúng của một dòng; để trống sau dấu bằng: không có chữ; lặp lại được",
    )
    group.add_argument(
        "--turn", metavar="TRANG:ĐỘ", help="xoay trang 90, 180 hoặc 270 độ theo chiều kim đồng hồ"
    )
    group.add_argument(
        "--leave-out", metavar="TRANG", type=int, help="bỏ trang ra khỏi hồ sơ; cần --reason"
    )
    group.add_argument(
        "--restore", metavar="TỆP:TRANG", help="đưa lại trang đã bỏ ra: tệp thứ mấy, trang của tệp"
    )
    group.add_argument(
        "--replace", metavar="TRANG:TRANG", help="trang sau thay trang trước; cần --reason"
    )
    group.add_argument(
        "--move", metavar="TRANG:TRANG", help="đặt trang đầu vào vị trí mới trong hồ sơ"
    )
    group.add_argument(
        "--order", metavar="TRANG,TRANG…", help="thứ tự mới, kể mỗi trang đúng một lần"
    )


def given(args: argparse.Namespace) -> list[Any]:
    """Return the arguments about pages that were given."""
    return [value for name in _NAMES if (value := getattr(args, name)) is not None]


def decide(dossier: str, args: argparse.Namespace, act: Act) -> Record:
    """Write what was decided about pages as the dossier's next version.

    Raises: as the acts of ``pipeline.corrections``; ``CorrectionRefusedError`` for bad arguments.
    """
    store, seen = archive(), args.seen
    if args.line is not None:
        page, lines = _lines(args.line)
        return corrections.mend_words(PageSeen(dossier, page, seen), lines, store, act)
    if args.turn is not None:
        page, degrees = _pair(args.turn, "--turn 3:180")
        return corrections.turn_page(PageSeen(dossier, page, seen), degrees, store, act)
    if args.leave_out is not None:
        return corrections.leave_out(PageSeen(dossier, args.leave_out, seen), store, act)
    if args.restore is not None:
        place = _place(dossier, *_pair(args.restore, "--restore 1:3"))
        return corrections.restore(dossier, place, store, act, seen=seen)
    if args.replace is not None:
        page, by = _pair(args.replace, "--replace 3:6")
        return corrections.replace_page(PageSeen(dossier, page, seen), by, store, act)
    return corrections.reorder(dossier, _order(dossier, args), store, act, seen=seen)


def _pair(text: str, example: str) -> tuple[int, int]:
    match = _PAIR.fullmatch(text)
    if match is None:
        raise CorrectionRefusedError("Cần hai số cách nhau bằng dấu hai chấm.", f"Ví dụ: {example}")
    return int(match[1]), int(match[2])


def _lines(texts: list[str]) -> tuple[int, dict[int, str]]:
    found = [_LINE.fullmatch(text) for text in texts]
    pages = {int(match[1]) for match in found if match}
    if None in found or len(pages) != 1:
        raise CorrectionRefusedError(
            "Sau --line là trang, dấu hai chấm, dòng, dấu bằng, chữ; mỗi lần một trang.",
            "Ví dụ: --line '3:12=Họ và tên: …'",
        )
    return pages.pop(), {int(match[2]): match[3] for match in found if match}


def _place(dossier: str, file: int, number: int) -> PagePlace:
    record = archive().find_record(dossier)
    scans = record.dossier.scans if record else ()
    if not 1 <= file <= len(scans):
        raise CorrectionRefusedError(f"Hồ sơ không có tệp thứ {file}.", "Xem bằng `sohoa show`.")
    return PagePlace(scans[file - 1].sha256, number)


def _order(dossier: str, args: argparse.Namespace) -> list[int]:
    if args.order is not None:
        parts = args.order.split(",")
        if not all(part.strip().isdecimal() for part in parts):
            raise CorrectionRefusedError(
                "Thứ tự là các số trang cách nhau bằng dấu phẩy.", "Ví dụ: --order 2,1,3"
            )
        return [int(part) for part in parts]
    page, to = _pair(args.move, "--move 5:2")
    record = archive().find_record(dossier)
    count = len(record.dossier.pages) if record else 0
    if not (1 <= page <= count and 1 <= to <= count):
        raise CorrectionRefusedError(f"Hồ sơ có {count} trang.", "Ví dụ: --move 5:2")
    order = [number for number in range(1, count + 1) if number != page]
    order.insert(to - 1, page)
    return order
