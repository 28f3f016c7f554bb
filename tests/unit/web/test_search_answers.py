"""What the search page says of its hits: why, whose, since when; and what may have been meant."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from pipeline.model import (
    Component,
    ComponentState,
    Hit,
    Page,
    PageMeasures,
    PageState,
    PageText,
)
from tests.support.web_backend import (
    COMPLETE,
    HEIGHT,
    PARTIAL,
    WIDTH,
    Backend,
    TestClient,
    line,
    open_client,
    part_of,
    sample_backend,
)
from web.hits import hit_words
from web.search_request import parse_request
from web.searches.did_you_mean import better_text
from web.searches.periods import common_spans, periods_of, without_periods
from web.searches.reasons import Sought
from web.urls import SoughtText


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return sample_backend(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def client(backend: Backend) -> TestClient:
    return open_client(backend)


@pytest.mark.parametrize(
    ("text", "periods", "left"),
    [
        ("khai sinh tháng 11/2025", ["tháng 11/2025"], "khai sinh"),
        ("11/2025", ["11/2025"], ""),
        ("quý 4 2025 nguyễn", ["quý 4 2025"], "nguyễn"),
        ("đơn ngày 1/7/2025 của Lan", ["1/7/2025"], "đơn ngày của Lan"),
        ("01/07/2025 quý III/2025", ["01/07/2025", "quý III/2025"], ""),
        ('"tháng 11/2025" đơn', [], '"tháng 11/2025" đơn'),
        ("đơn -11/2025", [], "đơn -11/2025"),
        ("31/02/2025", [], "31/02/2025"),
        ("29/SNV 2025", [], "29/SNV 2025"),
        ("", [], ""),
    ],
)
def test_dates_months_and_quarters_become_chips(text: str, periods: list[str], left: str) -> None:
    assert [one.typed for one in periods_of(text)] == periods
    assert without_periods(text) == left


def test_a_chip_of_a_period_is_taken_off_and_outlives_another_text(client: TestClient) -> None:
    html = client.get("/", params={"q": "giao đất 3/2026"}).text
    assert part_of(html, r'<input id="q"[^>]* value="(.*?)"') == "giao đất"
    assert '<input type="hidden" name="thoi-gian" value="3/2026">' in html
    chip = part_of(html, r'<li><a href="([^"]*)" title="Bỏ bộ lọc này"><span>Thời gian:</span> 3')
    left = client.get(unescape(chip)).text
    assert "Thời gian" not in left
    assert part_of(left, r'<input id="q"[^>]* value="(.*?)"') == "giao đất"
    assert parse_request({"q": "thông báo", "thoi-gian": "3/2026"}, 1).text == "thông báo 3/2026"


def test_common_spans_begin_where_people_say(client: TestClient) -> None:
    day = date(2026, 11, 29)  # a Sunday
    assert common_spans(day) == {
        "hôm nay": (day, day),
        "tuần này": (date(2026, 11, 23), day),
        "tháng này": (date(2026, 11, 1), day),
    }
    html = client.get("/").text
    quick = unescape(part_of(html, r'<span class="spans"><a href="([^"]*)">hôm nay</a>'))
    chosen = client.get(quick).text
    assert 'aria-current="true">hôm nay</a>' in chosen
    off = unescape(part_of(chosen, r'<a href="([^"]*)" aria-current="true">hôm nay</a>'))
    assert off == "/"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("H26.19.25-260302-0007", "mã hồ sơ"),
        ("0007", "mã hồ sơ"),
        ("12/QĐ-UBND", "số, ký hiệu"),
        ("quyết định về việc", "tên hồ sơ"),
        ("thửa đất", ""),
        ("01/03/2026", "ngày ban hành"),
        ("", ""),
    ],
)
def test_a_hit_says_where_it_shows_what_was_searched_for(
    backend: Backend, text: str, reason: str
) -> None:
    record = backend.archive.find_record(PARTIAL)
    assert record
    dossier = record.dossier
    hit = Hit(PARTIAL, dossier.code, 2, dossier.title, "⟦Thửa đất⟧ số 7", 1.0)
    assert Sought.of(SoughtText(text)).reason(hit, dossier) == reason


def test_a_card_says_what_is_missing_and_when_it_was_scanned(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    record = backend.archive.find_record(PARTIAL)
    assert record
    lacking = tuple(
        Component(f"Tờ {number}", ComponentState.MISSING, "receipt", (), "") for number in (1, 2)
    )
    changed = replace(record.dossier, components=lacking)
    backend.archive.keep_record(replace(record, sequence=record.sequence + 1, dossier=changed))
    html = open_client(backend).get("/", params={"q": "thửa"}).text
    card = part_of(html, r"<article(.*?)</article>")
    assert "thiếu 2 giấy tờ" in card
    assert "quét 02/03/2026" in card
    assert "Số hóa chưa trọn vẹn" in card
    assert len(re.findall(r'<a href="/ho-so/0a01\?', card)) == 1, "one link to the dossier"


def test_a_near_miss_is_told_on_each_card(client: TestClient) -> None:
    html = client.get("/", params={"q": "thửa đất 1811"}).text
    assert html.count("<article") == html.count('near-badge">gần đúng') == 1
    assert "gần đúng" not in client.get("/", params={"q": "thửa đất"}).text


def test_a_word_that_stands_nowhere_is_offered_as_it_is_written(client: TestClient) -> None:
    html = client.get("/", params={"q": "thông bbáo"}).text
    better = part_of(html, r"Có phải bạn muốn tìm <a href=\"[^\"]*\"><b>(.*?)</b>")
    assert better == "thông báo"
    url = unescape(part_of(html, r'Có phải bạn muốn tìm <a href="([^"]*)"'))
    assert COMPLETE in client.get(url).text


@pytest.mark.parametrize(
    ("text", "given_up", "better"),
    [
        ("nguyễn vvăn", ["vvăn"], "nguyễn văn"),
        ("qd 1811", ["1811"], ""),
        ("0900000123", ["0900000123"], ""),
        ("văn 2024", ["2024"], ""),
        ("xyz", ["xyz"], ""),
        ("nguyễn <b>", ["b"], ""),
    ],
)
def test_numbers_are_never_replaced(text: str, given_up: list[str], better: str) -> None:
    hits = [Hit("a", None, 1, "", "Nguyễn ⟦văn⟧ A, số ⟦1812⟧, ⟦0900000124⟧ ⟦2025⟧", 1.0)]
    assert better_text(text, given_up, hits) == better


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        (
            "nguyen dinh toan",
            "Số định danh của Nguyễn Đình Toàn , Toàn Đình",
            "Nguyễn Đình Toàn",
        ),
        ("dinh toan", "Toàn , định danh", "Toàn định"),
        ("khai sinh nguyen", "khai sinh , khai báo , Nguyễn , sinh", "khai sinh Nguyễn"),
        ("toan", "Toàn , toàn bộ", "Toàn toàn"),
        ("12/QĐ-UBND", "12/QĐ-UBND , UBND phường", "12/QĐ-UBND"),
    ],
)
def test_a_word_alone_is_not_marked_where_it_stands_beside_its_neighbours(
    text: str, words: str, marked: str
) -> None:
    printed = words.split()
    measures = PageMeasures(WIDTH, HEIGHT, 100.0)
    page = Page(1, PageState.READ, measures, PageText((line(0, *printed),)))
    hits = hit_words(page, None, text)
    found = [word for word, is_hit in zip(printed, hits, strict=True) if is_hit]
    assert " ".join(found) == marked
