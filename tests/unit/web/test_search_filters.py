"""Search form: filters in the URL, chips, order of results, and days that do not exist."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from pipeline.model import Query
from tests.support.indexed import publication, with_findings
from tests.support.web_backend import (
    COMPLETE,
    FAILED,
    PARTIAL,
    WAITING,
    TestClient,
    open_client,
    part_of,
    sample_backend,
)
from web.search_filters import known_values
from web.search_request import PARAMETERS, SearchRequest, parse_request

_SWITCHES = {"khong-ngay-tiep-nhan"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return open_client(sample_backend(tmp_path_factory.mktemp("home")))


def found(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/ho-so/([0-9a-f]+)', html)


def chips(html: str) -> dict[str, str]:
    """Return the URL behind each chip, by what it says."""
    shown = re.findall(r'<li><a href="([^"]*)" title="Bỏ bộ lọc này">(.*?) <b', html)
    return {unescape(re.sub("<.*?>", "", text)): unescape(url) for url, text in shown}


@pytest.mark.parametrize(
    ("parameters", "dossiers"),
    [
        ("nhan-tu=2026-03-02", {PARTIAL, COMPLETE, WAITING, FAILED}),
        ("nhan-tu=2026-03-03", set()),
        ("nhan-den=1/3/2026", set()),
        ("nhan-tu=02.03.2026&nhan-den=2-3-2026&don-vi=Chi nhánh số 1", {PARTIAL}),
        ("thu-tuc=1.004873", set()),
        ("thieu=1", set()),
        ("trung=1", set()),
        ("q=đất&co-quan=", {PARTIAL, COMPLETE}),
    ],
)
def test_each_parameter_is_a_filter(
    client: TestClient, parameters: str, dossiers: set[str]
) -> None:
    assert set(found(client.get(f"/?{parameters}").text)) == dossiers


def test_the_form_sends_every_parameter_and_shows_what_is_set(client: TestClient) -> None:
    set_to = {
        name: "1" if name in _SWITCHES or "-" not in name else "02/03/2026"
        for name in PARAMETERS.values()
    }
    html = client.get("/", params={**set_to, "q": "đất", "sap-xep": "ma", "dung-dau": "1"}).text
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', html))
    assert (fields.pop("q"), fields.pop("khoa")) == ("đất", "")
    assert fields == {**set_to, "sap-xep": "ma", "dung-dau": "1"}
    form = part_of(html, r'<form id="tim"(.*?)</form>')
    assert len(re.findall(r"<input[^>]*>", form)) == html.count("<input")
    assert html.count(" checked>") == 4


def test_a_chip_names_a_filter_and_removes_it(client: TestClient) -> None:
    address = "/?q=đất&nhan-tu=2026-03-01&thieu=1&dung-dau=1&trang-thai=PARTIAL&sap-xep=ma"
    shown = chips(client.get(address).text)
    assert set(shown) == {
        "Tình trạng: Số hóa chưa trọn vẹn",
        "Quét từ ngày: 01/03/2026",
        "Còn thiếu thành phần",
        "Chỉ đúng dấu",
    }
    for text, url in shown.items():
        left = chips(client.get(url).text)
        assert set(left) == set(shown) - {text}
        assert 'name="sap-xep" value="ma"' in client.get(url).text


@pytest.mark.parametrize("day", ["31/02/2026", "2026", "mai", "2026-13-01", "9" * 5000, "٢/٣/2026"])
def test_a_day_that_does_not_exist_is_a_sentence(client: TestClient, day: str) -> None:
    answer = client.get("/", params={"q": "đất", "nhan-den": day})
    assert answer.status_code == 200
    assert "không phải một ngày có thật, nên chưa lọc quét đến ngày" in answer.text
    assert set(found(answer.text)) == {PARTIAL, COMPLETE}
    assert chips(answer.text) == {}


def test_days_the_wrong_way_round_are_a_sentence(client: TestClient) -> None:
    html = client.get("/?q=đất&ban-hanh-tu=2026-03-02&ban-hanh-den=2026-03-01").text
    assert "Khoảng ngày ban hành bị ngược" in html


def test_the_order_is_a_link_and_stays_in_the_form(client: TestClient) -> None:
    html = client.get("/?q=đất").text
    assert '<b aria-current="true">khớp nhất</b>' in html
    by_code = part_of(html, r'<a href="([^"]*)">mã hồ sơ</a>')
    sorted_html = client.get(unescape(by_code)).text
    assert found(sorted_html)[0] == PARTIAL, "the only one with a code"
    assert '<input type="hidden" name="sap-xep" value="ma">' in sorted_html
    start = client.get("/").text
    assert '<b aria-current="true">mới quét</b>' in start
    assert "khớp nhất" not in part_of(start, r'<p class="sorts">(.*?)</p>')


def test_unknown_orders_and_switches_are_ignored() -> None:
    odd = {"q": "a", "sap-xep": "lung tung", "dung-dau": "0", "thieu": "0", "tinh": "Hà Nội"}
    assert parse_request(odd, 1) == SearchRequest("a")


def test_a_search_is_one_query_of_the_index() -> None:
    search = parse_request({"q": "đơn", "nhan-tu": "5/3/2024", "dung-dau": "1", "sap-xep": "ma"}, 2)
    filters = {"received_from": "2024-03-05"}
    assert search.query == Query("đơn", filters, 20, 20, only_marked=True, sort="code")


def test_the_form_offers_what_the_index_counted() -> None:
    counted = {"issuer": {"UBND xã Mẫu": 3, "Sở Hai": 1}, "procedure": {"1.004873": 2}}
    assert known_values(counted) == (("Sở Hai", "UBND xã Mẫu"), ("1.004873",))
    assert known_values({"issuer": {f"{n:02}": 1 for n in range(50)}})[0][-1] == "19"


def test_a_facet_of_an_issuer_is_chosen_however_it_is_typed(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    paper = with_findings(publication(COMPLETE, "đất"), issuer="UBND xã Mẫu")
    backend.index.publish([replace(paper, sequence=9)])
    client = open_client(backend)
    html = client.get("/?q=đất").text
    ((url, name, number),) = re.findall(
        r'<li><a href="([^"]*)"><span>(UBND.*?)</span> <b>(\d+)</b>', html
    )
    assert (name, number) == ("UBND xã Mẫu", "1")
    assert found(client.get(unescape(url)).text) == [COMPLETE]
    typed = client.get("/", params={"q": "đất", "co-quan": "ubnd XA mau"}).text
    assert found(typed) == [COMPLETE]
    back = re.search(r'<a href="([^"]*)" aria-current="true"><span>UBND xã Mẫu</span>', typed)
    assert back
    assert set(found(client.get(unescape(back[1])).text)) == {PARTIAL, COMPLETE}
