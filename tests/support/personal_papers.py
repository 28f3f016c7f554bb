"""Dossiers of made-up people, their data printed in all the ways that masking must know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from pipeline.model import (
    Box,
    Component,
    ComponentMark,
    ComponentState,
    Document,
    Dossier,
    Finding,
    IndexEntry,
    Line,
    MarkKind,
    Outcome,
    Page,
    PageMeasures,
    PageNote,
    PageRef,
    PageState,
    PageTable,
    PageText,
    Publication,
    Record,
    SlotKind,
    SlotReading,
    Source,
    TableCell,
    View,
    Word,
)
from pipeline.ports import PageReading
from pipeline.ports.searchable_pdf import SearchablePdf
from tests.paper.people import Person, make_person, make_tax_code
from tests.support.web_backend import (
    HEIGHT,
    RECEIVED,
    RECIPE,
    ROTATED,
    UPRIGHT,
    WIDTH,
    Backend,
    draw,
    line,
    store_scan,
)

WHOLE = "Thẻ căn cước"


@dataclass(frozen=True)
class PersonalPaper:
    """A dossier that speaks of one person, on two pages: the second was not read."""

    dossier: str
    kind: str
    person: Person
    tax_code: str
    scan: str
    page: Page
    hidden: tuple[int, ...]  # words of the first page that hold nothing but personal data
    slots: tuple[Box, ...]  # of its form where more stands that is in no field, half of it unread
    mothers_number: str  # read in one of them
    misread: str  # the words of another one

    @property
    def numbers(self) -> tuple[str, ...]:
        """What must not stand in any answer, whatever gaps it has."""
        return self.person.personal_id, self.person.phone, self.tax_code

    @property
    def texts(self) -> tuple[str, ...]:
        """What must not stand in any answer as it is."""
        return f"{self.person.born:%d/%m/%Y}", self.person.address.split(",")[0], self.misread


@dataclass
class _Sheet:
    """A page that is being written; words that begin with ``_`` are personal."""

    lines: list[Line] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)

    def write(self, *words: str) -> None:
        at = sum(len(one.words) for one in self.lines)
        self.hidden += [at + place for place, word in enumerate(words) if word.startswith("_")]
        plain = [word.removeprefix("_") for word in words]
        self.lines.append(line(60 + 40 * len(self.lines), *plain))


def _labelled(sheet: _Sheet, person: Person, tax_code: str) -> None:
    sheet.write("Số", "định", "danh:", f"_{person.personal_id}")
    sheet.write("Sinh", "ngày", f"_{person.born:%d/%m/%Y}", "Điện", "thoại", f"_{person.phone}")
    sheet.write("Mã", "số", "thuế", f"_{tax_code}")
    house, *rest = person.address.split(",")
    sheet.write("Địa", "chỉ:", *(f"_{word}" for word in house.split()))
    sheet.write(*" ".join(rest).split())


def _with_gaps(sheet: _Sheet, person: Person, tax_code: str) -> None:
    digits = person.personal_id
    sheet.write("CCCD", *(f"_{digits[at : at + 3]}" for at in range(0, 12, 3)), "cấp")
    sheet.write("ĐT:", f"_{person.phone[:4]}.{person.phone[4:7]}.{person.phone[7:]}")
    sheet.write("MST", f"_{tax_code[:4]}", f"_{tax_code[4:]}")
    sheet.write("Năm", "sinh:", f"_{person.born:%d}", f"_{person.born:%m}", f"_{person.born:%Y}")


def _misread(sheet: _Sheet, person: Person, tax_code: str) -> None:
    wrong = person.personal_id.replace("0", "O").replace("1", "l")
    sheet.write("Số", f"_{wrong}", "của", "bà")
    sheet.write("(+84)", f"_{person.phone[1:]}", "và", f"_{tax_code}-001")
    sheet.write("ngày", "sinh", f"_{person.born:%d-%m-%Y}")


def _boxed(sheet: _Sheet, person: Person, tax_code: str) -> None:
    sheet.write(*(f"_{digit}" for digit in person.personal_id))
    sheet.write(f"_{person.phone[:5]}", f"_{person.phone[5:]}", "hoặc", f"_{tax_code}")


def _in_a_table(sheet: _Sheet, person: Person, tax_code: str) -> None:
    sheet.write("STT", "Số", "định", "danh", "Ngày", "sinh")
    sheet.write("1", f"_{person.personal_id}", f"_{person.born:%d/%m/%Y}")
    sheet.write("2", f"_{tax_code}", "Điện", "thoại")
    sheet.write("3", f"_{person.phone[:6]}")
    sheet.write(f"_{person.phone[6:]}", "hết")


KINDS: tuple[Callable[[_Sheet, Person, str], None], ...] = (
    _labelled,
    _with_gaps,
    _misread,
    _boxed,
    _in_a_table,
)


def add_personal_papers(backend: Backend, count: int) -> list[PersonalPaper]:
    """Store and publish dossiers of different people and kinds; every fifth is an identity card.

    Args:
        backend: the archive and index.
        count: how many.
    """
    random = Random(7)
    papers = [_add(backend, random, number) for number in range(count)]
    backend.archive.enqueue(papers[-1].dossier)  # so that the queue names one of them
    return papers


def _add(backend: Backend, random: Random, number: int) -> PersonalPaper:
    person, tax_code = make_person(random, "phường Cầu Giấy"), make_tax_code(random)
    dossier, kind = f"0b{number:04x}", WHOLE if number % 5 == 4 else "Đơn đề nghị"
    sheet = _Sheet()
    sheet.write("ĐƠN", "ĐỀ", "NGHỊ", "của", *person.name.split())
    KINDS[number % len(KINDS)](sheet, person, tax_code)
    mothers, misread = f"0018{number:02d}000123", f"Z?O{number:02d}Ol9"
    sheet.write("Người", "mẹ,", "người", "cha")
    sheet.write("CCCD:")
    sheet.write("CCCD:", f"_{misread}")
    slots, ink = _slots(sheet, mothers)
    view = ROTATED if number % 3 == 1 else UPRIGHT
    text, measures = PageText(tuple(sheet.lines)), PageMeasures(WIDTH, HEIGHT, 100.0)
    page = Page(1, PageState.READ, measures, text, view, tables=(_grid(view),), slots=slots)
    scan = store_scan(backend, f"{person.personal_id} {person.phone} số {number}.pdf", 2)
    _store_pages(backend, PageRef(dossier, scan.sha256, 1), page, ink, person)
    _store_pdf(backend, scan.sha256, person)
    unread = f"Mờ: {person.personal_id}"
    made = Dossier(
        dossier,
        scan.name,
        RECEIVED,
        code=f"H26.19.25-260302-{number:04d}",
        scans=(scan,),
        pages=(
            PageNote(scan.sha256, 1, RECIPE, PageState.READ, 0.95, 1.0),
            PageNote(scan.sha256, 2, RECIPE, PageState.NOT_READ, 0, 0, (unread,)),
        ),
        documents=(Document(kind, (1,), _findings(person, tax_code, page)),),
        outcome=Outcome.PARTIAL,
        components=_checklist(person),
        marks=(
            ComponentMark(
                f"Bản sao CCCD {person.personal_id}",
                MarkKind.EXEMPT,
                "mai",
                RECEIVED,
                f"đã nộp, gọi {person.phone}",
            ),
        ),
        reasons=(f"Trang 2 của {person.personal_id} chưa đọc được.",),
    )
    _publish(backend, made, page)
    hidden, places = tuple(sheet.hidden), tuple(one.box for one in ink.words)
    told = (dossier, kind, person, tax_code, scan.sha256, page, hidden)
    return PersonalPaper(*told, places, mothers, misread)


def _slots(sheet: _Sheet, mothers: str) -> tuple[tuple[SlotReading, ...], Line]:
    """Return the two slots at the end of a form, and what is written there and in no words."""
    first, second = (one.words[0].box for one in sheet.lines[-2:])
    misread = sheet.lines[-1].words[1].box
    written = first._replace(left=first.right + 20, width=144)
    beside = misread._replace(left=misread.right + 60, width=120)
    reason = "Ô số của tờ khai có hai số, máy không biết số nào đúng."
    kind = SlotKind.PERSONAL_ID
    slots = (
        SlotReading(kind, mothers, 0.98, _reach(written), mothers, "", first),
        SlotReading(kind, "", 0.0, _reach(misread), "", reason, second),
    )
    return slots, Line((Word(mothers, 0.0, written), Word("", 0.0, beside)))


def _reach(row: Box) -> Box:
    """Return the box of a slot whose figures stand in a row of print."""
    room = round(0.4 * row.height)
    return row._replace(top=row.top - room, height=row.height + 2 * room)


def _checklist(person: Person) -> tuple[Component, ...]:
    why = f"đã nộp, gọi {person.phone}"
    return (
        Component(
            f"Bản sao CCCD {person.personal_id}", ComponentState.EXEMPT, "receipt", reason=why
        ),
        Component(f"Đơn của {person.personal_id}", ComponentState.MISSING, "receipt"),
    )


def _grid(view: View) -> PageTable:
    """Return a table over the whole page: two rows of two cells."""
    across, down = view.width // 2, view.height // 2
    places = [(row, column) for row in (1, 2) for column in (1, 2)]
    cells = (
        TableCell(r, c, 1, 1, Box((c - 1) * across, (r - 1) * down, across, down))
        for r, c in places
    )
    return PageTable(Box(0, 0, view.width, view.height), 2, 2, tuple(cells))


def _store_pages(backend: Backend, ref: PageRef, page: Page, ink: Line, person: Person) -> None:
    """Store a page, and a second one whose picture shows a number that nobody read."""
    picture = draw(PageText((*page.text.lines, ink)), page.view or UPRIGHT)
    backend.archive.keep_page(ref, RECIPE, PageReading(page, picture))
    unread = replace(page, number=2, state=PageState.NOT_READ, text=PageText(), view=UPRIGHT)
    picture = draw(PageText((line(80, *person.personal_id),)), UPRIGHT)
    backend.archive.keep_page(ref._replace(number=2), RECIPE, PageReading(unread, picture))


def _publish(backend: Backend, made: Dossier, page: Page) -> None:
    paper = made.documents[0]
    number = paper.findings["personal_id"].value
    record = Record(1, RECEIVED, "worker", "digitised", made, reason=f"CCCD {number}")
    backend.archive.keep_record(record)
    values = {name: finding.value for name, finding in paper.findings.items()}
    entry = IndexEntry(1, page.text.text, PageState.READ, paper.type, values)
    backend.index.publish([Publication(made, 1, (entry,))])


def _findings(person: Person, tax_code: str, page: Page) -> dict[str, Finding]:
    box = page.text.words[4].box
    spaced = " ".join(person.personal_id)
    return {
        "personal_id": Finding(person.personal_id, spaced, 0.7, Source.OCR, 1, box),
        "phone": Finding(person.phone, f"{person.phone[:4]} {person.phone[4:]}", 0.9, Source.OCR),
        "tax_code": Finding(tax_code, tax_code, 0.9, Source.OCR, 1),
        "summary": Finding(
            f"Về việc của {person.name}, sinh ngày {person.born:%d/%m/%Y}, {person.personal_id}",
            "",
            0.9,
            Source.OCR,
        ),
    }


def _store_pdf(backend: Backend, scan: str, person: Person) -> None:
    path = backend.settings.home / "searchable.pdf"
    content = f"%PDF-1.7 {person.personal_id}".encode()
    path.write_bytes(content)
    made = SearchablePdf(scan, RECIPE, 1, size=len(content), is_inert=True)
    backend.archive.keep_searchable_pdf(made, path)
