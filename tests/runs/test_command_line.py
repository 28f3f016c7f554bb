"""The command line as scripts use it: exit codes, shapes of JSON, and remedies in messages."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from flows.commands.command_table import COMMANDS
from tests import ROOT
from tests.paper import broken, draw_page, save_pdf, save_picture
from tests.support.indexed import damage_index

pytestmark = pytest.mark.prefect

INGEST_KEYS = {"dossier", "code", "outcome", "scans", "pages", "not_read", "seconds", "reasons"}
INGEST_KEYS |= {"page_seconds", "processor_seconds"}
SEARCH_KEYS = {"total", "took_ms", "hits", "facets", "approximate", "given_up"}
SEARCH_KEYS |= {"never_so_marked", "waiting", "next", "undated"}
HIT_KEYS = {"dossier", "code", "page", "title", "snippet", "score"}
FACETS = ("unit", "document_type", "year", "state", "procedure", "issuer")
FINDING_KEYS = {
    *("value", "raw", "confidence", "page", "box", "source"),
    *("confirmed_by", "reasons"),
}


def sohoa(*words: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("letter") / "H26.19.25-260105-0007.pdf"
    save_pdf([draw_page("A", 5, 150)], path)
    return path


def test_ingest_search_show_and_history_as_a_script_uses_them(
    home: Path, prefect: str, letter: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "rỗng.pdf"
    broken.empty(empty)
    done = sohoa("ingest", letter, empty, "--json")
    good, bad = answer(done)
    assert done.returncode == 1
    assert set(good) == set(bad) == INGEST_KEYS
    ended = [good[name] for name in ("outcome", "scans", "pages", "not_read")]
    assert ended == ["COMPLETE", 1, 1, 0]
    assert good["code"] == "H26.19.25-260105-0007"
    assert (bad["dossier"], bad["outcome"]) == (None, "FAILED")
    assert "rỗng.pdf" in bad["reasons"][0]
    assert letter.exists(), "what is not in a watched folder is not ours to remove"

    again = sohoa("ingest", letter, "--json")
    assert again.returncode == 0
    assert answer(again)[0]["dossier"] == good["dossier"]
    assert "Trùng" in answer(again)[0]["reasons"][0]

    found = answer(sohoa("search", "h26.19.25-260105-0007", "--json"))
    assert set(found) == SEARCH_KEYS
    assert set(found["hits"][0]) == HIT_KEYS
    assert found["hits"][0]["dossier"] == good["dossier"]
    assert set(found["facets"]) == set(FACETS)

    shown = answer(sohoa("show", "H26.19.25-260105-0007", "--json"))
    assert shown["dossier"] == good["dossier"]
    history = answer(sohoa("history", good["dossier"], "--json"))
    assert [record["action"] for record in history] == ["received", "digitised"]

    (handed,) = answer(sohoa("export", good["code"], "--to", tmp_path / "out", "--json"))
    assert handed == {
        "file": str(tmp_path / "out" / "H26.19.25-260105-0007-01.pdf"),
        "level": "PDF/A-2b",
        "reasons": [],
    }
    assert Path(handed["file"]).read_bytes().startswith(b"%PDF")
    twice = sohoa("export", good["code"], "--to", tmp_path / "out")
    assert twice.returncode == 1
    assert "--to" in twice.stderr


def test_read_prints_pages_and_documents_without_archiving(home: Path, letter: Path) -> None:
    done = sohoa("read", letter, "--json")
    read = answer(done)
    (page,) = read["pages"]
    (document,) = read["documents"]
    assert done.returncode == 0
    told = {"number", "state", "reasons", "text", "confidence", "measures", "codes"}
    told |= {"parts", "slots", "tables"}
    assert set(page) == told
    assert page["state"] == "READ"
    assert all(set(finding) == FINDING_KEYS for finding in document["findings"].values())
    assert document["pages"] == [1]
    assert {path.name for path in (home / "store").iterdir()} <= {"audit", ".arriving"}


def test_read_of_a_bad_file_says_why_and_what_to_do(home: Path, tmp_path: Path) -> None:
    locked = tmp_path / "khóa.pdf"
    broken.encrypted_pdf(locked)
    done = sohoa("read", locked)
    assert done.returncode == 1
    assert "mật khẩu" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["ingest"],
        ["ingest", "no-such-file.pdf"],
        ["search"],
        ["read"],
        ["search", "a", "--limit", "x"],
        ["join", "0" * 22],
        ["join", "0" * 22, "--append", "--separate"],
    ],
)
def test_wrong_usage_is_code_2_and_no_traceback(home: Path, prefect: str, words: list[str]) -> None:
    done = sohoa(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    done = sohoa("--version")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"sohoa {project['version']}\n", "not the version that is installed"


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_lists_every_command_and_the_version(word: str) -> None:
    done = sohoa(word)
    assert done.returncode == 0, done.stderr
    for name, command in COMMANDS.items():
        assert name in done.stdout
        assert command.help.split()[0] in done.stdout
    assert "--version" in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["search", "a", "--filter", "tỉnh=Hà Nội"], "document_type"),
        (["search", "a", "--filter", "năm"], "dấu bằng"),
        (["show", "0" * 22], "Không có hồ sơ"),
        (["show", "abc"], "sohoa search"),
        (["join", "0" * 22, "--append"], "Không có hồ sơ"),
        (["retry", "H26.19.25-260105-0007"], "sohoa search"),
        (["read", "no-such-file.pdf"], "đường dẫn"),
    ],
)
def test_errors_say_the_remedy(home: Path, words: list[str], says: str) -> None:
    done = sohoa(*words)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_WEB__PORT", "ninety")
    done = sohoa("search", "a")
    assert done.returncode == 1
    assert "SOHOA_WEB__PORT" in done.stderr


def test_doctor_names_what_is_missing_and_the_command_that_mends_it(
    home: Path, prefect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = sohoa("doctor", "--json")
    assert well.returncode == 0, well.stdout
    monkeypatch.setenv("SOHOA_READING__LANGUAGE", "xyz")
    ill = sohoa("doctor", "--json")
    assert ill.returncode == 1
    assert any("xyz" in check["remedy"] for check in answer(ill) if not check["is_well"])


def test_an_embedded_home_needs_no_preparing(home: Path) -> None:
    done = sohoa("prepare", "--json")
    assert done.returncode == 0, done.stderr
    assert [row["is_well"] for row in answer(done)] == [True]


def test_what_roles_may_do_is_shown_for_whoever_makes_them_by_hand(home: Path) -> None:
    shown = answer(sohoa("prepare", "--show"))
    assert set(shown) == {"ingest", "worker", "web", "destroyer"}
    assert {"minio", "elasticsearch"} == set(shown["web"])


def test_secrets_that_cannot_be_read_are_a_mistake_with_a_remedy(home: Path) -> None:
    done = sohoa("prepare", "--accounts", "nowhere")
    assert done.returncode == 1
    assert "deploy/make-secrets" in done.stderr


def test_pictures_are_read_like_pdfs(home: Path, tmp_path: Path) -> None:
    photo = tmp_path / "ảnh.jpg"
    save_picture(draw_page("G", 3, 150), photo)
    (page,) = answer(sohoa("read", photo, "--json"))["pages"]
    assert "HẸN TRẢ" in page["text"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOHOA_WATCH__FOLDERS", "/srv/scan"),
        ("SOHOA_WATCH__SETTEL_SECONDS", "3"),
        ("SOHOA_READING__THREADS", "many"),
    ],
)
def test_a_wrong_setting_is_named_without_a_traceback(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    done = sohoa("search", "x")
    assert done.returncode == 1
    assert "Cấu hình" in done.stderr
    assert "Traceback" not in done.stderr
    assert name.split("__")[1].split("_")[0].lower() in done.stderr.lower()


def test_a_damaged_index_is_made_anew_by_reindex(home: Path) -> None:
    home.mkdir()
    assert sohoa("search", "x").returncode == 0
    damage_index(home)
    assert [sohoa(*what).returncode for what in (["search", "x"], ["doctor"])] == [1, 1]
    assert [sohoa(*what).returncode for what in (["reindex"], ["search", "x"])] == [0, 0]
