"""The archive over a real folder: every operation may be repeated."""

from __future__ import annotations

import hashlib
import json
import traceback
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import ArchiveError, ObjectExistsError, RecordError
from pipeline.model import Dossier, Lease, Record
from pipeline.ports import Archive
from pipeline.settings import StorageSettings
from storage import new_dossier_id, open_archive

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_archive(StorageSettings(), tmp_path)


def record(sequence: int, dossier: str = "00aa") -> Record:
    return Record(sequence, NOW, "intake", "received", Dossier(dossier, "hồ sơ", NOW))


def test_an_original_is_kept_under_its_hash_and_read_back(archive: Archive, tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes("%PDF giấy tờ".encode())
    sha256 = archive.keep_original(scan)
    assert sha256 == hashlib.sha256(scan.read_bytes()).hexdigest()
    assert archive.keep_original(scan) == sha256
    with archive.original(sha256) as path:
        assert path.read_bytes() == scan.read_bytes()


def test_a_damaged_original_is_noticed_before_the_source_goes(
    archive: Archive, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"a page of paper")
    sha256 = archive.keep_original(scan)
    (tmp_path / "store" / "originals" / sha256).write_bytes(b"a pagf of paper")
    with pytest.raises(ArchiveError, match="không còn đúng"):
        archive.keep_original(scan)


def test_the_first_dossier_owns_the_bytes(archive: Archive) -> None:
    assert archive.claim_original("ab" * 32, "00aa") == "00aa"
    assert archive.claim_original("ab" * 32, "00bb") == "00aa"


def test_the_highest_record_is_the_state_and_none_is_overwritten(archive: Archive) -> None:
    archive.keep_record(record(1))
    second = replace(record(2), action="digitised")
    archive.keep_record(second)
    with pytest.raises(ObjectExistsError):
        archive.keep_record(record(2))
    assert archive.find_record("00aa") == second
    assert [version.sequence for version in archive.history("00aa")] == [1, 2]
    assert archive.find_record("00bb") is None


def test_dossiers_are_listed_once_each_oldest_first(archive: Archive) -> None:
    ids = [new_dossier_id(datetime(2026, 3, day, tzinfo=UTC)) for day in (2, 1, 3)]
    for dossier in ids:
        archive.keep_record(record(1, dossier))
        archive.keep_record(record(2, dossier))
    assert list(archive.dossiers()) == [ids[1], ids[0], ids[2]]


def test_a_dossier_is_queued_once_until_it_is_dequeued(archive: Archive) -> None:
    archive.enqueue("00aa")
    archive.enqueue("00aa", attempts_before=3)
    later = datetime.now(UTC)
    archive.enqueue("00bb", since=later)
    archive.enqueue("00bb", since=later)
    assert [entry.dossier for entry in archive.queued()] == ["00aa", "00bb"]
    assert archive.queued()[1].since == later
    archive.dequeue(archive.queued()[0])
    assert [entry.dossier for entry in archive.queued()] == ["00bb"]


def test_who_asks_for_a_new_reading_is_queued_beside_one_that_waits_already(
    archive: Archive,
) -> None:
    assert archive.enqueue("00aa")
    assert archive.enqueue("00bb", asked_by="mai"), "the index was away, and readings hold"
    assert not archive.enqueue("00aa", asked_by="mai")
    assert not any(archive.is_to_read_again(each) for each in ("00aa", "00bb", "00cc"))
    assert archive.enqueue("00aa", asked_by="lan", read_again=True)
    assert not archive.enqueue("00aa", asked_by="minh", read_again=True), "that stands there"
    assert not archive.enqueue("00aa")
    asked = [archive.open_entry(each).asked_by for each in archive.queued()]
    assert asked == ["", "mai", "lan"]
    assert archive.is_to_read_again("00aa")
    assert not archive.is_to_read_again("00bb")


@pytest.mark.parametrize("asked_by", ["", "lan"])
def test_an_entry_of_before_wants_a_new_reading_where_somebody_asked(
    archive: Archive, tmp_path: Path, asked_by: str
) -> None:
    archive.enqueue("00aa", asked_by=asked_by)
    (path,) = (tmp_path / "store" / "pending").iterdir()
    old = json.loads(path.read_bytes())
    del old["sha256"], old["read_again"]
    body = json.dumps(old, ensure_ascii=False, sort_keys=True)[1:].encode()
    path.write_bytes(b'{"sha256": "%b", %b' % (hashlib.sha256(body).hexdigest().encode(), body))
    assert archive.open_entry(archive.queued()[0]).asked_by == asked_by
    assert archive.is_to_read_again("00aa") is bool(asked_by)


def test_the_queue_is_listed_without_opening_its_entries(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backlog of thousands in a bucket would cost a request each, at every listing."""
    archive.enqueue("00aa", attempts_before=3)
    (entry,) = archive.queued()
    assert archive.open_entry(entry).attempts_before == 3
    monkeypatch.setattr(Path, "open", None)
    monkeypatch.setattr(Path, "read_bytes", None)
    assert archive.queued() == (entry,)
    with pytest.raises(TypeError):
        archive.open_entry(entry)


def test_of_two_workers_one_gets_the_lease(archive: Archive) -> None:
    lease = Lease("00aa", 1, "here:1:1", NOW)
    assert archive.take_lease(lease)
    assert not archive.take_lease(replace(lease, holder="there:2:2"))
    archive.renew_lease(replace(lease, released=True))
    assert archive.find_lease("00aa") == replace(lease, released=True)


def test_a_record_of_a_newer_form_is_refused_with_the_remedy(
    archive: Archive, tmp_path: Path
) -> None:
    archive.keep_record(record(1))
    path = tmp_path / "store" / "dossiers" / "00aa" / "records" / "000001.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"form": 1', '"form": 99'))
    with pytest.raises(RecordError, match="nâng cấp"):
        archive.find_record("00aa")


def test_a_damaged_entry_is_still_queued(archive: Archive, tmp_path: Path) -> None:
    archive.enqueue("00aa")
    (entry,) = (tmp_path / "store" / "pending").iterdir()
    before = archive.queued()
    entry.write_bytes(b"{half a mark")
    (tmp_path / "store" / "pending" / "note.txt").write_text("no entry")
    assert archive.queued() == before
    assert archive.open_entry(before[0]).attempts_before == 0
    archive.dequeue(before[0])
    assert archive.queued() == ()


def test_a_record_that_cannot_be_read_is_not_quoted(archive: Archive, tmp_path: Path) -> None:
    archive.keep_record(record(1))
    path = tmp_path / "store" / "dossiers" / "00aa" / "records" / "000001.json"
    path.write_text('{"form": 1, "sequence": "Nguyễn Thị Mẫu"}')
    with pytest.raises(RecordError) as caught:
        archive.find_record("00aa")
    assert "Mẫu" not in "".join(traceback.format_exception(caught.value))


def test_nobody_else_on_the_machine_looks_into_the_store(archive: Archive, tmp_path: Path) -> None:
    archive.keep_record(record(1))
    assert (tmp_path / "store").stat().st_mode & 0o077 == 0


def test_dossiers_of_a_code_are_known_by_any_spelling_of_it(archive: Archive) -> None:
    code = "H26.19.25-260105-0007"
    for dossier in ("00ab", "00aa"):
        first = record(1, dossier)
        archive.keep_record(replace(first, dossier=replace(first.dossier, code=code)))
    archive.keep_record(record(1, "00ac"))
    assert archive.carriers(code) == archive.carriers("h26.19.25 - 260105 - 0007")
    assert archive.carriers(code) == ("00aa", "00ab")
    assert archive.carriers("H26.19.25-260105-0008") == ()
    archive.note_code(code, "00ac")
    archive.note_code(code, "00ac")
    assert archive.carriers(code) == ("00aa", "00ab", "00ac")
