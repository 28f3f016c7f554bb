"""The join page over HTTP: rights, other units, withheld dossiers, two people, two tabs."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from httpx import Response

from pipeline.settings import Settings
from tests.support.drops import CODE, Office
from tests.support.web_backend import Backend, TestClient, open_client

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def client(office: Office) -> TestClient:
    return open_client(Backend(office.archive, office.index, Settings(home=office.home)))


def two(office: Office) -> tuple[str, str]:
    older = office.drops(f"{CODE}.pdf", "một\nhai\nba").dossier
    office.digitises_all()
    newer = office.drops(f"{CODE} trang 2 quét lại.pdf", "trang hai mới").dossier
    office.digitises_all()
    assert older
    assert newer
    return older, newer


def post(client: TestClient, newer: str, deed: str, **fields: str) -> Response:
    data = {"viec": deed} | fields
    answer: Response = client.post(f"/ban-quet/ghep/{newer}", data=data, headers=OURS)
    return answer


def test_both_are_shown_side_by_side(office: Office, client: TestClient) -> None:
    older, newer = two(office)
    html = unescape(client.get(f"/ban-quet/ghep/{newer}").text)
    assert f'href="/ho-so/{older}"' in html
    assert f'href="/ho-so/{newer}"' in html
    assert len(re.findall(r"<figure>", html)) == 4
    assert '<option value="2" selected>' in html


def test_a_page_is_replaced_and_taken_back(office: Office, client: TestClient) -> None:
    older, newer = two(office)
    version = str(office.newest(older).sequence)
    answer = post(client, newer, "thay", trang="2", ban=version)
    assert answer.headers["location"] == f"/ban-quet/ghep/{newer}"
    office.digitises_all()
    assert "Đã ghép" in client.get(f"/ban-quet/ghep/{newer}").text
    assert post(client, newer, "tach").status_code == 303
    office.digitises_all()
    assert office.newest(newer).dossier.proposed_join == older
    office.assert_nothing_differs()


def test_who_comes_second_is_told(office: Office, client: TestClient) -> None:
    _, newer = two(office)
    assert post(client, newer, "rieng").headers["location"] == "/ban-quet?bao=da-tach"
    assert post(client, newer, "rieng").status_code == 409
    assert client.get(f"/ban-quet/ghep/{newer}").status_code == 409


@pytest.mark.parametrize("deed", ["", "xóa", "sau", "thay"])
def test_nothing_is_done_by_half(office: Office, client: TestClient, deed: str) -> None:
    older, newer = two(office)
    before = office.newest(older).sequence, office.newest(newer).sequence
    assert post(client, newer, deed, trang="99").status_code in {400, 409, 422}
    assert (office.newest(older).sequence, office.newest(newer).sequence) == before


def test_nothing_of_a_withheld_dossier_is_shown(office: Office, client: TestClient) -> None:
    older, newer = two(office)
    office.withholds(older)
    html = unescape(client.get(f"/ban-quet/ghep/{newer}").text)
    assert "bị giữ lại: không ghép" in html
    assert "Là hồ sơ khác" in html
    assert f"{CODE}.pdf" not in html
    assert post(client, newer, "cuoi").status_code == 403
    assert post(client, newer, "rieng").status_code == 303


def test_foreign_posts_join_nothing(office: Office, client: TestClient) -> None:
    older, newer = two(office)
    before = office.newest(older).sequence
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}):
        data = {"viec": "cuoi"}
        path = f"/ban-quet/ghep/{newer}"
        assert client.post(path, data=data, headers=headers).status_code == 403
        sides = {"truoc": older, "sau": newer}
        assert client.post("/ban-quet/hai-mat", data=sides, headers=headers).status_code == 403
    assert office.newest(older).sequence == before


@pytest.mark.parametrize("chosen", [[], ["0a"], ["0a", "0b"], ["../x", "0b"], ["0a"] * 3])
def test_two_sides_of_nothing(client: TestClient, chosen: list[str]) -> None:
    answer = client.get("/ban-quet/hai-mat", params=[("ho-so", each) for each in chosen])
    assert answer.status_code in {404, 409}
