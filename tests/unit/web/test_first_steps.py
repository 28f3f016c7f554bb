"""An empty store shows three steps, ticks those that are done, and none once it has a dossier."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.intake.heartbeat import end_heartbeat, write_heartbeat
from pipeline.model import PersonRole, Scope
from pipeline.settings import Settings
from search import open_index
from storage import open_archive, open_audit_log
from tests.support.people import Place
from tests.support.visitors import Room
from tests.support.web_backend import (
    Backend,
    open_client,
    part_of,
    sample_backend,
)
from web.app import build_app

STEPS = "Kho chưa có hồ sơ nào. Bắt đầu với ba bước"
PAGES = ("/", "/ban-quet")


def empty(home: Path) -> Backend:
    settings = Settings(home=home)
    archive = open_archive(settings.storage, home)
    return Backend(archive, open_index(settings.search, home), settings)


def ticks(html: str) -> list[bool]:
    """Return for each step whether it is ticked."""
    steps = re.findall(r'<li(?: class="(done)")?><span class="step-mark"', html)
    return [bool(one) for one in steps]


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_store_shows_three_steps_with_their_commands(page: str, tmp_path: Path) -> None:
    html = open_client(empty(tmp_path)).get(page).text
    assert STEPS in html
    assert ticks(html) == [False, False, False]
    assert "sohoa user add TÊN --role admin" in html
    assert "<code>sohoa watch</code>" in html
    assert str(tmp_path / "inbox") in html


@pytest.mark.parametrize("page", PAGES)
def test_a_store_with_dossiers_shows_none(page: str, tmp_path: Path) -> None:
    assert STEPS not in open_client(sample_backend(tmp_path)).get(page).text


def test_a_search_that_finds_nothing_is_not_a_first_start(tmp_path: Path) -> None:
    html = open_client(empty(tmp_path)).get("/", params={"q": "đất"}).text
    assert STEPS not in html
    assert "Không tìm thấy" in html


def test_what_runs_and_what_arrived_is_ticked(tmp_path: Path) -> None:
    backend = empty(tmp_path)
    write_heartbeat(tmp_path, ())
    assert ticks(open_client(backend).get("/").text) == [False, False, True]
    end_heartbeat(tmp_path)
    backend.archive.enqueue("0" * 22)
    html = open_client(backend).get("/ban-quet").text
    assert ticks(html) == [True, False, False]
    assert part_of(html, r"đầu tiên <span class=\"step-done\">(.*?)</span>") == "Đã xong"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A room with accounts over an empty store."""
    backend = empty(tmp_path)
    settings, place = backend.settings, Place(tmp_path)
    audit = open_audit_log(settings.storage, settings.audit, tmp_path)
    accounts = place.open()
    app = build_app(backend.archive, backend.index, settings, accounts, audit)
    made = Room(backend, accounts, place.clock, app)
    made.person("tra-cuu", PersonRole.READER)
    made.person("mot-don-vi", PersonRole.CLERK, scope=Scope(frozenset({"H26"})))
    return made


def test_accounts_are_ticked_and_folders_told_to_those_who_send_files(room: Room) -> None:
    html = room.signed_in("tra-cuu").get("/").text
    assert ticks(html) == [False, True, False]
    assert str(room.backend.settings.home) not in html


def test_whoever_sees_one_unit_learns_nothing_of_the_whole_store(room: Room) -> None:
    assert STEPS not in room.signed_in("mot-don-vi").get("/ban-quet").text
