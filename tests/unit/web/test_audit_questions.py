"""The auditor's page verifies the log and says who saw a dossier; both are recorded themselves."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pipeline.audit import AuditReport
from pipeline.errors import StorageUnavailableError
from pipeline.model import PersonRole
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import PARTIAL
from web.people.chain_check import ChainCheck

CHAIN, WHO = "/nhat-ky/kiem-tra-chuoi", "/nhat-ky/ai-da-xem"
CODE = "H26.19.25-260302-0007"
WHOLE = AuditReport(1, 2, (), (), {})


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = open_room(tmp_path)
    made.person("lan", PersonRole.READER)
    made.person("soat", PersonRole.AUDITOR)
    return made


@pytest.fixture
def auditor(room: Room) -> Browser:
    return room.signed_in("soat")


def test_a_whole_log_is_said_to_be_whole_and_a_changed_line_is_named(
    room: Room, auditor: Browser
) -> None:
    said = auditor.post(CHAIN, page="/nhat-ky")
    assert "Không thấy gì sai." in said.text
    assert room.entries()[-1].detail("what") == "verify"
    log = next((room.backend.settings.home / "audit").glob("*.jsonl*"))
    changed = log.read_bytes().replace(b'"soat"', b'"khac"', 1)
    assert changed != log.read_bytes()
    log.write_bytes(changed)
    said = auditor.post(CHAIN, page="/nhat-ky")
    assert "chỗ có vấn đề" in said.text
    assert "đã bị sửa" in said.text


def test_who_saw_a_dossier_is_told_by_code_and_by_id(room: Room, auditor: Browser) -> None:
    assert room.signed_in("lan").get(f"/ho-so/{PARTIAL}").status_code == 200
    record = room.backend.archive.find_record(PARTIAL)
    assert record
    for name in (record.dossier.code or CODE, PARTIAL):
        said = auditor.post(WHO, page="/nhat-ky", ma=name)
        asked = said.text.partition('id="ai"')[2].partition('id="viec"')[0]
        assert "lan" in asked
        assert "Xem hồ sơ" in asked
        assert "soat" not in asked  # who asks stands in the log of the day alone
        last = room.entries()[-1]
        assert (last.detail("what"), last.text("dossier")) == ("who", PARTIAL)
        assert name == PARTIAL or name not in str(last.body)


@pytest.mark.parametrize("name", ["H26.19.25-260302-9999", "0" * 22, "<script>", "../x"])
def test_a_code_of_nobody_is_said_to_be_so(name: str, auditor: Browser) -> None:
    said = auditor.post(WHO, page="/nhat-ky", ma=name)
    assert said.status_code == 200
    assert "Không có hồ sơ nào mang mã này." in said.text
    assert "«<script>»" not in said.text


@pytest.mark.parametrize("path", [CHAIN, WHO])
def test_only_auditors_ask_and_no_other_site_for_them(
    path: str, room: Room, auditor: Browser
) -> None:
    token = room.signed_in("lan").token("/phien")
    assert room.signed_in("lan").post_bare(path, khoa=token, ma=PARTIAL).status_code == 403
    assert auditor.post_bare(path, ma=PARTIAL).status_code == 403


def test_verifications_run_one_at_a_time_and_pages_do_not_wait_for_long_ones() -> None:
    check, goes_on, calls = ChainCheck(), threading.Event(), []

    def verify() -> AuditReport:
        calls.append(1)
        assert goes_on.wait(300)
        return WHOLE

    assert check.run(verify, 0.01).report is None
    assert check.run(verify, 0.01).report is None
    goes_on.set()
    assert check.run(verify, 30).report is WHOLE
    assert len(calls) == 1
    assert check.run(verify, 30).report is WHOLE
    assert len(calls) == 2


def test_a_store_that_is_away_is_told() -> None:
    def verify() -> AuditReport:
        raise StorageUnavailableError("Kho không trả lời.", "Thử lại.")

    assert ChainCheck().run(verify, 30).error == "Kho không trả lời. Thử lại."
