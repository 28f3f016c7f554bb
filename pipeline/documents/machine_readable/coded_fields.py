"""Fields of a paper that its QR codes and its machine-readable zone say.

They beat what was read: QR first, then a zone whose check digits are right (docs/domain.md §4.2).
Where reading was certain and says something else, both are doubted. On a paper that is no card, a
card's code counts only when it is of the person whom the paper itself names; a dossier's code only
on a receipt, or where the paper prints one as well: other codes are strangers'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.documents.extract.parties import SEVERAL
from pipeline.documents.extract.receipts import RECEIPT
from pipeline.documents.fuzzy import folded_text, similarity
from pipeline.documents.machine_readable.mrz import Zone, find_zone
from pipeline.documents.machine_readable.qr_texts import card_text, paper_text
from pipeline.documents.rows import PageRows, make_finding
from pipeline.model import DOUBTED, Finding, PageCode, Source
from pipeline.vietnamese import canonical

CODED = 0.99  # confidence of what a code says whose own check is right
DIFFERS = "Mã trên giấy và chữ đọc được nói khác nhau."
_UNMARKED = "Họ tên lấy từ dòng máy đọc (MRZ), không có dấu."
CARDS = ("Thẻ căn cước công dân", "Thẻ căn cước", "Hộ chiếu")
_PEOPLE = ("full_name", "applicant", "subject")
_ALIKE = 0.85  # addresses are written with and without «tỉnh», and cut differently
_HOUSE = ("address", "issued_on")  # of the card, so of no other paper

Found = Mapping[str, Finding]


class _Person(NamedTuple):
    """What one code says of a person, by field."""

    fields: dict[str, Finding]
    has_marks: bool


def coded_fields(pages: Sequence[PageRows], kind: str, found: Found) -> dict[str, Finding]:
    """Return the findings of a paper that codes say, in place of those that were read.

    Args:
        pages: the pages of one paper.
        kind: its type; empty when unknown.
        found: the findings that were read on it.
    """
    names_dossier = kind == RECEIPT or "dossier_code" in found
    coded = _of_dossier(pages, found) if names_dossier else {}
    return coded | _of_people(_people(pages), {**found, **coded}, is_card=kind in CARDS)


def _of_dossier(pages: Sequence[PageRows], found: Found) -> dict[str, Finding]:
    coded: dict[str, Finding] = {}
    for page in pages:
        for code in page.codes:
            said = paper_text(code.text)
            if said is None:
                continue
            values = {
                "dossier_code": said.dossier_code,
                "procedure_code": said.procedure_code,
                "due_on": said.due_on.isoformat() if said.due_on else "",
            }
            for name, value in values.items():
                if value:
                    before = coded.get(name) or found.get(name)
                    coded[name] = beating(name, before, coded_finding(page.number, code, value))
    return coded


def coded_finding(page: int, code: PageCode, value: str) -> Finding:
    """Return the finding of a value that a code on a page (from 1) says."""
    return Finding(value, value, CODED, Source.QR, page, code.box)


def beating(name: str, read: Finding | None, coded: Finding) -> Finding:
    """Return what a code says of a field, doubted where a certain reading says something else.

    Args:
        name: the field.
        read: the finding that was read, or that another code said; None where there is none.
        coded: the finding that the code says.
    """
    if read is None or _agree(name, read.value, coded.value):
        return coded
    if read.is_certain:
        return coded.doubted(DIFFERS)
    return replace(coded, reasons=(*coded.reasons, DIFFERS))


def _agree(name: str, one: str, other: str) -> bool:
    if name == "address":
        return similarity(folded_text(one), folded_text(other), _ALIKE) >= _ALIKE
    return canonical(one) == canonical(other)


def _people(pages: Sequence[PageRows]) -> Iterator[_Person]:
    """Yield the people whom codes name: those of QR codes first."""
    for page in pages:
        for code in page.codes:
            if said := card_text(code.text):
                values = {
                    "full_name": said.full_name,
                    "personal_id": said.personal_id,
                    "born_on": said.born_on.isoformat(),
                    "address": said.address,
                    "issued_on": said.issued_on.isoformat() if said.issued_on else "",
                }
                fields = {
                    name: coded_finding(page.number, code, value)
                    for name, value in values.items()
                    if value
                }
                yield _Person(fields, has_marks=True)
    for page in pages:
        if zone := find_zone(page.rows):
            yield _Person(_of_zone(page, zone), has_marks=False)


def _of_zone(page: PageRows, zone: Zone) -> dict[str, Finding]:
    values = {"personal_id": zone.personal_id, "born_on": zone.born_on.isoformat()}
    if zone.names:
        values["full_name"] = zone.names
    return {
        name: replace(make_finding(page, value, zone.tokens, CODED, value), source=Source.MRZ)
        for name, value in values.items()
    }


def _of_people(people: Iterator[_Person], found: Found, *, is_card: bool) -> dict[str, Finding]:
    """Return the fields of the paper's own person: of several, those whom the paper names."""
    several = list(people)
    meant = [person for person in several if _is_named(person, found)]
    if not meant and not is_card:
        return {}
    several = meant or several
    doubts = (SEVERAL,) if len({each.fields["personal_id"].value for each in several}) > 1 else ()
    coded: dict[str, Finding] = {}
    for person in several:
        for name, finding in _fields(person, found, is_card=is_card).items():
            if name not in coded:
                coded[name] = beating(name, found.get(name), finding.doubted(*doubts))
    return coded


def _is_named(person: _Person, found: Found) -> bool:
    """Tell whether a paper names a person by number or, where it prints no number, by name."""
    number = found.get("personal_id")
    if number and number.value == person.fields["personal_id"].value:
        return True
    name = person.fields.get("full_name")
    own = found.get("full_name")
    same_name = name and own and folded_text(own.value) == folded_text(name.value)
    return bool(same_name) and not (number and number.is_certain)


def _fields(person: _Person, found: Found, *, is_card: bool) -> dict[str, Finding]:
    """Return what a code says, by the fields of the paper."""
    fields = {
        name: finding for name, finding in person.fields.items() if is_card or name not in _HOUSE
    }
    name = fields.pop("full_name", None)
    if name is None:
        return fields
    if not person.has_marks:
        return fields | _unmarked(name, found)
    read = found.get("full_name")
    alike = [
        role
        for role in _PEOPLE
        if role in found and read and canonical(found[role].value) == canonical(read.value)
    ]
    return fields | dict.fromkeys(alike or ["full_name", *(["subject"] * is_card)], name)


def _unmarked(name: Finding, found: Found) -> dict[str, Finding]:
    """Return a name without marks where none was read, else what was read, doubted if unlike.

    No digit checks the names of a zone, so a letter that differs says nothing.
    """
    read = found.get("full_name")
    if read is None:
        return {"full_name": replace(name, confidence=DOUBTED, reasons=(_UNMARKED,))}
    own, zones = folded_text(read.value), folded_text(name.value)
    if own.startswith(zones) or similarity(own, zones, _ALIKE) >= _ALIKE:
        return {}
    same = [role for role in _PEOPLE if role in found and found[role].value == read.value]
    return {role: found[role].doubted(DIFFERS) for role in same}
