"""The page of withheld dossiers: two officers let one go; nobody else sees or does anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.access import may_hand_out
from pipeline.model import PersonRole
from tests.support.drops import withhold
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import COMPLETE, PARTIAL

WHY = "Quyết định giải mật số 3 ngày 02/11/2026"
SECRETS = ("giao đất", "mờ nhòe", "QĐ-UBND", "H26.19.25-260302-0007")


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = open_room(tmp_path)
    withhold(PARTIAL, made.backend.archive, made.backend.index)
    for name in ("lan", "hoa"):
        made.person(name, PersonRole.SECRECY)
    return made


def sequence(room: Room) -> str:
    record = room.backend.archive.find_record(PARTIAL)
    assert record
    return str(record.sequence)


def is_open(room: Room) -> bool:
    record = room.backend.archive.find_record(PARTIAL)
    assert record
    return may_hand_out(record)


def decide(browser: Browser, what: str, room: Room, **fields: str) -> int:
    fields.setdefault("ban", sequence(room))
    return browser.post(f"/giu-lai/{PARTIAL}/{what}", "/giu-lai", **fields).status_code


def test_two_officers_let_a_dossier_go(room: Room) -> None:
    lan, hoa = room.signed_in("lan"), room.signed_in("hoa")
    page = lan.get("/giu-lai").text
    assert f"/giu-lai/{PARTIAL}/de-nghi" in page
    assert COMPLETE not in page
    assert not [word for word in SECRETS if word in page]
    assert decide(lan, "de-nghi", room, ly_do=WHY) == 303
    own, other = lan.get("/giu-lai").text, hoa.get("/giu-lai").text
    assert "Rút đề nghị" in own
    assert "/duyet" not in own
    assert "/duyet" in other
    assert WHY in other
    assert decide(lan, "duyet", room) == 403
    assert not is_open(room)
    assert decide(hoa, "duyet", room) == 303
    assert is_open(room)
    assert room.backend.archive.is_queued(PARTIAL)
    steps = [
        (entry.text("account"), entry.detail("step"), entry.text("result"))
        for entry in room.entries()
        if entry.text("verb") == "lift"
    ]
    assert ("lan", "propose", "done") in steps
    assert ("lan", "", "refused") in steps
    assert steps[-1] == ("hoa", "approve", "done")
    assert all("giải mật" not in str(entry.body) for entry in room.entries())


def test_a_proposal_is_withdrawn_refused_and_not_decided_from_an_old_page(room: Room) -> None:
    lan, hoa = room.signed_in("lan"), room.signed_in("hoa")
    decide(lan, "de-nghi", room, ly_do=WHY)
    seen = sequence(room)
    assert decide(lan, "tu-choi", room) == 303
    decide(lan, "de-nghi", room, ly_do="một lý do khác, chưa ai xem")
    assert decide(hoa, "duyet", room, ban=seen) == 409
    assert decide(hoa, "tu-choi", room) == 303
    assert decide(hoa, "duyet", room) == 409
    assert decide(hoa, "de-nghi", room, ly_do="ngắn") == 409
    assert not is_open(room)


@pytest.mark.parametrize("change", ["disabled", "role"])
def test_what_is_taken_from_the_first_person_meanwhile_counts(room: Room, change: str) -> None:
    lan, hoa = room.signed_in("lan"), room.signed_in("hoa")
    decide(lan, "de-nghi", room, ly_do=WHY)
    people = room.accounts.people
    if change == "disabled":
        people.set_disabled("lan", is_disabled=True)
    else:
        people.set_roles("lan", frozenset({PersonRole.READER}), people.named("lan").scope)
    assert decide(hoa, "duyet", room) == 409
    assert not is_open(room)


def test_other_roles_see_and_do_nothing_here(room: Room) -> None:
    room.person("doc", PersonRole.RECORDS)
    reader = room.signed_in("doc")
    assert reader.get("/giu-lai").status_code == 403
    token = reader.token("/phien")
    for what in ("de-nghi", "duyet", "tu-choi"):
        answer = reader.post_bare(f"/giu-lai/{PARTIAL}/{what}", khoa=token, ban=sequence(room))
        assert answer.status_code == 403
    assert "/giu-lai" not in reader.get(f"/ho-so/{PARTIAL}").text
    assert not is_open(room)
