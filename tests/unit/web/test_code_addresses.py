"""``/ho-so/<code>`` leads to the dossier of a code printed on paper, within the visitor's scope."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.audit import Verb
from pipeline.model import PersonRole, Scope
from tests.support.visitors import Room, open_room
from tests.support.web_backend import COMPLETE, PARTIAL

CODE = "H26.19.25-260302-0007"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return open_room(tmp_path)


def test_a_code_leads_to_its_dossier_in_either_case(room: Room) -> None:
    reader = room.signed_in(room.person("lan"))
    for typed in (CODE, CODE.lower()):
        answer = reader.get(f"/ho-so/{typed}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/ho-so/{PARTIAL}")
    assert room.entries()[-1].text("verb") == str(Verb.SEARCH)


def test_a_code_of_nobody_and_of_others_is_told_alike(room: Room) -> None:
    foreign = room.signed_in(room.person("mai", scope=Scope(frozenset({"Phường khác"}))))
    reader = room.signed_in(room.person("lan"))
    unknown = reader.get("/ho-so/H26.19.25-260302-9999")
    others = foreign.get(f"/ho-so/{CODE}")
    assert unknown.status_code == others.status_code == 404
    assert others.text.count("Không có hồ sơ") == unknown.text.count("Không có hồ sơ") == 1


def test_of_several_dossiers_the_visitor_chooses(room: Room) -> None:
    archive = room.backend.archive
    record = archive.find_record(COMPLETE)
    assert record
    same = replace(record, sequence=record.sequence + 1, dossier=replace(record.dossier, code=CODE))
    archive.keep_record(same)
    page = room.signed_in(room.person("lan")).get(f"/ho-so/{CODE}").text
    assert f'href="/ho-so/{PARTIAL}"' in page
    assert f'href="/ho-so/{COMPLETE}"' in page
    assert "có ở 2 hồ sơ" in page


def test_who_may_not_search_gets_nothing(room: Room) -> None:
    clerk = room.signed_in(room.person("văn-thư", PersonRole.ADMIN))
    assert clerk.get(f"/ho-so/{CODE}").status_code in (403, 303)
