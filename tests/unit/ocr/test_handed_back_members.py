"""What a sandboxed job says that it took out of a file is checked: names, files, bytes, count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocr.files.inside import unpacking
from ocr.sandbox import pool
from pipeline.errors import EncryptedScanError, UnreadableScanError
from pipeline.ports import InnerFile, UnpackLimits
from pipeline.settings import ReadingSettings
from tests.support.false_answers import order

PROGRAM = "tests.support.false_answers"
SETTINGS = ReadingSettings(office="off", max_unpacked=100)
LIMITS = UnpackLimits(3, 0)
MEMBER = {"parts": ["a.pdf"], "file": "000001", "refusal": None}
REFUSAL = {"error": "EncryptedScanError", "message": "Bị khóa.", "remedy": "Mở khóa."}


@pytest.fixture(autouse=True, scope="module")
def worker() -> Iterator[None]:
    """Have jobs done by a worker that hands back what the file says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpacking, "PROGRAM", PROGRAM)
        yield
    pool.end_all()


def unpack(room: Path, members: object, files: dict[str, bytes]) -> tuple[InnerFile, ...]:
    texts = {name: data.hex() for name, data in files.items()}
    scan = order(room / "scan", {"members": members}, files=texts)
    (room / "out").mkdir()
    return unpacking.unpack(scan, room / "out", LIMITS, SETTINGS)


def test_files_that_were_taken_out_are_ours(tmp_path: Path) -> None:
    locked = {"parts": ["thư", "b.pdf"], "file": "", "refusal": REFUSAL}
    one, other = unpack(tmp_path, [MEMBER, locked], {"000001": b"x" * 100})
    assert one == InnerFile(("a.pdf",), tmp_path / "out" / "000001")
    assert (tmp_path / "out" / "000001").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "out" / "000001").stat().st_uid == tmp_path.stat().st_uid
    assert other.copy is None
    assert isinstance(other.refusal, EncryptedScanError)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["000001"]


def test_an_error_that_no_file_in_a_file_has_becomes_its_refusal(tmp_path: Path) -> None:
    wild = {"parts": ["a"], "file": "", "refusal": REFUSAL | {"error": "MissingEngineError"}}
    none = {"parts": ["b"], "file": "", "refusal": REFUSAL | {"error": "SystemExit"}}
    empty = {"parts": ["c"], "file": "", "refusal": None}
    found = unpack(tmp_path, [wild, none, empty], {})
    assert [type(each.refusal) for each in found] == [UnreadableScanError] * 3


TWO = {"000001": b"x" * 60, "000002": b"x" * 60}
FALSE_MEMBERS: dict[str, tuple[Any, dict[str, bytes]]] = {
    "no list": (5, {}),
    "a file that is not there": ([MEMBER], {}),
    "a file elsewhere": ([MEMBER | {"file": "/etc/passwd"}], {}),
    "a file above": ([MEMBER | {"file": "../scan"}], {}),
    "the order": ([MEMBER | {"file": "job.json"}], {}),
    "the same file twice": ([MEMBER, MEMBER], {"000001": b"x"}),
    "more files than may be": ([MEMBER] * 4, {"000001": b"x"}),
    "a file larger than may be": ([MEMBER], {"000001": b"x" * 101}),
    "files larger together than may be": ([MEMBER, MEMBER | {"file": "000002"}], TWO),
    "no name": ([MEMBER | {"parts": []}], {"000001": b"x"}),
    "an empty name": ([MEMBER | {"parts": [""]}], {"000001": b"x"}),
    "a name with a folder": ([MEMBER | {"parts": ["../a"]}], {"000001": b"x"}),
    "a name as long as a book": ([MEMBER | {"parts": ["x" * 10_000]}], {"000001": b"x"}),
    "a thousand folders": ([MEMBER | {"parts": ["x"] * 1_000}], {"000001": b"x"}),
    "a name that is a number": ([MEMBER | {"parts": [5]}], {"000001": b"x"}),
    "a reason with escapes": (
        [MEMBER | {"file": "", "refusal": REFUSAL | {"message": "\x1b[2J"}}],
        {},
    ),
    "a field more": ([MEMBER | {"path": "/etc/passwd"}], {"000001": b"x"}),
}


@pytest.mark.parametrize(("members", "files"), FALSE_MEMBERS.values(), ids=FALSE_MEMBERS)
def test_a_false_answer_about_files_in_a_file_refuses_it(
    members: object, files: dict[str, bytes], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(UnreadableScanError, match="phải dừng"):
        unpack(tmp_path, members, files)
    assert "died" not in caplog.text, "the answer was never looked at"


def test_a_step_upwards_is_no_name(tmp_path: Path) -> None:
    (found,) = unpack(tmp_path, [MEMBER | {"parts": ["..", "C:", "a"]}], {"000001": b"x"})
    assert found.parts == ("a",)
