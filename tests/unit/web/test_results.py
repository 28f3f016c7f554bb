"""Search page: URLs that can be shared, filters as links, advice when nothing is found."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from search.query.parser import parse
from search.query.receptions_typed import typed_reception
from tests.support.web_backend import (
    COMPLETE,
    HOSTILE,
    PARTIAL,
    WAITING,
    TestClient,
    open_client,
    part_of,
    sample_backend,
)
from web.search_request import SearchRequest, parse_request


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return open_client(sample_backend(tmp_path_factory.mktemp("home")))


def links(html: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="([^"]*)"', html)]


def found(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/ho-so/([0-9a-f]+)', html)


def test_nothing_typed_shows_the_newest_dossiers_first(client: TestClient) -> None:
    html = client.get("/").text
    assert found(html)[0] == COMPLETE  # received an hour after the others
    assert len(found(html)) == 4
    assert "Hồ sơ mới nhất" in html


def test_a_search_leads_to_the_dossier_and_to_the_page_with_the_words(client: TestClient) -> None:
    html = client.get("/", params={"q": "thửa đất"}).text
    assert found(html) == [PARTIAL]
    to_dossier, to_page = (
        next(one for one in links(html) if one.startswith(path))
        for path in (f"/ho-so/{PARTIAL}?tim=", f"/ho-so/{PARTIAL}/trang/2?tim=")
    )
    assert to_page.endswith("#o1")
    assert "có từ tìm" in client.get(to_dossier).text
    assert "hit-box" in client.get(to_page).text
    assert "<mark>" in html
    assert f"/ho-so/{PARTIAL}/trang/2/nho.webp" in html


def test_words_without_marks_find_words_with_marks(client: TestClient) -> None:
    assert set(found(client.get("/", params={"q": "dat"}).text)) == {PARTIAL, COMPLETE}


def test_names_and_texts_are_never_html(client: TestClient) -> None:
    for address in ("/", "/?q=bạn", f"/?q={HOSTILE}"):
        html = client.get(address).text
        assert "<script>" not in html
        assert "alert(" in html


def test_a_facet_is_a_link_that_sets_its_filter_and_then_takes_it_off(client: TestClient) -> None:
    html = client.get("/", params={"q": "đất"}).text
    narrowing = part_of(html, r'<a href="([^"]*)"><span>Thông báo</span> <b>1</b>')
    narrowed = client.get(unescape(narrowing)).text
    assert found(narrowed) == [COMPLETE]
    widening = part_of(narrowed, r'<a href="([^"]*)" aria-current="true"><span>Thông báo</span>')
    assert set(found(client.get(unescape(widening)).text)) == {PARTIAL, COMPLETE}


def test_states_are_named_in_vietnamese_and_counted(client: TestClient) -> None:
    html = client.get("/").text
    for label in ("Đã số hóa", "Số hóa chưa trọn vẹn", "Không số hóa được", "Đang chờ"):
        assert re.search(rf"<span>{label}</span> <b>1</b>", html)
    assert found(client.get("/?trang-thai=WAITING").text) == [WAITING]


def test_a_new_text_keeps_the_filters(client: TestClient) -> None:
    html = client.get("/?q=đất&don-vi=Chi nhánh số 2").text
    assert '<input type="hidden" name="don-vi" value="Chi nhánh số 2">' in html


@pytest.mark.parametrize("address", ["/?q=khongcotunay", "/?loai=Hợp đồng"])
def test_finding_nothing_gives_advice(client: TestClient, address: str) -> None:
    html = client.get(address).text
    assert found(html) == []
    assert "Không tìm thấy" in html
    assert "hàng đợi" in html


def test_a_page_beyond_the_last_leads_back(client: TestClient) -> None:
    html = client.get("/?q=đất&trang=9").text
    assert "Trang kết quả này trống" in html
    first = part_of(html, r'<a href="([^"]*)">Về trang kết quả đầu tiên</a>')
    assert set(found(client.get(unescape(first)).text)) == {PARTIAL, COMPLETE}


def test_a_url_holds_everything_of_a_search() -> None:
    search = SearchRequest("đất & nhà", {"unit": "Chi nhánh số 1", "year": "2026"}, 3)
    parameters = {name: values[0] for name, values in parse_qs(urlsplit(search.url).query).items()}
    assert parse_request(parameters, int(parameters["trang"])) == search
    assert search.query.offset == 40


def test_filtering_starts_again_at_the_first_page() -> None:
    search = SearchRequest("đất", {"year": "2026"}, 3)
    assert search.with_filter_toggled("unit", "Chi nhánh số 1").page == 1
    assert search.with_filter_toggled("year", "2026").filters == {}
    assert search.with_filter_toggled("year", "2025").filters == {"year": "2025"}


def test_the_help_below_the_box_says_what_the_parser_does(client: TestClient) -> None:
    (help_text,) = re.findall(
        r"<details class=\"help\">(.*?)</details>", client.get("/").text, re.S
    )
    examples = [unescape(example) for example in re.findall("<kbd>(.*?)</kbd>", help_text)]
    parsed = {example: parse(example) for example in examples}
    assert len(parsed) > 10
    assert len([one for one in parsed.values() if one.excluded]) == 2
    assert len([one for one in parsed.values() if any(t.is_prefix for t in one.terms)]) == 1
    for example, one in parsed.items():
        is_one_thing = any(term.key or term.number for term in one.terms) or one.keys
        is_phrase = any(len(term.phrases[0]) > 1 for term in one.terms)
        is_operated = one.excluded or any(term.is_prefix for term in one.terms)
        is_filter = typed_reception(example) is not None
        assert is_one_thing or is_phrase or is_operated or one.prefixes or is_filter, example
