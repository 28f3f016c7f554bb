"""Contracts between people (H) and annexes that list people (J)."""

from __future__ import annotations

from random import Random

from tests.paper.cases import Case
from tests.paper.fonts import Style, Typeface
from tests.paper.letterhead import country
from tests.paper.people import Person, make_person
from tests.paper.sheet import LEFT, MM, RIGHT, Sheet, Span
from tests.paper.spelled import short_date
from tests.paper.writer import Setting, Writer

_MIDDLE = (LEFT + RIGHT) / 2
_ROW = Setting(size=13, leading=1.25, after=4, indent=0, align="left")
_CONTRACT = "Hợp đồng chuyển nhượng quyền sử dụng đất"
_ARTICLES = (
    "Hai bên thỏa thuận chuyển nhượng quyền sử dụng thửa đất nêu trên theo giá đã ghi.",
    "Bên nhận chuyển nhượng trả tiền một lần ngay sau khi hợp đồng được công chứng.",
    "Thuế và lệ phí do mỗi bên nộp theo quy định của pháp luật.",
    "Tranh chấp được giải quyết trước hết bằng thương lượng.",
)


def contract(case: Case, random: Random, face: Typeface) -> list[Sheet]:
    """Lay out a contract over land: two parties, articles."""
    writer = Writer(face, "H")
    sheet = writer.sheet
    other = make_person(random, case.office.unit)
    writer.y = country(sheet, _MIDDLE, writer.y, modern=False) + 18
    sheet.type, sheet.values["document_type"] = _CONTRACT, _CONTRACT
    for line in ("HỢP ĐỒNG CHUYỂN NHƯỢNG", "QUYỀN SỬ DỤNG ĐẤT"):
        writer.centred(line, 15, name="document_type")
    writer.skip(12)
    sheet.values["full_name"] = sheet.values["subject"] = case.applicant.name
    _party(writer, "BÊN CHUYỂN NHƯỢNG (sau đây gọi là bên A):", case.applicant, is_first=True)
    _party(writer, "BÊN NHẬN CHUYỂN NHƯỢNG (sau đây gọi là bên B):", other, is_first=False)
    for number, text in enumerate(_ARTICLES, start=1):
        writer.paragraph((Span(f"Điều {number}. ", Style.BOLD), Span(text)), _ROW)
    return writer.sheets


def _party(writer: Writer, head: str, person: Person, *, is_first: bool) -> None:
    writer.paragraph((Span(head, Style.BOLD),), _ROW)
    name, born, number, address = (
        ("full_name+subject", "born_on", "personal_id", "address") if is_first else ("",) * 4
    )
    courtesy = "Bà" if person.woman else "Ông"
    if is_first:
        writer.sheet.values["born_on"] = str(person.born.year)
    writer.paragraph(
        (Span(f"{courtesy}: "), Span(person.name.upper(), Style.BOLD, name), Span(" Sinh năm: "),
         Span(str(person.born.year), field=born)), _ROW)  # fmt: skip
    writer.paragraph(
        (Span("CCCD số: "), Span(person.personal_id, field=number),
         Span(" do Cục Cảnh sát cấp ngày 01/02/2022")), _ROW)  # fmt: skip
    writer.paragraph((Span("Địa chỉ thường trú: "), Span(person.address, field=address)), _ROW)


def annex(case: Case, random: Random, face: Typeface) -> list[Sheet]:
    """Lay out an annex: a list of people, none of whom the paper is about."""
    writer = Writer(face, "J")
    writer.skip(10)
    writer.centred("PHỤ LỤC", 14)
    writer.centred("DANH SÁCH HỒ SƠ ĐÃ TIẾP NHẬN", 14)
    writer.skip(10)
    columns = (LEFT, LEFT + 10 * MM, LEFT + 70 * MM, LEFT + 100 * MM)
    rows = [("STT", "Họ và tên", "Ngày sinh", "Số định danh")]
    for number in range(1, 16):
        one = make_person(random, case.office.unit)
        rows.append((str(number), one.name, short_date(one.born), one.personal_id))
    for row in rows:
        writer.y += 20
        for at, (x, cell) in enumerate(zip(columns, row, strict=True)):
            if at:
                writer.sheet.stay_on_line()
            writer.sheet.put((Span(cell),), (x + 3, writer.y), 12)
        writer.sheet.rule((LEFT, writer.y + 5), RIGHT - LEFT)
    return writer.sheets
