"""Finds the dossiers that somebody asks for at the counter, and says how each stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pipeline.access import may_hand_out
from pipeline.documents import find_dossier_code
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.machine_readable.qr_texts import card_text, paper_text
from pipeline.errors import QueryError
from pipeline.joining.codes import dossiers_of
from pipeline.model import Document, Dossier, Record
from pipeline.owners.found import Sees, dossiers_found
from pipeline.owners.numbers import name_keys, owner_number, phone_key, uncertain_key
from pipeline.ports import Archive
from pipeline.ports.owners import OwnerIndex
from pipeline.vietnamese.numbers import real_date

_DAY = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})|(\d{2})(\d{2})(\d{4})")
# Types of papers that people hand in or that the office writes meanwhile: none is a result.
_NO_RESULT = re.compile(
    r"(?:to khai|don|giay tiep nhan|phieu|van ban xin loi|so theo doi|giay uy)\b"
)


class CounterQuestion(NamedTuple):
    """What somebody asks by; what is empty does not count."""

    number: str = ""  # identity number, tax code, dossier code, or the QR of a card or receipt
    phone: str = ""
    name: str = ""
    born: str = ""  # d/m/yyyy

    @property
    def kinds(self) -> str:
        """Which were given, for the audit log."""
        named = {"number": self.number, "phone": self.phone, "name": self.name or self.born}
        return ",".join(kind for kind, value in named.items() if value.strip())

    @property
    def words(self) -> str:
        """What was typed, for the audit log, which keeps it locked."""
        return " · ".join(" ".join(part.split()) for part in self if part.strip())[:300]


@dataclass(frozen=True, slots=True)
class DossierStanding:
    """How a dossier stands, in what a citizen wants to know."""

    received: date | None
    due: date | None
    overdue: int  # days since it was due, while there is no result; 0: it is not
    papers: tuple[int, ...]  # positions of the papers that were handed in, from 1
    results: tuple[int, ...]  # positions of the papers that may be the result
    missing: tuple[str, ...]  # components that the checklist wants


def find_asked(
    question: CounterQuestion, owners: OwnerIndex, archive: Archive, may_see: Sees
) -> tuple[Record, ...]:
    """Return the newest records of the dossiers that fit all that was given, newest first.

    Args:
        question: the words that were given.
        owners: the index of owners.
        archive: the store.
        may_see: tells whether the visitor may know of a dossier.

    Raises:
        QueryError: nothing was given, or it is no number, code, phone, name or day.
    """
    found: dict[str, Record] | None = None
    for records in _each(question, owners, archive, may_see):
        both = found.keys() & records.keys() if found is not None else records.keys()
        found = {dossier: records[dossier] for dossier in sorted(both, reverse=True)}
    if found is None:
        raise QueryError(
            "Chưa nhập gì để tra cứu.",
            "Nhập số định danh, mã hồ sơ, điện thoại, hoặc họ tên cùng ngày sinh.",
        )
    return tuple(found.values())


def standing_of(dossier: Dossier, day: date) -> DossierStanding:
    """Return how a dossier stands.

    Args:
        dossier: the dossier, which may be masked.
        day: today.
    """
    received, due = (_day(dossier.find_day(name)) for name in ("received_on", "due_on"))
    results = tuple(
        at for at, paper in enumerate(dossier.documents, 1) if _is_result(paper, dossier, received)
    )
    handed_in = (at for at, paper in enumerate(dossier.documents, 1) if _is_handed_in(paper))
    is_late = due is not None and due < day and not results
    return DossierStanding(
        received,
        due,
        (day - due).days if due and is_late else 0,
        tuple(at for at in handed_in if at not in results),
        results,
        tuple(one.name for one in dossier.lacking),
    )


def _each(
    question: CounterQuestion, owners: OwnerIndex, archive: Archive, may_see: Sees
) -> Iterator[dict[str, Record]]:
    if first := question.number.strip():
        if code := _code(first):
            records = dossiers_of(code, archive, None)
            seen = (each for each in records if may_hand_out(each) and may_see(each))
            yield {each.dossier.id: each for each in seen}
        else:
            number = number_asked(first)
            yield dossiers_found((number, uncertain_key(number)), owners, archive, may_see)
    if question.phone.strip():
        yield dossiers_found([phone_key(question.phone)], owners, archive, may_see)
    if question.name.strip() or question.born.strip():
        keys = name_keys(question.name, _birth(question.born))
        yield dossiers_found(keys, owners, archive, may_see)


def _code(text: str) -> str:
    if read := paper_text(text):
        return read.dossier_code
    return "" if "|" in text else find_dossier_code(text) or ""


def number_asked(text: str) -> str:
    """Return the number that was typed, or that of the card whose QR was scanned.

    Raises:
        QueryError: it is no number of a person or organisation, and no card's text.
    """
    if "|" not in text:
        return owner_number(text)
    if card := card_text(text.strip()):
        return owner_number(card.personal_id)
    raise QueryError(
        "Mã QR này không phải của thẻ căn cước, hoặc đọc thiếu.",
        "Quét lại, hoặc nhập 12 số trên thẻ.",
    )


def _birth(text: str) -> date:
    if found := _DAY.fullmatch(text.strip()):
        day, month, year = (int(part) for part in found.groups() if part)
        if born := real_date(year, month, day):
            return born
    raise QueryError("Chưa có ngày sinh đúng.", "Nhập ngày sinh dạng 05/09/1990.")


def _is_result(paper: Document, dossier: Dossier, received: date | None) -> bool:
    """Tell whether a paper may be what the office decided: issued since, and no component."""
    if not _is_handed_in(paper) or _NO_RESULT.match(folded_text(paper.type)):
        return False
    if any(page in paper.pages for one in dossier.components for page in one.pages):
        return False
    issued = paper.findings.get("issued_on")
    issued_on = _day(issued.value) if issued and issued.is_certain else None
    if issued_on is None or received is None:
        return False
    return issued_on >= received


def _is_handed_in(paper: Document) -> bool:
    return bool(paper.type) and not folded_text(paper.type).startswith("giay tiep nhan")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
