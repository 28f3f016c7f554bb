"""`sohoa search` as scripts and people use it: filters, orders, next hits, and what is told."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from flows import cli, wiring
from search.query.filters import FILTERS
from tests.support.web_backend import COMPLETE, FAILED, PARTIAL, WAITING, sample_backend


@pytest.fixture
def stocked(home: Path) -> Path:
    """Return a home with the four sample dossiers, of which one waits."""
    home.mkdir()
    sample_backend(home)
    wiring.forget()
    return home


def sohoa_search(*words: str) -> tuple[int, str, str]:
    """Run the command in this process; return exit code, standard output and error."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = cli.main(["search", *words])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, out.getvalue(), err.getvalue()


def answer(*words: str) -> dict[str, Any]:
    code, out, err = sohoa_search(*words, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def hits(found: dict[str, Any]) -> list[str]:
    return [hit["dossier"] for hit in found["hits"]]


def test_near_misses_marks_and_waiting_work_are_told(stocked: Path) -> None:
    near = answer("thửa đất 1811")
    assert (near["approximate"], near["given_up"]) == (True, ["1811"])
    assert (hits(near), near["waiting"]) == ([PARTIAL], 1)
    whole = answer("thửa đất")
    assert (whole["approximate"], whole["given_up"], whole["never_so_marked"]) == (False, [], [])
    loose, strict = answer("đắt"), answer("đắt", "--only-marked")
    assert loose["never_so_marked"] == strict["never_so_marked"] == ["đắt"]
    assert (loose["total"], strict["total"]) == (2, 0)
    _, text, _ = sohoa_search("thửa đất 1811")
    told = "«thửa đất 1811»; dưới đây là kết quả gần đúng (không cần có: 1811)."
    assert told in " ".join(text.split())
    assert "Còn 1 hồ sơ đang chờ đọc" in text
    assert "«đắt» đúng dấu như vậy" in sohoa_search("đắt")[1]


def test_the_queue_is_not_told_when_nothing_waits(stocked: Path) -> None:
    (entry,) = wiring.archive().queued()
    wiring.archive().dequeue(entry)
    assert answer("đất")["waiting"] == 0
    assert "đang chờ" not in sohoa_search("đất")[1]


def test_pages_follow_one_another_to_the_end(stocked: Path) -> None:
    seen: list[str] = []
    after = ""
    for _ in range(4):
        found = answer("", "--sort", "received", "--limit", "1", f"--after={after}")
        seen += hits(found)
        after = found["next"]
    assert seen[0] == COMPLETE
    assert sorted(seen) == sorted([PARTIAL, COMPLETE, WAITING, FAILED])
    assert after == ""
    _, text, _ = sohoa_search("", "--limit", "1")
    assert f"--after='{answer('', '--limit', '1')['next']}'" in text


def test_codes_sort_and_days_filter(stocked: Path) -> None:
    assert hits(answer("đất", "--sort", "code")) == [PARTIAL, COMPLETE]
    assert hits(answer("đất", "--filter", "received_from=2026-03-03")) == []
    assert hits(answer("đất", "--filter", "received_to=2026-03-02")) == [COMPLETE, PARTIAL]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["a", "--filter", "issued_to=2026-02-31"], 1, "2024-03-05"),
        (["a", "--after", "nowhere"], 1, "trang đầu"),
        (["a", "--sort", "colour"], 2, "--sort"),
    ],
)
def test_what_makes_no_sense_is_told(stocked: Path, words: list[str], code: int, says: str) -> None:
    ended, _, told = sohoa_search(*words)
    assert ended == code
    assert says in told
    assert "Traceback" not in told


def test_the_help_lists_every_filter_and_order(home: Path) -> None:
    code, text, _ = sohoa_search("--help")
    assert code == 0
    for word in (*FILTERS, "relevance", "received", "issued", "code", "--only-marked", "--after"):
        assert word in text


_DEAR = {  # each takes from 0.03 to 2 seconds to import, and a search needs none of them
    *("prefect", "uvicorn", "fastapi", "httpx", "sqlalchemy", "elasticsearch", "minio", "rich"),
    *("cv2", "numpy", "PIL", "tesserocr", "pytesseract", "pikepdf"),
    *("ocr.reader", "pipeline.intake", "pipeline.corrections", "pipeline.documents.assembling"),
}


def test_searching_imports_nothing_dear(stocked: Path) -> None:
    script = (
        "import sys; from flows.cli import main; main(['search', 'đất', '--json']);"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = run_python(script)
    assert json.loads(done.stdout)["total"]
    assert not _DEAR.intersection(done.stderr.split())


def test_a_wrong_command_is_told_without_reading_settings(home: Path) -> None:
    script = (
        "import sys; from flows.cli import main\ntry: main(['serach'])\n"
        "except SystemExit: print(*sys.modules)"
    )
    done = run_python(script)
    assert "search" in done.stderr  # what was meant
    assert not {"pydantic", "pipeline.model", *_DEAR}.intersection(done.stdout.split())


def run_python(script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, in which nothing is imported yet."""
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ
    )


def test_a_store_that_is_away_does_not_stop_a_search(
    stocked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index answers alone; only the number of queued dossiers is not known."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and does not listen: every connection is refused
        monkeypatch.setenv("SOHOA_STORAGE__KIND", "minio")
        monkeypatch.setenv("SOHOA_STORAGE__ENDPOINT", f"127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.setenv("SOHOA_STORAGE__SECURE", "false")
        monkeypatch.setenv("SOHOA_STORAGE__ACCESS_KEY", "reader")
        monkeypatch.setenv("SOHOA_STORAGE__SECRET_KEY", "made-for-this-test")
        wiring.forget()
        before = time.monotonic()
        found = answer("đất")
        assert (found["total"], found["waiting"]) == (2, None)
        assert time.monotonic() - before < 30
