"""Bundles: several papers in one scan, as feeders deliver them, with what is one paper.

Twelve kinds. Some lack what makes a boundary easy: a national heading, page numbers, an order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.paper.cases import BIRTH, MARRIAGE, PROCEDURES, Case, make_case
from tests.paper.fonts import Style, Typeface, typeface
from tests.paper.layouts import (
    certificate,
    form,
    lay_out,
    named_paper,
    official_letter,
    receipt,
)
from tests.paper.marks import signature
from tests.paper.sheet import HEIGHT, LEFT, MM, RIGHT, WIDTH, Sheet, Span
from tests.paper.spelled import short_date
from tests.paper.writer import Setting, Writer

_MIDDLE = (LEFT + RIGHT) / 2
_SEPARATES = -1


@dataclass(slots=True)
class Bundle:
    """Sheets in the order of the scan, and the paper that each belongs to."""

    kind: str
    sheets: list[Sheet] = field(default_factory=list)
    paper_of: list[int] = field(default_factory=list)  # -1: a separator, in no paper
    files: list[int] = field(default_factory=lambda: [0])  # at which sheet each file begins

    def add(self, sheets: list[Sheet], paper: int | None = None) -> None:
        """Put the sheets of one paper behind the others: a new one, or one that is there."""
        new = max(self.paper_of, default=-1) + 1
        self.sheets += sheets
        self.paper_of += [new if paper is None else paper] * len(sheets)

    @property
    def papers(self) -> list[tuple[int, ...]]:
        """The pages of each paper, from 1, in the order of the scan."""
        return [
            tuple(at for at, one in enumerate(self.paper_of, 1) if one == paper)
            for paper in sorted({*self.paper_of} - {_SEPARATES})
        ]


@dataclass(frozen=True, slots=True)
class _Desk:
    """Whose papers are laid out, and by what chance."""

    case: Case
    random: Random
    face: Typeface

    def decision(self, pages: int = 1) -> list[Sheet]:
        return named_paper(self.case, self.random, self.face, pages=pages)

    def letter(self, pages: int = 1) -> list[Sheet]:
        return official_letter(self.case, self.random, self.face, pages=pages)

    def one(self, layout: str) -> list[Sheet]:
        return [lay_out(layout, self.case, self.random, self.face)]

    def back(self) -> list[Sheet]:
        return [Sheet(self.face, "blank")]

    def statement(self) -> list[Sheet]:
        """Lay out what people type themselves: no heading, a title of their own, a name below."""
        writer = Writer(self.face, "statement")
        title = self.random.choice(("BẢN TƯỜNG TRÌNH SỰ VIỆC", "BẢN TỰ KHAI", "LỜI XIN PHÉP"))
        writer.centred(title, 15)
        person, row = self.case.applicant, Setting(indent=0)
        writer.paragraph(
            (Span(f"Tôi là {person.name}, sinh ngày {short_date(person.born)}."),), row
        )
        for _ in range(self.random.randint(3, 9)):
            writer.paragraph((Span(f"Hiện ở {person.address}, xin trình bày như trên là đúng."),))
        sheet = writer.sheet
        sheet.put((Span("NGƯỜI LÀM ĐƠN", Style.BOLD),), (RIGHT - 90, writer.y + 30), 13, "centre")
        sheet.put((Span("(Ký, ghi rõ họ tên)"),), (RIGHT - 90, writer.y + 48), 12, "centre")
        signature(sheet, (RIGHT - 120, writer.y + 60), self.random)
        return writer.sheets

    def attached(self, to: str) -> list[Sheet]:
        """Lay out what is attached to a letter: a title, the letter it goes with, no heading."""
        writer = Writer(self.face, "attached")
        writer.centred(self.random.choice(("KẾ HOẠCH", "ĐỀ CƯƠNG", "BIỂU TỔNG HỢP")), 14)
        writer.centred(f"(Kèm theo {to} số 15/UBND-VP của Ủy ban nhân dân)", 12, Style.ITALIC)
        for number in range(1, self.random.randint(5, 12)):
            writer.paragraph((Span(f"{number}. Các đơn vị rà soát, gửi kết quả về văn phòng."),))
        return writer.sheets

    def separator(self) -> list[Sheet]:
        writer = Writer(self.face, "separator")
        writer.skip(300)
        writer.centred(self.random.choice(("PATCH T", "TỜ PHÂN CÁCH", "SEPARATOR SHEET")), 40)
        return writer.sheets


def _with_numbers(sheets: list[Sheet]) -> list[Sheet]:
    """Print ``Trang 1/3`` below each sheet of a paper."""
    for number, sheet in enumerate(sheets, 1):
        text = f"Trang {number}/{len(sheets)}"
        sheet.put((Span(text),), (WIDTH / 2, HEIGHT - 12 * MM), 10, "centre")
    return sheets


def _letters(bundle: Bundle, desk: _Desk) -> None:
    for _ in range(desk.random.randint(2, 4)):
        make = desk.random.choice((desk.letter, desk.decision))
        bundle.add(make(desk.random.randint(1, 3)))


def _forms(bundle: Bundle, desk: _Desk) -> None:
    bundle.add(receipt(desk.case, desk.random, desk.face))
    bundle.add(form(desk.case, desk.random, desk.face))
    bundle.add(desk.one("I"))
    bundle.add(desk.one("F"))


def _certificates(bundle: Bundle, desk: _Desk) -> None:
    for _ in range(desk.random.randint(2, 3)):
        bundle.add(certificate(desk.case, desk.random, desk.face) + desk.back())
    bundle.add(desk.one("D"))
    bundle.add(desk.one("E"))


def _annexes(bundle: Bundle, desk: _Desk) -> None:
    bundle.add(desk.decision(desk.random.randint(1, 2)) + desk.one("J"))
    bundle.add(desk.letter() + desk.attached("Công văn"))
    bundle.add(desk.letter())


def _backs(bundle: Bundle, desk: _Desk) -> None:
    for make in (desk.letter, desk.decision, desk.decision):
        sheets = make(desk.random.randint(1, 3))
        bundle.add(sheets + (desk.back() if len(sheets) % 2 else []))
    bundle.add(form(desk.case, desk.random, desk.face) + desk.back())


def _separators(bundle: Bundle, desk: _Desk) -> None:
    for number, make in enumerate((desk.statement, desk.letter, desk.statement)):
        if number:
            bundle.add(desk.separator() + desk.back(), _SEPARATES)
        bundle.add(make())


def _statements(bundle: Bundle, desk: _Desk) -> None:
    bundle.add(form(desk.case, desk.random, desk.face))
    bundle.add(desk.statement())
    bundle.add(desk.statement())
    bundle.add(desk.letter())


def _shuffled(bundle: Bundle, desk: _Desk) -> None:
    for pages in (3, 4):
        sheets = _with_numbers(desk.decision(pages))
        desk.random.shuffle(sheets)
        bundle.add(sheets)
    bundle.add(form(desk.case, desk.random, desk.face))


def _strays(bundle: Bundle, desk: _Desk) -> None:
    long = _with_numbers(desk.decision(4))
    stray = long.pop(desk.random.randint(1, 3))
    bundle.add(long)
    bundle.add(_with_numbers(desk.letter(2)))
    bundle.add([stray], 0)


def _two_files(bundle: Bundle, desk: _Desk) -> None:
    sheets = desk.decision(4)
    bundle.add(sheets)
    bundle.files.append(2)
    bundle.add(desk.statement())
    bundle.files.append(len(bundle.sheets))
    bundle.add(desk.letter())


def _blank_sheets(bundle: Bundle, desk: _Desk) -> None:
    for make in (desk.statement, desk.letter, desk.statement):
        bundle.add(make() + desk.back() + desk.back())


def _one_paper(bundle: Bundle, desk: _Desk) -> None:
    bundle.add(desk.decision(desk.random.randint(5, 8)))


KINDS: dict[str, Callable[[Bundle, _Desk], None]] = {
    "letters": _letters,
    "forms": _forms,
    "certificates": _certificates,
    "annexes": _annexes,
    "backs": _backs,
    "separators": _separators,
    "statements": _statements,
    "shuffled": _shuffled,
    "strays": _strays,
    "two files": _two_files,
    "blank sheets": _blank_sheets,
    "one paper": _one_paper,
}


def make_bundle(number: int, seed: int = 1) -> Bundle:
    """Make one bundle; twelve that follow one another are of twelve kinds.

    Args:
        number: from 0; bundle n of a seed is always the same.
        seed: of everything.

    Raises:
        MisconfiguredError: a font is missing.
    """
    random = Random(f"bundle {seed} {number}")
    name = list(KINDS)[number % len(KINDS)]
    # Forms and certificates are drawn for these procedures.
    of = random.choice([one for one in PROCEDURES if one.code in (BIRTH, MARRIAGE)])
    bundle = Bundle(name)
    KINDS[name](bundle, _Desk(make_case(random, of), random, typeface("termes")))
    return bundle
