"""Holds the names of the gazetteer against the lists of docs/domain.md."""

from __future__ import annotations

import re

import pytest

from pipeline.documents.gazetteer import restore_marks
from pipeline.vietnamese import canonical, fold
from tests import ROOT

DOMAIN = (ROOT / "docs" / "domain.md").read_text(encoding="utf-8")
_CODED = re.compile(r"\d{3,5}\s([^·\d\[]+)")


def listed(after: str, until: str) -> list[str]:
    """Return the names with codes between two texts of docs/domain.md."""
    text = DOMAIN.partition(after)[2].partition(until)[0]
    return [" ".join(name.split()) for name in _CODED.findall(text)]


WARDS = listed("**Phường (51)**", "**Xã (75)**")
COMMUNES = listed("**Xã (75)**", "\n\n##")
PROVINCES = listed("province codes stay valid", "[published]")


def lost_and_restored(name: str) -> str:
    return restore_marks(fold(name).split()).text


def test_the_lists_are_whole() -> None:
    assert (len(WARDS), len(COMMUNES), len(PROVINCES)) == (51, 75, 63)


@pytest.mark.parametrize("level, names", [("phường", WARDS), ("xã", COMMUNES)])
def test_each_commune_gets_its_marks_back(level: str, names: list[str]) -> None:
    full = [f"{level} {name}" for name in names]
    assert [canonical(lost_and_restored(name)) for name in full] == list(map(canonical, full))


def test_each_province_gets_its_marks_back() -> None:
    full = [f"tỉnh {name.removeprefix('TP. ').replace('–', '-')}" for name in PROVINCES]
    assert [canonical(lost_and_restored(name)) for name in full] == list(map(canonical, full))


@pytest.mark.parametrize("name", ["Trường THPT Văn Lang", "tỉnh Lạng Sơn", "xã Lang Môn", "Lang"])
def test_the_ward_of_one_syllable_is_seen_in_no_other_name(name: str) -> None:
    assert restore_marks(name.split()).text == name


@pytest.mark.parametrize(
    "name", ["phố Quán Thánh", "Quán Cầu Giấy", "quán Hai Bà Trưng", "Tính Hà Nam", "Quán"]
)
def test_a_letter_that_was_read_with_its_own_mark_stays(name: str) -> None:
    assert restore_marks(name.split()).text == name


@pytest.mark.parametrize(
    "read, name",
    [
        ("Quân Tây Hồ", "Quận Tây Hồ"),
        ("UY BẠN NHÂN DAN", "ỦY BAN NHÂN DÂN"),
        ("Hai Bá Trưng", "Hai Bà Trưng"),
    ],
)
def test_marks_that_were_lost_or_stand_alone_in_a_long_name_are_mended(
    read: str, name: str
) -> None:
    assert restore_marks(read.split()).text == name
