"""That a dossier may be a duplicate shows where it is found and worked on, within the scope."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.upkeep.duplicates import Comparing
from owners import open_duplicates, open_owners
from pipeline.duplicates.told import tell_search
from pipeline.model import PersonRole, Scope
from pipeline.owners import IndexWithOwners
from pipeline.stages import publish
from tests.support.callers import caller
from tests.support.twice_held import DECISION, ONE, OTHER, filled_in, keep
from tests.support.visitors import Browser, Room, open_room

MINE, FOREIGN = "0c01", "0c02"
CHIP = f'href="/ho-so/{MINE}#ban-trung"'
HERE = Scope(units=frozenset({"Sở Mẫu"}))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A decision that dossiers of two units hold, and the watcher's pass over them."""
    room = open_room(tmp_path)
    archive, settings = room.backend.archive, room.backend.settings
    for dossier, sheet, unit in (MINE, ONE, "Sở Mẫu"), (FOREIGN, OTHER, "Sở Khác"):
        record = keep(room.backend, dossier, filled_in(sheet), unit=unit, **DECISION)
        publish(record, archive, room.backend.index)
    duplicates = open_duplicates(settings.owners, settings.home)
    owners = open_owners(settings.owners, settings.home)
    index = IndexWithOwners(room.backend.index, owners, duplicates)
    Comparing(archive, duplicates).refresh()
    assert tell_search(archive, duplicates, lambda: index) == 5, "a new index tells of all once"
    owners.close()
    duplicates.close()
    return room


def browser(room: Room, name: str, scope: Scope | None = None) -> Browser:
    return room.signed_in(room.person(name, PersonRole.RECORDS, scope=scope))


def test_search_and_dossier_show_it_to_who_may_know_of_both(room: Room) -> None:
    everywhere, here = browser(room, "lan"), browser(room, "minh", HERE)
    assert CHIP in everywhere.get("/?q=").text
    assert CHIP not in here.get("/?q=").text
    assert MINE in everywhere.get("/?trung=1").text
    assert "Chỉ hồ sơ có thể trùng" in here.get("/?trung=1").text
    assert f"/ho-so/{MINE}" not in here.get("/?trung=1").text
    assert 'href="#ban-trung">Có thể trùng' in everywhere.get(f"/ho-so/{MINE}").text
    assert "Có thể trùng" not in here.get(f"/ho-so/{MINE}").text


def test_programs_find_the_same(room: Room) -> None:
    lan = caller(room, "lan", PersonRole.RECORDS)
    minh = caller(room, "minh", PersonRole.RECORDS, scope=HERE)
    hits = lan.told("/dossiers?duplicate=1")["hits"]
    assert {(hit["dossier"], hit["duplicate"]) for hit in hits} == {(MINE, True), (FOREIGN, True)}
    assert minh.told("/dossiers?duplicate=1")["total"] == 0
    assert not any(hit["duplicate"] for hit in minh.told("/dossiers")["hits"])
    body = {"page": 1, "other": FOREIGN, "other_page": 1, "reason": "đã so"}
    assert lan.post(f"/dossiers/{MINE}/not-duplicates", json=body).is_success
    assert lan.told("/dossiers?duplicate=1")["total"] == 0, "at once"
