"""`sohoa kho`: the papers of a number from standard input, as the newest records have them."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows import wiring
from flows.cli import main
from flows.upkeep.restore_owners import keep_owners, restore_owners
from pipeline import stages
from pipeline.model import Component, ComponentState, Document, Finding, PagePart, Source
from pipeline.versions import Act, keep_next, newest_record
from tests.support.stored import TextReader, digitise, take_in

NUMBER = "031090001562"  # made up
Kho = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def kho(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Kho:
    def answer(typed: str, *words: str) -> tuple[int, Any, str]:
        capsys.readouterr()
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["kho", *words])
        printed = capsys.readouterr()
        rows = json.loads(printed.out) if "--json" in words and printed.out else None
        return code, rows, printed.out + printed.err

    return answer


@pytest.fixture
def dossier(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(wiring, "open_reader", lambda settings: TextReader())
    wiring.forget()
    pages = ("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", "trang hai")
    dossier = take_in(wiring.archive(), tmp_path / "giấy.pdf", pages)
    digitise(wiring.archive(), wiring.index(), dossier)
    return dossier


def correct(dossier: str, *words: str) -> None:
    assert main(["correct", dossier, *words]) == 0


def test_a_number_that_a_person_set_is_found_at_once_and_gone_when_taken_back(
    dossier: str, kho: Kho
) -> None:
    assert kho(NUMBER)[0] == 1
    correct(dossier, "--set", f"personal_id={NUMBER}", "--set", "issued_on=05/09/2025")
    code, (row,), _ = kho("0310 9000 1562\n", "--json", "--on", "2026-03-05")
    assert code == 0
    assert (row["dossier"], row["validity"], row["until"]) == (dossier, "valid", "2026-03-05")
    code, rows, _ = kho(NUMBER, "--json", "--on", "2026-03-06", "--valid")
    assert (code, rows) == (1, [])
    said = kho(NUMBER, "--on", "2026-03-06")[2]
    assert "HẾT HIỆU LỰC đến 05/03/2026" in said
    assert NUMBER not in said, "the terminal may be seen by others"
    correct(dossier, "--reject", "personal_id")
    assert kho(NUMBER)[0] == 1


def test_the_index_of_owners_is_rebuilt_from_the_store(dossier: str, kho: Kho, home: Path) -> None:
    correct(dossier, "--set", f"personal_id={NUMBER}")
    wiring.forget()
    for file in (*home.glob("owners.sqlite3*"), home / "keys" / "owners"):
        file.unlink()
    assert kho(NUMBER)[0] == 1
    assert main(["reindex"]) == 0
    assert kho(NUMBER)[0] == 0


def test_a_paper_of_a_shared_sheet_is_listed_and_used_again_by_its_part(
    dossier: str, kho: Kho, tmp_path: Path
) -> None:
    archive, index = wiring.archive(), wiring.index()
    record = newest_record(dossier, archive)
    (paper,) = record.dossier.documents
    number = Finding(NUMBER, NUMBER, 0.95, Source.OCR, 1)
    held = [Document(paper.type, (1,), parts=(PagePart(1, part, 2),)) for part in (1, 2)]
    held[1] = replace(held[1], findings={"personal_id": number})
    state = replace(record.dossier, documents=tuple(held))
    kept = keep_next(record, state, "digitised", archive, actor=Act("sohoa"))
    stages.publish(kept, archive, index)
    assert "trang 1.2" in kho(NUMBER)[2]
    other = take_in(archive, tmp_path / "khác.pdf", ("GIẤY KHAI SINH",))
    digitise(archive, index, other)
    correct(other, "--set", f"personal_id={NUMBER}")
    record = newest_record(other, archive)
    wanted = Component(paper.type, ComponentState.MISSING, "receipt")
    state = replace(record.dossier, components=(wanted,))
    keep_next(record, state, "digitised", archive, actor=Act("sohoa"))
    for place, code in (("1.x", 1), ("1.1", 1), ("1.2", 0)):
        words = ("--reuse", paper.type, "--held", f"{dossier}:{place}")
        assert main(["correct", other, *words]) == code, place
    (reused,) = newest_record(other, archive).dossier.reused
    assert (reused.dossier, reused.page, reused.part) == (dossier, 1, 2)


@pytest.mark.parametrize("typed", ["", "Nguyễn Văn Mẫu\n", "12345\n"])
def test_a_name_is_no_key(dossier: str, kho: Kho, typed: str) -> None:
    code, _, said = kho(typed)
    assert code == 1
    assert "sohoa: " in said or "số" in said


def test_a_damaged_index_of_owners_holds_nothing_up_and_is_filled_again_by_itself(
    dossier: str, kho: Kho, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    correct(dossier, "--set", f"personal_id={NUMBER}")
    wiring.forget()
    (home / "owners.sqlite3").write_bytes(b"no database" * 1_000)
    correct(dossier, "--set", "issued_on=05/09/2025")
    told = capsys.readouterr()
    assert "chỉ mục chưa theo kịp" not in told.out + told.err
    code, _, said = kho(NUMBER)
    assert code == 0
    assert "đang được dựng lại" in said
    assert main(["doctor", "--json"]) == 1
    assert "owners.sqlite3.damaged" in capsys.readouterr().out
    assert restore_owners(wiring.archive(), wiring.owners()) == 0, "the only one is kept already"
    assert "đang được dựng lại" not in kho(NUMBER)[2]


def test_what_the_index_of_owners_lacks_comes_from_the_store(
    dossier: str, kho: Kho, home: Path
) -> None:
    correct(dossier, "--set", f"personal_id={NUMBER}")
    wiring.forget()
    (home / "owners.sqlite3").write_bytes(b"no database" * 1_000)
    assert kho(NUMBER)[0] == 1
    stop = threading.Event()
    keeper = threading.Thread(
        target=keep_owners, args=(wiring.archive(), wiring.owners(), stop, 0.05), daemon=True
    )
    keeper.start()
    until = time.monotonic() + 300
    while kho(NUMBER)[0] and time.monotonic() < until:
        time.sleep(0.05)
    assert kho(NUMBER)[0] == 0
    stop.set()
    keeper.join(300)
