"""What people do to a page in the viewer: each act is written and taken back by one click."""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest

from pipeline.model import Dossier, PersonRole, Record
from pipeline.stages import newest_record
from tests.support.personal_papers import add_personal_papers
from tests.support.visitors import open_room
from tests.support.web_backend import (
    PARTIAL,
    Backend,
    TestClient,
    open_client,
    part_of,
    sample_backend,
)

PAGE = f"/ho-so/{PARTIAL}/trang"


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    return sample_backend(tmp_path)


@pytest.fixture
def client(backend: Backend) -> TestClient:
    client = open_client(backend)
    client.headers["Sec-Fetch-Site"] = "same-origin"
    return client


def newest(backend: Backend) -> Record:
    return newest_record(PARTIAL, backend.archive)


def numbers(dossier: Dossier) -> list[int]:
    """Return the pages of a dossier by their numbers in its only scan."""
    return [note.number for note in dossier.pages]


@pytest.mark.parametrize(
    ("deed", "sent", "order", "back"),
    [
        ("2/bo", {"ly-do": "trang của người khác"}, [1, 3, 4, 5], 2),
        ("5/bo", {"ly-do": "trang trắng"}, [1, 2, 3, 4], 4),
        ("1/thay", {"bang": "3", "ly-do": "quét lại"}, [3, 2, 4, 5], 1),
        ("4/chuyen", {"den": "1"}, [4, 1, 2, 3, 5], 1),
        ("1/chuyen", {"den": "5"}, [2, 3, 4, 5, 1], 5),
        ("2/xoay", {"do": "90"}, [1, 2, 3, 4, 5], 2),
    ],
)
def test_a_page_is_changed_and_one_click_takes_it_back(
    client: TestClient,
    backend: Backend,
    deed: str,
    sent: dict[str, str],
    order: list[int],
    back: int,
) -> None:
    version = newest(backend).sequence
    answer = client.post(f"{PAGE}/{deed}", data={"ban": str(version), **sent})
    assert answer.headers["location"] == f"{PAGE}/{back}?ban={version + 1}"
    assert numbers(newest(backend).dossier) == order
    html = client.get(answer.headers["location"]).text
    undo = part_of(html, r'(<form method="post" action="[^"]*/hoan-tac">.*?</form>)')
    fields = dict(re.findall(r'name="(ban|ve)" value="(\d+)"', undo))
    assert fields == {"ban": str(version + 1), "ve": str(back)}
    taken_back = client.post(f"/ho-so/{PARTIAL}/hoan-tac", data=fields)
    assert taken_back.headers["location"].startswith(f"{PAGE}/")
    assert numbers(newest(backend).dossier) == [1, 2, 3, 4, 5]
    assert not [one for one in newest(backend).dossier.edits if one.decides]


def test_scissors_cut_papers_apart_and_join_them(client: TestClient, backend: Backend) -> None:
    html = client.get(f"{PAGE}/1").text
    assert 'name="tach" value="2"' in html
    version = str(newest(backend).sequence)
    client.post(f"/ho-so/{PARTIAL}/ranh-gioi", data={"ban": version, "tach": "2", "ve": "1"})
    assert [paper.pages for paper in newest(backend).dossier.documents] == [(1,), (2,)]
    html = client.get(f"{PAGE}/1").text
    assert 'name="noi" value="2"' in html
    version = str(newest(backend).sequence)
    answer = client.post(
        f"/ho-so/{PARTIAL}/ranh-gioi", data={"ban": version, "noi": "2", "ve": "1"}
    )
    assert answer.headers["location"].startswith(f"{PAGE}/1?")
    assert [paper.pages for paper in newest(backend).dossier.documents] == [(1, 2)]


def test_words_of_a_line_are_written_where_they_stand(client: TestClient, backend: Backend) -> None:
    html = client.get(f"{PAGE}/2?sua-chu=1").text
    assert 'name="chu" value="tờ bản đồ"' in html
    sent = {"ban": str(newest(backend).sequence), "dong": ["2"], "chu": ["tờ bản đồ số 9"]}
    answer = client.post(f"{PAGE}/2/chu", data=sent)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert "tờ bản đồ số 9" in client.get(answer.headers["location"]).text


def test_what_two_people_type_on_one_page_is_lost_to_neither(
    client: TestClient, backend: Backend
) -> None:
    seen = str(newest(backend).sequence)
    first = {"ban": seen, "dong": ["2"], "chu": ["tờ bản đồ số 9"]}
    client.post(f"{PAGE}/2/chu", data=first)
    second = {"ban": seen, "dong": ["2"], "chu": ["tờ bản đồ số 8"]}
    answer = client.post(f"{PAGE}/2/chu", data=second)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert 'value="tờ bản đồ số 8"' in answer.text
    assert "Nay là: tờ bản đồ số 9" in answer.text
    again = {**second, "ban": part_of(answer.text, r'class="lines".*?name="ban" value="(\d+)"')}
    assert client.post(f"{PAGE}/2/chu", data=again).status_code == HTTPStatus.SEE_OTHER


def test_two_tabs_on_one_field_show_both_values(client: TestClient, backend: Backend) -> None:
    form = f"/ho-so/{PARTIAL}/giay/1"
    sent = {"ban": str(newest(backend).sequence), "truong": "symbol", "ve": "1"}
    client.post(form, data={**sent, "gia-tri": "QĐ-UBNDT"})
    answer = client.post(form, data={**sent, "gia-tri": "QĐ-HĐND"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert 'value="QĐ-HĐND"' in answer.text
    assert "Trong kho nay là: <b>QĐ-UBNDT</b>" in answer.text


def test_a_field_that_was_checked_leads_to_the_next_doubtful_one(
    client: TestClient, backend: Backend
) -> None:
    record = newest(backend)
    paper = record.dossier.documents[0]
    doubted = replace(paper.findings["issued_on"], confidence=0.5, page=2)
    papers = (replace(paper, findings={**paper.findings, "issued_on": doubted}),)
    state = replace(record.dossier, documents=papers)
    backend.archive.keep_record(replace(record, sequence=3, dossier=state))
    sent = {"ban": "3", "truong": "symbol", "gia-tri": "QĐ-UBND", "dung": "symbol", "ve": "1"}
    answer = client.post(f"/ho-so/{PARTIAL}/giay/1", data=sent)
    assert answer.headers["location"] == f"{PAGE}/2?giay=1&truong=issued_on&ban=4#o1"
    sent = {"ban": "4", "truong": "issued_on", "gia-tri": "01/03/2026", "dung": "issued_on"}
    answer = client.post(f"/ho-so/{PARTIAL}/giay/1", data={**sent, "ve": "2"})
    assert answer.headers["location"] == f"{PAGE}/2?ban=5"
    assert "1 trường" not in part_of(
        client.get(f"/ho-so/{PARTIAL}").text, r'<ol class="steps"(.*?)</ol>'
    )


def test_the_history_says_what_a_field_was_and_became(client: TestClient, backend: Backend) -> None:
    sent = {"ban": "2", "truong": "symbol", "gia-tri": "QĐ-HĐND"}
    client.post(f"/ho-so/{PARTIAL}/giay/1", data=sent)
    html = client.get(f"/ho-so/{PARTIAL}").text
    assert "Ký hiệu: <del>QĐ-UBND</del> → <ins>QĐ-HĐND</ins>" in html


def test_a_cut_out_shows_the_field_twice_as_large_without_a_script(client: TestClient) -> None:
    html = client.get(f"{PAGE}/1?giay=1&truong=symbol").text
    part = part_of(html, r'<svg class="cut-out"[^>]*viewBox="([^"]*)"')
    left, top, width, height = map(int, part.split())
    assert left <= 140 <= left + width  # where the symbol stands
    assert top <= 80 <= top + height
    assert "style=" not in html


@pytest.mark.parametrize("deed", ["bo", "thay", "chuyen", "xoay", "chu"])
def test_nothing_is_done_that_makes_no_sense(
    client: TestClient, backend: Backend, deed: str
) -> None:
    sent = {"ban": "2", "ly-do": "", "bang": "9", "den": "99", "do": "45", "dong": "99", "chu": "x"}
    answer = client.post(f"{PAGE}/2/{deed}", data=sent)
    assert HTTPStatus.BAD_REQUEST <= answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert newest(backend).sequence == 2


def test_a_number_that_was_typed_leads_to_its_page(client: TestClient) -> None:
    assert client.get(f"{PAGE}?so=3").headers["location"] == f"{PAGE}/3"
    assert client.get(f"{PAGE}/99").status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"{PAGE}?so=0").status_code == HTTPStatus.BAD_REQUEST


def test_whoever_sees_a_page_masked_cannot_mend_and_gets_no_word_in_the_layer(
    tmp_path: Path,
) -> None:
    room = open_room(tmp_path)
    paper, *_ = add_personal_papers(room.backend, 1)
    browser = room.signed_in(room.person("minh", PersonRole.RECORDS))
    page = f"/ho-so/{paper.dossier}/trang/1"
    html = browser.get(page).text
    assert 'data-words="' in html
    assert not [one for one in (*paper.numbers, *paper.texts) if one in html]
    assert "data-typed" not in html
    assert "sua-chu" not in html
    token = browser.token(page)
    sent = {"khoa": token, "ban": "2", "dong": "1", "chu": "khác"}
    assert browser.post_bare(f"{page}/chu", **sent).status_code == HTTPStatus.PRECONDITION_REQUIRED
    browser.unmask(paper.dossier)
    clear = browser.get(page).text
    assert paper.person.personal_id in clear
    assert "sua-chu" in clear


def test_a_large_dossier_is_shown_in_parts_and_searched_near_what_is_shown(
    client: TestClient, backend: Backend
) -> None:
    record = newest(backend)
    scan = replace(record.dossier.scans[0], pages=5_000)
    notes = record.dossier.pages[:2] * 2_500
    state = replace(record.dossier, scans=(scan,), pages=notes)
    backend.archive.keep_record(replace(record, sequence=3, dossier=state))
    html = client.get(f"/ho-so/{PARTIAL}?q=thửa&tu=4970").text
    assert len(html) < 100_000
    assert "<b>4.951–4.980</b> trong 5.000" in html
    assert html.count('class="leaf-name"') == 30
    assert "trong cả 5.000 trang" in html
    viewer = client.get(f"{PAGE}/2500?q=thửa").text
    assert len(viewer) < 100_000
    assert 'data-key="following-hit"' in viewer
    assert "ca=1" in viewer
    assert client.get(f"/ho-so/{PARTIAL}?tu=999999").status_code == HTTPStatus.OK
