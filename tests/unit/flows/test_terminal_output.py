"""Commands print names and texts of others: none steers the terminal or forges a line of ours."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import wiring
from flows.cli import main, start_logging
from flows.console import marked_up, open_console
from flows.terminal import say_json
from flows.upkeep import reconcile
from pipeline import stages
from pipeline.model import (
    Document,
    Dossier,
    Finding,
    Outcome,
    PageNote,
    PageRef,
    PageState,
    Record,
    Scan,
    Source,
)
from pipeline.ports import PageReading
from tests.support.hostile_names import ESCAPES, NAMES, SEEDS, hostile_text, unseen_in
from tests.support.searchable_pdfs import FAX, PDF, as_pdf, drawn, pages_of

pytestmark = pytest.mark.slow

RECIPE = "made-1"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
IDS = [f"{number:022x}" for number in range(1, len(NAMES) + 1)]
FORGED = "dòng — ✓ kho"  # what the second line of a name would say
_STYLE = re.compile(r"\x1b\[[0-9;]*m")  # what rich itself writes: colours, bold
Output = Callable[..., str]


@pytest.fixture
def hostile_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with records as 0.1 wrote them: names and texts as they came."""
    monkeypatch.setenv("COLUMNS", "2000")
    monkeypatch.setattr(reconcile, "RECHECK_SECONDS", 0.0)
    archive, index = wiring.archive(), wiring.index()
    path, _ = as_pdf(drawn(FAX), tmp_path)
    (page,) = pages_of(drawn(FAX))
    sha256 = archive.keep_original(path)
    archive.keep_page(PageRef(IDS[0], sha256, 1), RECIPE, PageReading(page, b"webp"))
    for dossier, name in zip(IDS, NAMES, strict=True):
        scans = (Scan(sha256, f"{name}/{name}", path.stat().st_size, PDF, 1),)
        notes = (PageNote(sha256, 1, RECIPE, PageState.READ, 0.9, 0.5, (name,)),)
        finding = Finding(name, name, 0.5, Source.OCR, 1)
        papers = (Document(name, (1,), {"summary": finding, "signer": finding}),)
        content = Dossier(
            dossier,
            name,
            NOW,
            unit=name,
            scans=scans,
            pages=notes,
            documents=papers,
            outcome=Outcome.PARTIAL,
            reasons=(name,),
        )
        record = Record(1, NOW, name, name, content)
        archive.keep_record(record)
        stages.publish(record, archive, index)
    return home


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Output:
    """Runs a command and returns what it printed, on both streams."""

    def printed(*words: str | Path) -> str:
        capsys.readouterr()
        with suppress(SystemExit):  # argparse's own end
            main([*map(str, words)])
        out, err = capsys.readouterr()
        return out + err

    return printed


def assert_safe(text: str) -> None:
    assert text.strip()
    assert unseen_in(text) == []
    assert not any(line.strip(" │┃|").startswith(FORGED) for line in text.splitlines())


@pytest.mark.parametrize("dossier", IDS)
@pytest.mark.parametrize("command", ["show", "history", "export", "retry"])
def test_a_dossier_is_printed_without_what_its_names_hide(
    hostile_home: Path, output: Output, tmp_path: Path, command: str, dossier: str
) -> None:
    to = ("--to", tmp_path / f"ra{ESCAPES}") if command == "export" else ()
    text = output(command, dossier, *to)
    assert_safe(text)
    if command == "show":
        assert "kho: 0 hồ sơ" in text or "kho" not in NAMES[IDS.index(dossier)]


def test_hits_are_printed_without_what_their_titles_hide(
    hostile_home: Path, output: Output
) -> None:
    word = pages_of(drawn(FAX))[0].text.text.split()[0]
    for query in (word, "WEBSERVICE", "warning"):
        assert_safe(output("search", query))
    assert "[bold]đậm :warning: [dim].png" in output("search", word)


@pytest.mark.parametrize("command", ["show", "history"])
def test_json_loses_nothing_and_hides_nothing(
    hostile_home: Path, output: Output, command: str
) -> None:
    for dossier, name in zip(IDS, NAMES, strict=True):
        text = output(command, dossier, "--json")
        assert unseen_in(text) == []
        assert name in strings(json.loads(text))


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in values for text in strings(each)]


def test_json_of_hostile_texts_is_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    texts = [hostile_text(seed) for seed in SEEDS]
    say_json({"texts": texts})
    text = capsys.readouterr().out
    assert unseen_in(text) == []
    assert json.loads(text) == {"texts": texts}


@pytest.mark.engine
def test_places_are_printed_without_what_they_hide(
    hostile_home: Path, output: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / f"quét{ESCAPES}[red]"
    folder.mkdir()
    monkeypatch.setenv("SOHOA_WATCH__FOLDERS", json.dumps([str(folder), f"{folder}/mất"]))
    wiring.settings.cache_clear()
    (hostile_home / "spool" / f"lạ{ESCAPES}").mkdir(parents=True)
    (hostile_home / "store" / "originals" / f"lạ{ESCAPES}").write_bytes(b"x")
    for words in (["doctor", "reconcile"], ["doctor"], ["verify"]):
        assert_safe(output(*words))
        assert unseen_in(output(*words, "--json")) == []
    assert "[red]" in output("doctor")


def test_complaints_quote_words_safely(hostile_home: Path, output: Output) -> None:
    for name in NAMES:
        assert_safe(output("show", name))
        assert_safe(output("read", f"/không có/{name}"))
        assert_safe(output("search", "x", f"--{name}"))
        assert_safe(output(f"lệnh{name}"))
        assert_safe(output("search", "x", "--filter", name))


def test_colours_stay_and_escapes_of_names_go(
    hostile_home: Path, output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    text = output("show", IDS[0])
    assert _STYLE.search(text)
    assert unseen_in(_STYLE.sub("", text)) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_console_lets_no_hostile_text_through(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    text = hostile_text(seed)
    console = open_console()
    console.print(text, markup=False)
    console.print(f"[bold]{marked_up(text)}[/bold]")
    console.print(console.render_str(text.replace("[", ""), markup=False))
    assert unseen_in(capsys.readouterr().out) == []


def test_a_log_line_shows_what_an_error_quotes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    start_logging()
    logging.getLogger("sohoa.test").warning("tệp %s", ESCAPES)
    text = capsys.readouterr().err
    assert "tệp" in text
    assert unseen_in(text) == []
