"""Papers that people own or fill in: identity cards (D), land titles (E), form CT01 (I)."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.paper.cases import Case
from tests.paper.fonts import Style, Typeface
from tests.paper.letterhead import country
from tests.paper.marks import signature, tick_box
from tests.paper.people import Person, make_person
from tests.paper.sheet import LEFT, MM, RIGHT, Sheet, Span
from tests.paper.spelled import printed_date, short_date
from tests.paper.writer import Setting, Writer

_MIDDLE = (LEFT + RIGHT) / 2
_ROW = Setting(size=13, leading=1.25, after=4, indent=0, align="left")
_CARD = Setting(size=11, leading=1.3, after=2, indent=0, align="left", left=LEFT + 20 * MM)
_LAND = "Giấy chứng nhận quyền sử dụng đất"


def _row(writer: Writer, label: str, value: str, name: str = "", setting: Setting = _ROW) -> None:
    spans = (Span(f"{label}: "), Span(value, Style.BOLD, name))
    writer.paragraph(spans, setting)


def _knows(sheet: Sheet, person: Person, *names: str) -> None:
    for name in names:
        sheet.values[name] = person.name
    sheet.values["born_on"] = person.born.isoformat()


def identity_card(case: Case, random: Random, face: Typeface) -> list[Sheet]:
    """Lay out both sides of a chip card, as copied onto one sheet."""
    writer, person = Writer(face, "D"), case.applicant
    sheet = writer.sheet
    writer.y = country(sheet, _MIDDLE, writer.y, modern=False) + 16
    sheet.type = "Thẻ căn cước công dân"
    sheet.values["document_type"] = sheet.type
    writer.centred("CĂN CƯỚC CÔNG DÂN", 15, name="document_type")
    writer.centred("Citizen Identity Card", 10, Style.REGULAR)
    writer.skip(10)
    _knows(sheet, person, "full_name", "subject")
    number = person.personal_id
    if random.random() < 0.4:  # printed in groups
        number = " ".join((number[:4], number[4:8], number[8:]))
    sheet.values["personal_id"] = person.personal_id
    _row(writer, "Số / No.", number, "personal_id", _CARD)
    _row(writer, "Họ và tên / Full name", "", "", _CARD)
    writer.paragraph((Span(person.name.upper(), Style.BOLD, "full_name+subject"),), _CARD)
    _row(writer, "Ngày sinh / Date of birth", short_date(person.born), "born_on", _CARD)
    writer.paragraph(
        (Span(f"Giới tính / Sex: {person.sex}"), Span(" Quốc tịch / Nationality: Việt Nam")), _CARD
    )
    _row(writer, "Quê quán / Place of origin", person.birthplace, "", _CARD)
    _row(writer, "Nơi thường trú / Place of residence", person.address, "address", _CARD)
    expiry = person.born.replace(year=person.born.year + 40)
    _row(writer, "Có giá trị đến / Date of expiry", short_date(expiry), "", _CARD)
    writer.skip(60)
    _row(writer, "Đặc điểm nhận dạng / Personal identification", "Nốt ruồi cách cánh mũi 2 cm",
         "", _CARD)  # fmt: skip
    issued = case.received - timedelta(days=random.randint(400, 900))
    sheet.values["issued_on"] = issued.isoformat()
    _row(writer, "Ngày, tháng, năm / Date, month, year", short_date(issued), "issued_on", _CARD)
    writer.skip(8)
    for line in ("CỤC TRƯỞNG CỤC CẢNH SÁT", "QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI"):
        writer.centred(line, 10)
    return writer.sheets


def land_title(case: Case, random: Random, face: Typeface) -> list[Sheet]:
    """Lay out the front and the parcel's page of a land title on one sheet."""
    writer, person = Writer(face, "E"), case.applicant
    sheet = writer.sheet
    writer.y = country(sheet, _MIDDLE, writer.y, modern=False) + 20
    sheet.type, sheet.values["document_type"] = _LAND, _LAND
    for line in ("GIẤY CHỨNG NHẬN", "QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU NHÀ Ở",
                 "VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT"):  # fmt: skip
        writer.centred(line, 15, name="document_type")
    writer.skip(12)
    _knows(sheet, person, "full_name", "subject")
    writer.paragraph((Span("I. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất"),), _ROW)
    _row(writer, "Bà" if person.woman else "Ông", person.name.upper(), "full_name+subject")
    sheet.values["born_on"] = str(person.born.year)
    _row(writer, "Năm sinh", str(person.born.year), "born_on")
    _row(writer, "CCCD số", person.personal_id, "personal_id")
    _row(writer, "Địa chỉ thường trú", person.address, "address")
    writer.paragraph((Span("II. Thửa đất, nhà ở và tài sản khác gắn liền với đất"),), _ROW)
    parcel = f"{random.randint(1, 400)}, tờ bản đồ số: {random.randint(1, 60)}"
    _row(writer, "a) Thửa đất số", parcel)
    _row(writer, "b) Địa chỉ", f"phố Giả Định, {case.office.unit}, thành phố Hà Nội")
    _row(writer, "c) Diện tích", "62,5 m² (bằng chữ: Sáu mươi hai phẩy năm mét vuông)")
    _row(writer, "d) Hình thức sử dụng", "sử dụng riêng")
    _row(writer, "đ) Mục đích sử dụng", "Đất ở tại đô thị")
    writer.skip(20)
    serial = f"{random.choice('ABCDĐ')}{random.choice('AKMNP')} {random.randint(100000, 999999)}"
    writer.line((Span(serial, Style.BOLD, "land_title_serial"),), RIGHT, 14, "right")
    return writer.sheets


def residence_form(case: Case, random: Random, face: Typeface) -> list[Sheet]:
    """Lay out form CT01: numbered labels and a table of members."""
    writer, person = Writer(face, "I"), case.applicant
    sheet = writer.sheet
    head = make_person(random, case.office.unit)
    writer.y = country(sheet, _MIDDLE, writer.y, modern=random.random() < 0.3) + 16
    sheet.type = "Tờ khai thay đổi thông tin cư trú"
    sheet.values["document_type"] = sheet.type
    writer.centred(sheet.type.upper(), 15, name="document_type")
    writer.skip(8)
    writer.paragraph((Span(f"Kính gửi: Công an {case.office.unit}"),), _ROW)
    _knows(sheet, person, "full_name", "applicant", "subject")
    _row(writer, "1. Họ, chữ đệm và tên khai sinh", person.name.upper(),
         "full_name+applicant+subject")  # fmt: skip
    writer.paragraph(
        (Span("2. Ngày, tháng, năm sinh: "), Span(short_date(person.born), Style.BOLD, "born_on"),
         Span(f" 3. Giới tính: {person.sex}")), _ROW)  # fmt: skip
    _row(writer, "4. Số định danh cá nhân", person.personal_id, "personal_id")
    writer.paragraph(
        (Span("5. Số điện thoại liên hệ: "), Span(person.phone, Style.BOLD, "phone"),
         Span(" 6. Email: mau@example.invalid")), _ROW)  # fmt: skip
    _row(writer, "7. Họ, chữ đệm và tên chủ hộ", head.name.upper())
    _row(writer, "8. Mối quan hệ với chủ hộ", "Cháu ruột")
    _row(writer, "9. Số định danh cá nhân của chủ hộ", head.personal_id)
    _row(writer, "10. Nội dung đề nghị", f"đăng ký thường trú tại {head.address}")
    writer.paragraph((Span("11. Những thành viên trong hộ gia đình cùng thay đổi:"),), _ROW)
    _members(writer, random, case)
    writer.skip(20)
    tick_box(sheet, (LEFT, writer.y), 10, ticked=True)
    sheet.values["issued_on"] = case.received.isoformat()
    place = Span(f"{case.office.name}, ", Style.ITALIC)
    day = Span(printed_date(case.received), Style.ITALIC, "issued_on")
    writer.line((place, day), RIGHT - 42 * MM, 13, "centre")
    writer.line((Span("NGƯỜI KÊ KHAI", Style.BOLD),), RIGHT - 42 * MM, 13, "centre")
    signature(sheet, (RIGHT - 62 * MM, writer.y + 10), random)
    writer.skip(50)
    writer.line((Span(person.name, Style.BOLD),), RIGHT - 42 * MM, 13, "centre")
    return writer.sheets


def _members(writer: Writer, random: Random, case: Case) -> None:
    columns = (LEFT, LEFT + 10 * MM, LEFT + 65 * MM, LEFT + 95 * MM, LEFT + 115 * MM)
    rows = [("TT", "Họ, chữ đệm và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân")]
    for number in (1, 2):
        one = make_person(random, case.office.unit)
        rows.append((str(number), one.name, short_date(one.born), one.sex, one.personal_id))
    top = writer.y
    for row in rows:
        writer.y += 18
        for at, (x, cell) in enumerate(zip(columns, row, strict=True)):
            if at:
                writer.sheet.stay_on_line()
            writer.sheet.put((Span(cell),), (x + 3, writer.y), 11)
        writer.sheet.rule((LEFT, writer.y + 5), RIGHT - LEFT)
    writer.sheet.frame((LEFT, top + 4), (RIGHT - LEFT, writer.y - top + 2))
    writer.skip(10)
