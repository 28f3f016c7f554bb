"""«Kiểm tra»: one item after the other by plain forms; leases, conflicts, pages, undo, rates."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import unescape
from http import HTTPStatus
from pathlib import Path

import pytest
from PIL import Image

from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange
from pipeline.model import Box, Finding, PersonRole, Scope, Source
from pipeline.versions import Act, keep_next, newest_record
from tests.support.checking import path_of, room_of_two, say, shown, state
from tests.support.visitors import Room, open_room
from tests.support.web_backend import COMPLETE, PARTIAL

HERE = "Chi nhánh số 1"

PAGE_3 = f"/kiem-tra/{PARTIAL}/2.3-page"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return room_of_two(tmp_path)


def test_an_unedited_value_is_confirmed_and_an_edited_one_corrected(room: Room) -> None:
    lan = room.signed_in("lan")
    name = shown(lan)
    assert name == f"{PARTIAL}-2.1-symbol"
    page = unescape(lan.get("/kiem-tra").text)
    assert 'value="QĐ-UBND"' in page and "QD-UBND" in page, "as it was read"
    assert "1 trường · 2 trang · khoảng 1 phút" in page
    assert "is_sample" not in page and "0.55" not in page
    assert "Đã lưu giá trị mới: «Ký hiệu»" in say(lan, name, gia_tri=" QĐ-SXD ")
    found = state(room).documents[0].findings["symbol"]
    assert (found.value, found.confirmed_by) == ("QĐ-SXD", "lan")
    back = lan.post(f"{path_of(name)}/hoan-tac", page="/kiem-tra")
    assert back.headers["location"] == path_of(name)
    assert f"{PARTIAL}-4.1-symbol" in lan.get(back.headers["location"]).text, "as it is now"
    assert "Đã lưu: «Ký hiệu»" in say(lan, shown(lan), gia_tri="QĐ-UBND")
    assert state(room).documents[0].findings["symbol"].confirmed_by == "lan"
    verbs = [(one.text("verb"), one.detail("review")) for one in room.entries()]
    assert ("view", "symbol") in verbs and ("correct", "undo") in verbs


def test_what_the_paper_has_not_and_what_is_no_value(room: Room) -> None:
    lan = room.signed_in("lan")
    name = shown(lan)
    said = say(lan, name, gia_tri="x" * 501)
    assert "dài quá 500 ký tự" in said and f'value="{"x" * 501}"' in said
    assert f'data-item="{name}"' in said
    say(lan, name, "khong-ghi")
    assert "symbol" in state(room).documents[0].absent


def test_two_people_never_look_at_the_same_and_a_rest_frees_all(room: Room) -> None:
    lan, mai = room.signed_in("lan"), room.signed_in("mai")
    names = [shown(lan), shown(mai)]
    assert len({*names}) == 2
    more = lan.get(f"/kiem-tra/ke-tiep?ngoai={names[0]}").text
    assert re.findall(r'data-item="([^"]+)"', more) == [f"{PARTIAL}-2.3-page"]
    assert "data-empty" in mai.get(f"/kiem-tra/ke-tiep?ngoai={names[1]}").text
    taken = unescape(mai.get(path_of(names[0])).text)
    assert "lan đang xem mục này" in taken
    lan.post("/kiem-tra/nghi", page="/kiem-tra")
    assert shown(mai) == names[1], "one's own first"
    assert names[0] in mai.get(f"/kiem-tra/ke-tiep?ngoai={names[1]}").text


def test_a_conflict_says_what_the_other_person_wrote_and_loses_nothing(room: Room) -> None:
    lan = room.signed_in("lan")
    name = shown(lan)
    change = FieldChange(1, "symbol", FieldAct.CORRECT, "QĐ-TTg")
    corrections.amend(PARTIAL, [change], room.backend.archive, Act("mai"))
    before = newest_record(PARTIAL, room.backend.archive).sequence
    answer = lan.post(path_of(name), page="/phien", viec="tra-loi", gia_tri="QĐ-SXD")
    said = unescape(answer.text)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert re.search(r"Mục này đã được mai ghi «QĐ-TTg» lúc \d\d:\d\d \(bản 3\)", said)
    assert newest_record(PARTIAL, room.backend.archive).sequence == before
    headers = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
    data = {"khoa": lan.token("/phien"), "gia-tri": "QĐ-SXD"}
    told = lan.client.post(path_of(name), data=data, headers=headers)
    assert told.status_code == HTTPStatus.CONFLICT
    assert told.json()["conflict"] and "QĐ-TTg" in told.json()["message"]


def test_a_skipped_item_comes_back_by_undo(room: Room) -> None:
    lan = room.signed_in("lan")
    name = shown(lan)
    assert "Đã bỏ qua: «Ký hiệu»" in say(lan, name, "bo-qua")
    assert shown(lan) != name
    lan.post(f"{path_of(name)}/hoan-tac", page="/kiem-tra")
    assert name in lan.get(path_of(name)).text


def test_doubtful_pages_stay_are_turned_or_left_out(room: Room) -> None:
    lan = room.signed_in("lan")
    say(lan, shown(lan), "bo-qua")
    names = {shown(lan), f"{PARTIAL}-2.3-page", f"{PARTIAL}-2.5-page"}
    assert len(names) == 2
    page = unescape(lan.get(PAGE_3).text)
    assert "Chữ quá mờ." in page and f"{PAGE_3}/giay.webp" in page
    assert lan.get(f"{PAGE_3}/giay.webp").content[8:12] == b"WEBP"
    assert "Đã để nguyên" not in page and "không làm được" in say(
        lan, f"{PARTIAL}-2.3-page", "khong-ghi"
    )
    assert "Đã lưu: trang 3" in say(lan, f"{PARTIAL}-2.3-page", "de-nguyen")
    assert [each.is_confirmed for each in state(room).edits] == [True]
    assert shown(lan) == f"{PARTIAL}-3.5-page"
    assert "phải có lý do" in say(lan, f"{PARTIAL}-2.5-page", "bo-ra")
    assert "Đã bỏ ra: trang 5" in say(lan, f"{PARTIAL}-2.5-page", "bo-ra", ly_do="trang trắng")
    assert len(state(room).pages) == 4
    assert shown(lan) == ""
    lan.post(f"/kiem-tra/{PARTIAL}/2.3-page/hoan-tac", page="/phien")
    assert [each.is_confirmed for each in state(room).edits] == [False]
    say(lan, f"{PARTIAL}-2.3-page", "xoay-phai")


def test_the_place_is_cut_out_of_the_picture(room: Room) -> None:
    lan = room.signed_in("lan")
    url = re.search(r'src="([^"]+giay\.webp[^"]*)"', lan.get("/kiem-tra").text)
    assert url
    answer = lan.get(url[1])
    with Image.open(io.BytesIO(answer.content)) as part:
        assert part.size == (400, 123), "half of the page's width"
        assert part.convert("L").getpixel((160 - 0, 60)) is not None
    assert "max-age=300" in answer.headers["cache-control"]
    again = lan.get(url[1], **{"If-None-Match": answer.headers["etag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED


def test_the_menu_and_the_dossier_lead_there(room: Room) -> None:
    lan = room.signed_in("lan")
    shown(lan)
    assert '<b class="waiting">3</b>' in lan.get("/").text
    page = lan.get(f"/ho-so/{PARTIAL}").text
    assert f'href="/kiem-tra?ho-so={PARTIAL}"' in page
    assert shown(lan, f"?ho-so={PARTIAL}").startswith(PARTIAL)
    assert shown(lan, f"?ho-so={COMPLETE}") == ""
    room.person("doc")
    assert "/kiem-tra" not in room.signed_in("doc").get("/").text


def test_the_true_error_rate_is_shown_by_field_unit_and_scanner(tmp_path: Path) -> None:
    room = sampled(tmp_path)
    room.person("lan", PersonRole.RECORDS)
    lan = room.signed_in("lan")
    assert "Chưa có trường nào được xem mẫu" in unescape(lan.get("/kiem-tra/chat-luong").text)
    while name := shown(lan):
        value = {"summary": "Khác hẳn"}.get(name.rpartition("-")[2])
        if name.endswith("-page"):
            say(lan, name, "de-nguyen")
        else:
            page = lan.get("/kiem-tra").text
            found = re.search(r'id="gia-tri"[^>]* value="([^"]*)"', page)
            assert found
            say(lan, name, gia_tri=value or unescape(found[1]))
    page = re.sub(
        r"\s+", " ", re.sub("<[^>]+>", " ", unescape(lan.get("/kiem-tra/chat-luong").text))
    )
    assert "33,33 % sai: 1 trong 3 trường đã xem" in page
    assert "Trích yếu 1 1 100 %" in page
    assert "H26.19.25 3 1 33,33 %" in page, "no paper names its unit"
    room.person("khac", PersonRole.RECORDS, scope=Scope(units=frozenset({"Chi nhánh số 2"})))
    assert "Chưa có trường" in unescape(room.signed_in("khac").get("/kiem-tra/chat-luong").text)


def sampled(home: Path) -> Room:
    """A room that shows all certain fields to people."""
    room = open_room(home)
    settings = room.backend.settings
    settings.review.sample = 1.0
    return room


def test_a_value_with_a_box_elsewhere_is_shown_whole(room: Room) -> None:
    backend = room.backend
    record = newest_record(PARTIAL, backend.archive)
    document = record.dossier.documents[0]
    wide = Finding("a", "b", 0.2, Source.OCR, 2, Box(0, 0, 9_000, 9_000))
    papers = (replace(document, findings={"number": wide}),)
    keep_next(record, replace(record.dossier, documents=papers), "x", backend.archive)
    lan = room.signed_in("lan")
    name = shown(lan)
    with Image.open(io.BytesIO(lan.get(f"{path_of(name)}/giay.webp").content)) as part:
        assert part.size == (1120, 800)
