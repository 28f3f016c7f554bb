"""Any program may be measured beside our reader, and figures come with what they may be off by."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bench.bootstrap import as_json, figures
from bench.page_set import digest_of
from bench.readers import PROGRAM, missing, program_reader
from bench.results import DifferentPagesError, by_kind, joined, summary
from bench.scoring import Errors
from tests import ROOT

PAGES = [Errors(1000, wrong, 200, 200, 200 - wrong) for wrong in (0, 2, 4, 10)]


def test_a_program_is_given_the_page_and_prints_its_text(tmp_path: Path) -> None:
    script = tmp_path / "reads.py"
    script.write_text("import sys; print('ỦY BAN', sys.argv[1][-4:])", "utf-8")
    assert program_reader(f"{sys.executable} {script}")(Path("a.png")) == "ỦY BAN .png\n"
    script.write_text("raise SystemExit(3)", "utf-8")
    assert program_reader(f"{sys.executable} {script}")(Path("a.png")) == ""


def test_a_program_that_is_not_there_is_left_out_and_told() -> None:
    assert missing(f"{PROGRAM}{sys.executable} -c pass") == ""
    assert "no-such-reader" in missing(f"{PROGRAM}no-such-reader --fast")


def test_an_interval_holds_the_figure_and_is_the_same_every_time() -> None:
    rate = figures(PAGES)["character_error"]
    assert rate.low <= rate.value <= rate.high
    assert rate.value == pytest.approx(16 / 4000)
    assert rate == figures(PAGES)["character_error"]
    alone = figures(PAGES[:1])["word_recall"]
    assert alone.low == alone.value == alone.high == 1


def test_results_tell_each_page() -> None:
    kinds = [(f"{number}.png", "clean") for number in range(4)]
    told = json.loads(as_json(kinds, {"mine": PAGES}, {"mine": 1.5}, 101))
    mine = told["readers"]["mine"]
    assert told["seed"] == 101
    assert mine["processor_seconds"] == 1.5
    assert [page["wrong"] for page in mine["pages"]] == [0, 2, 4, 10]
    assert len(mine["character_error"]) == 3


def result(name: str, pages: list[Errors], **more: str) -> dict[str, object]:
    kinds = [(f"{number}.png", "clean" if number < 2 else "fax") for number in range(len(pages))]
    told: dict[str, object] = json.loads(as_json(kinds, {name: pages}, {name: 1.5}, 101, "abc"))
    return told | more


def test_results_of_two_people_are_compared_on_the_pages_that_both_have() -> None:
    worse = [page._replace(wrong=page.wrong + 3) for page in PAGES[:3]]
    readers, kinds = joined([result("ours", PAGES), result("theirs", worse)])
    assert list(kinds.values()) == ["clean", "clean", "fax"]
    rows = list(summary(readers, {"ours": 1.5, "theirs": 2.0}))
    assert len(rows) == 4
    assert "+0.30 % (+0.30 to +0.30)" in rows[3], "three letters of a thousand on each page"
    assert list(by_kind(readers, kinds))[2:] == [
        "| clean, 2 | 0.10 | 0.40 |",
        "| fax, 1 | 0.40 | 0.70 |",
    ]


def test_results_of_other_pages_are_not_compared() -> None:
    with pytest.raises(DifferentPagesError):
        joined([result("ours", PAGES), result("theirs", PAGES, set="def")])


def test_the_hash_of_a_set_knows_pixels_and_truth(tmp_path: Path) -> None:
    one, two = tmp_path / "1.png", tmp_path / "2.png"
    Image.new("L", (4, 4), 255).save(one)
    Image.new("L", (4, 4), 254).save(two)
    found = {digest_of([(path, text)]) for path in (one, two) for text in ("a", "b")}
    assert len(found) == 4
    assert digest_of([(one, "a")]) in found


@pytest.mark.slow
def test_the_command_measures_a_program_on_made_pages(tmp_path: Path) -> None:
    script, out = tmp_path / "reads.py", tmp_path / "out.json"
    script.write_text("print('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM')", "utf-8")
    command = [sys.executable, str(ROOT / "bench/reading.py"), "--readers", "", "--cores", "1"]
    command += ["--only", "clean", "--program", f"mine={sys.executable} {script}"]
    done = subprocess.run(
        [*command, "--json", str(out)],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "| mine |" in done.stdout
    read = json.loads(out.read_text("utf-8"))["readers"]["mine"]
    assert 0 < read["word_recall"][0] < 0.2
    assert read["pages"][0]["kind"] == "clean"
