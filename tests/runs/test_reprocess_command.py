"""`sohoa reprocess`: lists with personal data hidden, applies what was listed, is audited."""

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

NUMBER = "031085012345"
UNDERSTAND = ("reprocess", "--stage", "understand")


@pytest.fixture
def dossier(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A dossier of which older rules read a number where there is none."""
    monkeypatch.setattr(wiring, "open_reader", lambda settings: TextReader())
    wiring.forget()
    archive = wiring.archive()
    dossier = take_in(archive, tmp_path / "giấy.pdf", ("TỜ KHAI ĐĂNG KÝ KẾT HÔN", "hai"))
    digitise(archive, wiring.index(), dossier)
    record = newest_record(dossier, archive)
    paper = record.dossier.documents[0]
    misread = Finding(NUMBER, NUMBER, 0.95, Source.OCR, 1)
    papers = (replace(paper, findings={**paper.findings, "personal_id": misread}),)
    keep_next(record, replace(record.dossier, documents=papers, rules="older"), "x", archive)
    return dossier


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_it_lists_hidden_applies_and_names_its_rules(
    dossier: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, early = answered(capsys, *UNDERSTAND, "--apply")
    assert (code, early["applied"], early["unlisted"]) == (1, 0, 1)
    code, listed = answered(capsys, *UNDERSTAND)
    (change,) = listed["changes"]
    assert (code, listed["changed"], listed["applied"]) == (0, 1, 0)
    assert (change["dossier"], change["field"], change["after"]) == (dossier, "personal_id", "")
    assert "•" in change["before"] and NUMBER not in json.dumps(listed)
    _, clear = answered(capsys, *UNDERSTAND, "--clear")
    assert clear["changes"][0]["before"] == NUMBER
    code, applied = answered(capsys, *UNDERSTAND, "--apply")
    assert (code, applied["applied"]) == (0, 1)
    _, shown = answered(capsys, "show", dossier)
    assert (shown["rules"], shown["documents"][0]["findings"].keys()) == (
        listed["rules"],
        {"document_type"},
    )
    _, history = answered(capsys, "history", dossier)
    assert [row["rules"] for row in history][-2:] == ["older", listed["rules"]]
    _, entries = answered(capsys, "audit", "show")
    assert [one["detail"].get("act") for one in entries if one["verb"] == "unmask"] == ["reprocess"]


def test_without_json_it_is_a_line_a_change_and_says_what_to_do(
    dossier: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(list(UNDERSTAND)) == 0
    out = capsys.readouterr().out
    assert f"{dossier}  trang 1  Số định danh cá nhân: " in out
    assert "--apply" in out and NUMBER not in out
    assert main([*UNDERSTAND, "--apply"]) == 0
    assert "Đã ghi 1 hồ sơ." in capsys.readouterr().out
