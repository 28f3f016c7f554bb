"""Flow runs on a real Prefect server: their names, states, artifacts and retries."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.sorting import TaskRunSort

from flows import wiring
from flows.prefect_names import run_name
from pipeline import stages
from pipeline.intake import last_heartbeat, read_receipts, receipt_days
from pipeline.model import Dossier, Outcome, Query, ReceiptStatus
from tests.paper import draw_page, save_pdf
from tests.runs.test_calls_of_a_dossier import run_of
from tests.support.prefect_servers import happens
from tests.support.watched import all_done, dossiers, until, watching
from tests.support.web_backend import Backend, open_client

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]


def tasks_of(run: UUID) -> dict[str, str]:
    """Return the states of a run's tasks, which the server writes some at a time, a little late."""
    with get_client(sync_client=True) as client:
        found = client.read_task_runs(
            flow_run_filter=FlowRunFilter.model_validate({"id": {"any_": [run]}}),
            limit=50,
            sort=TaskRunSort.ID_DESC,
        )
    return {task.name: task.state.name for task in found if task.state and task.state.name}


def artifact(key: str) -> dict[str, object]:
    with get_client(sync_client=True) as client:
        answer = client.request("GET", "/artifacts/{key}/latest", path_params={"key": key})
    return dict(answer.json())


@pytest.fixture
def inbox(home: Path) -> Path:
    folder = home / "inbox"
    folder.mkdir(parents=True)
    return folder


def scanned(path: Path, pages: int) -> Path:
    save_pdf([draw_page("A", seed, 150) for seed in range(1, pages + 1)], path)
    return path


def torn(path: Path) -> Path:
    """A scan of two pages whose second image cannot be decoded."""
    scanned(path, 2)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        (image,) = pdf.pages[1].get_images().values()
        image.write(b"\xff\xd8\xff\xe0 not an image", filter=pikepdf.Name.DCTDecode)
        pdf.save(path)
    return path


def test_a_dropped_file_is_a_run_with_a_task_per_page_and_is_found(inbox: Path) -> None:
    folder = inbox / "H26.19.25-260105-0041"
    folder.mkdir()
    scanned(folder / "quyết định.pdf", 2)
    with watching():
        until(lambda: all_done(1))
    (dossier,) = dossiers()
    run = run_of(dossier.id)
    assert run.name == "H26.19.25-260105-0041"
    assert run.state is not None
    assert run.state.name == "Completed"
    assert happens(lambda: set(tasks_of(run.id)) == {"trang 1", "trang 2"}, 180)
    assert set(run.tags) == {day_of(dossier), "H26.19.25"}
    assert artifact(f"progress-{dossier.id}")["data"] == 100.0
    assert '"page": 2' in str(artifact(f"pages-{dossier.id}")["data"])
    made = wiring.archive().find_searchable_pdf(dossier.scans[0].sha256, dossier.pages[0].recipe)
    assert made is not None
    assert (made.level, made.reasons) == ("2b", ())
    hits = wiring.index().find(Query("H26.19.25-260105-0041")).hits
    assert [hit.dossier for hit in hits] == [dossier.id]
    lines = read_receipts(inbox, receipt_days(inbox)[0])
    assert [line.status for line in lines] == [ReceiptStatus.ARCHIVED]
    assert not [path for path in inbox.iterdir() if not path.name.startswith("_")]


def test_a_partial_dossier_never_ends_as_a_plain_success(inbox: Path) -> None:
    torn(inbox / "rách.pdf")
    with watching():
        until(lambda: all_done(1))
    (dossier,) = dossiers()
    run = run_of(dossier.id)
    assert run.name == run_name(dossier)
    assert dossier.outcome is Outcome.PARTIAL, dossier
    assert run.state is not None
    assert (run.state.name, run.state.is_completed()) == ("Partial", True)
    wanted = {"trang 1": "Completed", "trang 2": "NotRead"}
    assert happens(lambda: tasks_of(run.id) == wanted, 180), tasks_of(run.id)


def test_the_reading_room_leads_to_the_single_run_of_what_was_not_read(
    inbox: Path, prefect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn(inbox / "rách.pdf")
    with watching():
        until(lambda: all_done(1))
    (dossier,) = dossiers()
    run = run_of(dossier.id)
    lease = wiring.archive().find_lease(dossier.id)
    assert lease is not None
    assert lease.released
    monkeypatch.setenv("PREFECT_UI_URL", prefect.removesuffix("/api"))
    room = open_client(Backend(wiring.archive(), wiring.index(), wiring.settings()))
    address = f"{prefect.removesuffix('/api')}/runs/flow-run/{run.id}"
    for page in ("/van-hanh", f"/ho-so/{dossier.id}"):
        assert f'href="{address}" rel="noreferrer"' in room.get(page).text, page
    with get_client(sync_client=True) as client:  # tests/browser/test_prefect_pages.py opens one
        assert client.read_flow_run(UUID(lease.run)).name == run_name(dossier)


def day_of(dossier: Dossier) -> str:
    """Return the day on which a dossier came, by the office's clock."""
    return f"{dossier.received.astimezone(ZoneInfo('Asia/Ho_Chi_Minh')):%Y-%m-%d}"


def test_a_run_is_called_by_the_code_once_it_was_read_and_by_day_and_number_before(
    inbox: Path,
) -> None:
    save_pdf([draw_page("G", 3, 150)], inbox / "phiếu hẹn.pdf")
    before = run_name(Dossier("00aa", "x", datetime.now(UTC)))
    assert re.fullmatch(r"\d\d-\d\d-20\d\d số \d{6}", before)
    with watching():
        until(lambda: all_done(1))
    (dossier,) = dossiers()
    assert dossier.code
    first = run_of(dossier.id)
    assert first.name == dossier.code
    assert set(first.tags) == {day_of(dossier), dossier.code.rsplit("-", 2)[0]}
    assert artifact(f"pages-{dossier.id}")["description"] == dossier.code
    stages.ask_again(dossier.id, wiring.archive())
    with watching():
        until(lambda: all_done(1))
    again = run_of(dossier.id)
    assert (again.name, again.id != first.id) == (first.name, True)
    assert set(again.tags) == {*first.tags, "làm lại"}


def test_a_file_name_never_reaches_prefect(inbox: Path) -> None:
    """A scan's name may be a citizen's: only counts and ids are shown there."""
    folder = inbox / "H26.19.25-260105-0043"
    folder.mkdir()
    scanned(folder / "đơn.pdf", 1)
    (folder / "Nguyễn Thị Mẫu.pdf").write_bytes(b"no PDF at all")
    with watching():
        until(lambda: all_done(1))
    (dossier,) = dossiers()
    run = run_of(dossier.id)
    assert run.name == "H26.19.25-260105-0043"
    assert run.state is not None
    assert run.state.name == "Partial"
    assert "Mẫu" not in run.model_dump_json()
    assert "1 trang, 0 chưa đọc được" in str(run.state.message)


def test_a_dossier_with_a_damaged_record_does_not_hold_up_the_others(
    inbox: Path, home: Path
) -> None:
    wiring.archive().enqueue("00aa")  # an entry whose dossier has no record
    scanned(inbox / "tốt.pdf", 1)
    with watching():
        until(lambda: [record.outcome for record in dossiers()] == [Outcome.COMPLETE])
        until(lambda: [entry.dossier for entry in wiring.archive().queued()] == ["00aa"])


def test_an_outage_of_the_store_is_retried_and_no_strike(
    inbox: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page task meets a store that cannot be written, and goes on when it can be again."""
    scanned(inbox / "một trang.pdf", 1)
    pages = home / "store" / "pages"
    home.joinpath("store").mkdir()
    pages.write_text("a file where the folder should be")
    with watching():
        until(lambda: bool(wiring.archive().queued()))
        time.sleep(3)
        pages.unlink()
        until(lambda: all_done(1))
    (dossier,) = dossiers()
    assert dossier.outcome is Outcome.COMPLETE
    lease = wiring.archive().find_lease(dossier.id)
    assert lease is not None
    assert lease.strikes == 0


def test_a_watched_folder_that_goes_and_comes_back_is_watched_again(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    monkeypatch.setenv("SOHOA_WATCH__FOLDERS", f'["{share}"]')
    wiring.forget()
    home.mkdir()
    with watching():
        until(lambda: trouble_of(home, share).startswith("Không thấy thư mục"))
        assert not share.exists(), "an unmounted share is not made up"
        share.mkdir()
        scanned(share / "một.pdf", 1)
        until(lambda: all_done(1))
        until(lambda: trouble_of(home, share) == "")
    assert last_heartbeat(home) is None


def trouble_of(home: Path, folder: Path) -> str:
    heartbeat = last_heartbeat(home)
    return heartbeat.of(folder).trouble if heartbeat else ""
