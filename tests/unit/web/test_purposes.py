"""Originals and PDFs are handed out for a purpose, which holds half an hour for one dossier."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.audit import AuditResult, Verb
from pipeline.model import PersonRole
from tests.support.people import PASSWORD
from tests.support.personal_papers import PersonalPaper, add_personal_papers
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import PARTIAL, open_client


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return open_room(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def papers(room: Room) -> list[PersonalPaper]:
    return add_personal_papers(room.backend, 4)


@pytest.fixture
def officer(room: Room, request: pytest.FixtureRequest) -> Browser:
    name = f"officer-{abs(hash(request.node.name))}"
    return room.signed_in(room.person(name, PersonRole.RECORDS))


@pytest.mark.parametrize("end", ["", "/tim-duoc.pdf"])
def test_a_file_asks_for_a_purpose_and_comes_after_it(
    room: Room, papers: list[PersonalPaper], officer: Browser, end: str
) -> None:
    paper = papers[0] if end else papers[1]
    address = f"/ho-so/{paper.dossier}/tep/{paper.scan}{end}"
    asked = officer.get(address)
    assert asked.status_code == 303
    assert paper.person.personal_id not in asked.text
    page = asked.headers["location"]
    assert page.startswith(f"/ho-so/{paper.dossier}/muc-dich?ve=")
    form = officer.get(page).text
    assert f'name="ve" value="{address}"' in form
    chosen = officer.post(
        f"/ho-so/{paper.dossier}/muc-dich", page, muc_dich="complaint", so="12/GM-UBND", ve=address
    )
    assert chosen.headers["location"] == address
    answer = officer.get(address)
    assert answer.status_code == 200
    assert paper.person.personal_id.encode() in answer.content
    told = [one for one in room.entries() if one.text("dossier") == paper.dossier]
    verbs = [(one.text("verb"), one.text("purpose")) for one in told]
    handed = Verb.DOWNLOAD if end else Verb.ORIGINAL
    assert verbs[-2:] == [(Verb.UNMASK, "complaint"), (handed, "complaint")]
    assert told[-2].detail("file_number") == "12/GM-UBND"


def test_it_ends_after_half_an_hour_and_by_the_button(
    room: Room, papers: list[PersonalPaper]
) -> None:
    browser = room.signed_in(room.person("hoa", PersonRole.PRIVACY))
    page = f"/ho-so/{papers[2].dossier}"
    number = papers[2].person.born.isoformat()
    assert browser.unmask(papers[2].dossier).status_code == 303
    assert "Đang xem không che" in browser.get(page).text, number
    room.clock.forward(minutes=29)
    assert "Đang xem không che" in browser.get(page).text
    room.clock.forward(minutes=2)
    assert "Dữ liệu cá nhân được che" in browser.get(page).text
    assert browser.unmask(papers[2].dossier).status_code == 303
    assert browser.post(f"{page}/che-lai", page).status_code == 303
    assert "Dữ liệu cá nhân được che" in browser.get(page).text


def test_it_belongs_to_one_session(room: Room, papers: list[PersonalPaper]) -> None:
    room.person("dung", PersonRole.RECORDS)
    one = room.signed_in("dung")
    assert one.unmask(papers[3].dossier).status_code == 303
    two = room.browser()
    step = two.post("/dang-nhap", ten="dung", mat_khau=PASSWORD).headers["location"]
    assert one.phone
    room.clock.forward(seconds=31)
    code = one.phone.at(room.clock())
    assert two.post(step, ma=code).status_code == 303
    assert "Dữ liệu cá nhân được che" in two.get(f"/ho-so/{papers[3].dossier}").text
    assert two.get(f"/ho-so/{papers[3].dossier}/tep/{papers[3].scan}").status_code == 303


def test_whoever_may_not_unmask_gets_no_file_and_may_choose_nothing(
    room: Room, papers: list[PersonalPaper]
) -> None:
    reader = room.signed_in(room.person("lan"))
    page = f"/ho-so/{papers[0].dossier}"
    token = reader.token(page)
    assert reader.get(f"{page}/muc-dich").status_code == 403
    refused = reader.post_bare(f"{page}/muc-dich", khoa=token, muc_dich="case")
    assert refused.status_code == 403
    assert "Dữ liệu cá nhân được che" in reader.get(page).text
    assert room.entries()[-2].text("result") == AuditResult.REFUSED
    assert "Tải tệp gốc" not in reader.get(page).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"muc-dich": ""}, "Chưa chọn mục đích"),
        ({"muc-dich": "curiosity"}, "Chưa chọn mục đích"),
        ({"muc-dich": "case", "so": "<script>"}, "Số văn bản chỉ gồm"),
        ({"muc-dich": "case", "so": "số 031898001562"}, "không ghi số định danh"),
    ],
)
def test_what_makes_no_sense_opens_nothing(
    officer: Browser, papers: list[PersonalPaper], fields: dict[str, str], said: str
) -> None:
    page = f"/ho-so/{papers[3].dossier}"
    answer = officer.post_bare(f"{page}/muc-dich", khoa=officer.token(page), **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Dữ liệu cá nhân được che" in officer.get(page).text


def test_a_foreign_page_cannot_choose(officer: Browser, papers: list[PersonalPaper]) -> None:
    page = f"/ho-so/{papers[3].dossier}"
    assert officer.post_bare(f"{page}/muc-dich", muc_dich="case").status_code == 403
    assert "Dữ liệu cá nhân được che" in officer.get(page).text


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "/nhat-ky", "/ho-so/0a01x"]
)
def test_it_leads_nowhere_else(officer: Browser, wanted: str) -> None:
    chosen = officer.unmask(PARTIAL, ve=wanted)
    assert chosen.headers["location"] == f"/ho-so/{PARTIAL}"


def test_the_demonstration_shows_all_and_asks_nothing(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    paper = add_personal_papers(room.backend, 1)[0]
    client = open_client(room.backend)
    assert paper.person.personal_id in client.get(f"/ho-so/{paper.dossier}").text
    assert client.get(f"/ho-so/{paper.dossier}/tep/{paper.scan}").status_code == 200
