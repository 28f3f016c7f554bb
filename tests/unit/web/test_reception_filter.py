"""The search page and the API by the day of reception: bar, chips, order, who has no such day."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from pipeline.model import (
    Finding,
    IndexEntry,
    PageState,
    PersonRole,
    Publication,
    Record,
    Scope,
    Source,
)
from tests.support.callers import caller
from tests.support.visitors import Room, TestClient, open_room
from tests.support.web_backend import (
    COMPLETE,
    FAILED,
    PARTIAL,
    WAITING,
    Backend,
    open_client,
    part_of,
    sample_backend,
)
from tests.unit.web.test_search_filters import chips, found
from web.search_request import parse_request
from web.searches.periods import named_span

DAYS = {PARTIAL: "2025-11-03", COMPLETE: "2025-12-01"}


def receive(backend: Backend) -> None:
    """Give two of the sample dossiers a receipt with a certain day."""
    for name, day in DAYS.items():
        record = backend.archive.find_record(name)
        assert record
        said = {"received_on": Finding(day, "", 0.99, Source.OCR)}
        first, *others = record.dossier.documents
        first = replace(first, findings={**first.findings, **said})
        dossier = replace(record.dossier, documents=(first, *others))
        later = Record(record.sequence + 1, record.at, "tester", "corrected", dossier)
        backend.archive.keep_record(later)
        entry = IndexEntry(1, "giao đất", PageState.READ, first.type)
        backend.index.publish([Publication(dossier, later.sequence, (entry,))])


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    backend = sample_backend(tmp_path_factory.mktemp("home"))
    receive(backend)
    return open_client(backend)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    room = open_room(tmp_path_factory.mktemp("room"))
    receive(room.backend)
    return room


def test_the_bar_filters_by_the_day_of_reception(client: TestClient) -> None:
    html = client.get("/?tiep-nhan-tu=01/11/2025&tiep-nhan-den=30/11/2025").text
    assert found(html) == [PARTIAL]
    assert set(chips(html)) == {"Tiếp nhận: tháng 11/2025"}
    assert part_of(html, r'name="tiep-nhan-tu" value="([^"]*)"') == "01/11/2025"
    assert not re.search(r'<details class="filters" open', html), "the bar shows it already"
    assert "Quét" in part_of(html, r'<details class="filters">(.*?)</details>')


def test_typed_days_become_the_filter_and_one_chip(client: TestClient) -> None:
    html = client.get("/", params={"q": "đất tiếp nhận quý 4 2025"}).text
    assert set(found(html)) == {PARTIAL, COMPLETE}
    assert re.search(r'name="q" value="đất"', html)
    ((name, url),) = chips(html).items()
    assert name == "Tiếp nhận: quý IV/2025"
    without = client.get(unescape(url)).text
    assert chips(without) == {}
    assert re.search(r'name="q" value="đất"', without)


def test_a_typed_month_is_one_step_from_the_day_of_reception(client: TestClient) -> None:
    html = client.get("/", params={"q": "đất 11/2025"}).text
    assert set(chips(html)) == {"Thời gian: 11/2025"}
    url = part_of(html, r'<a href="([^"]*)">tháng 11/2025</a>')
    narrowed = client.get(unescape(url)).text
    assert set(chips(narrowed)) == {"Tiếp nhận: tháng 11/2025"}
    assert found(narrowed) == [PARTIAL]


def test_who_has_no_such_day_is_told_apart(client: TestClient) -> None:
    html = client.get("/", params={"q": "tiếp nhận năm 2025"}).text
    assert set(found(html)) == {PARTIAL, COMPLETE}
    assert "Ngoài ra có <b>2</b> hồ sơ khớp nhưng không rõ ngày tiếp nhận" in html
    url = part_of(html, r'<a href="([^"]*)">Xem các hồ sơ ấy</a>')
    others = client.get(unescape(url)).text
    assert set(found(others)) == {WAITING, FAILED}
    assert set(chips(others)) == {"Không rõ ngày tiếp nhận"}
    assert "Ngoài ra" not in others
    nothing = client.get("/", params={"q": "tiếp nhận năm 2001"}).text
    assert found(nothing) == []
    assert "Có <b>2</b> hồ sơ khớp nhưng không rõ ngày tiếp nhận" in nothing


def test_the_newest_receptions_come_first(client: TestClient) -> None:
    html = client.get("/?sap-xep=ngay-tiep-nhan").text
    assert '<b aria-current="true">mới tiếp nhận</b>' in html
    assert found(html) == [COMPLETE, PARTIAL, FAILED, WAITING]
    assert html.count("không rõ ngày tiếp nhận</span>") == 2


def test_days_typed_last_hold_and_wrong_ones_are_told() -> None:
    set_already = {"tiep-nhan-tu": "1/1/2024", "tiep-nhan-den": "2/1/2024"}
    search = parse_request({"q": "đơn tiếp nhận từ 5/2/2025", **set_already}, 1)
    assert (search.text, dict(search.filters)) == ("đơn", {"reception_from": "2025-02-05"})
    turned = parse_request({"q": "tiếp nhận từ 5/2/2025 đến 1/2/2025"}, 1)
    assert turned.problems == ("Khoảng ngày tiếp nhận bị ngược: ngày đầu đứng sau ngày cuối.",)
    assert parse_request({"tiep-nhan-tu": "30/2/2025"}, 1).problems


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2025-11-01", "2025-11-30", "tháng 11/2025"),
        ("2024-02-01", "2024-02-29", "tháng 02/2024"),
        ("2025-02-01", "2025-04-30", "từ 01/02/2025 đến 30/04/2025"),
        ("2025-07-01", "2025-09-30", "quý III/2025"),
        ("2025-10-01", "2025-12-31", "quý IV/2025"),
        ("2025-01-01", "2025-12-31", "năm 2025"),
        ("2025-11-03", "2025-11-03", "03/11/2025"),
        ("2025-11-03", "", "từ 03/11/2025"),
        ("", "2025-11-03", "đến 03/11/2025"),
        ("2025-11-30", "2025-11-01", "từ 30/11/2025 đến 01/11/2025"),
    ],
)
def test_a_span_has_the_name_that_people_use(first: str, last: str, name: str) -> None:
    assert named_span(first, last) == name


def test_the_api_tells_the_same(room: Room) -> None:
    machine = caller(room, "máy-một")
    told = machine.told("/dossiers?reception_from=2025-11-01&reception_to=2025-11-30")
    assert [(hit["dossier"], hit["reception"]) for hit in told["hits"]] == [(PARTIAL, "2025-11-03")]
    assert (told["total"], told["undated"]) == (1, 2)
    typed = machine.told("/dossiers?q=tiếp nhận tháng 11/2025")
    assert (typed["total"], typed["undated"]) == (1, 2)
    without = machine.told("/dossiers?no_reception=1")
    assert {hit["dossier"] for hit in without["hits"]} == {WAITING, FAILED}
    assert (without["undated"], machine.told("/dossiers")["undated"]) == (None, None)
    by_day = machine.told("/dossiers?sort=reception")["hits"]
    assert [hit["dossier"] for hit in by_day] == [COMPLETE, PARTIAL, FAILED, WAITING]


def test_days_of_other_units_are_neither_found_nor_counted(room: Room) -> None:
    room.person("mot.don.vi", PersonRole.READER, scope=Scope(frozenset({"Chi nhánh số 1"})))
    html = room.signed_in("mot.don.vi").get("/?q=tiếp nhận năm 2025").text
    assert found(html) == [PARTIAL]
    assert "khớp nhưng không rõ ngày tiếp nhận" not in html
