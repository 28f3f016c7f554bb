"""`sohoa today`: the book of a day, and whether its papers may be put away."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path

from flows.commands.audited import audited
from flows.terminal import say, say_json
from flows.wiring import archive, settings
from pipeline import clock
from pipeline.audit import Verb
from pipeline.desk.day import DeskDay, DeskSight, gather
from pipeline.desk.day_book import DayBook, day_book, day_book_json
from pipeline.desk.files import DeskState
from pipeline.desk.spreadsheet import day_book_xlsx
from pipeline.errors import MisconfiguredError, ObjectExistsError
from pipeline.intake.receipt_csv import LABELS

RECORDS = (Verb.EXPORT,)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "--day", metavar="NGÀY", type=_day, help="ngày, như 28/11/2026 (mặc định hôm nay)"
    )
    parser.add_argument("--xlsx", metavar="TỆP", type=Path, help="ghi sổ ngày ra tệp Excel này")
    parser.add_argument("--json", action="store_true", help="in JSON cho chương trình khác dùng")


def run(args: argparse.Namespace) -> int:
    """Print the balance of a day, or its book; 0 when papers may be put away, else 1.

    Raises:
        MisconfiguredError: the workbook cannot be written there.
        ObjectExistsError: there is such a file.
    """
    day = args.day or clock.today()
    with_names = bool(args.json or args.xlsx)
    audited(Verb.EXPORT, what="day_book", day=str(day), names=int(with_names))
    desk = gather(day, archive(), settings(), DeskSight(), archive().find_record)
    book = day_book(desk, with_names=with_names)
    if args.xlsx:
        _write(args.xlsx, book)
    if args.json:
        say_json(day_book_json(desk, book))
    else:
        _print(desk, args.xlsx)
    return 0 if desk.may_put_away else 1


def _print(desk: DeskDay, written: Path | None) -> None:
    counts, states = desk.counts, desk.states
    parts = " + ".join(f"{number} {LABELS[one].lower()}" for one, number in counts.items())
    say(f"Ngày {desk.day:%d/%m/%Y}: {len(desk.files)} tệp = {parts}")
    if desk.may_put_away:
        say("Đã đủ. Có thể cất giấy.")
    elif states[DeskState.TODO]:
        say(f"Còn {states[DeskState.TODO]} tệp phải xử lý. Chưa được cất giấy.")
    elif states[DeskState.READING]:
        say(f"Còn {states[DeskState.READING]} tệp đang đọc. Chưa được cất giấy.")
    elif not desk.files:
        say("Chưa có tệp nào.")
    for trouble in desk.troubles:
        say(trouble)
    if written:
        say(f"Đã ghi {written}.")


def _write(path: Path, book: DayBook) -> None:
    try:
        with path.open("xb") as stream:
            stream.write(day_book_xlsx(book))
    except FileExistsError as error:
        raise ObjectExistsError(f"Đã có tệp {path}.", "Chọn tên khác bằng --xlsx.") from error
    except OSError as error:
        raise MisconfiguredError(
            f"Không ghi được tệp {path}.", "Chọn thư mục có thật và ghi được bằng --xlsx."
        ) from error


def _day(text: str) -> date:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 — a day has no zone
        except ValueError:
            continue
    raise argparse.ArgumentTypeError("viết ngày như 28/11/2026")
