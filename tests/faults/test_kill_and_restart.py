"""The watcher is killed with SIGKILL in mid-work: started again, it loses and doubles nothing."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows import wiring
from pipeline.intake import read_receipts, receipt_days
from pipeline.model import Outcome, Query, Receipt, ReceiptStatus
from tests.paper import broken, draw_page, save_pdf, save_tiff

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]
PATIENCE = 120.0


@contextmanager
def watcher() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-m", "flows.cli", "watch"]) as process:
        try:
            yield process
        finally:
            process.kill()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def page_results(home: Path) -> int:
    return len(list((home / "store" / "pages").rglob("*.json")))


def test_killed_in_mid_dossier_it_goes_on_where_it_was(home: Path) -> None:
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    save_pdf([draw_page("A", seed, 200) for seed in range(6)], inbox / "sáu trang.pdf")
    save_tiff([draw_page("B", 7, 200)], inbox / "một trang.tiff")
    with watcher() as first:
        until(lambda: page_results(home) >= 2)
        first.send_signal(signal.SIGKILL)
        first.wait()
    before = page_results(home)
    assert before < 7, "killed too late to show anything"
    with watcher():
        until(lambda: wiring.index().find(Query("")).total == 2 and not wiring.archive().queued())
    records = [wiring.archive().find_record(dossier) for dossier in wiring.archive().dossiers()]
    assert [record.dossier.outcome for record in records if record] == [Outcome.COMPLETE] * 2
    assert sum(len(record.dossier.pages) for record in records if record) == 7
    lines = read_receipts(inbox, receipt_days(inbox)[0])
    assert sorted(line.name for line in lines) == ["một trang.tiff", "sáu trang.pdf"]
    assert {line.status for line in lines} == {ReceiptStatus.ARCHIVED}
    assert not list((home / "spool").iterdir())


def test_bad_files_are_refused_one_by_one_and_never_stop_the_watcher(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_WATCH__TORN_SECONDS", "2")
    inbox = home / "inbox"
    made = broken.make_all(inbox)
    save_pdf([draw_page("B", 7, 150)], inbox / "zz tốt.pdf")  # behind all bad ones
    dropped = len(made) + 1
    with watcher() as process:
        until(lambda: len(lines_of(inbox)) == dropped)
        until(lambda: wiring.index().find(Query("")).total == 1)
        assert process.poll() is None
    lines = lines_of(inbox)
    assert [line.name for line in lines if line.status is ReceiptStatus.ARCHIVED] == ["zz tốt.pdf"]
    for path in made.values():
        assert (inbox / "_loi" / path.name).exists()
        note = (inbox / "_loi" / f"{path.name}.ly-do.txt").read_text(encoding="utf-8")
        assert len(note.splitlines()) >= 2, "a reason and a remedy"
    assert all(
        line.reason and line.remedy for line in lines if line.status is ReceiptStatus.REFUSED
    )


def lines_of(inbox: Path) -> tuple[Receipt, ...]:
    days = receipt_days(inbox)
    return read_receipts(inbox, days[0]) if days else ()


def test_a_repaired_file_is_taken_when_it_is_put_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_WATCH__TORN_SECONDS", "1")
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    good = home / "good.pdf"
    save_pdf([draw_page("B", 7, 150)], good)
    (inbox / "tờ khai.pdf").write_bytes(good.read_bytes()[:5000])
    with watcher():
        until(lambda: (inbox / "_loi" / "tờ khai.pdf").exists())
        (inbox / "_loi" / "tờ khai.pdf").write_bytes(good.read_bytes())
        (inbox / "_loi" / "tờ khai.pdf").rename(inbox / "tờ khai.pdf")
        until(lambda: wiring.index().find(Query("")).total == 1)


def test_a_lost_index_is_rebuilt_from_the_store_when_the_watcher_starts(home: Path) -> None:
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    save_pdf([draw_page("B", 7, 150)], inbox / "công văn.pdf")
    with watcher():
        until(lambda: wiring.index().find(Query("kinh gui")).total == 1)
    shutil.rmtree(home / "index")
    wiring.index.cache_clear()
    with watcher():
        until(lambda: wiring.index().find(Query("kinh gui")).total == 1)
