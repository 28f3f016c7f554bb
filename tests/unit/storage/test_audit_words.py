"""Typed words in the audit log: hashed with a key, and readable for the auditor alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.audit import Verb
from pipeline.errors import MisconfiguredError, ObjectExistsError
from storage.audit.words import AuditorKey, make_auditor_keys
from tests.support.audit_logs import AuditHome, entry


@pytest.fixture
def place(tmp_path: Path) -> AuditHome:
    return AuditHome(tmp_path / "home")


def test_words_are_hashed_and_sealed_and_nowhere_else(place: AuditHome, tmp_path: Path) -> None:
    name = make_auditor_keys(tmp_path / "auditor.pem", place.home)
    log = place.log()
    said = ["Nguyễn Văn Mẫu 031085001562", "nguyễn  văn mẫu 031085001562", "khác"]
    for words in said:
        log.record(entry(1, verb=Verb.SEARCH, words=words))
    log.close()
    one, same, other = place.entries()
    assert one.text("words_hash") == same.text("words_hash") != other.text("words_hash")
    assert len(one.text("words_box")) == len(other.text("words_box")), "a length tells much"
    key = AuditorKey(tmp_path / "auditor.pem")
    assert key.name == name == one.text("words_key")
    assert [key.open(each.text("words_box")) for each in (one, same, other)] == said
    make_auditor_keys(tmp_path / "another.pem", place.home, replaces=True)
    assert AuditorKey(tmp_path / "another.pem").open(one.text("words_box")) is None
    for path in place.files():
        assert b"031085001562" not in path.read_bytes(), path
        assert b"PRIVATE" not in path.read_bytes(), path
        assert path.stat().st_mode & 0o077 == 0 or "store" in path.parts, path
    assert "031085001562" not in repr(entry(1, words=said[0]))


def test_keys_are_made_once_and_outside(place: AuditHome, tmp_path: Path) -> None:
    with pytest.raises(MisconfiguredError):
        make_auditor_keys(place.home / "auditor.pem", place.home)
    make_auditor_keys(tmp_path / "auditor.pem", place.home)
    assert (tmp_path / "auditor.pem").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ObjectExistsError, match="khóa"):
        make_auditor_keys(tmp_path / "another.pem", place.home)
    with pytest.raises(ObjectExistsError, match="auditor"):
        make_auditor_keys(tmp_path / "auditor.pem", place.home, replaces=True)


def test_two_reading_rooms_that_share_a_key_hash_alike(tmp_path: Path) -> None:
    hashes = set()
    for number in range(2):
        place = AuditHome(tmp_path / str(number))
        log = place.log(words_key="k" * 32)
        log.record(entry(1, words="thửa đất"))
        log.close()
        hashes.add(place.entries()[0].text("words_hash"))
    assert len(hashes) == 1
