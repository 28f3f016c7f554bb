"""`sohoa cover-sheet`: what it prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from flows import cli
from ocr import cover_sheet
from pipeline.documents.machine_readable.cover_sheets import decoded
from pipeline.model.page import SignKind

CODE = "H26.12.23-260701-0001"


def test_a_sheet_for_each_component_and_separators(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "bia.pdf"
    words = ["cover-sheet", CODE.lower(), "--procedure", "1.001193", "--to", str(to), "--json"]
    words += ["--component", "Tờ khai", "--component", "Giấy chứng sinh", "--separator", "2"]
    assert cli.main(words) == 0
    told = json.loads(capsys.readouterr().out)
    sheets = [decoded(text) for text in told["sheets"]]
    assert [sheet.component for sheet in sheets if sheet] == ["Tờ khai", "Giấy chứng sinh", "", ""]
    assert [sheet.code for sheet in sheets if sheet] == [CODE, CODE, "", ""]
    assert [sheet.kind for sheet in sheets if sheet][-1] is SignKind.SEPARATOR
    with pikepdf.open(to) as pdf:
        assert len(pdf.pages) == 4
        width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
        assert abs(width - 595) < 1 and abs(height - 842) < 1  # A4


@pytest.mark.parametrize(
    "words",
    [
        ["H26"],
        ["H26.12.23-269901-0001"],
        [CODE, "--procedure", "một"],
        [CODE, "--component", "a|b"],
        [CODE, "--component", "a\nb"],
        [CODE, "--component", "x" * 201],
        ["--separator", "0"],
        ["--separator", "201"],
        ["--separator", "²"],
    ],
)
def test_what_a_sheet_cannot_say_is_wrong_usage(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["cover-sheet", *words, "--to", str(tmp_path / "bia.pdf")])
    assert ended.value.code == cli.USAGE
    assert capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_nothing_to_print_and_nothing_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "bia.pdf"
    assert cli.main(["cover-sheet", "--to", str(to)]) == cli.FAILED
    assert "chưa có gì để in" in capsys.readouterr().err
    to.write_text("của người khác")
    assert cli.main(["cover-sheet", "--separator", "--to", str(to)]) == cli.FAILED
    assert to.read_text() == "của người khác"
    nowhere = str(tmp_path / "none" / "bia.pdf")
    assert cli.main(["cover-sheet", "--separator", "--to", nowhere]) == cli.FAILED


def test_a_machine_without_a_font_says_which_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cover_sheet, "_FONTS", (tmp_path / "none.ttf",))
    to = str(tmp_path / "bia.pdf")
    assert cli.main(["cover-sheet", "--separator", "--to", to]) == cli.FAILED
    assert "fonts-dejavu-core" in capsys.readouterr().err
