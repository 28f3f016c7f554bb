"""`/van-hanh` and `/metrics`: the same figures for operators, and nothing of people in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from ocr.files.refusals import _SENTENCES, refusal_of
from pipeline.clock import today
from pipeline.model import (
    DropReceipts,
    Outcome,
    PersonRole,
    Receipt,
    ReceiptStatus,
    Scope,
)
from pipeline.operation.figures import FigureGatherer
from pipeline.operation.notes import BackupNote, VerifyNote, write_note
from pipeline.operation.reasons import general_reason
from tests import ROOT
from tests.support.callers import caller
from tests.support.drops import withhold
from tests.support.visitors import Room, open_room
from tests.support.web_backend import PARTIAL, Backend

_LOCKED = "Tệp PDF bị khóa bằng mật khẩu"
_NOTHING = "Trong tệp không có giấy tờ nào nhận được"
NAME = "Nguyễn Thị Mẫu 031085001562.pdf"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = open_room(tmp_path)
    drop_today(room.backend)
    return room


def drop_today(backend: Backend) -> None:
    now = datetime.now(UTC)
    refused = Receipt(NAME, ReceiptStatus.REFUSED, now, reason=f"Tệp {NAME}: có mật khẩu.")
    stored = Receipt(NAME, ReceiptStatus.ARCHIVED, now, PARTIAL, size=5_000)
    again = Receipt(NAME, ReceiptStatus.DUPLICATE, now, PARTIAL)
    lines = (stored, again, refused, refused)
    backend.archive.keep_receipts(DropReceipts("0" * 22, "quet", today(), lines))


def test_operators_see_figures_and_no_papers(room: Room) -> None:
    page = room.signed_in(room.person("quan-tri", PersonRole.ADMIN)).get("/van-hanh")
    assert page.status_code == 200
    assert "4 tệp = 1 đã lưu + 1 trùng + 2 bị từ chối + 0 đang chờ" in page.text
    assert "Có mật khẩu" in page.text
    assert "một hồ sơ, trang 1" in page.text
    assert not re.search("Nguyễn|031085001562|H26|/ho-so/", page.text)


def test_keepers_of_records_reach_slow_pages_of_their_own_units(room: Room) -> None:
    own = room.signed_in(room.person("ho-so", PersonRole.RECORDS)).get("/van-hanh").text
    assert f"/ho-so/{PARTIAL}/trang/1" in own
    scope = Scope(frozenset({"H99"}))
    foreign = room.person("noi-khac", PersonRole.RECORDS, scope=scope)
    seen = room.signed_in(foreign).get("/van-hanh").text
    assert f"/ho-so/{PARTIAL}" not in seen
    assert "H26" not in seen


def test_whoever_is_limited_to_units_sees_services_and_alerts_alone(room: Room) -> None:
    scope = Scope(frozenset({"H99"}))
    browser = room.signed_in(room.person("noi-khac", PersonRole.RECORDS, scope=scope))
    page = browser.get("/van-hanh").text
    assert "Phòng đọc (web)" in page
    assert 'role="status"' in page, "alerts are told"
    assert not re.search("bị từ chối|Có mật khẩu|Lỗi theo lý do|chậm nhất|Hàng đợi</h2>", page)
    machine = caller(room, "ho-so", PersonRole.RECORDS, scope=scope)
    told = machine.get("/operation").json()
    assert {name for name, value in told.items() if value is not None} == {
        "at",
        "services",
        "troubles",
    }
    everybody = caller(room, "tat-ca", PersonRole.RECORDS).get("/operation").json()
    assert everybody["files"]["refused"] == 2


def test_administrators_see_all_figures_whatever_their_scope(room: Room) -> None:
    scope = Scope(frozenset({"H99"}))
    admin = room.signed_in(room.person("quan-tri", PersonRole.ADMIN, scope=scope))
    assert "2 bị từ chối" in admin.get("/van-hanh").text


def test_withheld_since_is_no_slow_page(room: Room) -> None:
    browser = room.signed_in(room.person("ho-so", PersonRole.RECORDS))
    assert f"/ho-so/{PARTIAL}/trang/1" in browser.get("/van-hanh").text
    withhold(PARTIAL, room.backend.archive, room.backend.index, Outcome.FAILED)
    page = browser.get("/van-hanh").text
    assert PARTIAL not in page
    assert "trang 1" not in page


@pytest.mark.parametrize("role", [PersonRole.READER, PersonRole.CLERK, PersonRole.AUDITOR])
def test_others_do_not(room: Room, role: PersonRole) -> None:
    browser = room.signed_in(room.person("an", role))
    assert browser.get("/van-hanh").status_code == 403
    assert "/van-hanh" not in browser.get("/phien").text


def test_metrics_carry_nothing_of_people(room: Room) -> None:
    answer = room.browser().get("/metrics")
    assert answer.status_code == 200
    values = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert values["sohoa_files_today", "refused"] == 2
    assert values["sohoa_dossiers_today", "partial"] == 1
    assert values["sohoa_alert", "watch"] == 1
    assert not re.search(r"Nguyễn|031085001562|H26|quet|mật khẩu|[0-9a-f]{20}", answer.text)


def test_metrics_are_documented(room: Room) -> None:
    text = room.browser().get("/metrics").text
    names = set(re.findall(r"^# TYPE (\w+)", text, re.M))
    told = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert len(names) >= 15
    assert {name for name in names if f"`{name}" not in told} == set()


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("10.0.0.5", {}, 403),
        ("10.0.0.5", {"Authorization": "Bearer wrong"}, 403),
        ("10.0.0.5", {"Authorization": "a-token-of-thirty-two-characters"}, 403),
        ("10.0.0.5", {"Authorization": "Bearer a-token-of-thirty-two-characters"}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.5"}, 403),
    ],
)
def test_who_reads_metrics(
    tmp_path: Path, address: str, headers: dict[str, str], status: int
) -> None:
    token = SecretStr("a-token-of-thirty-two-characters")
    room = open_room(tmp_path, metrics_token=token)
    room.person("an", PersonRole.READER)
    answer = room.browser(address=address).get("/metrics", **headers)
    assert answer.status_code == status
    assert ("sohoa_disk_free_bytes" in answer.text) is (status == 200)


def test_no_token_opens_nothing_to_other_machines(room: Room) -> None:
    room.person("an", PersonRole.READER)
    for shown in ("Bearer ", "Bearer", ""):
        headers = {"Authorization": shown} if shown else {}
        assert room.browser(address="10.0.0.5").get("/metrics", **headers).status_code == 403


def test_notes_of_upkeep_are_shown(room: Room) -> None:
    home, now = room.backend.settings.home, datetime.now(UTC)
    write_note(home, VerifyNote(now - timedelta(minutes=6), 238, 0, 0))
    write_note(home, BackupNote(now, "20260101T000000Z", "sao-luu", 9, 0, now, "x", 2))
    page = room.signed_in(room.person("quan-tri", PersonRole.ADMIN)).get("/van-hanh").text
    assert "6 phút trước: 238 đối tượng, không thấy gì sai" in page
    assert "2 tệp hỏng" in page


@pytest.mark.parametrize(
    ("reason", "general"),
    [
        ("Tệp «Nguyễn Văn An.pdf» có mật khẩu. Mở khóa.", "Có mật khẩu"),
        ("Nguyễn Văn A khai sinh.pdf: Tệp PDF bị khóa bằng mật khẩu.", _LOCKED),
        ("Trong tệp không có giấy tờ nào nhận được: Nguyễn Văn A khai sinh.docx.", _NOTHING),
        ("Trong tệp không có giấy tờ nào nhận được: Trần B.txt (Tệp rỗng, không).", _NOTHING),
        ("Tệp có 6000 trang, vượt giới hạn 5000 trang.", "Vượt giới hạn"),
        ("Không mở được ly-lich.an.pdf", "lý do khác"),
        ("Nguyễn Văn A", "lý do khác"),
        ("", "không rõ lý do"),
    ],
)
def test_reasons_lose_names_and_numbers(reason: str, general: str) -> None:
    assert general_reason(reason) == general


@pytest.mark.parametrize("kind", [*_SENTENCES, "?"])
def test_each_kind_that_is_refused_has_its_reason(kind: str) -> None:
    assert general_reason(f"An.zip/An.x: {refusal_of(kind).message}") != "lý do khác"


def test_days_that_are_over_are_read_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    archive = room.backend.archive
    gatherer = FigureGatherer(archive, room.backend.settings.home)
    receipts = archive.receipts

    def counted(day: date) -> Iterator[DropReceipts]:
        asked.append(day)
        return receipts(day)

    monkeypatch.setattr(archive, "receipts", counted)
    gatherer.gather()
    gatherer.gather()
    assert len(asked) == 7 + 2, "today and yesterday are read again"


def test_pages_and_disk(room: Room) -> None:
    figures = FigureGatherer(room.backend.archive, room.backend.settings.home).gather()
    assert figures.today.pages == 5
    assert figures.today.outcomes[str(Outcome.PARTIAL)] == 1
    assert replace(figures, free=70_000).days_left == 7
    assert figures.slowest[0].seconds == 1.2
