"""A home with pages of an old recipe and of today's: both are found, shown and left alone."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flows import wiring
from flows.cli import main
from flows.upkeep.restore_index import restore_index
from ocr import open_reader
from ocr.reader import Reader
from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange, PageSeen
from pipeline.intake import receive, take_path
from pipeline.model import Query, Record
from pipeline.page_edits.reading import find_page, read_notes
from pipeline.settings import ReadingSettings
from pipeline.stages import conclude, newest_record, pages_to_read, publish
from pipeline.versions import Act
from storage import new_dossier_id, open_audit_log
from tests import ROOT
from tests.paper import save_tiff
from tests.paper.drawn_tables import draw_table
from tests.support.callers import Caller, caller
from tests.support.people import Place
from tests.support.stored import digitise, key_of, objects
from tests.support.visitors import Room
from tests.support.web_backend import Backend
from web.app import build_app

pytestmark = [pytest.mark.slow, pytest.mark.engine]

HOMES = ROOT / "tests" / "fixtures"
SAID: dict[str, Any] = json.loads((HOMES / "home-0.1.json").read_text(encoding="utf-8"))
OLD, PARTIAL, _, _, WAITING = SAID["show"]  # ids in the order they were received
LAN = Act("lan")
RIGHT_NUMBER, MENDED = "2041", "ỦY BAN NHÂN DÂN PHƯỜNG NGỌC HÀ NỘI"
Sohoa = Callable[..., tuple[int, Any]]


class Both(NamedTuple):
    """The home, and its dossier that was read today."""

    home: Path
    new: str
    table: tuple[tuple[str, ...], ...]  # that is ruled on its page
    kept: dict[str, bytes]  # what the old version had stored, by key


@pytest.fixture
def sohoa(capsys: pytest.CaptureFixture[str]) -> Sohoa:
    """Runs a command as a script would; returns its exit code and the JSON that it prints."""

    def answer(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main([*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return answer


@pytest.fixture
def both(home: Path, tmp_path: Path) -> Both:
    """The home of 0.1 under today's code, where a page with a table came since."""
    with tarfile.open(HOMES / "home-0.1.tar.xz") as packed:
        packed.extractall(home, filter="data")
    kept = stored(home)
    restore_index()
    drawn = draw_table(5, "closed")
    save_tiff([drawn.page], tmp_path / "phụ lục.tif")
    drop = take_path(tmp_path / "phụ lục.tif", new_dossier_id(datetime.now(UTC)), tmp_path)
    new = receive(drop, wiring.archive(), reader()).dossier
    assert new
    digitise(wiring.archive(), wiring.index(), new, reader())
    return Both(home, new, drawn.rows, kept)


def reader() -> Reader:
    return open_reader(ReadingSettings())


def stored(home: Path) -> dict[str, bytes]:
    """Return what no later work may touch: everything but the queue and its leases."""
    passing = ("pending/", "leases/")
    found = {key_of(home, path): path.read_bytes() for path in objects(home)}
    return {key: data for key, data in found.items() if not key.startswith(passing)}


def newest(dossier: str) -> Record:
    return newest_record(dossier, wiring.archive())


def recipes(dossier: str) -> set[str]:
    return {note.recipe for note in newest(dossier).dossier.pages if note.recipe}


def program(home: Path) -> Caller:
    """Return a program that calls the API of a reading room over the home."""
    settings, place = wiring.settings(), Place(home)
    opened = place.open()
    audit = open_audit_log(settings.storage, settings.audit, home)
    app = build_app(wiring.archive(), wiring.index(), settings, opened, audit)
    backend = Backend(wiring.archive(), wiring.index(), settings)
    return caller(Room(backend, opened, place.clock, app), "máy")


def decided(dossier: str) -> Record:
    """Return the record after people corrected, confirmed, mended and turned what was old."""
    number = FieldChange(1, "number", FieldAct.CORRECT, RIGHT_NUMBER)
    kind = FieldChange(1, "document_type", FieldAct.CONFIRM)
    corrections.amend(dossier, [number, kind], wiring.archive(), LAN)
    line = next(
        at
        for at, each in enumerate(page_text(dossier).splitlines(), start=1)
        if "PHƯỜNG NGỌC HÀ" in each
    )
    return corrections.mend_words(PageSeen(dossier, 1), {line: MENDED}, wiring.archive(), LAN)


def page_text(dossier: str) -> str:
    record = newest(dossier)
    page = find_page(record.dossier, record.dossier.pages[0], wiring.archive())
    assert page
    return page.text.text


def found(query: str) -> list[str]:
    return [hit.dossier for hit in wiring.index().find(Query(query)).hits]


def assert_decisions_hold(dossier: str) -> None:
    paper = newest(dossier).dossier.documents[0]
    said = {name: (each.value, each.confirmed_by) for name, each in paper.findings.items()}
    assert said["number"] == (RIGHT_NUMBER, LAN.actor)
    assert said["document_type"] == ("Quyết định", LAN.actor)
    assert MENDED in page_text(dossier)
    assert found("phường ngọc hà nội") == [dossier]
    assert dossier in found(RIGHT_NUMBER)


def work_off(dossier: str) -> None:
    """Do as a worker does with what is queued and nobody asked to have read again."""
    record = newest(dossier)
    known = read_notes(record.dossier, wiring.archive())
    refs = pages_to_read(record)
    assert known.keys() == {*refs}
    publish(
        conclude(record, [known[ref] for ref in refs], wiring.archive()),
        wiring.archive(),
        wiring.index(),
    )
    for entry in wiring.archive().queued():
        if entry.dossier == dossier:
            wiring.archive().dequeue(entry)


def test_both_are_found_and_shown_and_nothing_is_read_again_unasked(
    both: Both, sohoa: Sohoa
) -> None:
    was = recipes(OLD)
    decided(OLD)
    work_off(OLD)
    assert_decisions_hold(OLD)
    assert recipes(OLD) == was != recipes(both.new) == {reader().recipe}
    assert found("một phần của văn bản") == [both.new]
    for dossier in (OLD, both.new):
        assert sohoa("show", dossier)[1]["outcome"] == "COMPLETE"
    api = program(both.home)
    old, new = (api.told(f"/dossiers/{each}/pages/1") for each in (OLD, both.new))
    assert (old["tables"], MENDED in old["text"]) == ([], True)
    (table,) = new["tables"]
    assert len(table["rows"]) == len(both.table)
    for dossier in (OLD, both.new):
        picture = api.get(f"/dossiers/{dossier}/pages/1/picture.webp")
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")
    fields = api.told(f"/dossiers/{OLD}")["documents"][0]["fields"]
    assert RIGHT_NUMBER in {each["value"] for each in fields}
    now = stored(both.home)
    assert both.kept.items() <= now.items(), "nothing of the old version's is touched"
    pages = {key for key in now.keys() - both.kept.keys() if key.startswith("pages/")}
    assert {key.split("/")[1] for key in pages} == {newest(both.new).dossier.scans[0].sha256}
    assert sohoa("verify")[1]["faults"] == []


def test_who_asks_moves_one_dossier_and_keeps_what_people_decided(both: Both, sohoa: Sohoa) -> None:
    decided(OLD)
    work_off(OLD)
    seen = newest(OLD)
    _, listed = sohoa("reprocess", "--stage", "read")
    assert (listed["recipe"], listed["queued"]) == (reader().recipe, 0)
    assert {(each["dossier"], len(each["pages"])) for each in listed["dossiers"]} == {
        (OLD, 2),
        (PARTIAL, 1),
    }
    assert [entry.dossier for entry in wiring.archive().queued()] == [WAITING]
    code, asked = sohoa("reprocess", "--stage", "read", OLD, "--apply")
    assert (code, asked["queued"]) == (0, 1)
    (entry,) = (each for each in wiring.archive().queued() if each.dossier == OLD)
    assert wiring.archive().open_entry(entry).asked_by
    digitise(wiring.archive(), wiring.index(), OLD, reader())
    assert recipes(OLD) == {reader().recipe}
    assert_decisions_hold(OLD)
    assert both.kept.items() <= stored(both.home).items()
    before = wiring.archive().history(OLD)[seen.sequence - 1].dossier
    assert all(find_page(before, note, wiring.archive()) for note in before.pages)
    _, left = sohoa("reprocess", "--stage", "read")
    assert [each["dossier"] for each in left["dossiers"]] == [PARTIAL]
    assert sohoa("reprocess", "--stage", "read", OLD, "--apply")[1]["queued"] == 0
    assert sohoa("verify")[1]["faults"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("--stage", "read", "--apply"),
        ("--stage", "read", OLD, "--all", "--apply"),
        ("--stage", "understand", OLD),
        ("--stage", "understand", "--all"),
    ],
)
def test_words_that_do_not_go_together_queue_nothing(
    home: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reprocess", *words]) != 0
    assert "--all" in capsys.readouterr().err
    assert list(wiring.archive().queued()) == []
