"""Papers of an owner by the API: within the scope, masked, recorded, and for a purpose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from owners import open_owners
from pipeline.model import Document, Finding, PersonRole, Right, Scope, Source
from pipeline.owners import owner_papers
from pipeline.versions import Act, keep_next, newest_record
from tests.support.callers import assert_error, caller
from tests.support.personal_papers import PersonalPaper, add_personal_papers
from tests.support.visitors import Room, open_room

PATH = "/owners/papers"


@pytest.fixture
def place(tmp_path: Path) -> tuple[Room, PersonalPaper]:
    """A room with papers of five people; the first two dossiers carry the same number."""
    room = open_room(tmp_path)
    papers = add_personal_papers(room.backend, 2)
    archive = room.backend.archive
    number = papers[0].person.personal_id
    index = open_owners(room.backend.settings.owners, room.backend.settings.home)
    for at, paper in enumerate(papers):
        record = newest_record(paper.dossier, archive)
        finding = Finding(number, number, 0.95, Source.OCR, page=1)
        document = Document("Giấy khai sinh", (1,), {"personal_id": finding})
        unit = ("Sở Mẫu", "Sở Khác")[at]
        state = replace(record.dossier, documents=(document,), unit=unit)
        kept = keep_next(record, state, "digitised", archive, actor=Act("sohoa"))
        index.keep([owner_papers(kept.dossier, kept.sequence)])
    index.close()
    return room, papers[0]


def sent(paper: PersonalPaper, **more: str) -> dict[str, str]:
    return {"number": paper.person.personal_id, "purpose": "case", **more}


def test_papers_of_all_dossiers_are_told_masked_and_recorded(
    place: tuple[Room, PersonalPaper],
) -> None:
    room, paper = place
    answer = caller(room, "minh", PersonRole.RECORDS).post(PATH, json=sent(paper))
    told = answer.json()
    assert [one["dossier"] for one in told["papers"]] == ["0b0001", "0b0000"]
    assert {one["validity"]["state"] for one in told["papers"]} == {"lasting"}
    assert paper.person.personal_id not in answer.text
    entries = [one for one in room.entries() if one.text("verb") in {"search", "view"}]
    assert [one.text("verb") for one in entries] == ["search", "view", "view"]
    assert not any(paper.person.personal_id in str(one) for one in room.entries())


def test_other_units_papers_are_neither_told_nor_counted(
    place: tuple[Room, PersonalPaper],
) -> None:
    room, paper = place
    scope = Scope(units=frozenset({"Sở Khác"}))
    told = caller(room, "lan", PersonRole.RECORDS, scope=scope).post(PATH, json=sent(paper)).json()
    assert [one["dossier"] for one in told["papers"]] == ["0b0001"]
    scope = Scope(units=frozenset({"Sở Thứ Ba"}))
    nobody = caller(room, "an", PersonRole.RECORDS, scope=scope).post(PATH, json=sent(paper))
    unknown = caller(room, "an", PersonRole.RECORDS, scope=scope).post(
        PATH, json=sent(paper, number="001099009999")
    )
    assert nobody.json() == unknown.json()


def test_the_limit_counts_what_may_be_seen(
    place: tuple[Room, PersonalPaper], monkeypatch: pytest.MonkeyPatch
) -> None:
    room, paper = place
    monkeypatch.setattr("web.api.owners.owned.MOST_PAPERS", 1)
    monkeypatch.setattr("pipeline.owners.found._AT_ONCE", 1)
    scope = Scope(units=frozenset({"Sở Mẫu"}))  # of the older dossier
    told = caller(room, "lan", PersonRole.RECORDS, scope=scope).post(PATH, json=sent(paper)).json()
    assert [one["dossier"] for one in told["papers"]] == ["0b0000"]


def test_a_call_without_purpose_right_or_number_is_refused(
    place: tuple[Room, PersonalPaper],
) -> None:
    room, paper = place
    machine = caller(room, "minh", PersonRole.RECORDS)
    number = paper.person.personal_id
    assert machine.post(PATH, json={"number": number}).status_code == 422
    assert machine.post(PATH, json=sent(paper, number="Nguyễn Văn Mẫu")).status_code == 400
    assert machine.post(PATH, json=sent(paper, number="0310")).status_code == 422
    assert machine.get(f"{PATH}?number={number}").status_code == 405
    other = caller(room, "lan", PersonRole.RECORDS, rights=frozenset({Right.UPLOAD}))
    assert_error(other.post(PATH, json=sent(paper)), 403, "right_missing")
