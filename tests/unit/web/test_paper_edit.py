"""Mending a paper in the reading room: what is saved, refused, told, and taken back."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange
from pipeline.model import Finding, Query
from pipeline.stages import newest_record
from pipeline.versions import Act
from tests.support.web_backend import (
    COMPLETE,
    PARTIAL,
    Backend,
    TestClient,
    open_client,
    sample_backend,
)
from web.people.visits import DEMONSTRATION

FORM = f"/ho-so/{PARTIAL}/giay/1"


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    return sample_backend(tmp_path)


@pytest.fixture
def client(backend: Backend) -> TestClient:
    client = open_client(backend)
    client.headers["Sec-Fetch-Site"] = "same-origin"
    return client


def findings(backend: Backend) -> dict[str, Finding]:
    return newest_record(PARTIAL, backend.archive).dossier.documents[0].findings


def version(backend: Backend) -> int:
    return newest_record(PARTIAL, backend.archive).sequence


def sent(backend: Backend, typed: dict[str, str], **ticks: list[str]) -> dict[str, object]:
    """Return the form as a browser sends it when these boxes hold these values."""
    return {
        "ban": version(backend),
        "truong": [*typed],
        "gia-tri": [*typed.values()],
        "dung": ticks.get("right", []),
        "khong-co": ticks.get("absent", []),
    }


def test_the_form_shows_each_field_as_people_write_it_and_the_pages(
    client: TestClient, backend: Backend
) -> None:
    html = client.get(FORM).text
    assert 'name="gia-tri" value="QĐ-UBND"' in html
    assert f'name="ban" value="{version(backend)}"' in html
    assert f"/ho-so/{PARTIAL}/trang/1/anh.webp" in html
    assert "Chưa có gì được lưu" not in html
    assert f'href="{FORM}"' in client.get(f"/ho-so/{PARTIAL}").text


def test_what_is_typed_is_saved_found_and_named(client: TestClient, backend: Backend) -> None:
    form = sent(backend, {"symbol": "QĐ-SXD", "signer": "Người Mẫu"}, right=["number"])
    form |= {"truong": ["symbol", "signer", "number"], "ly-do": "đã xem giấy"}
    form["gia-tri"] = ["QĐ-SXD", "Người Mẫu", findings(backend)["number"].value]
    answer = client.post(FORM, data=form, follow_redirects=False)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    saved = findings(backend)
    assert {
        name: saved[name].confirmed_by for name in ("symbol", "signer", "number")
    } == dict.fromkeys(("symbol", "signer", "number"), DEMONSTRATION)
    assert saved["symbol"].value == "QĐ-SXD"
    assert backend.index.find(Query("Người Mẫu")).total == 1
    html = client.get(answer.headers["location"]).text
    assert "Đã lưu." in html
    assert "Sửa trường" in html
    assert "đã xem giấy" in html


def test_a_field_the_paper_has_not_goes_and_comes_back_by_the_history(
    client: TestClient, backend: Backend
) -> None:
    before = findings(backend)
    form = sent(backend, {"symbol": "QĐ-UBND"}, absent=["symbol"])
    assert client.post(FORM, data=form).status_code == HTTPStatus.SEE_OTHER
    assert "symbol" not in findings(backend)
    html = client.get(f"/ho-so/{PARTIAL}").text
    assert f'name="ban" value="{version(backend)}"' in html, "the button that takes it back"
    client.post(f"/ho-so/{PARTIAL}/hoan-tac", data={"ban": version(backend)})
    assert findings(backend) == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"issued_on": "31/2/2026"}, "không phải một ngày có thật"),
        ({"symbol": " "}, "Nếu giấy không có trường này"),
        ({"symbol": "QĐ-UBND"}, "Chưa có gì được sửa"),
        ({"signer": "x" * 501}, "dài quá 500 ký tự"),
    ],
)
def test_what_cannot_be_saved_is_said_and_what_was_typed_stays(
    client: TestClient, backend: Backend, typed: dict[str, str], words: str
) -> None:
    before = version(backend)
    answer = client.post(FORM, data=sent(backend, typed) | {"ly-do": "vì sao"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert words in answer.text
    (value,) = typed.values()
    assert f'value="{value}"' in answer.text
    assert version(backend) == before


def test_two_tabs_on_one_field_are_told_and_on_two_fields_are_both_saved(
    client: TestClient, backend: Backend
) -> None:
    mine = sent(backend, {"symbol": "của tôi", "number": findings(backend)["number"].value})
    theirs = [FieldChange(1, "number", FieldAct.CORRECT, "99")]
    corrections.amend(PARTIAL, theirs, backend.archive, Act("mai"))
    assert client.post(FORM, data=mine).status_code == HTTPStatus.SEE_OTHER
    assert {findings(backend)[name].value for name in ("number", "symbol")} == {"99", "của tôi"}
    late = mine | {"gia-tri": ["của người sau", mine["gia-tri"][1]]}  # type: ignore[index]
    answer = client.post(FORM, data=late)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "đã được sửa sau khi bạn mở hồ sơ" in answer.text
    assert 'value="của người sau"' in answer.text
    assert 'value="99"' in answer.text, "what nobody touched here is shown as it is now"
    again = late | {"ban": version(backend)}
    again["gia-tri"] = ["của người sau", "99"]
    assert client.post(FORM, data=again).status_code == HTTPStatus.SEE_OTHER
    assert findings(backend)["symbol"].value == "của người sau"


def test_fields_that_are_none_are_not_written(client: TestClient, backend: Backend) -> None:
    form = sent(backend, {"symbol": "QĐ-SXD", "confirmed_by": "mai", "": "x"})
    client.post(FORM, data=form)
    assert set(findings(backend)) & {"confirmed_by", ""} == set()
    assert findings(backend)["symbol"].confirmed_by == DEMONSTRATION


def test_a_page_begins_a_paper_and_continues_it_again(client: TestClient, backend: Backend) -> None:
    def cut() -> list[tuple[int, ...]]:
        documents = newest_record(PARTIAL, backend.archive).dossier.documents
        return [document.pages for document in documents]

    before = cut()
    page = before[0][-1]
    address = f"/ho-so/{PARTIAL}/chia-giay"
    first = client.post(address, data={"trang": page, "bat-dau": "true"})
    assert first.status_code == HTTPStatus.SEE_OTHER
    assert cut() == [before[0][:-1], (page,), *before[1:]]
    client.post(address, data={"trang": page, "bat-dau": "false"})
    assert cut() == before
    assert client.post(address, data={"trang": 1, "bat-dau": "false"}).status_code == 409


@pytest.mark.parametrize("address", [f"/ho-so/{PARTIAL}/giay/9", f"/ho-so/{COMPLETE}/giay/99"])
def test_a_paper_that_is_not_there_is_said(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "không có giấy tờ thứ" in answer.text
