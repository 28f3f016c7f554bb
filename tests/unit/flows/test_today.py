"""`sohoa today`: balance, exit code, JSON, workbook that is never overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows import wiring
from flows.cli import main
from pipeline import clock
from pipeline.model import DropReceipts
from tests.support.drops import Office


@pytest.fixture
def office(home: Path) -> Office:
    home.mkdir()
    (home / "inbox").mkdir()
    office = Office(home)
    reception = office.drops("đơn của ai.pdf", "đơn xin")
    folder = str((home / "inbox").absolute())
    office.archive.keep_receipts(DropReceipts("0c", folder, clock.today(), reception.receipts))
    return office


def test_papers_may_be_put_away_when_all_is_read(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["today"]) == 1
    assert "Còn 1 tệp đang đọc. Chưa được cất giấy." in capsys.readouterr().out
    office.digitises_all()
    assert main(["today", "--day", f"{clock.today():%d/%m/%Y}"]) == 0
    said = capsys.readouterr().out
    assert "1 tệp = 1 đã lưu + 0 trùng + 0 bị từ chối + 0 đang chờ" in said
    assert "Đã đủ. Có thể cất giấy." in said
    assert "đơn của ai" not in said


def test_json_and_workbook(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "so.xlsx"
    assert main(["today", "--json", "--xlsx", str(book)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["archived"] == told["files"] == 1
    assert told["book"]["files"][0]["name"] == "đơn của ai.pdf"
    assert book.read_bytes().startswith(b"PK")
    before = book.read_bytes()
    assert main(["today", "--xlsx", str(book)]) == 1
    assert book.read_bytes() == before
    wiring.close_audit_log()
    entries = wiring.audit_trail().entries()
    assert [(one.detail("what"), one.detail("names")) for one in entries][:1] == [("day_book", "1")]


@pytest.mark.parametrize("day", ["31/02/2026", "mai", ""])
def test_no_day(office: Office, day: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["today", "--day", day])
    assert ended.value.code == 2


def test_a_day_without_files(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["today", "--day", "01/02/2024"]) == 1
    assert "Chưa có tệp nào." in capsys.readouterr().out
