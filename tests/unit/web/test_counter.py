"""The counter: one card for who asks, within the scope, masked, recorded, without a number kept."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from httpx import Response

from pipeline import clock
from pipeline.model import PersonRole, Scope, Withheld
from pipeline.versions import newest_record
from tests.support.owned_papers import (
    CARD,
    CODE,
    FOREIGN,
    HOLDS,
    ISSUED,
    MARITAL,
    MARRIAGE,
    NAME,
    NUMBER,
    OTHER_UNIT,
    OWN_UNIT,
    PHONE,
    UNIT_NAME,
    add_owned_papers,
)
from tests.support.visitors import Browser, Room, open_room

MINE = Scope(units=frozenset({OWN_UNIT}))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = open_room(tmp_path)
    add_owned_papers(room)
    room.person("lan", scope=MINE)
    room.person("khac", scope=Scope(units=frozenset({OTHER_UNIT})))
    room.person("xa", scope=Scope(units=frozenset({"UBND xã Xa"})))
    room.person("minh", PersonRole.RECORDS)
    return room


def ask(browser: Browser, **boxes: str) -> Response:
    return browser.post("/quay", **boxes)


def dossiers(answer: Response) -> set[str]:
    return set(re.findall(r'href="/(?:quay/ho-so|ho-so)/(0d\w+)"', answer.text))


@pytest.mark.parametrize(
    ("boxes", "found"),
    [
        ({"so": NUMBER}, {MARRIAGE, HOLDS}),
        ({"so": CARD}, {MARRIAGE, HOLDS}),
        ({"so": "0318 9000 1562"}, {MARRIAGE, HOLDS}),
        ({"so": CODE}, {MARRIAGE}),
        ({"dien_thoai": "+84 900 000 663"}, {MARRIAGE}),
        ({"ho_ten": "nguyen thi mau", "ngay_sinh": "5/9/1990"}, {MARRIAGE, HOLDS, "0d0003"}),
        ({"so": NUMBER, "dien_thoai": PHONE}, {MARRIAGE}),
    ],
)
def test_each_box_finds_and_no_number_comes_back(
    room: Room, boxes: dict[str, str], found: set[str]
) -> None:
    answer = ask(room.signed_in("lan"), **boxes)
    assert answer.status_code == 200
    assert dossiers(answer) == found
    assert NUMBER not in answer.text
    assert PHONE not in answer.text


def test_the_card_answers(room: Room) -> None:
    page = ask(room.signed_in("lan"), so=CODE).text
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert f"{NAME} · Đăng ký kết hôn" in text
    assert "Tiếp nhận 02/03/2026" in text
    assert "Hẹn trả 05/03/2026" in text
    assert "quá hẹn" in text
    assert f"Còn thiếu {MARITAL}" in text
    assert "031•••••1562" in text
    assert UNIT_NAME in text


def test_a_result_is_what_was_issued_since_and_is_no_component(room: Room) -> None:
    page = room.signed_in("lan").get(f"/quay/ho-so/{HOLDS}").text
    told = re.search(r"<dt>Kết quả</dt><dd>(.*?)</dd>", page, re.DOTALL)
    assert told
    assert MARITAL in told[1]
    assert f"{ISSUED:%d/%m/%Y}" in told[1]


@pytest.mark.parametrize(
    "boxes",
    [
        {},
        {"so": "12345"},
        {"so": "031890001562|rác"},
        {"dien_thoai": "12"},
        {"ho_ten": NAME},
        {"ho_ten": NAME, "ngay_sinh": "31/02/1990"},
        {"ho_ten": "Mẫu", "ngay_sinh": "05/09/1990"},
    ],
)
def test_what_is_no_question_is_told_in_words(room: Room, boxes: dict[str, str]) -> None:
    answer = ask(room.signed_in("lan"), **boxes)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_other_units_and_withheld_dossiers_are_as_if_they_were_not(room: Room) -> None:
    foreign = ask(room.signed_in("khac"), so=NUMBER)
    assert dossiers(foreign) == {FOREIGN}
    xa = room.signed_in("xa")
    assert _shown(ask(xa, so=NUMBER)) == _shown(ask(xa, so="031890009999"))
    assert xa.get(f"/quay/ho-so/{MARRIAGE}").status_code == 404
    assert xa.get(f"/quay/ho-so/{MARRIAGE}/phieu").status_code == 404
    archive = room.backend.archive
    record = newest_record(MARRIAGE, archive)
    secret = Withheld(record.at, "sohoa", "Tài liệu mật")
    state = replace(record.dossier, withheld=secret)
    archive.keep_record(replace(record, sequence=2, action="withheld", dossier=state))
    lan = room.signed_in("lan")
    assert dossiers(ask(lan, so=CODE)) == set()
    assert dossiers(ask(lan, so=NUMBER)) == {HOLDS}
    assert lan.get(f"/quay/ho-so/{MARRIAGE}").status_code == 403


def _shown(answer: Response) -> str:
    return re.sub(r'value="[0-9a-f]{64}"', "", answer.text)


def test_numbers_are_clear_once_a_purpose_is_given_and_the_slip_has_none(room: Room) -> None:
    minh = room.signed_in("minh")
    card = f"/quay/ho-so/{MARRIAGE}"
    assert NUMBER not in minh.get(card).text
    answer = minh.unmask(MARRIAGE, ve=card)
    assert answer.headers["location"] == card
    assert NUMBER in minh.get(card).text
    slip = minh.get(f"{card}/phieu").text
    assert CODE in slip
    for personal in (NUMBER, PHONE, NAME, NAME.upper()):
        assert personal not in slip


def test_a_look_is_recorded_without_its_number(room: Room) -> None:
    ask(room.signed_in("lan"), so=NUMBER)
    ask(room.signed_in("lan"), so=CODE)
    acts = [one for one in room.entries() if one.text("verb") in {"search", "view"}]
    assert [one.text("verb") for one in acts] == ["search", "view", "view", "search", "view"]
    assert not any(NUMBER in str(one) for one in room.entries())


def test_numbers_cannot_be_tried_out(tmp_path: Path) -> None:
    room = open_room(tmp_path, lookups_a_minute=3)
    room.person("lan", scope=MINE)
    lan = room.signed_in("lan")
    tried = [ask(lan, so=f"03189000{at:04}").status_code for at in range(5)]
    assert tried == [200, 200, 200, 429, 429]
    assert ask(room.signed_in("lan"), so=NUMBER).status_code == 429, "signing in anew helps nobody"


def test_a_known_number_of_others_takes_as_long_as_an_unknown_one(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("web.people.lookups.time.sleep", slept.append)
    ask(room.signed_in("xa"), so=NUMBER)
    ask(room.signed_in("xa"), so="031890009999")
    assert len(slept) == 2
    ask(room.signed_in("minh"), so=NUMBER)
    assert len(slept) == 2, "who sees everything learns nothing by waiting"


def test_a_post_from_elsewhere_asks_nothing(room: Room) -> None:
    assert room.signed_in("lan").post_bare("/quay", so=NUMBER).status_code == 403


def test_a_long_name_and_a_far_day_are_borne(room: Room) -> None:
    record = room.backend.archive.find_record(HOLDS)
    assert record
    state = replace(record.dossier, unit="Ủy ban " * 35 + UNIT_NAME)
    room.backend.archive.keep_record(replace(record, sequence=2, dossier=state))
    assert room.signed_in("minh").get(f"/quay/ho-so/{HOLDS}").status_code == 200
    assert clock.today().year >= 2026
