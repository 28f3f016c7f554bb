"""Searching by people who may not unmask: snippets are masked, parts of numbers find nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from pipeline.model import PersonRole, Receipt, ReceiptStatus, Visitor
from tests.support.personal_papers import PersonalPaper, add_personal_papers
from tests.support.visitors import Browser, Room, open_room
from web.people.disclosure import masked_receipt
from web.people.visits import Visit

TAG = re.compile(r"<[^>]*>")
GAPS = re.compile(r"[\s.,()+\-]+")
MISREAD = str.maketrans("Ol", "01")


def test_a_file_name_on_a_receipt_is_masked_but_in_the_demonstration() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    name, why = "031898001562.pdf", "Tệp 031898001562.pdf hỏng."
    receipt = Receipt(name, ReceiptStatus.REFUSED, at, None, why, "", 1)
    shown = masked_receipt(Visit(Visitor("192.0.2.1"), "r"), receipt)
    assert (shown.name, shown.reason) == ("031•••••1562.pdf", "Tệp 031•••••1562.pdf hỏng.")
    assert masked_receipt(Visit(Visitor("::1"), "r", is_demonstration=True), receipt) == receipt


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return open_room(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def papers(room: Room) -> list[PersonalPaper]:
    return add_personal_papers(room.backend, 4)


@pytest.fixture(scope="module")
def reader(room: Room) -> Browser:
    return room.signed_in(room.person("lan"))


@pytest.fixture(scope="module")
def officer(room: Room) -> Browser:
    return room.signed_in(room.person("minh", PersonRole.RECORDS))


def test_snippets_are_masked_as_their_pages_are(
    papers: list[PersonalPaper], reader: Browser
) -> None:
    for paper in papers[:4]:  # each kind, with and without gaps, but for the table and cards
        number = paper.person.personal_id
        answer = reader.get(f"/?q={paper.person.name}&dung-dau=1").text
        card = next(part for part in answer.split("<article") if f"/ho-so/{paper.dossier}?" in part)
        snippet = TAG.sub("", re.findall(r'<p class="snippet">(.*?)</p>', card, re.DOTALL)[0])
        shown = GAPS.sub("", snippet).translate(MISREAD)
        assert f"{number[:3]}•••••{number[-4:]}" in shown, paper.dossier


def test_parts_of_a_number_find_nothing_but_for_whoever_may_unmask(
    papers: list[PersonalPaper], reader: Browser, officer: Browser
) -> None:
    for paper in papers[:2]:
        number = paper.person.personal_id
        for part in (number[:6], number[3:6], number[3:9], f"{number[:3]} {number[3:6]}"):
            assert paper.dossier not in reader.get(f"/?q={part}").text, part
        assert paper.dossier in reader.get(f"/?q={number}").text
    group = papers[1].person.personal_id[3:6]
    assert papers[1].dossier in officer.get(f"/?q={group}").text


def test_a_hit_inside_a_number_tells_nothing_but_the_whole_number_is_found(
    papers: list[PersonalPaper], reader: Browser
) -> None:
    paper = papers[1]  # printed in groups of three
    page, number = f"/ho-so/{paper.dossier}/trang/1", paper.person.personal_id
    for part in (number[:3], number[:6], f"{number[:3]} {number[3:6]}", f"{number[:6]}*"):
        answer = reader.get(f"{page}?q={part}").text
        assert "hit-box" not in answer, part
        assert "có từ tìm" not in reader.get(f"/ho-so/{paper.dossier}?q={part}").text
    assert "hit-box" in reader.get(f"{page}?q={number}").text
    assert "có từ tìm" in reader.get(f"/ho-so/{paper.dossier}?q={number}").text
