"""Forms that people fill in (layout F): labels, dot leaders, tick boxes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.paper.cases import BIRTH, MARRIAGE, Case
from tests.paper.fonts import Style, Typeface
from tests.paper.letterhead import country
from tests.paper.marks import signature, tick_box
from tests.paper.places import people_committee
from tests.paper.sheet import BLACK, LEFT, MM, RIGHT, Sheet, Span
from tests.paper.spelled import printed_date, short_date, spelled_date
from tests.paper.writer import Setting, Writer

_SIZE, _DOT_GAP = 13, 9
_MIDDLE = (LEFT + RIGHT) / 2
_TITLES = {
    BIRTH: ("Tờ khai đăng ký khai sinh", "đăng ký khai sinh cho người dưới đây"),
    MARRIAGE: ("Tờ khai đăng ký kết hôn", "đăng ký kết hôn với người dưới đây"),
    "1.004873": (
        "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân",
        "cấp Giấy xác nhận tình trạng hôn nhân cho người dưới đây",
    ),
    "2.000635": (
        "Tờ khai cấp bản sao trích lục hộ tịch",
        "cấp bản sao trích lục hộ tịch cho người dưới đây",
    ),
    "1.004222": ("Tờ khai thay đổi thông tin cư trú", "đăng ký thường trú cho người dưới đây"),
}
_OATH = (
    "Tôi cam đoan những nội dung khai trên đây là đúng sự thật, được sự thỏa thuận nhất trí của "
    "các bên liên quan theo quy định pháp luật. Tôi chịu hoàn toàn trách nhiệm trước pháp luật về "
    "nội dung cam đoan của mình."
)


@dataclass(frozen=True, slots=True)
class _Form:
    """A form being filled in."""

    writer: Writer

    def row(self, label: str, value: str, name: str = "") -> None:
        """Print “label: value” and fill the line with dots, wrapping long values."""
        spans = (Span(f"{label}: "), Span(value, field=name))
        sheet, writer = self.writer.sheet, self.writer
        for words in sheet.wrap(spans, RIGHT - LEFT - 12, _SIZE):
            writer.y += _SIZE * 1.5
            end = sheet.put_words(words, (LEFT, writer.y), _SIZE, sheet.gap(_SIZE))
        self._dots(end)

    def pair(self, first: tuple[str, str, str], second: tuple[str, str, str]) -> None:
        """Print two labels with values on one line."""
        writer, sheet = self.writer, self.writer.sheet
        writer.y += _SIZE * 1.5
        for (label, value, name), x, stop in (
            (first, LEFT, _MIDDLE - 14),
            (second, _MIDDLE, RIGHT),
        ):
            if x > LEFT:
                sheet.stay_on_line()
            spans = (Span(f"{label}: "), Span(value, field=name))
            self._dots(sheet.put(spans, (x, writer.y), _SIZE), stop)

    def ticks(self, label: str, choices: tuple[str, ...], chosen: int) -> None:
        """Print a label and choices with boxes, one of them ticked."""
        writer, sheet = self.writer, self.writer.sheet
        writer.y += _SIZE * 1.5
        x = sheet.put((Span(label),), (LEFT, writer.y), _SIZE) + 16
        for number, choice in enumerate(choices):
            sheet.stay_on_line()
            x = sheet.put((Span(choice),), (x, writer.y), _SIZE) + 8
            tick_box(sheet, (x, writer.y + 1), 10, ticked=number == chosen)
            x += 30

    def _dots(self, start: float, stop: float = RIGHT) -> None:
        """Print a dot leader; it is no text, nobody searches for it."""
        sheet = self.writer.sheet
        dot = sheet.typeface.width(".", Style.REGULAR, _SIZE)
        if (dots := int((stop - start - _DOT_GAP) / dot)) > 0:
            at = (start + _DOT_GAP, self.writer.y)
            sheet.mark("." * dots, at, _SIZE, BLACK, Style.REGULAR)


def form(case: Case, random: Random, face: Typeface) -> list[Sheet]:
    """Lay out the application form of the case's procedure, filled in by the applicant."""
    writer = Writer(face, "F")
    blank = _Form(writer)
    kind, wish = _TITLES.get(
        case.procedure.code, ("Tờ khai", f"giải quyết thủ tục {case.procedure.name.lower()}")
    )
    _head(writer, case, kind, random)
    _applicant(blank, case, random)
    writer.skip(8)
    writer.paragraph((Span(f"Đề nghị cơ quan {wish}:", Style.BOLD),), Setting(size=_SIZE, indent=0))
    _subject(blank, case)
    writer.skip(8)
    writer.paragraph((Span(_OATH),), Setting(size=_SIZE, leading=1.2))
    blank.ticks("Đề nghị cấp bản sao:", ("Có", "Không"), random.randint(0, 1))
    blank.row("Số lượng", f"{random.randint(1, 5):02d} bản")
    blank.ticks(
        "Nhận kết quả:",
        ("Tại Bộ phận Một cửa", "Qua bưu chính", "Trực tuyến"),
        random.randint(0, 2),
    )
    _sign(writer, case, random)
    return writer.sheets


def _head(writer: Writer, case: Case, kind: str, random: Random) -> None:
    sheet = writer.sheet
    writer.y = country(sheet, _MIDDLE, writer.y, modern=random.random() < 0.3) + 16
    sheet.type = sheet.values["document_type"] = kind
    writer.centred(kind.upper(), 15, name="document_type")
    writer.skip(6)
    to = people_committee(case.office).spoken
    writer.line((Span("Kính gửi: "), Span(f"{to}, thành phố Hà Nội")), _MIDDLE, _SIZE, "centre")
    writer.skip(6)


def _applicant(blank: _Form, case: Case, random: Random) -> None:
    person, sheet = case.applicant, blank.writer.sheet
    sheet.values.update(full_name=person.name, born_on=person.born.isoformat())
    sheet.values["applicant"] = person.name
    blank.row("Họ, chữ đệm, tên người yêu cầu", person.name.upper(), "full_name+applicant")
    blank.pair(
        ("Ngày, tháng, năm sinh", short_date(person.born), "born_on"), ("Giới tính", person.sex, "")
    )
    blank.row("Nơi cư trú", person.address, "address")
    blank.row("Giấy tờ tùy thân", "Căn cước công dân do Bộ Công an cấp")
    blank.row("Số định danh cá nhân", person.personal_id, "personal_id")
    blank.pair(
        ("Số điện thoại", _grouped(person.phone, random), "phone"),
        ("Email", "mau@example.invalid", ""),
    )
    sheet.values["phone"] = person.phone
    relation = "Mẹ đẻ" if person.woman else "Cha đẻ"
    if case.procedure.code != BIRTH:
        relation = random.choice(("Người thân thích", "Người được ủy quyền"))
    if case.procedure.code == MARRIAGE:
        relation = "Người sẽ kết hôn"
    blank.row("Quan hệ với người được đề nghị", relation)


def _subject(blank: _Form, case: Case) -> None:
    other = case.relative
    blank.writer.sheet.values["subject"] = other.name
    blank.row("Họ, chữ đệm, tên", other.name.upper(), "subject")
    blank.row("Ngày, tháng, năm sinh", short_date(other.born))
    blank.row("ghi bằng chữ", spelled_date(other.born))
    blank.pair(("Dân tộc", other.people, ""), ("Quốc tịch", "Việt Nam", ""))
    blank.ticks("Giới tính:", ("Nam", "Nữ"), int(other.woman))
    blank.row("Nơi sinh", f"Bệnh viện Đa khoa Giả Định, {case.office.unit}")
    blank.row("Quê quán", other.birthplace)


def _sign(writer: Writer, case: Case, random: Random) -> None:
    sheet, axis = writer.sheet, RIGHT - 42 * MM
    writer.skip(24)
    day = Span(printed_date(case.received), Style.ITALIC, "issued_on")
    sheet.values["issued_on"] = case.received.isoformat()
    place = Span(case.office.name, Style.ITALIC, "place")
    sheet.put((Span("Làm tại: ", Style.ITALIC), place, Span(", ", Style.ITALIC), day),
              (axis, writer.y), _SIZE, "centre")  # fmt: skip
    sheet.put((Span("Người yêu cầu", Style.BOLD),), (axis, writer.y + 17), _SIZE, "centre")
    signature(sheet, (axis - 20 * MM, writer.y + 20), random)
    name = Span(case.applicant.name, Style.BOLD, "signer")
    sheet.put((name,), (axis, writer.y + 76), _SIZE, "centre")


def _grouped(phone: str, random: Random) -> str:
    if random.random() < 0.5:
        return phone
    return f"{phone[:4]} {phone[4:7]} {phone[7:]}"
