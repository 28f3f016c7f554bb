"""Letters read in the place of figures become figures; codes and words never do."""

from __future__ import annotations

import pytest

from pipeline.vietnamese import repaired_figures, repaired_numerals

FILLING = ("Căn cứ Luật Tổ chức", "chính quyền địa phương", "và đề nghị của", "Trưởng phòng")


def mended(text: str) -> str:
    """Return lines as they are after repair."""
    lines = [line.split() for line in text.split("\n")]
    changed = repaired_numerals(lines) | repaired_figures(lines)
    return "\n".join(
        " ".join(changed.get((row, column), word) for column, word in enumerate(line))
        for row, line in enumerate(lines)
    )


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("ngày 2l tháng 10 năm 2025", "ngày 21 tháng 10 năm 2025"),
        ("Hà Nội, ngày O5 tháng l2 năm 2O25", "Hà Nội, ngày 05 tháng 12 năm 2025"),
        ("ngày ll tháng I năm 2025", "ngày 11 tháng 1 năm 2025"),
        ("kế hoạch năm 2O25.", "kế hoạch năm 2025."),
        ("tháng 1O/2025", "tháng 1O/2025"),  # not a frame we know
        ("từ ngày 2l/1O/2O25 đến (3O-l1-2025)", "từ ngày 21/10/2025 đến (30-11-2025)"),
        ("Điều l. Phê duyệt", "Điều 1. Phê duyệt"),
        ("theo khoản I Điều 1O Luật", "theo khoản 1 Điều 10 Luật"),
        ("lúc 08 giờ 0O phút, 7h3O", "lúc 08 giờ 00 phút, 7h30"),
        ("trong 1O ngày, 2O người", "trong 10 ngày, 20 người"),
        ("số tiền 1.2OO.OOO đồng và l.500.000đ;", "số tiền 1.200.000 đồng và 1.500.000đ;"),
        ("đạt 9O%, 12,5O%", "đạt 90%, 12,50%"),
        ("Trang l/12", "Trang 1/12"),
        ("0l bản", "01 bản"),
        ("Chương l. Quy định chung", "Chương I. Quy định chung"),
        ("Phần Il QUY ĐỊNH", "Phần II QUY ĐỊNH"),
        ("TI. TỔ CHỨC THỰC HIỆN", "III. TỔ CHỨC THỰC HIỆN"),
        ("lI. Nội dung\nTI. Tổ chức", "II. Nội dung\nIII. Tổ chức"),
        ("III. Nội dung\nN. Tổ chức thực hiện\nV. Kinh phí",) * 2,  # one letter is no numeral
        ("II. Nội dung\nH1. Tổ chức thực hiện", "II. Nội dung\nIII. Tổ chức thực hiện"),
    ],
)
def test_letters_in_a_frame_become_figures(read: str, printed: str) -> None:
    assert mended(read) == printed


@pytest.mark.parametrize(
    "text",
    [
        "Số: 2l/QĐ-UBND, mã O1B2, lô 1O",
        "H26.19.25-260105-0007 và 000.00.l9.H26",
        "thửa số A1O, tờ B0",
        "ngày O tháng l3 năm 9O25",
        "Điều lệ Hội, điều Oanh nói",
        "TL. CHỦ TỊCH\nTT. Hội đồng\nIT. Phòng\nTM. ỦY BAN",
        "I. Mục đích\nII. Nội dung\nIV. Kinh phí",
        "1. Nội dung\n11. Tổ chức",
        "BSO.123 và SOB.850.123",
        "Il y a\nlo lắng",
        "Ông Lò Văn I. Nguyễn",
        "l. một",
        "https://example.vn/1O",
        "",
    ],
)
def test_what_stands_in_no_frame_stays(text: str) -> None:
    assert mended(text) == "\n".join(" ".join(line.split()) for line in text.split("\n"))


@pytest.mark.parametrize("at", ["top", "foot"])
def test_a_number_alone_at_the_edge_of_a_page_is_its_number(at: str) -> None:
    lines = ("1O", *FILLING) if at == "top" else (*FILLING, "- 1O -")
    assert "10" in mended("\n".join(lines)).replace("-", " ").split()
    assert mended("\n".join((*FILLING, "1O", *FILLING))).split("\n")[4] == "1O"
