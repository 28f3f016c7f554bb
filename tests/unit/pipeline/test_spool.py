"""The spool and the receipts: one winner per drop, nothing forgotten, nothing overwritten."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.errors import EncryptedScanError, RefusedScanError
from pipeline.intake import Reception, Spool, SpoolEntry, read_receipts, receipt_days
from pipeline.intake.handles import Folder
from pipeline.intake.refused_files import move_to_refused
from pipeline.intake.taking import DroppedFile, Stray
from pipeline.model import Receipt, ReceiptStatus
from pipeline.ports import Archive
from pipeline.settings import StorageSettings
from storage import open_archive

NOW = datetime.now().astimezone()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_archive(StorageSettings(), tmp_path / "home")


@pytest.fixture
def private(tmp_path: Path) -> Path:
    folder = tmp_path / "private"
    folder.mkdir()
    return folder


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", lambda: os.urandom(11).hex())


def dropped(folder: Path, name: str = "tờ khai.pdf") -> Path:
    path = folder / name
    path.write_bytes(b"%PDF")
    return path


def claimed(spool: Spool, path: Path) -> SpoolEntry:
    entry = spool.claim(path)
    assert entry is not None
    return entry


def receipt(status: ReceiptStatus = ReceiptStatus.ARCHIVED, name: str = "tờ khai.pdf") -> Receipt:
    return Receipt(name, status, NOW, "0a", "lý do, có phẩy", "làm lại", 4, "ab")


def test_a_claimed_drop_has_left_the_folder_and_keeps_its_name(
    spool: Spool, inbox: Path, private: Path
) -> None:
    entry = claimed(spool, dropped(inbox))
    drop = entry.take(private)
    assert list(inbox.iterdir()) == []
    assert (drop.name, drop.dossier) == ("tờ khai.pdf", entry.dossier)


def test_of_two_watchers_one_takes_the_drop(spool: Spool, inbox: Path) -> None:
    path = dropped(inbox)
    entries: list[SpoolEntry | None] = []
    start = threading.Barrier(8)

    def claim() -> None:
        start.wait()
        entries.append(spool.claim(path))

    watchers = [threading.Thread(target=claim) for _ in range(8)]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join()
    assert sum(entry is not None for entry in entries) == 1
    assert list(spool.left_behind()) == []


def test_what_a_killed_watcher_left_is_taken_up_and_what_a_live_one_holds_is_not(
    spool: Spool, inbox: Path, tmp_path: Path
) -> None:
    path = dropped(inbox)
    script = (
        "import sys, time; from pathlib import Path; from pipeline.intake import Spool\n"
        "Spool(Path(sys.argv[1]), lambda: '0a').claim(Path(sys.argv[2])); print('ok', flush=True)\n"
        "time.sleep(60)"
    )
    arguments = [str(tmp_path / "spool"), str(path)]
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"ok\n"
        assert list(spool.left_behind()) == []
        other.send_signal(signal.SIGKILL)
        other.wait()
    (entry,) = spool.left_behind()
    assert (entry.dossier, entry.folder) == ("0a", inbox)


def test_a_drop_that_cannot_be_moved_stays_and_leaves_nothing_behind(inbox: Path) -> None:
    """A mount point in the watched folder, or a spool on another file system."""
    elsewhere = Path(tempfile.mkdtemp(dir="/dev/shm"))
    if elsewhere.stat().st_dev == inbox.stat().st_dev:
        pytest.fail("needs two file systems: the temporary folder is in memory")
    try:
        (inbox / "scan.pdf").write_bytes(b"%PDF")
        with pytest.raises(OSError, match="cross-device"):
            Spool(elsewhere, lambda: "0a").claim(inbox / "scan.pdf")
        assert (inbox / "scan.pdf").exists()
        assert not list(elsewhere.iterdir())
    finally:
        shutil.rmtree(elsewhere)


def settled(
    spool: Spool,
    inbox: Path,
    archive: Archive,
    private: Path,
    refused: RefusedScanError | None = None,
) -> SpoolEntry:
    """Claim, take and settle a drop of one file."""
    entry = claimed(spool, dropped(inbox))
    drop = entry.take(private)
    status = ReceiptStatus.REFUSED if refused else ReceiptStatus.ARCHIVED
    errors: dict[DroppedFile | Stray, RefusedScanError] = {}
    if refused:
        errors[drop.files[0]] = refused
    entry.settle(drop, Reception("0a", (receipt(status),), errors), archive, 0.0)
    return entry


def test_settling_writes_receipts_and_holds_the_source_for_its_grace_time(
    spool: Spool, inbox: Path, tmp_path: Path, archive: Archive, private: Path
) -> None:
    entry = settled(spool, inbox, archive, private)
    held = entry.held()
    assert held is not None
    assert [file.parts for file in held.files] == [("tờ khai.pdf",)]
    assert not entry.late_writes(held)
    entry.finish()
    assert list((tmp_path / "spool").iterdir()) == []
    (line,) = read_receipts(inbox, receipt_days(inbox)[0])
    assert (line.name, line.status, line.reason) == (
        "tờ khai.pdf",
        ReceiptStatus.ARCHIVED,
        "lý do, có phẩy",
    )
    (of_record,) = archive.receipts(receipt_days(inbox)[0])
    assert (of_record.drop, of_record.folder) == (entry.dossier, str(inbox))


def test_a_refused_file_lies_in_loi_with_its_reason(
    spool: Spool, inbox: Path, archive: Archive, private: Path
) -> None:
    error = EncryptedScanError("Tệp có mật khẩu.", "Bỏ mật khẩu rồi thả lại.")
    settled(spool, inbox, archive, private, error).close()
    assert (inbox / "_loi" / "tờ khai.pdf").read_bytes() == b"%PDF"
    note = (inbox / "_loi" / "tờ khai.pdf.ly-do.txt").read_text(encoding="utf-8")
    assert "Bỏ mật khẩu" in note


def refuse(inbox: Path, path: Path) -> None:
    with Folder.at(path.parent) as source:
        error = RefusedScanError("Hỏng.", "Quét lại.")
        move_to_refused(inbox, source, Stray((path.name,), 3), error)


def test_refused_files_of_one_name_do_not_overwrite_each_other(inbox: Path, tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        path = tmp_path / "scan.pdf"
        path.write_bytes(content)
        refuse(inbox, path)
    kept = sorted(path.read_bytes() for path in (inbox / "_loi").glob("*.pdf"))
    assert kept == [b"one", b"two"]


@pytest.mark.parametrize("letter", ["a", "ồ", "o\u0302\u0300", "\udcff", "x." + 62 * "y"])
def test_the_longest_names_are_put_aside_with_their_reason(
    inbox: Path, tmp_path: Path, letter: str
) -> None:
    name = letter * (251 // len(os.fsencode(letter))) + ".pdf"
    for content in (b"one", b"two"):
        (tmp_path / name).write_bytes(content)
        refuse(inbox, tmp_path / name)
    lying = list((inbox / "_loi").iterdir())
    assert sorted(path.read_bytes()[:3] for path in lying if path.suffix == ".pdf") == [
        b"one",
        b"two",
    ]
    assert sum(path.name.endswith(".ly-do.txt") for path in lying) == 2


def test_a_file_of_a_standing_folder_is_named_and_refused_with_that_folder(
    spool: Spool, inbox: Path, archive: Archive, private: Path
) -> None:
    (inbox / "an" / "sáng").mkdir(parents=True)
    entry = spool.claim(dropped(inbox / "an" / "sáng"), inbox)
    assert entry is not None
    entry.close()
    (again,) = spool.left_behind()  # as a watcher that was started anew finds it
    drop = again.take(private)
    assert [file.name for file in drop.files] == ["an/sáng/tờ khai.pdf"]
    refusal = receipt(ReceiptStatus.REFUSED, name="an/sáng/tờ khai.pdf")
    errors: dict[DroppedFile | Stray, RefusedScanError] = {drop.files[0]: RefusedScanError("Hỏng.")}
    again.settle(drop, Reception(None, (refusal,), errors), archive, 0.0)
    again.close()
    assert (inbox / "_loi" / "an" / "sáng" / "tờ khai.pdf").exists()
    assert (inbox / "an" / "sáng").is_dir()
