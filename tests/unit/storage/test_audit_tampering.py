"""Whatever is done to a line or a segment of the audit log is found, at every place of it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.audit import Flaw
from storage import fixity
from tests.support.audit_logs import AuditHome

Rows = list[bytes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> AuditHome:
    """Two writers of two segments each, the second one sealed after the first."""
    made = AuditHome(tmp_path_factory.mktemp("whole"))
    made.written(1, 2, 3, segments=2)
    made.written(4, 5, 6, segments=2)
    return made


@pytest.fixture
def place(whole: AuditHome, tmp_path: Path) -> AuditHome:
    shutil.copytree(whole.home, tmp_path / "home")
    return AuditHome(tmp_path / "home")


def rehashed(row: bytes) -> bytes:
    """Return a line with the hash that fits what it says now."""
    rest = re.sub(rb'^\{"sha256": "\w{64}", ', b"", row)
    return b'{"sha256": "%b", %b' % (hashlib.sha256(rest).hexdigest().encode(), rest)


def blamed(rows: Rows, at: int) -> None:
    rows[at] = rows[at].replace(b'"account": "an"', b'"account": "ba"').replace(b"stop", b"hour")


def blamed_with_a_new_hash(rows: Rows, at: int) -> None:
    blamed(rows, at)
    rows[at] = rehashed(rows[at])


def taken_out(rows: Rows, at: int) -> None:
    del rows[at]


def swapped(rows: Rows, at: int) -> None:
    other = (at + 1) % len(rows)
    rows[at], rows[other] = rows[other], rows[at]


def twice(rows: Rows, at: int) -> None:
    rows.insert(at, rows[at])


def emptied(rows: Rows, at: int) -> None:
    rows[at] = b""


def moved_in_from_elsewhere(rows: Rows, at: int) -> None:
    body = json.loads(rows[at]) | {"detail": {"n": 99}}
    del body["sha256"]
    rows.insert(at + 1, rehashed(json.dumps(body).encode()[1:]))


def deeds() -> list[Callable[[Rows, int], None]]:
    return [
        blamed, taken_out, swapped, twice, emptied, moved_in_from_elsewhere, blamed_with_a_new_hash,
    ]  # fmt: skip


@pytest.mark.parametrize("deed", deeds(), ids=lambda deed: deed.__name__)
def test_a_deed_is_found_at_every_line_of_every_segment(
    place: AuditHome, deed: Callable[[Rows, int], None]
) -> None:
    assert place.verify().faults == ()
    unseen = []
    for path in place.sealed():
        saved = path.read_bytes()
        for at in range(saved.count(b"\n")):
            rows = saved.splitlines()
            deed(rows, at)
            path.write_bytes(b"".join(row + b"\n" for row in rows))
            if path.read_bytes() != saved and not place.verify().faults:
                unseen.append(f"{path.name} line {at + 1}")
        path.write_bytes(saved)
    assert not unseen


def test_every_flipped_byte_is_found(place: AuditHome) -> None:
    path = place.sealed()[1]
    saved = path.read_bytes()
    unseen = []
    for at in range(0, len(saved), 7):
        spoiled = bytearray(saved)
        spoiled[at] ^= 1
        path.write_bytes(bytes(spoiled))
        if not place.verify().faults:
            unseen.append(at)
    assert unseen == []


def test_the_fault_says_which_line_and_what(place: AuditHome) -> None:
    first, *_ = place.sealed()
    rows = first.read_bytes().splitlines(keepends=True)
    first.write_bytes(b"".join(rows[:2] + rows[3:]))
    (fault,) = place.verify().faults
    assert (fault.flaw, fault.detail) == (Flaw.MISSING, "entry 3")
    first.write_bytes(b"".join([rows[0], rows[2], rows[1], *rows[3:]]))
    (fault,) = place.verify().faults
    assert (fault.line, fault.flaw) == (3, Flaw.REORDERED)
    first.write_bytes(b"".join(rows).replace(b'"n": 2', b'"n": 7'))
    (fault,) = place.verify().faults
    assert (fault.line, fault.flaw) == (3, Flaw.CHANGED)


def test_a_segment_that_was_taken_out_is_missed(place: AuditHome) -> None:
    *earlier, newest = place.sealed()
    for path in earlier:
        saved = path.read_bytes()
        path.unlink()
        assert Flaw.MISSING in {fault.flaw for fault in place.verify().faults}, path
        path.write_bytes(saved)
    newest.unlink()
    assert place.verify().faults, "the home remembers it"
    (place.folder / "heads.json").unlink()
    assert place.verify().faults == (), "the documented bound: no seal names the newest segment yet"


def test_a_whole_writer_that_was_taken_out_is_missed(place: AuditHome) -> None:
    first = place.sealed()[0].parent
    shutil.rmtree(first)
    faults = place.verify().faults
    assert {fault.flaw for fault in faults} == {Flaw.MISSING}
    assert any("named by" in fault.detail for fault in faults)


def test_a_writer_whose_segments_were_all_hashed_anew_is_found(place: AuditHome) -> None:
    """Whoever rewrites a chain to its end has not rewritten the seals of others that name it."""
    first, second, *_ = place.sealed()
    (place.folder / "heads.json").unlink()
    before = b"0" * 64
    for path in (first, second):
        rows = path.read_bytes().replace(b'"n": 2', b'"n": 8').splitlines()
        for at, row in enumerate(rows):
            rows[at] = rehashed(re.sub(rb'"previous": "\w{64}"', b'"previous": "%b"' % before, row))
            before = rows[at][12:76]
        path.write_bytes(b"".join(row + b"\n" for row in rows))
    (fault,) = place.verify().faults
    assert fault.flaw is Flaw.CHANGED
    assert "named by" in fault.detail


def test_a_segment_that_lost_its_end_is_found(place: AuditHome) -> None:
    path = place.sealed()[-1]
    saved = path.read_bytes()
    for length in range(1, len(saved), 97):
        path.write_bytes(saved[:length])
        assert place.verify().faults, length


def test_verify_of_the_store_knows_segments(place: AuditHome) -> None:
    path = place.sealed()[0]
    key = path.relative_to(place.home / "store").as_posix()
    assert key in set(fixity.objects(place.store))
    assert fixity.examine(place.store, key, lambda _: None) == ()
    path.write_bytes(path.read_bytes().replace(b'"n": 1', b'"n": 9'))
    assert [str(fault.damage) for fault in fixity.examine(place.store, key, lambda _: None)] == [
        "changed"
    ]
