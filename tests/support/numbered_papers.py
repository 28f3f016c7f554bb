"""Dossiers of made-up people whose numbers are printed in all the ways that an index may hold."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from pipeline.model import Publication
from tests.paper.people import Person, make_person, make_tax_code
from tests.support.indexed import publication, with_findings


@dataclass(frozen=True)
class NumberedPaper:
    """A dossier, and the numbers that no index may hold."""

    publication: Publication
    personal_id: str
    phone: str
    tax_code: str

    @property
    def numbers(self) -> tuple[str, str, str]:
        """All of them, digits only."""
        return self.personal_id, self.phone, self.tax_code

    @property
    def remains(self) -> set[str]:
        """What may not be left either: the halves of each, which stand over a line end."""
        return {half for one in self.numbers for half in _halves(one)}


def numbered_papers(count: int) -> list[NumberedPaper]:
    """Make dossiers, each of two pages, a title and fields that all tell the numbers."""
    random = Random(13)
    return [_paper(random, number) for number in range(count)]


def _halves(number: str) -> tuple[str, str]:
    return number[: len(number) // 2], number[len(number) // 2 :]


def _paper(random: Random, number: int) -> NumberedPaper:
    person, tax_code = make_person(random, "phường Cầu Giấy"), make_tax_code(random)
    told = (person.personal_id, person.phone, tax_code)
    first, second = "\n".join(_lines(person, tax_code)), "\n".join(map(_over_a_line_end, told))
    made = publication(
        f"n{number:03}", first, second, name=f"{person.personal_id} {person.phone}.pdf"
    )
    fields = {
        "personal_id": person.personal_id,
        "phone": f"+84 {person.phone[1:]}",
        "tax_code": tax_code,
        "summary": f"Về việc của {person.name}, số {person.personal_id}",
        "issuer": f"Công ty {person.name}, ĐT {person.phone}",
        "applicant": f"{person.name} ({tax_code})",
    }
    return NumberedPaper(with_findings(made, **fields), *told)


def _over_a_line_end(number: str) -> str:
    return "Số đã cấp {}\n{} theo sổ".format(*_halves(number))


def _lines(person: Person, tax_code: str) -> list[str]:
    number, phone = person.personal_id, person.phone
    return [
        f"Đơn đề nghị của {person.name}, số định danh {number}",
        "CCCD " + " ".join(number[at : at + 3] for at in range(0, 12, 3)) + " cấp",
        "Căn cước: " + " ".join(number),
        f"Số {number.replace('0', 'O')} của người này",
        f"ĐT {phone[:4]}.{phone[4:7]}.{phone[7:]}, (+84) {phone[1:]}",
        f"MST {tax_code[:4]} {tax_code[4:]}, chi nhánh {tax_code}-001",
    ]
