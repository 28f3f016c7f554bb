"""The receipt a centre hands over (layout G): TT 03/2025, Appendix I, form 01, with mã hồ sơ."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from tests.paper.cases import Case
from tests.paper.fonts import Style, Typeface
from tests.paper.letterhead import LEFT_AXIS, RIGHT_AXIS, Reference, letterhead
from tests.paper.marks import code_square, signature
from tests.paper.people import make_tax_code
from tests.paper.places import ward_centre
from tests.paper.sheet import LEFT, MM, RIGHT, Sheet, Span
from tests.paper.spelled import short_date
from tests.paper.writer import Setting, Writer

_KIND = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
_ROW = Setting(size=13, leading=1.2, after=4.5, indent=0, align="left")
_COLUMNS = (LEFT, LEFT + 12 * MM, RIGHT - 44 * MM, RIGHT - 20 * MM, RIGHT)
_BUSINESS = "1.001612"


def receipt(case: Case, random: Random, face: Typeface) -> list[Sheet]:
    """Lay out the receipt of the case."""
    writer = Writer(face, "G")
    issuer = ward_centre(case.office)
    reference = Reference(f"{case.serial:02d}", "TNHS", case.received)
    letterhead(writer, issuer, reference, modern=random.random() < 0.3)
    code_square(writer.sheet, (RIGHT - 24 * MM, writer.y - 2), 24 * MM, random)
    _code(writer, case)
    writer.y += 36
    writer.sheet.type = writer.sheet.values["document_type"] = _KIND
    writer.centred("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", 14.5, name="document_type")
    writer.skip(10)
    _rows(writer, case, random)
    _components(writer, case)
    _times(writer, case, random)
    _signatures(writer, case, random)
    return writer.sheets


def _code(writer: Writer, case: Case) -> None:
    spans = (Span("Mã hồ sơ: "), Span(case.code, Style.BOLD, "dossier_code"))
    writer.line(spans, LEFT, 13)
    code = Span(case.procedure.code, field="procedure_code")
    writer.skip(4)
    writer.line((Span("Mã thủ tục: "), code), LEFT, 13)


def _rows(writer: Writer, case: Case, random: Random) -> None:
    person, sheet = case.applicant, writer.sheet
    sheet.values["full_name"] = sheet.values["applicant"] = person.name
    rows = [
        ("Bộ phận tiếp nhận và trả kết quả", ward_centre(case.office).spoken, "receiving_unit"),
        ("Tiếp nhận hồ sơ của", person.name.upper(), "full_name+applicant"),
        ("Địa chỉ", person.address, "address"),
        ("Số định danh cá nhân", person.personal_id, "personal_id"),
        ("Số điện thoại", person.phone, "phone"),
        ("Nội dung yêu cầu giải quyết", case.procedure.name, "summary+procedure_name"),
        ("Lĩnh vực", case.procedure.sector, ""),
    ]
    if case.procedure.code == _BUSINESS:
        rows.insert(4, ("Mã số thuế", make_tax_code(random), "tax_code"))
    for label, value, name in rows:
        writer.paragraph((Span(f"{label}: "), Span(value, Style.BOLD, name)), _ROW)
    writer.paragraph((Span("Thành phần hồ sơ nộp gồm:"),), _ROW)


def _components(writer: Writer, case: Case) -> None:
    """Print the table of papers handed in, with thin rules."""
    top = writer.y
    rows = [("STT", "Tên giấy tờ", "Số bản", "Hình thức")]
    rows += [
        (str(number), name, "01", "Bản giấy")
        for number, name in enumerate(case.procedure.components, start=1)
    ]
    edges = [top]
    for number, row in enumerate(rows):
        edges.append(_table_row(writer, row, edges[-1], bold=number == 0))
    for y in edges:
        writer.sheet.rule((LEFT, y), RIGHT - LEFT)
    for left, right in pairwise(_COLUMNS):
        writer.sheet.frame((left, top), (right - left, edges[-1] - top))
    writer.y = edges[-1] + 10


def _table_row(writer: Writer, row: tuple[str, ...], top: float, *, bold: bool) -> float:
    """Print a row of cells, each wrapped in its column, and return the y of its lower rule."""
    sheet, size = writer.sheet, 12
    style = Style.BOLD if bold else Style.REGULAR
    columns = list(pairwise(_COLUMNS))
    cells = [
        sheet.wrap((Span(text, style),), right - left - 8, size)
        for text, (left, right) in zip(row, columns, strict=True)
    ]
    deepest = max(len(lines) for lines in cells)
    for (left, _), lines in zip(columns, cells, strict=True):
        if deepest == 1 and left > LEFT:
            sheet.stay_on_line()
        for number, words in enumerate(lines, start=1):
            sheet.put_words(words, (left + 4, top + number * size * 1.25), size, sheet.gap(size))
    return top + deepest * size * 1.25 + 6


def _times(writer: Writer, case: Case, random: Random) -> None:
    hour, minute = random.randint(8, 15), random.choice((0, 10, 15, 25, 30, 45, 50))
    days = f"{case.procedure.days:02d} ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ"
    received = f"{hour:02d} giờ {minute:02d} phút, ngày {short_date(case.received)}"
    due = f"16 giờ 30 phút, ngày {short_date(case.due)}"
    values = writer.sheet.values
    values.update(received_on=case.received.isoformat(), due_on=case.due.isoformat())
    for label, value, name in (
        ("Số lượng hồ sơ", "01 bộ", ""),
        ("Thời gian giải quyết hồ sơ theo quy định", days, ""),
        ("Thời gian nhận hồ sơ", received, "received_on"),
        ("Thời gian trả kết quả giải quyết hồ sơ", due, "due_on"),
        ("Đăng ký nhận kết quả tại", "Bộ phận Tiếp nhận và Trả kết quả", ""),
    ):
        writer.paragraph((Span(f"{label}: "), Span(value, field=name)), _ROW)
    note = "Vào Sổ theo dõi hồ sơ, quyển số: 01, số thứ tự: "
    writer.paragraph((Span(note), Span(str(case.serial))), _ROW)


def _signatures(writer: Writer, case: Case, random: Random) -> None:
    sheet, top = writer.sheet, writer.y + 18
    for axis, head, name in (
        (LEFT_AXIS, "NGƯỜI NỘP HỒ SƠ", case.applicant.name),
        (RIGHT_AXIS, "NGƯỜI TIẾP NHẬN HỒ SƠ", case.clerk),
    ):
        sheet.put((Span(head, Style.BOLD),), (axis, top), 12.5, "centre")
        sheet.put((Span("(Ký và ghi rõ họ tên)", Style.ITALIC),), (axis, top + 15), 11.5, "centre")
        signature(sheet, (axis - 20 * MM, top + 18), random)
        field = "signer" if name == case.clerk else ""
        sheet.put((Span(name, Style.BOLD, field),), (axis, top + 74), 13, "centre")
