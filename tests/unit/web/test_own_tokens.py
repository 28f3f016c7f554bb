"""One's own API tokens on the page of sessions: listed, revoked, nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.model import PersonRole
from tests.support.callers import assert_error, caller
from tests.support.visitors import Room, open_room


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return open_room(tmp_path)


def test_own_tokens_are_listed_and_revoked(room: Room) -> None:
    machine = caller(room, "lan", PersonRole.READER)
    assert machine.token
    lan = room.signed_in("lan")
    page = lan.get("/phien").text
    assert "máy thử" in page
    assert "search, view" in page
    assert machine.text not in page
    lan.post("/phien/token", "/phien", token=machine.token.id)
    assert_error(machine.get("/token"), 401, "token_refused")
    assert "máy thử" not in lan.get("/phien").text
    entry = room.entries()[-1]
    assert (entry.text("verb"), entry.detail("token")) == ("manage", machine.token.id)


def test_nobody_revokes_the_token_of_another_account(room: Room) -> None:
    machine = caller(room, "minh", PersonRole.READER)
    assert machine.token
    room.person("lan")
    lan = room.signed_in("lan")
    assert "máy thử" not in lan.get("/phien").text
    assert lan.post("/phien/token", "/phien", token=machine.token.id).status_code == 303
    assert machine.get("/token").status_code == 200
    assert lan.post_bare("/phien/token", token=machine.token.id).status_code == 403
