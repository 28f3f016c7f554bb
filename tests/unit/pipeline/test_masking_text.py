"""Masking of text: numbers with gaps and misread digits, births, addresses; nothing else."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.masking import HIDDEN, mask_text, masked

NUMBERS = [
    ("Số định danh: 031898001562", "Số định danh: 031•••••1562"),
    ("031 898 001 562", "031 ••• ••1 562"),
    ("0318 9800 1562", "031• •••• 1562"),
    ("031.898.001.562", "031.•••.••1.562"),
    ("0 3 1 8 9 8 0 0 1 5 6 2", "0 3 1 • • • • • 1 5 6 2"),  # boxes of a form
    ("O3l898OOl562", "O3l•••••l562"),  # misread
    ("03l 898 00l 562", "03l ••• ••l 562"),
    ("0318g8001562", "031•••••1562"),
    ("031\u200b898001562", "031\u200b•••••1562"),
    ("031898\n001562 tiếp", "031•••\n••1562 tiếp"),  # goes on in the next line
    ("1 031898001562 Nguyễn Văn Mẫu", "1 031•••••1562 Nguyễn Văn Mẫu"),  # a row of a table
    ("CCCD031898001562", "CCCD031•••••1562"),
    ("031898001562_don.pdf", "031•••••1562_don.pdf"),
    ("CMND 012345678", "CMND 01••••678"),
    ("0900.000.123", "090•.•••.123"),
    ("+84 900 000 123", "+84 9•• ••• 123"),
    ("MST 0101234567", "MST 010••••567"),
    ("0101234567-001", "010••••567-001"),
    ("hộ chiếu C1234567", "hộ chiếu C•••••67"),
    ("điện thoại 09123 45", "điện thoại ••••• 45"),  # digits were lost, the label says what it is
    ("IDVNM8980015626031898001562<<4", HIDDEN * 30),  # machine-readable zone
    ("0３1898001562", "0３1•••••1562"),
]
BIRTHS = [
    ("Sinh ngày 01/02/1990 tại Hà Nội", "Sinh ngày ••/••/1990 tại Hà Nội"),
    ("Ngày, tháng, năm sinh: 01-02-1990", "Ngày, tháng, năm sinh: ••-••-1990"),
    ("Ngày sinh: ngày 12 tháng 3 năm 1990", "Ngày sinh: ngày •• tháng • năm 1990"),
    ("sinh ngày 12 tháng 3 năm 1990", "sinh ngày •• tháng • năm 1990"),
    ("sinh năm 1990", "sinh năm 19••"),
    ("ông Mẫu (SN 1990)", "ông Mẫu (SN 19••)"),
    ("Năm sinh\n1990", "Năm sinh\n19••"),
    ("sinh ngày O1/O2/199O", "sinh ngày ••/••/199O"),
    ("Tên Ngày sinh\nMẫu 01/02/1990\nGiả 5/6/1991", "Tên Ngày sinh\nMẫu ••/••/1990\nGiả •/•/1991"),
    ("Sinh ngày 01/02/1990. Ngày 01/02/1990", "Sinh ngày ••/••/1990. Ngày ••/••/1990"),
]  # fmt: skip
ADDRESSES = [
    (
        "Địa chỉ: Số 12 phố Giả Định, phường Cầu Giấy, thành phố Hà Nội",
        "Địa chỉ: •• •• ••• ••• ••••, phường Cầu Giấy, thành phố Hà Nội",
    ),
    (
        "Nơi thường trú: số 7 đường Giả Lập,\nxã Ba Vì, tỉnh Phú Thọ\nKý tên",
        "Nơi thường trú: •• • ••••• ••• •••,\nxã Ba Vì, tỉnh Phú Thọ\nKý tên",
    ),
    (
        "Nơi ở hiện nay: 12 Thử Nghiệm phường Cầu Giấy TP Hà Nội",
        "Nơi ở hiện nay: •• ••• •••••• phường Cầu Giấy TP Hà Nội",
    ),
    (
        "của ông Mẫu, số 12/3 ngõ 5 phố Ví Dụ, phường Láng",
        "của ông Mẫu, •• ••/• ••• • ••• •• ••, phường Láng",
    ),
    ("HKTT: 5 ngõ 7 phố Ví Dụ, phường Láng", "HKTT: • ••• • ••• •• ••, phường Láng"),
    ("Đ/c: thôn Đông, xã Ba Vì", "Đ/c: •••• ••••, xã Ba Vì"),
    ("thường trú tại thôn 3 xã Ba Vì", "thường trú tại •••• • xã Ba Vì"),
    ("Nơi cư trú:\n5 ngõ 7 phố Ví Dụ, phường Láng", "Nơi cư trú:\n• ••• • ••• •• ••, phường Láng"),
]
OTHERS = [
    "Mã hồ sơ H26.19.25-260105-0007",
    "Số 1811/QĐ-UBND ngày 12 tháng 3 năm 2026",
    "Tổng 1.500.000 đồng, 12.000.000.000 đ và 123.456.789 đồng",
    "theo Điều 12, 13, 14, 15, 16 và khoản 1, 2, 3, 4, 5, 6, 7, 8, 9",
    "Mã thủ tục 1.004827.000.00.00.H26",
    "từ năm 2020 2021 2022 2023",
    "thửa đất số 12, tờ bản đồ 5, diện tích 120,5 m2",
    "ngày 05/06/2026, lúc 14.30",
    "theo nơi cư trú của công dân thì Ủy ban nhân dân xã",
    "IMG_20260302_103055.jpg",
    "Căn cứ Luật Hộ tịch ngày 20/11/2014",
]


@pytest.mark.parametrize(("text", "shown"), [*NUMBERS, *BIRTHS, *ADDRESSES])
def test_personal_data_is_hidden(text: str, shown: str) -> None:
    assert mask_text(text) == shown
    assert mask_text(unicodedata.normalize("NFD", text)) == shown


@pytest.mark.parametrize("text", OTHERS)
def test_what_names_nobody_stays(text: str) -> None:
    assert mask_text(text) == text


def test_a_birth_date_in_words_is_hidden() -> None:
    said = "Sinh ngày mười hai tháng ba năm một nghìn chín trăm chín mươi tại"
    shown = mask_text(said)
    assert len(shown) == len(said)
    assert "mười" not in shown
    assert shown.endswith(" tại")


def test_every_way_to_part_a_number_is_hidden() -> None:
    """All 66 ways to part twelve digits at two places, by each kind of gap."""
    digits = "031898001562"
    for gap in (" ", ".", "-", ". ", "  ", "\u00a0", " - "):
        for first in range(1, 11):
            for second in range(first + 1, 12):
                text = gap.join((digits[:first], digits[first:second], digits[second:]))
                shown = "".join(filter(str.isdigit, mask_text(f"Số {text} cấp")))
                assert len(shown) <= 7, text


def test_masking_again_changes_nothing_and_lengths_stay() -> None:
    page = "\n".join(text for text, _ in (*NUMBERS, *BIRTHS, *ADDRESSES))
    found = masked(page)
    assert len(found.text) == len(unicodedata.normalize("NFC", page))
    assert all(len(one.shown) == one.end - one.start for one in found.hidden)


def test_endless_digits_cost_little() -> None:
    for text in (
        "1 " * 20_000,
        "0" * 50_000,
        "sinh " * 10_000,
        "địa chỉ: " * 5_000,
        "1.2-" * 9_000,
    ):
        assert len(mask_text(text)) == len(text)
