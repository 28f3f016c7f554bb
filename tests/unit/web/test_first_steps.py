"""An empty store shows three steps, ticks those that are done, and none once it has a dossier."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from flows.watch import Watcher
from ocr import draw_sample_dossiers
from pipeline.audit import Verb
from pipeline.intake.heartbeat import end_heartbeat, write_heartbeat
from pipeline.model import PersonRole, Scope
from pipeline.settings import UPLOADS, Settings
from pipeline.versions import newest_record
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
TRY = "Thử với hồ sơ mẫu"
OURS = {"Sec-Fetch-Site": "same-origin"}


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


def test_an_empty_store_is_tried_with_sample_dossiers(home: Path) -> None:
    home.mkdir()
    backend = empty(home)
    client = open_client(backend)
    assert TRY in client.get("/ban-quet").text
    answer = client.post("/ban-quet/ho-so-mau", headers=OURS, follow_redirects=False)
    assert answer.headers["location"] == "/ban-quet?bao=da-gui-mau"
    assert TRY not in client.get("/").text, "they wait to be taken"
    again = client.post("/ban-quet/ho-so-mau", headers=OURS)
    assert (again.status_code, "chưa có tệp nào" in again.text) == (409, True)
    watcher = Watcher()
    deadline = time.monotonic() + 180
    while len(list(backend.archive.dossiers())) < 2 and time.monotonic() < deadline:
        watcher.poll(home / UPLOADS)
        time.sleep(0.05)
    records = [newest_record(one, backend.archive) for one in backend.archive.dossiers()]
    assert sorted(one.dossier.name for one in records) == [
        "MẪU công văn.pdf",
        "MẪU đăng ký khai sinh.pdf",
    ]
    assert sorted(len(one.dossier.page_refs()) for one in records) == [1, 2]
    assert client.post("/ban-quet/ho-so-mau", headers=OURS).status_code == 409


def test_only_who_may_upload_for_the_whole_store_is_offered_samples(room: Room) -> None:
    room.person("van-thu", PersonRole.CLERK)
    clerk = room.signed_in("van-thu")
    assert TRY in clerk.get("/ban-quet").text
    for name in ("tra-cuu", "mot-don-vi"):
        browser = room.signed_in(name)
        assert TRY not in browser.get("/").text
        token = browser.token("/phien")
        answer = browser.post_bare("/ban-quet/ho-so-mau", khoa=token)
        assert answer.status_code == (403 if name == "tra-cuu" else 409)
    assert clerk.post_bare("/ban-quet/ho-so-mau", khoa="0" * 64).status_code == 403
    sent = clerk.post("/ban-quet/ho-so-mau", page="/ban-quet")
    assert sent.status_code == 303
    told = [one.detail("what") for one in room.entries() if one.text("verb") == Verb.RECEIVE]
    assert told.count("samples") >= 2


def test_samples_are_the_same_bytes_each_time_and_every_page_says_what_it_is() -> None:
    samples = draw_sample_dossiers()
    assert samples == draw_sample_dossiers()
    assert all(len(one.pdf) < 1_000_000 and one.name.startswith("MẪU") for one in samples)
