"""`sohoa review`: the list, the next item, answers and the report, and what is audited of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows import wiring
from flows.cli import main
from pipeline.model import Finding, Source
from pipeline.stages import newest_record
from pipeline.versions import keep_next
from tests.support.stored import TextReader, digitise, take_in


@pytest.fixture
def dossier(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A dossier with a doubtful name and a certain summary."""
    monkeypatch.setattr(wiring, "open_reader", lambda settings: TextReader())
    monkeypatch.setenv("SOHOA_REVIEW__SAMPLE", "1")
    wiring.forget()
    archive = wiring.archive()
    dossier = take_in(archive, tmp_path / "giấy.pdf", ("trang một", "hai"))
    digitise(archive, wiring.index(), dossier)
    record = newest_record(dossier, archive)
    found = {
        "full_name": Finding("Nguời Mẫu", "Nguời Mẫu", 0.4, Source.OCR, 1),
        "summary": Finding("Về việc mẫu", "Về việc mẫu", 0.9, Source.OCR, 1),
    }
    papers = (replace(record.dossier.documents[0], findings=found),)
    keep_next(record, replace(record.dossier, documents=papers), "x", archive)
    return dossier


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_items_are_listed_taken_answered_and_reported(
    dossier: str, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = answered(capsys, "review")
    name, summary = f"{dossier}-3.1-full_name", f"{dossier}-3.1-summary"
    assert (listed["waiting"], listed["seconds"]) == (2, 20)
    assert [item["item"] for item in listed["items"]] == [name, summary]
    assert "Mẫu" not in json.dumps(listed, ensure_ascii=False)
    taken = answered(capsys, "review", "--next")
    assert (taken["item"], taken["value"], taken["found_on"]) == (name, "Nguời Mẫu", 1)
    (row,) = answered(capsys, "review", "--correct", f"{name}=Người Mẫu")
    assert (row["action"], row["reason"]) == ("corrected", "kiểm tra")
    assert answered(capsys, "search", "Người Mẫu")["total"] == 1
    now = f"{dossier}-4.1-summary"  # of the record since; the name of before means it too
    assert answered(capsys, "review", "--next")["item"] == now
    assert main(["review", "--skip", summary]) == 1, "without a reason"
    assert main(["review", "--skip", summary, "--reason", "mờ"]) == 0
    assert answered(capsys, "review", "--next") is None
    answered(capsys, "review", "--confirm", summary)
    report = answered(capsys, "review", "--report")
    assert (report[0]["by"], report[0]["looked_at"], report[0]["wrong"]) == ("all", 1, 0)
    assert 0 < report[0]["high"] < 1
    answered(capsys, "review", "--undo", summary)
    assert answered(capsys, "review")["waiting"] == 1
    entries = answered(capsys, "audit", "who", dossier)
    deeds = [one["detail"].get("review") for one in entries if one["verb"] == "correct"]
    assert deeds == ["correct", "skip", "confirm", "undo"]


def test_people_read_it_in_their_words(dossier: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2 trường · khoảng 1 phút\n") and "Họ và tên" in out
    assert main(["review", "--next"]) == 0
    assert "Họ và tên: Nguời Mẫu" in capsys.readouterr().out
    assert main(["review", "--give-back", f"{dossier}-3.1-full_name"]) == 0
    assert main(["review", "--report"]) == 0
    assert "chưa có" in capsys.readouterr().out
    for wrong in (["--confirm", "x"], ["--confirm", f"{dossier}-3.1-place"],
                  ["--confirm", f"{dossier}-1-full_name"], ["--confirm", f"{dossier}-9.1-place"],
                  ["--correct", f"{dossier}-3.1-full_name"]):  # fmt: skip
        assert main(["review", *wrong]) == 1
