"""Lists of results for Excel: rights, scope, masking, purpose of the asker; no formula."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from httpx import Response

from pipeline.model import PersonRole, Scope
from pipeline.tables import table_rows
from tests.support.personal_papers import add_personal_papers
from tests.support.table_readers import formulas
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import COMPLETE, TestClient, open_client, sample_backend
from web.searches import export

OURS = {"Sec-Fetch-Site": "same-origin"}
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return open_client(sample_backend(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    room = open_room(tmp_path_factory.mktemp("room"))
    room.person("lan", PersonRole.READER)
    room.person("minh", PersonRole.RECORDS)
    room.person("xa", PersonRole.RECORDS, scope=Scope(units=frozenset({"Chi nhánh số 2"})))
    return room


@pytest.fixture(scope="module")
def of_ward(room: Room) -> Browser:
    """Return the browser of somebody who knows of one unit's dossiers; signed in once."""
    return room.signed_in("xa")


def sealed(html: str) -> str:
    found = re.search(r'<input type="hidden" name="tim" value="([^"]*)"', html)
    assert found
    return found[1]


def exported(
    client: TestClient, address: str, kind: str = "csv", purpose: str = "case"
) -> Response:
    fields = {"tim": sealed(client.get(address).text), "kieu": kind, "muc-dich": purpose}
    answer: Response = client.post("/tim/xuat", data=fields, headers=OURS)
    return answer


def rows_of(answer: Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith("\ufeff".encode())
    return table_rows(answer.content.decode("utf-8-sig"))


def taken(browser: Browser, address: str) -> Response:
    html = browser.get(address).text
    return browser.post("/tim/xuat", address, tim=sealed(html), kieu="csv", muc_dich="case")


def cells(content: bytes, sheet: int) -> list[str]:
    """Return the cells of a workbook's sheet as text; fail on a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ET.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(one.itertext()) for one in shared]
        tree = ET.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    assert not list(tree.iter(f"{NAMESPACE}f"))
    found = [(cell, cell.findtext(f"{NAMESPACE}v") or "") for cell in tree.iter(f"{NAMESPACE}c")]
    return [texts[int(value)] if cell.get("t") == "s" else value for cell, value in found]


def test_the_list_holds_what_the_page_shows(client: TestClient) -> None:
    header, *rows = rows_of(exported(client, "/"))
    assert header[:3] == ["STT", "Mã hồ sơ", "Hồ sơ"]
    assert len(rows) == 4
    by_code = {row[1]: row for row in rows}
    mine = by_code["H26.19.25-260302-0007"]
    assert mine[3] == "Chi nhánh số 1"
    assert mine[6:] == ["5", "Số hóa chưa trọn vẹn", "", "02/03/2026"]
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    narrowed = rows_of(exported(client, "/?q=thửa"))
    assert [row[1] for row in narrowed[1:]] == ["H26.19.25-260302-0007"]


def test_a_workbook_has_real_days_and_says_what_it_is(client: TestClient) -> None:
    answer = exported(client, "/?q=đất", "xlsx")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    found = cells(answer.content, 1)
    assert str((date(2026, 3, 2) - date(1899, 12, 30)).days) in found
    about = " ".join(cells(answer.content, 2))
    assert "Điều tìm: đất" in about
    assert "Có 2 trong 2 hồ sơ" in about
    assert "đất" not in answer.headers["content-disposition"]


def test_no_title_becomes_a_formula(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    record = backend.archive.find_record(COMPLETE)
    assert record
    evil = replace(record.dossier, name='=HYPERLINK("http://x";"đất")\x07.pdf', documents=())
    backend.archive.keep_record(replace(record, sequence=9, dossier=evil))
    client = open_client(backend)
    assert not formulas(exported(client, "/").content.decode("utf-8-sig"))
    titles = cells(exported(client, "/", "xlsx").content, 1)
    assert any(one.startswith("=HYPERLINK") for one in titles), "as text"


def test_a_purpose_and_a_search_of_ones_own_are_asked_for(
    client: TestClient, room: Room, of_ward: Browser
) -> None:
    assert exported(client, "/", purpose="").status_code == 422
    assert exported(client, "/", purpose="fun").status_code == 422
    assert exported(client, "/", kind="exe").status_code == 400
    minh = room.signed_in("minh")
    of_minh = sealed(minh.get("/?q=đất").text)
    answer = of_ward.post("/tim/xuat", "/", tim=of_minh, kieu="csv", muc_dich="case")
    assert answer.status_code == 422
    assert "hết hạn" in answer.text


def test_who_may_not_export_is_refused_and_offered_nothing(room: Room) -> None:
    lan = room.signed_in("lan")
    assert "/tim/xuat" not in lan.get("/").text
    answer = lan.post("/tim/xuat", "/", tim="x", kieu="csv", muc_dich="case")
    assert answer.status_code == 403
    assert lan.post_bare("/tim/xuat", kieu="csv").status_code == 403


def test_the_list_keeps_to_the_scope_and_is_recorded_with_its_purpose(
    room: Room, of_ward: Browser
) -> None:
    rows = rows_of(taken(of_ward, "/?q=đất"))[1:]
    assert [row[3] for row in rows] == ["Chi nhánh số 2"]
    (entry,) = [one for one in room.entries() if one.text("verb") == "export"]
    assert entry.text("purpose") == "case"
    assert entry.detail("found") == entry.detail("shown") == "1"
    assert entry.text("words_hash")
    assert "đất" not in str(entry.body)


def test_numbers_of_people_stay_masked(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    papers = add_personal_papers(room.backend, 3)
    minh = room.signed_in(room.person("minh", PersonRole.RECORDS))
    minh.unmask(papers[0].dossier)
    text = taken(minh, "/").content.decode("utf-8-sig")
    digits = re.sub(r"[\s.,()+-]", "", text)
    for paper in papers:
        assert paper.person.personal_id not in digits


def test_a_long_list_ends_at_its_limit_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = open_client(sample_backend(tmp_path))
    monkeypatch.setattr(export, "MOST", 3)
    monkeypatch.setattr(export, "_AT_ONCE", 2)
    found = cells(exported(client, "/", "xlsx").content, 2)
    assert "Có 3 trong 4 hồ sơ tìm thấy" in found
    assert any(one.startswith("Một danh sách có nhiều nhất 3 hồ sơ") for one in found)
