"""`sohoa correct` on a digitised dossier: it counts in search at once and names who decided."""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows import wiring
from flows.cli import main
from pipeline.model import Component, ComponentState
from tests.support.stored import TextReader, digitise, take_in

Sohoa = Callable[..., tuple[int, Any]]
PAGES = ("TỜ KHAI ĐĂNG KÝ KẾT HÔN", "trang hai", "trang ba")


@pytest.fixture
def sohoa(capsys: pytest.CaptureFixture[str]) -> Sohoa:
    def answer(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main(list(words))
        printed = capsys.readouterr()
        is_answer = "--json" in words and not code
        return code, json.loads(printed.out) if is_answer else printed.out + printed.err

    return answer


@pytest.fixture
def dossier(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(wiring, "open_reader", lambda settings: TextReader())
    wiring.forget()
    dossier = take_in(wiring.archive(), tmp_path / "giấy.pdf", PAGES)
    digitise(wiring.archive(), wiring.index(), dossier)
    return dossier


def test_a_field_is_corrected_found_and_taken_back(dossier: str, sohoa: Sohoa) -> None:
    seen = str(sohoa("show", dossier, "--json")[1]["version"])
    code, (row,) = sohoa(
        "correct",
        dossier,
        *("--set", "summary=Về việc cấp sổ đỏ", "--confirm", "document_type"),
        *("--reason", "đã xem giấy", "--json"),
    )
    assert code == 0
    assert (row["action"], row["reason"]) == ("corrected", "đã xem giấy")
    assert row["actor"] == pwd.getpwuid(os.geteuid()).pw_name
    assert sohoa("search", "sổ đỏ", "--json")[1]["total"] == 1
    (paper,) = sohoa("show", dossier, "--json")[1]["documents"]
    assert paper["findings"]["document_type"]["confirmed_by"] == row["actor"]
    code, said = sohoa("correct", dossier, "--reject", "summary", "--seen", seen)
    assert code == 1
    assert "đã được sửa sau khi bạn mở" in said
    assert sohoa("correct", dossier, "--undo", str(row["sequence"]))[0] == 0
    assert sohoa("search", "sổ đỏ", "--json")[1]["total"] == 0
    acts = [each["verb"] for each in sohoa("audit", "who", dossier, "--json")[1]]
    assert acts.count("correct") == 4, "one of them, and that it was refused"


def test_a_paper_is_cut_and_merged(dossier: str, sohoa: Sohoa) -> None:
    def pages() -> list[list[int]]:
        return [one["pages"] for one in sohoa("show", dossier, "--json")[1]["documents"]]

    assert sohoa("correct", dossier, "--begin", "3")[0] == 0
    assert pages() == [[1, 2], [3]]
    assert sohoa("correct", dossier, "--paper", "2", "--set", "number=12")[0] == 0
    assert sohoa("correct", dossier, "--continue", "3")[0] == 0
    assert pages() == [[1, 2, 3]]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--set", "summary"),
        ("--set", "no_field=1"),
        ("--confirm", "signer"),
        ("--paper", "2", "--set", "number=1"),
        ("--begin", "9"),
        ("--undo", "1"),
        ("--set", "number=1", "--undo", "2"),
    ],
)
def test_what_cannot_be_done_is_said_and_writes_nothing(
    dossier: str, sohoa: Sohoa, words: tuple[str, ...]
) -> None:
    before = wiring.archive().history(dossier)
    code, said = sohoa("correct", dossier, *words)
    assert code == 1
    assert said.startswith("sohoa correct: "), said
    assert wiring.archive().history(dossier) == before


def test_pages_are_mended_and_taken_back(dossier: str, sohoa: Sohoa) -> None:
    def correct(*words: str) -> tuple[int, Any]:
        return sohoa("correct", dossier, *words)

    def shown() -> Any:
        return sohoa("show", dossier, "--json")[1]

    code, (row,) = correct("--line", "2:1=sổ đỏ", "--json")
    assert (code, row["action"]) == (0, "reworded")
    assert sohoa("search", "sổ đỏ", "--json")[1]["total"] == 1
    code, said = correct("--leave-out", "3")
    assert code == 1
    assert "lý do" in said
    assert correct("--leave-out", "3", "--reason", "của người khác")[0] == 0
    assert [one["left_out"] for one in shown()["edits"]] == [None, "của người khác"]
    assert "Trang 1:3 bỏ ra: của người khác" in sohoa("show", dossier)[1]
    assert len(shown()["pages"]) == 2
    assert correct("--restore", "1:3")[0] == 0
    assert correct("--move", "3:1")[0] == 0
    assert correct("--order", "2,3,1")[0] == 0
    assert correct("--undo", str(shown()["version"]))[0] == 0
    assert correct("--replace", "1:3", "--reason", "quét lại")[0] == 0
    assert correct("--turn", "1:90")[0] == 0
    assert [one["orientation"] for one in shown()["edits"]].count(90) == 1
    version = shown()["version"]
    for wrong in (
        ("--line", "sổ đỏ"),
        ("--line", "1:1=một", "--line", "2:1=hai"),
        ("--line", "9:1=x"),
        ("--turn", "1"),
        ("--turn", "1:45"),
        ("--restore", "7:1"),
        ("--order", "a,b"),
        ("--move", "1:99"),
        ("--turn", "3:90", "--seen", "2"),
    ):
        assert correct(*wrong)[0] == 1, wrong
    assert shown()["version"] == version


def test_a_component_is_marked_and_unmarked(dossier: str, sohoa: Sohoa) -> None:
    name = "Giấy chứng sinh"
    store = wiring.archive()
    record = store.find_record(dossier)
    assert record
    listed = (Component(name, ComponentState.MISSING, "receipt"),)
    state = replace(record.dossier, components=listed)
    store.keep_record(replace(record, sequence=record.sequence + 1, dossier=state))
    code, said = sohoa("correct", dossier, "--mark", name)
    assert (code, "cần --as" in said) == (1, True)
    marked = ("correct", dossier, "--mark", name, "--as", "on_paper", "--on", "2,3", "--json")
    code, (row,) = sohoa(*marked)
    assert (code, row["action"]) == (0, "marked")
    (told,) = sohoa("show", dossier, "--json")[1]["components"]
    assert (told["state"], told["pages"], told["mark"]["by"]) == ("present", [2, 3], row["actor"])
    assert "đánh dấu" in sohoa("show", dossier)[1]
    assert sohoa("correct", dossier, "--mark", name, "--as", "none")[0] == 0
    assert sohoa("show", dossier, "--json")[1]["components"][0]["state"] == "missing"
