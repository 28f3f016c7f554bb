"""Dossiers of a made-up citizen in two units, with one that bears the same name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from owners import open_owners
from pipeline import clock
from pipeline.model import (
    Component,
    ComponentState,
    Document,
    Dossier,
    Finding,
    Outcome,
    PageNote,
    PagePart,
    PageState,
    Record,
    Source,
)
from pipeline.owners import owner_papers
from tests.support.visitors import Room
from tests.support.web_backend import RECEIVED, RECIPE, Backend, store_scan

NUMBER, OTHER_NUMBER = "031890001562", "031890004444"  # of a century to come: nobody has them
PHONE, NAME, BORN = "0900000663", "Nguyễn Thị Mẫu", "1990-09-05"
CARD = f"{NUMBER}|031234567|{NAME}|05091990|Nữ|Số 1 phố Ví Dụ, Hà Nội|01052021"
MARITAL = "Giấy xác nhận tình trạng hôn nhân"
MARRIAGE, HOLDS, NAMED, FOREIGN = "0d0001", "0d0002", "0d0003", "0d0004"
SHARED = "0d0005"
OWN_UNIT, OTHER_UNIT = "H26.19.25", "H26.19.99"  # as dossier codes begin
UNIT_NAME = "UBND phường Mẫu"
CODE = f"{OWN_UNIT}-260302-0901"
ISSUED = clock.today() - timedelta(days=60)  # of the paper that holds for six months


def paper(kind: str, page: int, confidence: float = 0.95, **values: str) -> Document:
    """Return a paper of one page whose fields were read with a confidence."""
    found = {
        name: Finding(value, value, confidence, Source.OCR, page) for name, value in values.items()
    }
    return Document(kind, (page,), found)


def add_owned_papers(room: Room) -> None:
    """Store and keep the dossiers: MARRIAGE lacks what HOLDS has; NAMED has no number."""
    for dossier in (_marriage(), _holding(), _named(), _foreign()):
        add_owned(room.backend, dossier)


def add_owned(backend: Backend, dossier: Dossier) -> Record:
    """Store a digitised dossier with a scan of three pages, and keep whose papers it has."""
    scan = store_scan(backend, f"{dossier.id}.pdf", 3)
    pages = tuple(
        PageNote(scan.sha256, at, RECIPE, PageState.READ, 0.95, 1.0) for at in range(1, 4)
    )
    outcome = dossier.outcome or Outcome.COMPLETE
    state = replace(dossier, scans=(scan,), pages=pages, outcome=outcome)
    record = Record(1, state.received, "worker", "digitised", state)
    backend.archive.keep_record(record)
    if state.code:
        backend.archive.note_code(state.code, state.id)
    index = open_owners(backend.settings.owners, backend.settings.home)
    index.keep([owner_papers(state, 1)])
    index.close()
    return record


def add_shared_sheet(backend: Backend, first: str = "", second: str = "") -> Record:
    """Store SHARED: a sheet with papers of another person and, below, of the made-up citizen.

    Args:
        backend: where it is stored.
        first: the number that the first paper carries; empty: none.
        second: the number that the second one carries; empty: none.
    """
    people = (("Trần Văn Hai", "1985-06-05", first), (NAME, BORN, second))
    documents = []
    for part, (name, born, number) in enumerate(people, 1):
        values = {"full_name": name, "born_on": born} | ({"personal_id": number} if number else {})
        parted = (PagePart(1, part, len(people)),)
        documents.append(replace(paper("Giấy khai sinh", 1, 0.95, **values), parts=parted))
    code = f"{OWN_UNIT}-260302-0905"
    return add_owned(
        backend, Dossier(SHARED, "hai giay.pdf", RECEIVED, code=code, documents=tuple(documents))
    )


def _marriage() -> Dossier:
    receipt = paper(
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        1,
        full_name=NAME,
        personal_id=NUMBER,
        phone=PHONE,
        procedure_name="Đăng ký kết hôn",
        received_on="2026-03-02",
        due_on="2026-03-05",
    )
    form = paper("Tờ khai đăng ký kết hôn", 2, full_name=NAME, born_on=BORN, personal_id=NUMBER)
    components = (
        Component("Tờ khai đăng ký kết hôn", ComponentState.PRESENT, "receipt", (2,)),
        Component(MARITAL, ComponentState.MISSING, "receipt"),
    )
    return Dossier(
        MARRIAGE,
        "ket hon.pdf",
        RECEIVED + timedelta(days=3),
        code=CODE,
        unit=UNIT_NAME,
        documents=(receipt, form),
        components=components,
    )


def _holding() -> Dossier:
    marital = paper(
        MARITAL,
        1,
        full_name=NAME,
        born_on=BORN,
        personal_id=NUMBER,
        number="12",
        symbol="XNHN",
        issued_on=ISSUED.isoformat(),
        issuer=UNIT_NAME,
        received_on=(ISSUED - timedelta(days=2)).isoformat(),
    )
    code = f"{OWN_UNIT}-260302-0902"
    return Dossier(HOLDS, "hon nhan.pdf", RECEIVED, code=code, documents=(marital,))


def _named() -> Dossier:
    birth = paper("Giấy khai sinh", 1, full_name=NAME.upper(), born_on=BORN, issued_on="1990-10-01")
    code = f"{OWN_UNIT}-260302-0903"
    return Dossier(NAMED, "khai sinh.pdf", RECEIVED, code=code, documents=(birth,))


def _foreign() -> Dossier:
    land = paper("Giấy chứng nhận quyền sử dụng đất", 1, full_name=NAME, personal_id=NUMBER)
    at = datetime(2026, 4, 1, tzinfo=UTC)
    code = f"{OTHER_UNIT}-260302-0904"
    return Dossier(FOREIGN, "dat.pdf", at, code=code, documents=(land,))
