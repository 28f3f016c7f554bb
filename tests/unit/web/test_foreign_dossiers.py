"""Nothing tells of dossiers outside of somebody's scope, and strangers learn of no server."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from http import HTTPStatus
from pathlib import Path

import pytest

from accounts.session_store import SessionStore
from pipeline.clock import local
from pipeline.errors import AccountsUnavailableError
from pipeline.model import (
    Component,
    ComponentState,
    DropReceipts,
    PersonRole,
    Receipt,
    ReceiptStatus,
    Scope,
)
from pipeline.versions import newest_record
from tests.support.visitors import Room, open_room
from tests.support.web_backend import COMPLETE, PARTIAL

HERE, ELSEWHERE = "Chi nhánh số 1", "Chi nhánh số 2"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = open_room(tmp_path)
    room.person("khac", PersonRole.READER, scope=Scope(units=frozenset({HERE})))
    room.person("moi", PersonRole.READER)
    return room


def changed(room: Room, dossier: str, **about: object) -> None:
    """Keep another record of a dossier; the index is not told."""
    record = newest_record(dossier, room.backend.archive)
    later = replace(record.dossier, **about)  # type: ignore[arg-type]
    room.backend.archive.keep_record(replace(record, sequence=record.sequence + 1, dossier=later))


def test_results_of_an_index_that_is_behind_keep_to_the_scope(room: Room) -> None:
    before = room.signed_in("khac").get("/").text
    shown = [each for each in (PARTIAL, COMPLETE) if f'href="/ho-so/{each}"' in before]
    assert shown, "one of the sample dossiers is of this unit"
    changed(room, shown[0], unit=ELSEWHERE)
    assert f"/ho-so/{shown[0]}" not in room.signed_in("khac").get("/").text
    assert f"/ho-so/{shown[0]}" in room.signed_in("moi").get("/").text


def test_a_dossier_names_no_other_one_outside_of_the_scope(room: Room) -> None:
    listed = room.signed_in("khac").get("/").text
    (mine, other), *_ = (
        pair for pair in ((PARTIAL, COMPLETE), (COMPLETE, PARTIAL)) if f"/ho-so/{pair[0]}" in listed
    )
    changed(room, other, unit=ELSEWHERE)
    changed(room, mine, proposed_join=other)
    assert other in room.signed_in("moi").get(f"/ho-so/{mine}").text
    page = unescape(room.signed_in("khac").get(f"/ho-so/{mine}").text)
    assert other not in page
    assert "một hồ sơ ngoài phạm vi của bạn" in page


def test_a_checklist_names_no_other_dossier_outside_of_the_scope(room: Room) -> None:
    reason = f"Dùng lại giấy tờ của hồ sơ {COMPLETE}, trang 1."
    held = Component("Đơn", ComponentState.PRESENT, "receipt", (), reason, COMPLETE)
    changed(room, PARTIAL, components=(held,))
    assert reason in unescape(room.signed_in("moi").get(f"/ho-so/{PARTIAL}").text)
    page = unescape(room.signed_in("khac").get(f"/ho-so/{PARTIAL}").text)
    assert COMPLETE not in page
    assert "Dùng lại giấy tờ của một hồ sơ ngoài phạm vi của bạn." in page


def test_strangers_are_not_told_which_server_is_away(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise AccountsUnavailableError("Không nối được postgres.example:5432.", "Khởi động nó.")

    browser = room.signed_in("moi")
    monkeypatch.setattr(SessionStore, "find", away)
    answer = browser.get("/")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "postgres.example" not in answer.text
    assert "báo người vận hành" in unescape(answer.text)


def test_a_refused_file_is_shown_to_the_unit_that_its_drop_names(room: Room) -> None:
    folder = room.backend.settings.watched_folders[0]
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    for number, unit in enumerate((HERE, ELSEWHERE, None)):
        line = Receipt(f"tệp-{number}.pdf", ReceiptStatus.REFUSED, now, None, "Tệp bị khóa.")
        kept = DropReceipts(f"0d0{number}", str(folder), local(now).date(), (line,), unit)
        room.backend.archive.keep_receipts(kept)
    room.person("quay", PersonRole.CLERK, scope=Scope(units=frozenset({HERE})))
    room.person("quay-don", PersonRole.CLERK, scope=Scope(frozenset({HERE}), frozenset({"Đơn"})))
    room.person("ca-so", PersonRole.CLERK)
    for name, seen in (("quay", {"0"}), ("quay-don", set()), ("ca-so", {"0", "1", "2"})):
        browser = room.signed_in(name)
        for page in ("/bien-nhan", "/van-de"):
            shown = set(re.findall(r"tệp-(\d)\.pdf", unescape(browser.get(page).text)))
            assert shown == seen, (name, page)


def test_a_refused_file_of_a_drop_that_names_a_code_alone_goes_with_its_dossiers(
    room: Room,
) -> None:
    """Accounts name units by their names, the names of drops tell codes."""
    folder = room.backend.settings.watched_folders[0]
    folder.mkdir(parents=True)
    now, code = datetime.now(UTC), "H26.19.25"
    drops = (  # what the drop became, and the code in its name
        (PARTIAL, ""),
        (COMPLETE, ""),
        (None, f"{code}-260302-0007/"),  # the code of PARTIAL
        (None, f"{code}-260302-0008/"),  # of no dossier yet
        (COMPLETE, f"{code}-260302-0007/"),
    )
    for number, (dossier, name) in enumerate(drops):
        lines = [Receipt(f"{name}tệp-{number}.pdf", ReceiptStatus.REFUSED, now, None, "Bị khóa.")]
        if dossier:
            lines.append(Receipt(f"{name}kèm.pdf", ReceiptStatus.ARCHIVED, now, dossier))
        day = local(now).date()
        kept = DropReceipts(f"0d0{number}", str(folder), day, tuple(lines), code if name else None)
        room.backend.archive.keep_receipts(kept)
    people = {
        "theo-ten": (Scope(units=frozenset({HERE})), {"0", "2"}),
        "ten-khac": (Scope(units=frozenset({ELSEWHERE})), {"1", "4"}),
        "theo-ma": (Scope(units=frozenset({code})), {"0", "2", "3", "4"}),
        "ca-hai": (Scope(units=frozenset({HERE, code})), {"0", "2", "3", "4"}),
        "ngoai": (Scope(units=frozenset({"Sở Khác"})), set()),
    }
    for name, (scope, seen) in people.items():
        room.person(name, PersonRole.CLERK, scope=scope)
        browser = room.signed_in(name)
        for page in ("/bien-nhan", "/van-de"):
            shown = set(re.findall(r"tệp-(\d)\.pdf", unescape(browser.get(page).text)))
            assert shown == seen, (name, page)
