"""Verifying finds a flipped byte anywhere, and tells changed, missing and unreadable apart."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.upkeep import verify
from flows.upkeep.verify import VerifyOptions, verify_store
from flows.upkeep.verify_progress import FILE, VerifyProgress
from pipeline import records, stages
from pipeline.errors import RecordError, StorageUnavailableError
from pipeline.fixity import Damage, Fault
from pipeline.model import PageRef
from pipeline.settings import SearchSettings
from search import open_index
from storage.archive import ObjectArchive
from storage.disk import DiskStore
from tests.support.stored import (
    TextReader,
    digitise,
    fill,
    flip,
    key_of,
    kind,
    objects,
    of_kind,
    opened,
    verified,
)

pytestmark = pytest.mark.slow

KINDS = {
    "codes.json",
    "originals",
    "originals.owner",
    "dossiers.json",
    "pages.json",
    "pages.webp",
    "leases.json",
    "pending.json",
}
FOR_GOOD = sorted(KINDS - {"leases.json", "pending.json"})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(verify, "RECHECK_SECONDS", 0.0)
    folder = tmp_path / "home"
    folder.mkdir()
    fill(opened(folder), open_index(SearchSettings(), folder), tmp_path)
    return folder


def test_a_store_as_it_was_written_has_no_fault(home: Path) -> None:
    assert {kind(path) for path in objects(home)} == KINDS
    verdict = verified(home)
    assert verdict.faults == ()
    assert verdict.left == 0
    assert verdict.read == sum(path.stat().st_size for path in objects(home))
    assert verdict.checked == len(list(objects(home))) - len(of_kind(home, "pages.webp"))


@pytest.mark.parametrize("wanted", sorted(KINDS))
def test_a_flipped_bit_is_found_in_every_object_of_the_store(home: Path, wanted: str) -> None:
    for path in of_kind(home, wanted):
        size = path.stat().st_size
        for offset in sorted({0, 5, 13, 40, 78, 79, size // 2, size - 1} & set(range(size))):
            before = flip(path, offset)
            assert verified(home).faults == (Fault(key_of(home, path), Damage.CHANGED),), offset
            path.write_bytes(before)
    assert verified(home).faults == ()


@pytest.mark.parametrize("wanted", sorted(KINDS))
def test_a_shorter_a_longer_and_an_empty_object_are_found(home: Path, wanted: str) -> None:
    path = of_kind(home, wanted)[0]
    before = path.read_bytes()
    for after in (before[:-1], before + b"\n", b"", before.replace(b" ", b"  ") + b"x"):
        path.write_bytes(after)
        assert verified(home).faults == (Fault(key_of(home, path), Damage.CHANGED),)


def test_every_bit_of_a_record_is_sealed(home: Path) -> None:
    data = of_kind(home, "dossiers.json")[0].read_bytes()
    assert records.is_intact(data)
    for offset in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[offset] ^= 1 << bit
            assert not records.is_intact(bytes(changed)), (offset, bit)


def test_a_changed_record_or_owner_is_refused_by_whoever_reads_it(home: Path) -> None:
    """A changed owner note would otherwise put a paper into a dossier that does not exist."""
    record, owner = of_kind(home, "dossiers.json")[0], of_kind(home, "originals.owner")[0]
    text = record.read_text()
    record.write_text(text.replace("H26.19.25-260105-0007", "H26.19.25-260105-0001"))
    with pytest.raises(RecordError, match="sohoa verify"):
        opened(home).history(record.parts[-3])
    flip(owner, owner.stat().st_size - 5)
    with pytest.raises(RecordError):
        opened(home).claim_original(owner.stem, "00aa")


@pytest.mark.parametrize(
    "wanted", ["dossiers.json", "pages.json", "originals.owner", "leases.json"]
)
def test_a_whole_object_under_the_name_of_another_is_found(home: Path, wanted: str) -> None:
    first, *_, other = of_kind(home, wanted)
    shutil.copy(first, other)
    assert Fault(key_of(home, other), Damage.CHANGED) in verified(home).faults


@pytest.mark.parametrize("wanted", FOR_GOOD)
def test_what_was_verified_once_is_missed_when_it_is_gone(home: Path, wanted: str) -> None:
    verified(home)
    for path in of_kind(home, wanted):
        aside = path.rename(home / "aside")
        assert Fault(key_of(home, path), Damage.MISSING) in verified(home).faults
        assert all(fault.damage is Damage.MISSING for fault in verified(home).faults)
        aside.rename(path)
        assert verified(home).faults == ()


@pytest.mark.parametrize("wanted", FOR_GOOD)
def test_what_others_name_is_missed_without_any_memory(home: Path, wanted: str) -> None:
    """All but the newest record of a dossier, which nothing in the store names."""
    for path in of_kind(home, wanted):
        if wanted == "dossiers.json" and path.name == "000002.json":
            continue
        aside = path.rename(home / "aside")
        (home / FILE).unlink(missing_ok=True)
        assert verified(home).faults == (Fault(key_of(home, path), Damage.MISSING),)
        aside.rename(path)


@pytest.mark.parametrize("wanted", sorted(KINDS))
def test_what_cannot_be_read_now_is_not_called_missing_or_changed(home: Path, wanted: str) -> None:
    """A link that leads to itself answers with an error of the system, as a bad disk does."""
    path = of_kind(home, wanted)[0]
    aside = path.rename(home / "aside")
    path.symlink_to(path)
    assert verified(home).faults == (Fault(key_of(home, path), Damage.UNREADABLE),)
    path.unlink()
    aside.rename(path)
    assert verified(home).faults == ()


@pytest.mark.parametrize("is_remembered", [True, False])
def test_a_folder_that_cannot_be_read_now_is_not_called_missing(
    home: Path, is_remembered: bool
) -> None:
    if is_remembered:
        verified(home)
    record = of_kind(home, "dossiers.json")[0]
    flip(record, 200)
    folder = home / "store" / "originals"
    keys = {key_of(home, path) for path in objects(home) if "originals" in path.parts}
    folder.rename(home / "aside")
    folder.symlink_to(folder)
    faults = verified(home).faults
    assert Fault(key_of(home, record), Damage.CHANGED) in faults
    unread = {fault.key for fault in faults if fault.damage is Damage.UNREADABLE}
    assert unread == keys
    assert len(faults) == len(unread) + 1


class HalfStore(DiskStore):
    """A folder of it answers with an error of the disk when it is listed."""

    def keys(self, prefix: str) -> Iterator[str]:
        if prefix == "leases/":
            raise StorageUnavailableError("Ổ đĩa báo lỗi.", "Kiểm tra ổ đĩa.")
        return super().keys(prefix)


def test_a_folder_that_cannot_be_listed_hides_no_other(home: Path) -> None:
    record = of_kind(home, "dossiers.json")[0]
    flip(record, 200)
    progress = VerifyProgress(home)
    faults = verify_store(
        ObjectArchive(HalfStore(home / "store")), progress, VerifyOptions()
    ).faults
    progress.close()
    assert faults == (
        Fault(key_of(home, record), Damage.CHANGED),
        Fault(verify.STORE, Damage.UNREADABLE),
    )


def test_an_empty_store_that_was_full_is_away_not_lost(home: Path) -> None:
    verified(home)
    (home / "store").rename(home / "elsewhere")
    for _ in range(2):
        with pytest.raises(StorageUnavailableError, match="chưa được gắn"):
            verified(home)
        (home / "store").mkdir(exist_ok=True)


def test_of_two_readings_the_picture_that_was_stored_first_is_certified(home: Path) -> None:
    """Two workers read one page; the loser of the picture may be the winner of the result."""
    archive = opened(home)
    page = of_kind(home, "pages.json")[0]
    ref = PageRef("", page.parts[-3], 1)
    page.unlink()
    scan = home / "store" / "originals" / ref.scan
    reading = TextReader().read_page(scan, 1)
    archive.keep_page(ref, "text-1", replace(reading, picture=b"drawn a little otherwise"))
    assert verified(home).faults == ()


def test_a_new_recipe_leaves_the_old_results_free_to_go(home: Path, tmp_path: Path) -> None:
    """The remedy for a damaged page is to read it again; the store must come to rest after it."""
    archive = opened(home)
    dossier = next(iter(archive.dossiers()))
    verified(home)
    for scan in stages.newest_record(dossier, archive).dossier.scans:
        shutil.rmtree(home / "store" / "pages" / scan.sha256)
    assert {fault.damage for fault in verified(home).faults} == {Damage.MISSING}
    stages.ask_again(dossier, archive)
    digitise(
        archive, open_index(SearchSettings(), home), dossier, replace(TextReader(), recipe="t2")
    )
    assert verified(home).faults == ()
