"""Links to single runs in Prefect: on `/van-hanh`, in the queue, on a dossier, and in the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import clock
from pipeline.leases import holding, note_run, this_holder
from pipeline.model import Dossier, Lease, Outcome, PersonRole, Publication, Record
from pipeline.operation.prefect_runs import prefect_pages, run_page
from tests.support.callers import caller
from tests.support.drops import withhold
from tests.support.visitors import Room, open_room
from tests.support.web_backend import PARTIAL, WAITING
from tests.unit.web.test_operation import drop_today

PAGES = "http://prefect.example:4200"
RUN = "0190f6a2-0000-7000-8000-000000000001"
URL = f"{PAGES}/runs/flow-run/{RUN}"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A room whose partial dossier came today and was read by a run, as the one in the queue is."""
    monkeypatch.setenv("PREFECT_UI_URL", PAGES)
    room = open_room(tmp_path)
    drop_today(room.backend)
    record = room.backend.archive.find_record(PARTIAL)
    assert record
    today = replace(record.dossier, received=datetime.now(UTC))
    room.backend.archive.keep_record(Record(9, today.received, "worker", "digitised", today))
    room.backend.index.publish([Publication(today, 9, ())])
    for dossier, ended in ((PARTIAL, True), (WAITING, False)):
        lease = Lease(dossier, 1, this_holder(), datetime.now(UTC), released=ended, run=RUN)
        assert room.backend.archive.take_lease(lease)
    return room


def test_operators_reach_the_runs_of_slow_pages_and_of_what_failed(room: Room) -> None:
    html = room.signed_in(room.person("ho-so", PersonRole.RECORDS)).get("/van-hanh").text
    link = f'href="{URL}" rel="noreferrer"'
    slow, unfinished = (html.split(f'id="{part}"')[1] for part in ("cham", "chua-xong"))
    assert link in slow.split("</section>")[0]
    assert link in unfinished.split("</section>")[0]
    assert f'href="{PAGES}/runs"' in html
    without_names = room.signed_in(room.person("quan-tri", PersonRole.ADMIN)).get("/van-hanh").text
    assert link in without_names
    assert "H26" not in without_names


def test_the_queue_and_the_dossier_lead_there_for_operators_alone(room: Room) -> None:
    keeper = room.signed_in(room.person("ho-so", PersonRole.RECORDS, PersonRole.CLERK))
    reader = room.signed_in(room.person("doc", PersonRole.CLERK, PersonRole.READER))
    for page in ("/hang-doi", f"/ho-so/{PARTIAL}"):
        assert URL in keeper.get(page).text, page
        answer = reader.get(page)
        assert answer.status_code == 200
        assert PAGES not in answer.text, page


def test_programs_are_told_the_same(room: Room) -> None:
    machine = caller(room, "giám-sát")
    runs = machine.told("/operation")["runs"]
    assert {one["why"] for one in runs} == {"slow_page", "PARTIAL"}
    assert {one["page"] for one in runs} == {URL}
    (waiting,) = machine.told("/queue")["dossiers"]
    assert waiting["job"]["run"] == URL


def test_a_withheld_dossier_leads_nowhere(room: Room) -> None:
    withhold(PARTIAL, room.backend.archive, room.backend.index, Outcome.PARTIAL)
    html = room.signed_in(room.person("ho-so", PersonRole.RECORDS)).get("/van-hanh").text
    assert URL not in html


def test_prefects_address_is_what_people_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PREFECT_UI_URL", "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    assert prefect_pages(tmp_path) == "", "no server runs"
    (tmp_path / "prefect").mkdir()
    note = tmp_path / "prefect" / "api.url"
    note.write_text(f"http://127.0.0.1:4200/api {this_holder()}")
    assert prefect_pages(tmp_path) == "http://127.0.0.1:4200"
    monkeypatch.setenv("PREFECT_API_URL", "http://inside:4200/api")
    assert prefect_pages(tmp_path) == "", "nobody said that people reach it"
    monkeypatch.setenv("PREFECT_UI_URL", "javascript:alert(1)")
    assert prefect_pages(tmp_path) == ""
    monkeypatch.setenv("PREFECT_UI_URL", f"{PAGES}/")
    assert prefect_pages(tmp_path) == PAGES
    lease = Lease("0a", 1, "h:1:1", clock.now(), run='"><script>')
    assert "<" not in run_page(PAGES, lease)
    for pages, found in (("", lease), (PAGES, None), (PAGES, replace(lease, run=""))):
        assert run_page(pages, found) == ""


def test_a_run_is_noted_while_the_lease_is_held_and_stays(room: Room) -> None:
    archive = room.backend.archive
    dossier = Dossier("0a99", "x.pdf", datetime.now(UTC))
    archive.keep_record(Record(1, dossier.received, "intake", "received", dossier))
    lease = Lease(dossier.id, 1, this_holder(), datetime.now(UTC))
    assert archive.take_lease(lease)
    note_run(dossier.id, "before")
    with holding(lease, 60, archive) as held:
        note_run(dossier.id, RUN)
        found = archive.find_lease(dossier.id)
        assert found
        assert (found.run, found.released, held.lease.run) == (RUN, False, RUN)
        held.renew()
        assert held.lease.run == RUN
    note_run(dossier.id, "after")
    found = archive.find_lease(dossier.id)
    assert found
    assert found.run == RUN
