"""`sohoa cover-sheet`: writes cover sheets and separators to be printed, as a PDF."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows.terminal import say, say_json
from ocr import draw_cover_sheets
from pipeline.documents import find_dossier_code
from pipeline.documents.extract.identifiers import find_procedure_codes
from pipeline.documents.machine_readable.cover_sheets import MOST_LETTERS, CoverSheet, encoded
from pipeline.errors import MisconfiguredError, ObjectExistsError
from pipeline.model.page import SignKind

RECORDS = ()  # shows no paper: what is printed was typed

_MOST_SHEETS = 200


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("code", metavar="MÃ_HỒ_SƠ", nargs="?", type=_code,
                        help="mã của hồ sơ quét cùng tờ bìa")  # fmt: skip
    parser.add_argument("--procedure", metavar="MÃ", type=_procedure,
                        help="mã thủ tục, ví dụ 1.001193")  # fmt: skip
    parser.add_argument("--component", metavar="TÊN", type=_component, action="append", default=[],
                        help="giấy tờ theo sau tờ bìa; nhiều lần: mỗi giấy tờ một tờ")  # fmt: skip
    parser.add_argument("--separator", metavar="SỐ_TỜ", nargs="?", type=_count, const=1, default=0,
                        help="in tờ phân cách (mặc định một tờ)")  # fmt: skip
    parser.add_argument("--to", metavar="TỆP", type=Path, default=Path("to-bia.pdf"),
                        help="tệp PDF sẽ ghi (mặc định to-bia.pdf)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Write the sheets into one file and say where.

    Raises:
        MisconfiguredError: nothing was said that a sheet could say.
        ObjectExistsError: there is such a file.
    """
    sheets = [
        CoverSheet(SignKind.COVER, args.code or "", args.procedure or "", component)
        for component in args.component or [""]
        if args.code or args.procedure or component
    ]
    sheets += [CoverSheet(SignKind.SEPARATOR)] * args.separator
    if not sheets:
        raise MisconfiguredError(
            "Tờ bìa chưa có gì để in.",
            "Nêu mã hồ sơ, --procedure, --component hoặc --separator.",
        )
    made = draw_cover_sheets(sheets)
    try:
        with args.to.open("xb") as stream:
            stream.write(made)
    except FileExistsError as error:
        raise ObjectExistsError(f"Đã có tệp {args.to}.", "Chọn tên khác bằng --to.") from error
    except OSError as error:
        raise MisconfiguredError(
            f"Không ghi được tệp {args.to}.", "Chọn thư mục có thật và ghi được bằng --to."
        ) from error
    if args.json:
        say_json({"file": str(args.to), "sheets": [encoded(sheet) for sheet in sheets]})
    else:
        say(f"{args.to}: {len(sheets)} tờ. In khổ A4, đúng cỡ.")
    return 0


def _code(text: str) -> str:
    found = find_dossier_code(text)
    if found is None or found != text.strip().upper():
        raise argparse.ArgumentTypeError("không phải mã hồ sơ, ví dụ H26.12.23-260701-0001")
    return found


def _procedure(text: str) -> str:
    found = find_procedure_codes(text)
    if found != [text.strip()]:
        raise argparse.ArgumentTypeError("không phải mã thủ tục, ví dụ 1.001193")
    return found[0]


def _component(text: str) -> str:
    try:
        encoded(CoverSheet(SignKind.COVER, component=text))
    except ValueError as error:
        why = f"phải là tên giấy tờ trên một dòng, không có dấu |, dài nhất {MOST_LETTERS} chữ"
        raise argparse.ArgumentTypeError(why) from error
    return text.strip()


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_SHEETS:
        raise argparse.ArgumentTypeError(f"phải là số từ 1 đến {_MOST_SHEETS}")
    return int(text)
