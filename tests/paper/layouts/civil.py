"""Certificates of civil status (layout C): labels in two columns inside a double frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from tests.paper.cases import BIRTH, MARRIAGE, Case, working_day
from tests.paper.closing import sign
from tests.paper.fonts import Style, Typeface
from tests.paper.letterhead import country
from tests.paper.people import Person, make_address, make_person
from tests.paper.places import people_committee
from tests.paper.sheet import HEIGHT, LEFT, MM, RIGHT, WIDTH, Sheet, Span
from tests.paper.spelled import printed_date, short_date, spelled_date
from tests.paper.writer import Setting, Writer

_LABEL, _VALUE = Style.REGULAR, Style.BOLD
_MIDDLE = (LEFT + RIGHT) / 2
_ROW = Setting(size=13, leading=1.2, after=4, indent=0, align="left")


@dataclass(frozen=True, slots=True)
class _Certificate:
    """A certificate being written."""

    writer: Writer
    case: Case
    random: Random
    registered: date

    def row(self, label: str, value: str, name: str = "") -> None:
        """Print “label: value” over the full width."""
        spans = (Span(f"{label}: ", _LABEL), Span(value, _VALUE, name))
        self.writer.paragraph(spans, _ROW)

    def cells(self, *cells: tuple[str, str, str]) -> None:
        """Print several “label: value” side by side, in equal columns."""
        writer = self.writer
        writer.y += _ROW.size * _ROW.leading
        column = (RIGHT - LEFT) / len(cells)
        for at, (label, value, name) in enumerate(cells):
            if at:
                writer.sheet.stay_on_line()
            spans = (Span(f"{label}: ", _LABEL), Span(value, _VALUE, name))
            writer.sheet.put(spans, (LEFT + at * column, writer.y), _ROW.size)
        writer.y += _ROW.after

    def person(self, person: Person, role: str) -> None:
        """Print a parent with year of birth, people, nationality and address."""
        self.row(f"Họ, chữ đệm, tên người {role}", person.name.upper())
        self.cells(
            ("Năm sinh", str(person.born.year), ""),
            ("Dân tộc", person.people, ""),
            ("Quốc tịch", "Việt Nam", ""),
        )
        self.row("Nơi cư trú", person.address)


def certificate(case: Case, random: Random, face: Typeface) -> list[Sheet]:
    """Lay out the certificate that fits the case's procedure, a birth certificate for most."""
    writer = Writer(face, "C")
    _double_frame(writer.sheet)
    writer.y += 6 * MM
    paper = _Certificate(writer, case, random, working_day(case.due))
    write = _WRITERS.get(case.procedure.code, _birth)
    write(paper)
    return writer.sheets


def _head(paper: _Certificate, kind: str, *, copy: bool = False, symbol: str = "") -> None:
    """Print motto, title, perhaps “(BẢN SAO)”, and the number on the right."""
    writer, sheet = paper.writer, paper.writer.sheet
    issuer = people_committee(paper.case.office)
    writer.y = country(sheet, _MIDDLE, writer.y, modern=False) + 22
    sheet.type = sheet.values["document_type"] = kind
    writer.centred(kind.upper(), 20, name="document_type")
    if copy:
        writer.centred("(BẢN SAO)", 13)
    number = [Span("Số: "), Span(f"{paper.random.randint(1, 480):02d}", _VALUE, "number")]
    if symbol:
        number += [Span("/", _VALUE), Span(symbol, _VALUE, "symbol")]
    writer.skip(4)
    writer.line(number, RIGHT, 13, "right")
    sheet.values["issuer"] = issuer.spoken
    writer.skip(8)


def _foot(paper: _Certificate) -> None:
    """Print where and when it was registered, and the signature."""
    writer, sheet = paper.writer, paper.writer.sheet
    issuer = people_committee(paper.case.office)
    paper.row("Nơi đăng ký", f"{issuer.spoken}, thành phố Hà Nội")
    sheet.values["issued_on"] = paper.registered.isoformat()
    paper.row("Ngày, tháng, năm đăng ký", printed_date(paper.registered), "issued_on")
    writer.skip(14)
    signing = paper.random.choice(issuer.signings[:2])
    sign(sheet, RIGHT - 42 * MM, writer.y + 14, signing, paper.random)


def _birth(paper: _Certificate) -> None:
    """Write a Giấy khai sinh, sometimes a copy."""
    case = paper.case
    copy = case.procedure.code != BIRTH or paper.random.random() < 0.4
    _head(paper, "Giấy khai sinh", copy=copy, symbol="GKS-BS" if copy else "")
    child, mother, father = _family(case, paper.random)
    sheet = paper.writer.sheet
    sheet.values.update(born_on=child.born.isoformat(), full_name=child.name, subject=child.name)
    paper.row("Họ, chữ đệm, tên", child.name.upper(), "full_name+subject")
    paper.row("Ngày, tháng, năm sinh", short_date(child.born), "born_on")
    paper.row("ghi bằng chữ", spelled_date(child.born))
    paper.cells(
        ("Giới tính", child.sex, ""), ("Dân tộc", father.people, ""), ("Quốc tịch", "Việt Nam", "")
    )
    paper.row("Nơi sinh", f"Bệnh viện Đa khoa Giả Định, {case.office.unit}, thành phố Hà Nội")
    paper.row("Quê quán", father.birthplace)
    paper.row("Số định danh cá nhân", child.personal_id, "personal_id")
    paper.person(mother, "mẹ")
    paper.person(father, "cha")
    bringer = father if case.applicant is child else case.applicant
    paper.row("Họ, chữ đệm, tên người đi khai sinh", bringer.name, "applicant")
    paper.row("Giấy tờ tùy thân", f"Căn cước số {bringer.personal_id}, Bộ Công an cấp")
    _foot(paper)


def _family(case: Case, random: Random) -> tuple[Person, Person, Person]:
    """Return child, mother and father: of the newborn, or of the applicant in other cases."""
    unit = case.office.unit
    if case.procedure.code == BIRTH:
        child, parent = case.relative, case.applicant
        years = (1984, 2002)
    else:
        child, years = case.applicant, (1948, 1957)
        parent = make_person(random, unit, years=years, woman=True)
    family = child.name.split()[0] if parent.woman else None
    other = make_person(random, unit, years=years, family=family, woman=not parent.woman)
    return (child, parent, other) if parent.woman else (child, other, parent)


def _marriage(paper: _Certificate) -> None:
    """Write a Giấy chứng nhận kết hôn: wife on the left, husband on the right."""
    case = paper.case
    _head(paper, "Giấy chứng nhận kết hôn")
    one, other = case.applicant, case.relative
    wife, husband = (one, other) if one.woman else (other, one)
    sheet = paper.writer.sheet
    sheet.values["full_name"] = sheet.values["subject"] = one.name
    rows: list[tuple[str, Callable[[Person], str]]] = [
        ("Ngày, tháng, năm sinh", lambda person: short_date(person.born)),
        ("Dân tộc", lambda person: person.people),
        ("Quốc tịch", lambda _: "Việt Nam"),
        ("Số định danh", lambda person: person.personal_id),
    ]
    for role, person in (("vợ", wife), ("chồng", husband)):
        mine = person is one
        paper.row(
            f"Họ, chữ đệm, tên {role}", person.name.upper(), "full_name+subject" if mine else ""
        )
        for (left, tell_left), (right, tell_right) in zip(rows[::2], rows[1::2], strict=True):
            names = ("born_on", "") if mine and left == rows[0][0] else ("", "")
            last = "personal_id" if mine and right == rows[3][0] else names[1]
            paper.cells((left, tell_left(person), names[0]), (right, tell_right(person), last))
        paper.row("Nơi cư trú", person.address, "address" if mine else "")
        paper.writer.skip(6)
    sheet.values["born_on"] = one.born.isoformat()
    _foot(paper)


def _single_status(paper: _Certificate) -> None:
    """Write a Giấy xác nhận tình trạng hôn nhân."""
    case, person = paper.case, paper.case.applicant
    _head(paper, "Giấy xác nhận tình trạng hôn nhân", symbol="UBND-XNTTHN")
    sheet, writer = paper.writer.sheet, paper.writer
    sheet.values.update(full_name=person.name, born_on=person.born.isoformat())
    sheet.values["subject"] = person.name
    who = f"{person.courtesy} {person.name}"
    ask = f"Xét đề nghị của {who} về việc cấp Giấy xác nhận tình trạng hôn nhân"
    writer.paragraph((Span(ask + ","),), _ROW)
    writer.skip(4)
    writer.centred("XÁC NHẬN:", 14)
    writer.skip(6)
    paper.row("Họ, chữ đệm, tên", person.name.upper(), "full_name+subject")
    paper.cells(("Ngày, tháng, năm sinh", short_date(person.born), "born_on"),
                ("Giới tính", person.sex, ""))  # fmt: skip
    paper.cells(("Dân tộc", person.people, ""), ("Quốc tịch", "Việt Nam", ""))
    paper.row("Số định danh cá nhân", person.personal_id, "personal_id")
    paper.row("Nơi cư trú", person.address, "address")
    earlier = make_address(paper.random, case.office.unit)
    paper.row("Trong thời gian cư trú tại", earlier)
    paper.row("Tình trạng hôn nhân", "Chưa đăng ký kết hôn với ai")
    purpose = (
        "Giấy này được sử dụng để làm thủ tục đăng ký kết hôn và có giá trị trong thời hạn "
        "06 tháng kể từ ngày cấp."
    )
    writer.paragraph((Span(purpose),), _ROW)
    _foot(paper)


_WRITERS = {BIRTH: _birth, MARRIAGE: _marriage, "1.004873": _single_status}


def _double_frame(sheet: Sheet) -> None:
    """Draw the frame of certificates, inside the margins of the paper."""
    for inset, width in ((13 * MM, 1.8), (15 * MM, 0.6)):
        corner = inset + 5 * MM, inset
        sheet.frame(corner, (WIDTH - 2 * inset - 5 * MM, HEIGHT - 2 * inset), width)
