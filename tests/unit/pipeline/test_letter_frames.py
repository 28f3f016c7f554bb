"""Words in fixed places of letters and decisions are mended there, and nowhere else."""

from __future__ import annotations

import pytest

from pipeline.vietnamese import repaired_frames


def mended(line: str) -> str:
    words = line.split()
    found = repaired_frames([words])
    return " ".join(found.get((0, at), word) for at, word in enumerate(words))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("VW cử cán bộ tham dự", "V/v cử cán bộ tham dự"),
        ("Mới nhận:", "Nơi nhận:"),
        ("Nời nhận:", "Nơi nhận:"),
        ("- Hiệu trưởng (dễ bc);", "- Hiệu trưởng (để bc);"),
        ("- Các phòng (đê t/h);", "- Các phòng (để t/h);"),
        ("- Công TT-ĐT tỉnh;", "- Cổng TT-ĐT tỉnh;"),
        ("gặp gỠ, trao đổi", "gặp gỡ, trao đổi"),
        ("cơ sỞ giáo dục", "cơ sở giáo dục"),
    ],
)
def test_what_only_a_frame_tells_is_mended(read: str, printed: str) -> None:
    assert mended(read) == printed


@pytest.mark.parametrize(
    "printed",
    [
        "xe VW cử đi",
        "VW GOLF",
        "Mới nhận được công văn",
        "hồ sơ Mới nhận:",
        "(dễ dàng thực hiện)",
        "(đề nghị xem xét)",
        "Công văn số 12",
        "công TTĐT",
        "kW pH QĐ-UBND mH",
        "nhà ở iPhone eOffice",
        "CÁC SỞ, NGÀNH",
    ],
)
def test_outside_of_a_frame_nothing_changes(printed: str) -> None:
    assert mended(printed) == printed


def test_an_empty_page_has_no_frames() -> None:
    assert repaired_frames([]) == {}
    assert repaired_frames([[], ["nhận:"]]) == {}
