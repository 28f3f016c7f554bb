"""What the API tells: the same as the reading room, as JSON of described shapes."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import PersonRole, Scope
from tests.support.callers import Caller, assert_error, caller, stranger
from tests.support.visitors import Room, open_room
from tests.support.web_backend import COMPLETE, FAILED, PARTIAL, WAITING

CODE = "H26.19.25-260302-0007"
DOSSIER = f"/dossiers/{PARTIAL}"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return open_room(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def machine(room: Room) -> Caller:
    return caller(room, "cổng-thông-tin")


def texts_of(told: Any) -> list[str]:
    """Return all texts of an answer."""
    if isinstance(told, dict):
        return [text for each in told.values() for text in texts_of(each)]
    if isinstance(told, list):
        return [text for each in told for text in texts_of(each)]
    return [told] if isinstance(told, str) else []


def test_a_search_tells_what_the_room_tells(machine: Caller) -> None:
    told = machine.told("/dossiers?q=đất")
    assert told["total"] == 2
    assert {hit["dossier"] for hit in told["hits"]} == {PARTIAL, COMPLETE}
    assert "⟦đất⟧" in told["hits"][0]["snippet"]
    assert told["facets"]["document_type"] == {"Quyết định": 1, "Thông báo": 1}
    assert told["waiting"] == 1
    assert (told["approximate"], told["given_up"], told["never_so_marked"]) == (False, [], [])
    near = machine.told("/dossiers?q=đất lạlẫmlắm")
    assert near["given_up"] == ["lạlẫmlắm"] or near["total"] == 0


def test_filters_and_orders_have_the_names_of_the_command(machine: Caller) -> None:
    found = machine.told("/dossiers?unit=Chi nhánh số 2&state=COMPLETE&sort=received")
    assert [hit["dossier"] for hit in found["hits"]] == [COMPLETE]
    assert machine.told("/dossiers?received_from=2099-01-01")["total"] == 0
    assert_error(machine.get("/dossiers?received_from=2099-13-01"), 400, "query_wrong")


def test_pages_of_hits_are_asked_for_by_the_last_one(machine: Caller) -> None:
    seen, after = [], ""
    for _ in range(5):
        told = machine.told(f"/dossiers?limit=1&after={after}")
        seen += [hit["dossier"] for hit in told["hits"]]
        after = told["next"]
        if not after:
            break
    assert sorted(seen) == [PARTIAL, WAITING, FAILED, COMPLETE]
    assert_error(machine.get("/dossiers?after=lạ"), 400, "query_wrong")


def test_a_dossier_tells_its_papers_fields_files_and_history(machine: Caller) -> None:
    told = machine.told(f"{DOSSIER}?q=bản đồ")
    assert (told["outcome"], told["code"], told["queued"]) == ("PARTIAL", CODE, False)
    (paper,) = told["documents"]
    fields = {field["name"]: field for field in paper["fields"]}
    assert fields["symbol"]["certain"] is False
    assert fields["symbol"]["box"] == [140, 80, 48, 30]
    assert fields["issued_on"]["value"] == "2026-03-01"
    assert [page["state"] for page in told["pages"]][3:] == ["BLANK", "NOT_READ"]
    assert [page["number"] for page in told["pages"] if page["hit"]] == [2]
    assert [version["action"] for version in told["history"]] == ["digitised", "received"]
    assert told["files"][0]["may_be_handed_out"]


def test_a_dossier_is_found_by_its_code(machine: Caller) -> None:
    (one,) = machine.told(f"/codes/{CODE.lower()}")["dossiers"]
    assert one["dossier"] == PARTIAL
    assert machine.told("/codes/H26.19.25-260302-9999")["dossiers"] == []


def test_a_page_tells_each_word_with_its_place(machine: Caller) -> None:
    told = machine.told(f"{DOSSIER}/pages/1?q=đất")
    words = [word for line in told["lines"] for word in line]
    assert told["text"].splitlines()[0] == "QUYẾT ĐỊNH"
    assert words[0]["box"] == [60, 80, 60, 30]
    assert [word["text"] for word in words if word["hit"]] == ["đất"]
    assert told["picture"]["width"] == 800
    assert machine.told(f"{DOSSIER}/pages/5")["picture"] is None
    assert_error(machine.get(f"{DOSSIER}/pages/6"), 404, "not_found")


def test_pictures_and_originals_come_byte_by_byte(machine: Caller) -> None:
    picture = machine.get(f"{DOSSIER}/pages/1/picture.webp")
    assert picture.content[8:12] == b"WEBP"
    again = {"If-None-Match": picture.headers["etag"]}
    assert machine.get(f"{DOSSIER}/pages/1/picture.webp", **again).status_code == 304
    assert machine.get(f"{DOSSIER}/pages/1/thumbnail.webp").headers["content-type"] == "image/webp"
    sha256 = machine.told(DOSSIER)["files"][0]["sha256"]
    assert_error(machine.get(f"{DOSSIER}/files/{sha256}"), 428, "purpose_missing")
    machine.client.headers["Sohoa-Purpose"] = "curiosity"
    assert_error(machine.get(f"{DOSSIER}/files/{sha256}"), 428, "purpose_missing")
    machine.client.headers["Sohoa-Purpose"] = "verification"
    original = machine.get(f"{DOSSIER}/files/{sha256}")
    assert original.content.startswith(b"%PDF")
    assert original.headers["content-disposition"].startswith("attachment")
    assert_error(machine.get(f"{DOSSIER}/files/{sha256}/searchable.pdf"), 404, "not_found")
    assert_error(machine.get(f"{DOSSIER}/files/{'0' * 64}"), 404, "not_found")


def test_whoever_handed_in_sees_how_it_ended(room: Room) -> None:
    clerk = caller(room, "văn-thư", PersonRole.CLERK)
    waiting = clerk.told(f"/dossiers/{WAITING}/state")
    assert (waiting["state"], waiting["queued"]) == ("WAITING", True)
    assert (waiting["job"]["step"], waiting["job"]["pages"]) == ("waiting", 3)
    failed = clerk.told(f"/dossiers/{FAILED}/state")
    assert failed["reasons"] == ["Đã thử 3 lần đều không xong."]
    assert [one["dossier"] for one in clerk.told("/queue")["dossiers"]] == [WAITING]
    problems = clerk.told("/problems")
    assert problems["totals"] == {"FAILED": 1, "PARTIAL": 1}
    assert clerk.told("/receipts?day=2026-03-02")["day"] == "2026-03-02"
    assert_error(clerk.get(DOSSIER), 403, "right_missing")


def test_a_dossier_is_queued_again(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    machine = caller(room, "máy")
    answer = machine.post(f"/dossiers/{FAILED}/retry")
    assert answer.status_code == 202
    assert answer.json()["queued"]
    entry = next(one for one in room.backend.archive.queued() if one.dossier == FAILED)
    assert room.backend.archive.open_entry(entry).asked_by == "máy"


def test_a_token_tells_what_it_may(room: Room, machine: Caller) -> None:
    scope = Scope(units=frozenset({"A", "B"}))
    told = caller(room, "hẹp", scope=scope, units=frozenset({"A"})).told("/token")
    assert (told["units"], told["account"], told["label"]) == (["A"], "hẹp", "máy thử")
    assert "unmask" not in told["scopes"]
    assert told["limits"]["calls_a_minute"] == 600


def test_texts_are_nfc_and_moments_have_a_zone(machine: Caller) -> None:
    for path in ("/dossiers?q=đất", DOSSIER, f"{DOSSIER}/pages/1", "/problems", "/queue"):
        texts = texts_of(machine.told(path))
        assert all(unicodedata.is_normalized("NFC", text) for text in texts)
    moments = [machine.told(DOSSIER)["received"], machine.told("/token")["ends"]]
    assert all(datetime.fromisoformat(moment).tzinfo for moment in moments)


def test_the_description_names_every_route_shape_and_error(room: Room) -> None:
    told = stranger(room).told("/openapi.json")
    assert told["openapi"].startswith("3.1")
    assert told["security"] == [{"token": []}]
    ids = []
    for methods in told["paths"].values():
        for operation in methods.values():
            ids.append(operation["operationId"])
            errors = [operation["responses"][status] for status in ("401", "404", "422", "429")]
            for error in errors:
                shape = error["content"]["application/json"]["schema"]
                assert shape["$ref"].endswith("/ErrorAnswer")
            assert operation["description"]
    assert len(ids) == len(set(ids))
    shapes = [one for one in told["components"]["schemas"].values() if one["type"] == "object"]
    assert all(shape.get("additionalProperties") is False for shape in shapes)
    assert not [path for path in told["paths"] if not path.startswith("/api/v1/")]
