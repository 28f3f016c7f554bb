"""Roles and scope on the page of an account: none is not all, undone whole, nobody overruled."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.model import PersonRole, Scope
from tests.support.account_pages import acts, fields_of, page_of, send, undo
from tests.support.visitors import Browser, Room, open_room


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = open_room(tmp_path)
    made.person("chef", PersonRole.ADMIN)
    return made


@pytest.fixture
def chef(room: Room) -> Browser:
    return room.signed_in("chef")


def test_roles_are_put_back_by_one_button(room: Room, chef: Browser) -> None:
    before = Scope(frozenset({"H26", "H27"}), frozenset({"Đơn"}), frozenset({"open"}))
    room.person("lan", PersonRole.RECORDS, PersonRole.READER, scope=before)
    page = page_of(room, "lan")
    changed = chef.post(f"{page}/vai-tro", page, vai_tro="clerk").text
    assert room.accounts.people.named("lan").scope == Scope()
    assert undo(chef, page, changed) == 200
    account = room.accounts.people.named("lan")
    assert account.roles == {PersonRole.RECORDS, PersonRole.READER}
    assert account.scope == before
    assert [what for _, what, *_ in acts(room)][-2:] == ["user roles", "user roles undone"]


NONE: frozenset[str] = frozenset()
LIMITED = [
    Scope(NONE, NONE, NONE),
    Scope(NONE),
    Scope(None, NONE),
    Scope(frozenset({"H26"}), NONE, frozenset({"withheld"})),
    Scope(None, None, frozenset({"open", "withheld"})),
    Scope(),
]


@pytest.mark.parametrize("scope", LIMITED)
def test_what_is_limited_to_nothing_stays_so(room: Room, chef: Browser, scope: Scope) -> None:
    """Neither by saving the form as it is shown, nor by taking a change back, does it widen."""
    room.person("lan", PersonRole.READER, scope=scope)
    page = page_of(room, "lan")
    form = chef.get(page).text.split(f'action="{page}/vai-tro"')[1].split("</form>")[0]
    assert send(chef, f"{page}/vai-tro", fields_of(form)) == 200
    assert room.accounts.people.named("lan").scope == scope
    changed = chef.post(f"{page}/vai-tro", page, vai_tro="clerk", don_vi="H1").text
    assert room.accounts.people.named("lan").scope == Scope(frozenset({"H1"}))
    assert undo(chef, page, changed) == 200
    account = room.accounts.people.named("lan")
    assert account.roles == {PersonRole.READER}
    assert account.scope == scope


def test_none_is_chosen_on_the_form_and_shown(room: Room, chef: Browser) -> None:
    fields = {"vai_tro": "reader", "khong_don_vi": "1", "khong_loai": "1"}
    chef.post("/tai-khoan", ten="lan", **fields)
    assert room.accounts.people.named("lan").scope == Scope(NONE, NONE)
    assert "không đơn vị nào; không loại giấy tờ nào" in chef.get("/tai-khoan").text
    page = page_of(room, "lan")
    both = chef.post(f"{page}/vai-tro", page, don_vi="H26", **fields)
    assert (both.status_code, "Vừa ghi đơn vị" in both.text) == (409, True)
    assert room.accounts.people.named("lan").scope == Scope(NONE, NONE)


def test_nobody_overwrites_what_another_decided_meanwhile(room: Room, chef: Browser) -> None:
    room.person("pho", PersonRole.ADMIN)
    room.person("lan", PersonRole.RECORDS)
    page, pho = page_of(room, "lan"), room.signed_in("pho")
    stale = chef.get(page).text.split(f'action="{page}/vai-tro"')[1].split("</form>")[0]
    changed = chef.post(f"{page}/vai-tro", page, vai_tro="reader").text
    pho.post(f"{page}/vai-tro", page, vai_tro="clerk", don_vi="H26")
    decided = room.accounts.people.named("lan")
    assert undo(chef, page, changed) == 409
    assert acts(room)[-1][1:] == ("user roles undone", "lan", "refused")
    assert send(chef, f"{page}/vai-tro", fields_of(stale)) == 409
    assert acts(room)[-1][1:] == ("user roles", "lan", "refused")
    assert room.accounts.people.named("lan") == decided
    wrong = chef.post(f"{page}/vai-tro/hoan-tac", page, dang_co="[]", nhu_truoc="x")
    assert wrong.status_code == 409
    assert room.accounts.people.named("lan") == decided
