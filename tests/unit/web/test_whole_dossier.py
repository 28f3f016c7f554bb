"""The whole dossier as a ZIP, and its list of papers: complete, checkable, for who may have it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest

from pipeline.audit import Verb
from pipeline.model import PersonRole, Scope
from pipeline.ports.searchable_pdf import SearchablePdf
from pipeline.stages import newest_record
from tests.support.visitors import Room, open_room
from tests.support.web_backend import (
    COMPLETE,
    HOSTILE,
    PARTIAL,
    RECIPE,
    Backend,
    TestClient,
    open_client,
    sample_backend,
)
from web.pages.dossiers.whole import SUMS

PDF = b"%PDF-1.7 searchable"


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    backend = sample_backend(tmp_path)
    bind(backend)
    return backend


def bind(backend: Backend) -> None:
    path = backend.settings.home / "made.pdf"
    path.write_bytes(PDF)
    scan = newest_record(PARTIAL, backend.archive).dossier.scans[0].sha256
    made = SearchablePdf(scan, RECIPE, 1, size=len(PDF), level="2b", is_inert=True)
    backend.archive.keep_searchable_pdf(made, path)


@pytest.fixture
def client(backend: Backend) -> TestClient:
    return open_client(backend)


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_it_holds_originals_pdfs_records_and_the_list_each_with_its_hash(
    client: TestClient, backend: Backend
) -> None:
    answer = client.get(f"/ho-so/{PARTIAL}/ca-ho-so.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="H26_19_25_260302_0007.zip"' in answer.headers["content-disposition"]
    packed = opened(answer.content)
    assert packed.testzip() is None
    kinds = sorted(name.split("/")[0] for name in packed.namelist())
    assert kinds == [SUMS, "ban-ghi", "ban-ghi", "goc", "muc-luc.csv", "tim-duoc"]
    lines = packed.read(SUMS).decode().splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    assert set(sums) == set(packed.namelist()) - {SUMS}
    assert all(hashlib.sha256(packed.read(name)).hexdigest() == sums[name] for name in sums)
    scan = newest_record(PARTIAL, backend.archive).dossier.scans[0]
    assert scan.sha256 in sums.values()
    assert PDF in [packed.read(name) for name in packed.namelist()]
    newest = json.loads(packed.read("ban-ghi/000002.json"))
    assert newest["dossier"]["code"] == "H26.19.25-260302-0007"


def test_names_of_what_came_lead_nowhere(client: TestClient, backend: Backend) -> None:
    record = newest_record(PARTIAL, backend.archive)
    scan = record.dossier.scans[0]
    names = ("../../etc/passwd", "C:\\Windows\\x.exe", "a" * 250 + ".pdf", "../../etc/passwd")
    scans = tuple(replace(scan, name=name) for name in names)
    state = replace(record.dossier, scans=scans)
    backend.archive.keep_record(replace(record, sequence=3, dossier=state))
    packed = opened(client.get(f"/ho-so/{PARTIAL}/ca-ho-so.zip").content)
    originals = [name for name in packed.namelist() if name.startswith("goc/")]
    assert len(set(originals)) == len(names)
    assert all(name.count("/") == 1 and ".." not in name.split("/") for name in originals)
    assert all(len(name.encode()) < 255 and "\\" not in name for name in originals)


def test_the_list_of_papers_runs_no_formula(client: TestClient, backend: Backend) -> None:
    record = newest_record(PARTIAL, backend.archive)
    paper = record.dossier.documents[0]
    found = replace(paper.findings["symbol"], value="=HYPERLINK(1)", confidence=1.0)
    papers = (replace(paper, type="", findings={**paper.findings, "symbol": found}),)
    state = replace(record.dossier, documents=papers)
    backend.archive.keep_record(replace(record, sequence=3, dossier=state))
    packed = opened(client.get(f"/ho-so/{PARTIAL}/ca-ho-so.zip").content)
    rows = list(csv.reader(io.StringIO(packed.read("muc-luc.csv").decode("utf-8-sig"))))
    assert len(rows) == 2
    assert not [cell for cell in rows[1] if cell.startswith(("=", "+", "-", "@"))]


def test_the_list_names_each_paper_its_pages_and_what_is_doubtful(client: TestClient) -> None:
    html = client.get(f"/ho-so/{PARTIAL}/muc-luc").text
    assert "12/QĐ-UBND (?)" in html
    assert "01/03/2026" in html
    assert '<td data-name="Trang số">1–2</td>' in html
    assert HOSTILE not in html


def test_a_dossier_without_papers_says_so(client: TestClient) -> None:
    assert "chưa có mục lục" in client.get("/ho-so/0a02/muc-luc").text


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    room = open_room(tmp_path_factory.mktemp("room"))
    bind(room.backend)
    return room


def test_it_is_had_for_a_purpose_alone_and_recorded(room: Room) -> None:
    officer = room.signed_in(room.person("minh", PersonRole.RECORDS))
    path = f"/ho-so/{PARTIAL}/ca-ho-so.zip"
    asked = officer.get(path)
    assert asked.status_code == HTTPStatus.SEE_OTHER
    assert "muc-dich" in asked.headers["location"]
    officer.unmask(PARTIAL)
    assert officer.get(path).headers["content-type"] == "application/zip"
    (entry,) = [one for one in room.entries() if one.text("verb") == Verb.EXPORT]
    told = [entry.text(name) for name in ("dossier", "purpose", "account")]
    assert told == [PARTIAL, "case", "minh"]


@pytest.mark.parametrize("role", [PersonRole.READER, PersonRole.CLERK, PersonRole.AUDITOR])
def test_who_may_not_have_the_originals_gets_no_zip(room: Room, role: PersonRole) -> None:
    browser = room.signed_in(room.person(f"vai-{role}", role))
    answer = browser.get(f"/ho-so/{PARTIAL}/ca-ho-so.zip")
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_another_units_dossier_does_not_exist(room: Room) -> None:
    scope = Scope(frozenset({"Chi nhánh số 2"}))
    browser = room.signed_in(room.person("xa", PersonRole.RECORDS, scope=scope))
    for path in ("ca-ho-so.zip", "muc-luc"):
        assert browser.get(f"/ho-so/{PARTIAL}/{path}").status_code == HTTPStatus.NOT_FOUND


def test_no_id_of_a_dossier_of_others_is_packed(room: Room) -> None:
    archive = room.backend.archive
    record = newest_record(COMPLETE, archive)
    state = replace(record.dossier, proposed_join=PARTIAL, joined_from=("0a03",))
    archive.keep_record(replace(record, sequence=record.sequence + 1, dossier=state))
    scope = Scope(frozenset({"Chi nhánh số 2"}))
    browser = room.signed_in(room.person("gần", PersonRole.RECORDS, scope=scope))
    browser.unmask(COMPLETE)
    packed = opened(browser.get(f"/ho-so/{COMPLETE}/ca-ho-so.zip").content)
    told = [packed.read(name) for name in packed.namelist() if name.startswith("ban-ghi/")]
    assert told
    assert not [one for one in told if PARTIAL.encode() in one or b"0a03" in one]
