"""The store of a person: papers across dossiers, what holds on a day, reuse, suggestions."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import Response

from pipeline.model import ComponentState, Dossier, PersonRole, Scope, Withheld
from pipeline.versions import newest_record
from tests.support.owned_papers import (
    BORN,
    CARD,
    FOREIGN,
    HOLDS,
    ISSUED,
    MARITAL,
    MARRIAGE,
    NAME,
    NAMED,
    NUMBER,
    OTHER_NUMBER,
    OWN_UNIT,
    SHARED,
    add_owned,
    add_owned_papers,
    add_shared_sheet,
    paper,
)
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import RECEIVED

STORE = f"/kho/{MARRIAGE}/1"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = open_room(tmp_path)
    add_owned_papers(room)
    room.person("lan", PersonRole.READER, scope=Scope(units=frozenset({OWN_UNIT})))
    room.person("minh", PersonRole.RECORDS, scope=Scope(units=frozenset({OWN_UNIT})))
    room.person("xa", scope=Scope(units=frozenset({"UBND xã Xa"})))
    return room


def words(answer: Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def reuse(browser: Browser, **changed: str) -> Response:
    sent = {"giay_cua": HOLDS, "trang": "1", "phan": "1", "cho": MARRIAGE, "thanh_phan": "2"}
    return browser.post(f"{STORE}/dung-lai", page="/quay", **(sent | changed))


def decide(browser: Browser, is_theirs: str, **changed: str) -> Response:
    sent = {"giay_cua": NAMED, "trang": "1", "phan": "1", "ban": "1", "dung": is_theirs}
    return browser.post(f"{STORE}/de-xuat", page="/quay", **(sent | changed))


@pytest.mark.parametrize("typed", [NUMBER, CARD, "031 890 001 562"])
def test_a_number_leads_to_an_address_without_it(room: Room, typed: str) -> None:
    answer = room.signed_in("lan").post("/kho", so=typed)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/kho/{HOLDS}/1", "the newest paper"


def test_papers_of_all_dossiers_in_scope_are_shown_masked(room: Room) -> None:
    answer = room.signed_in("lan").get(STORE)
    text = words(answer)
    assert "3 giấy tờ" in text, "the paper of another unit is not counted"
    assert f"12/XNHN ngày {ISSUED:%d/%m/%Y}" in text
    assert f"/ho-so/{HOLDS}/trang/1" in answer.text
    assert "Còn hiệu lực đến" in text
    assert "031•••••1562" in text
    assert NUMBER not in answer.text
    assert FOREIGN not in answer.text


def test_what_a_paper_may_stand_for_is_named_masked_too(room: Room) -> None:
    record = newest_record(MARRIAGE, room.backend.archive)
    (form, wanted) = record.dossier.components
    named = replace(wanted, name=f"{MARITAL} của {OTHER_NUMBER}")
    state = replace(record.dossier, code=None, documents=record.dossier.documents[1:])
    state = replace(state, name=f"{OTHER_NUMBER}.pdf", components=(form, named))
    room.backend.archive.keep_record(replace(record, sequence=2, dossier=state))
    room.person("ha", PersonRole.RECORDS)
    answer = room.signed_in("ha").get(f"/kho/{HOLDS}/1")
    assert "Dùng lại cho" in words(answer)
    assert OTHER_NUMBER not in answer.text


def test_what_holds_is_asked_for_a_day(room: Room) -> None:
    lan = room.signed_in("lan")
    late = ISSUED + timedelta(days=200)
    assert "Hết hiệu lực từ sau" in words(lan.get(f"{STORE}?ngay={late:%d/%m/%Y}"))
    assert "Còn hiệu lực đến" in words(lan.get(f"{STORE}?ngay={ISSUED.isoformat()}"))
    assert "Ngày chưa đúng" in words(lan.get(f"{STORE}?ngay=31/02/2026"))


def test_a_masked_card_tells_no_birthday_by_days_that_are_tried(room: Room) -> None:
    kind, issued = "Thẻ căn cước công dân", "2021-05-01"
    card = paper(kind, 1, personal_id=NUMBER, full_name=NAME, born_on=BORN, issued_on=issued)
    code = f"{OWN_UNIT}-260302-0999"
    case = Dossier("0d00aa", "x.pdf", RECEIVED, code=code, unit="UBND", documents=(card,))
    add_owned(room.backend, case)
    lan = room.signed_in("lan")

    def holds(day: str) -> list[str]:
        answer = lan.get(f"/kho/0d00aa/1?ngay={day}")
        assert answer.status_code == 200
        (shown,) = re.findall(r'<p class="holds">.*?Luật Căn cước.*?</p>', answer.text)
        return re.findall("Còn hiệu lực|Hết hiệu lực|Xét theo hôm nay|Không thời hạn", shown)

    asked = [holds(day) for day in ("", "04/09/2030", "05/09/2030", "06/09/2030", "01/01/2069")]
    assert asked[0][-1] == "Xét theo hôm nay"
    assert asked == asked[:1] * 5


def test_the_dossier_leads_to_its_person_and_asks_which_of_several(room: Room) -> None:
    lan = room.signed_in("lan")
    assert f'href="/kho/{MARRIAGE}"' in lan.get(f"/ho-so/{MARRIAGE}").text
    assert lan.get(f"/kho/{MARRIAGE}").headers["location"] == STORE
    assert "chưa có số nào chắc chắn" in words(lan.get(f"/kho/{NAMED}"))
    record = newest_record(HOLDS, room.backend.archive)
    spouse = paper("Tờ khai đăng ký kết hôn", 2, full_name="Trần Văn Hai", personal_id=OTHER_NUMBER)
    state = replace(
        record.dossier,
        id="0d0009",
        code=f"{OWN_UNIT}-260302-0909",
        documents=(*record.dossier.documents, spouse),
    )
    add_owned(room.backend, state)
    answer = lan.get("/kho/0d0009")
    assert "giấy tờ của 2 người" in words(answer)
    assert {f"/kho/0d0009/{at}" for at in (1, 2)} <= set(re.findall('href="([^"]+)"', answer.text))
    assert OTHER_NUMBER not in answer.text


def test_a_held_paper_is_used_again_and_that_is_taken_back(room: Room) -> None:
    minh = room.signed_in("minh")
    assert "Dùng lại cho" in words(minh.get(STORE))
    answer = reuse(minh)
    assert answer.status_code == 200
    assert "Đang dùng cho" in words(answer)
    record = newest_record(MARRIAGE, room.backend.archive)
    assert (record.action, record.actor) == ("reused", "minh")
    assert record.dossier.components[1].state is ComponentState.PRESENT
    assert HOLDS not in record.dossier.components[1].reason
    undone = minh.post(
        f"{STORE}/hoan-tac", page="/quay", giay_cua=MARRIAGE, ban=str(record.sequence)
    )
    assert "Đã hoàn tác" in words(undone)
    assert [one.name for one in newest_record(MARRIAGE, room.backend.archive).dossier.lacking] == [
        MARITAL
    ]
    again = minh.post(
        f"{STORE}/hoan-tac", page="/quay", giay_cua=MARRIAGE, ban=str(record.sequence)
    )
    assert again.status_code == 409
    assert 'role="alert"' in again.text


def test_a_suggestion_becomes_theirs_only_by_a_person(room: Room) -> None:
    minh = room.signed_in("minh")
    text = words(minh.get(STORE))
    assert "Có thể cũng của người này" in text
    assert "3 giấy tờ" in text
    assert "Giấy khai sinh" in text
    confirmed = decide(minh, "true")
    assert "4 giấy tờ" in words(confirmed)
    assert "minh xác nhận là của người này" in words(confirmed)
    assert "Có thể cũng" not in words(confirmed)
    assert decide(minh, "false").status_code == 409, "somebody decided before"
    record = newest_record(NAMED, room.backend.archive)
    assert (record.actor, record.action) == ("minh", "corrected")
    minh.post(f"{STORE}/hoan-tac", page="/quay", giay_cua=NAMED, ban=str(record.sequence))
    text = words(minh.get(STORE))
    assert "Có thể cũng của người này" in text
    assert "3 giấy tờ" in text


def test_a_rejected_suggestion_does_not_come_again(room: Room) -> None:
    minh = room.signed_in("minh")
    text = words(decide(minh, "false"))
    assert "không phải của người này" in text.lower()
    assert "Có thể cũng của người này" not in text
    assert "3 giấy tờ" in text


@pytest.mark.parametrize("stands_on", [1, 2])
def test_a_suggestion_is_of_the_paper_that_it_was_shown_for(room: Room, stands_on: int) -> None:
    record = add_shared_sheet(room.backend)
    minh = room.signed_in("minh")
    (form,) = re.findall(rf'value="{SHARED}".*?</form>', minh.get(STORE).text)
    sent = dict(re.findall(r'name="(trang|phan|ban)" value="(\d+)"', form))
    assert sent == {"trang": "1", "phan": "2", "ban": "1"}
    documents = list(record.dossier.documents)
    held = paper("", 1, personal_id=OTHER_NUMBER).findings | documents[stands_on - 1].findings
    documents[stands_on - 1] = replace(documents[stands_on - 1], findings=held)
    later = replace(record.dossier, documents=tuple(documents))
    room.backend.archive.keep_record(replace(record, sequence=2, dossier=later))
    answer = decide(minh, "true", giay_cua=SHARED, **sent)
    assert answer.status_code == {1: 200, 2: 409}[stands_on]
    now = newest_record(SHARED, room.backend.archive).dossier.documents
    assert ["owner_id" in one.findings for one in now] == [False, stands_on == 1]


def test_who_may_not_correct_sees_no_button_and_is_refused(room: Room) -> None:
    lan = room.signed_in("lan")
    assert "Dùng lại cho" not in words(lan.get(STORE))
    assert reuse(lan).status_code == 403
    assert decide(lan, "true").status_code == 403


def test_other_units_and_withheld_dossiers_are_as_if_they_were_not(room: Room) -> None:
    xa, minh = room.signed_in("xa"), room.signed_in("minh")
    for path in (STORE, f"/kho/{MARRIAGE}"):
        assert xa.get(path).status_code == 404
    known, unknown = (xa.post("/kho", so=number) for number in (NUMBER, "031890009999"))
    assert (known.status_code, words(known)) == (unknown.status_code, words(unknown))
    assert reuse(minh, giay_cua=FOREIGN).status_code == 404
    assert reuse(minh, cho=FOREIGN).status_code == 404
    assert decide(minh, "true", giay_cua=FOREIGN).status_code == 404
    archive = room.backend.archive
    record = newest_record(HOLDS, archive)
    secret = replace(record.dossier, withheld=Withheld(record.at, "sohoa", "Tài liệu mật"))
    archive.keep_record(replace(record, sequence=2, action="withheld", dossier=secret))
    text = words(minh.get(STORE))
    assert "2 giấy tờ" in text
    assert MARITAL not in text.replace(f"Cần {MARITAL}", "")
    assert reuse(minh).status_code == 403


def test_a_store_is_recorded_and_rate_limited(tmp_path: Path) -> None:
    room = open_room(tmp_path, lookups_a_minute=2)
    add_owned_papers(room)
    room.person("lan")
    lan = room.signed_in("lan")
    assert [lan.get(STORE).status_code for _ in range(3)] == [200, 200, 429]
    acts = [one.text("verb") for one in room.entries() if one.text("verb") in {"search", "view"}]
    assert acts[:2] == ["search", "view"]
    assert not any(NUMBER in str(one) for one in room.entries())
