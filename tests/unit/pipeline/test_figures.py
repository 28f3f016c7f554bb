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
        ("tháng 1O/2O25, tháng l.2025, ngày 2l/10", "tháng 10/2025, tháng 1.2025, ngày 21/10"),
        ("năm 2O25-2O30", "năm 2025-2030"),
        ("nhiệm kỳ 2O21 - 2O26", "nhiệm kỳ 2021 - 2026"),
        ("giai đoạn 2021 – 2O25", "giai đoạn 2021 – 2025"),
        ("kỳ họp thứ l0, Mục l2, Bảng 2O", "kỳ họp thứ 10, Mục 12, Bảng 20"),
        ("l00 %, lO giờ, O,5 ha, l,25 km", "100 %, 10 giờ, 0,5 ha, 1,25 km"),
        ("l.5OO.OOO, l.500.000đ/tháng", "1.500.000, 1.500.000đ/tháng"),
        ("giá l.2OO đồng, còn l.2OO người", "giá 1.200 đồng, còn 1.200 người"),
        ("S00.000 đồng, B50.000đ", "500.000 đồng, 850.000đ"),
        ("l4 giờ 3O ngày 05", "14 giờ 30 ngày 05"),
        ("từ ngày 2l/1O/2O25 đến (3O-l1-2025)", "từ ngày 21/10/2025 đến (30-11-2025)"),
        ("Điều l. Phê duyệt", "Điều 1. Phê duyệt"),
        ("theo khoản I Điều 1O Luật", "theo khoản 1 Điều 10 Luật"),
        ("lúc 08 giờ 0O phút, 7h3O", "lúc 08 giờ 00 phút, 7h30"),
        ("trong 1O ngày, 2O người", "trong 10 ngày, 20 người"),
        ("số tiền 1.2OO.OOO đồng và l.500.000đ;", "số tiền 1.200.000 đồng và 1.500.000đ;"),
        ("đạt 9O%, 12,5O%", "đạt 90%, 12,50%"),
        ("Trang l/12", "Trang 1/12"),
        ("0l bản", "01 bản"),
        ("tăng 1O %/năm, lãi O,5%/tháng", "tăng 10 %/năm, lãi 0,5%/tháng"),
        ("l.2OO đồng/m² cho 12Om²", "1.200 đồng/m² cho 120m²"),
        ("trong O3 (ba) ngày hoặc !O ngày", "trong 03 (ba) ngày hoặc 10 ngày"),
        ("Điện thoại: O24.3825.l234", "Điện thoại: 024.3825.1234"),
        ("ĐT: O9l2345678, Fax: (O24) 38251235", "ĐT: 0912345678, Fax: (024) 38251235"),
        ("SĐT: O912 3l5 678", "SĐT: 0912 315 678"),
        ("quý lV năm 2025, Quý IlI/2025", "quý IV năm 2025, Quý III/2025"),
        ("Quốc hội khóa XlV và khóa Xlll,", "Quốc hội khóa XIV và khóa XIII,"),
        ("Phụ lục lI kèm theo", "Phụ lục II kèm theo"),
        (
            "2O (hai mươi) bản, 1O5 (một trăm linh năm)",
            "20 (hai mươi) bản, 105 (một trăm linh năm)",
        ),
        ("khóa XlV! (Phụ lục lI) Khóa X|V", "khóa XIV! (Phụ lục II) Khóa XIV"),
        ("lô hàng 1.2OO.OOO đồng", "lô hàng 1.200.000 đồng"),
        ("nhà 10O người/phòng", "nhà 100 người/phòng"),
        ("Tel: +84 24 3825 l234, 12 Lê Lợi", "Tel: +84 24 3825 1234, 12 Lê Lợi"),
        ("Chương l. Quy định chung", "Chương I. Quy định chung"),
        ("Phần Il QUY ĐỊNH", "Phần II QUY ĐỊNH"),
        ("TI. TỔ CHỨC THỰC HIỆN", "III. TỔ CHỨC THỰC HIỆN"),
        ("Ill. Nội dung\nlV. Tổ chức", "III. Nội dung\nIV. Tổ chức"),
        ("lV. TỔ CHỨC", "IV. TỔ CHỨC"),
        ("Vl. TỔ CHỨC", "VI. TỔ CHỨC"),
        ("lX. TỔ CHỨC", "IX. TỔ CHỨC"),
        ("1V. TỔ CHỨC", "IV. TỔ CHỨC"),
        ("l. MỤC TIÊU\nII. NHIỆM VỤ", "I. MỤC TIÊU\nII. NHIỆM VỤ"),
        ("|. MỤC TIÊU\nchung\nlI. NHIỆM VỤ", "I. MỤC TIÊU\nchung\nII. NHIỆM VỤ"),
        ("l. MỤC TIÊU\n1. Chung\n2. Riêng\nII. NÀO", "I. MỤC TIÊU\n1. Chung\n2. Riêng\nII. NÀO"),
        ("l. MỤC TIÊU\nl. Chung\n2. Riêng\nII. NÀO", "I. MỤC TIÊU\nl. Chung\n2. Riêng\nII. NÀO"),
        ("l. TÌNH HÌNH\n2. KẾT QUẢ\n3. KIẾN NGHỊ", "1. TÌNH HÌNH\n2. KẾT QUẢ\n3. KIẾN NGHỊ"),
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
        "các khoản lo liệu, trang BO",
        "nhóm máu O, Lô O2, lô l.250, Biển số 29A-12O.45, Biển 30S-OI2",
        "anh.lo0l@example.vn, www.10l.example.vn, 192.168.l.1",
        "Số hiệu O12.OO1, TB.OO, 1S.000, S00.000, Kim Il Sung, ISO 9001",
        "hình 1B, Bảng 2B, Mục 1B, mục 3S, Biểu 01B, thứ 5B, Bảng 2§, giờ 3B, phút 5S",
        "2020 - 1B2S, kỳ 2O2S, học 20B1, phiên bản l.2OO",
        "l. TÌNH HÌNH\nl. Chung\n2. Riêng\n3. Khác",
        "l. TÌNH HÌNH\n2. Kết quả",
        "l. TỔ CHỨC THỰC HIỆN\nm. KHÁC\nII. NHIỆM VỤ",
        "l. HỘI ĐỒNG\nT. Nguyễn, H. Ba Vì\nH. Ba Vì",
        "l. HỒ SƠ\n2) KẾT QUẢ",
        "l) HỒ SƠ\nII. NHIỆM VỤ",
        "l: HỒ SƠ\nII. NHIỆM VỤ",
        "k. Tên\nl. HỒ SƠ\nII. NHIỆM VỤ",
        "V1. Phương án\nX1. Nhà\nk. Khác\nl. Việc khác\nTX. Mẫu Sơn",
        "TL. CHỦ TỊCH\nTT. Hội đồng\nIT. Phòng\nTM. ỦY BAN",
        "I. Mục đích\nII. Nội dung\nIV. Kinh phí",
        "1. Nội dung\n11. Tổ chức",
        "BSO.123 và SOB.850.123",
        "mã hàng 1.2OO.OOO, mã sản phẩm l.250.000, phiên bản l.250",
        "Đường ĐT 41O, ĐT.41O, điện thoại Oo, Wi-Fi 0l2OO, 29O-123.45",
        "5 l nước, 1O l xăng, nhóm máu O, H2O, CO2, phụ lục l1, khóa ll, quý lo",
        "Il y a\nlo lắng",
        "Học kỳ II (năm học 2024-2025), Quý II (năm 2025), đợt I (năm 2024)",
        "hạng II (ba), Hạng III (ba), Nhóm I (một), khu l (một), hạng II (hai)",
        "Phụ lục I (một phần), loại I (một phòng ngủ), xe 5l (năm chỗ)",
        "phòng 2l (hai giường), phòng 2l (hai), Lớp 1O (một), Block 1O (ba tầng), 1O (mười",
        "Quốc hội khóa XV! Đại hội khóa XI! Phụ lục V! phụ lục X| Khóa V|",
        "mục lục lI, mục lục Vl, chìa khóa lX, ổ khóa Xl",
        "Ông Trần Quý lI, (Trần Quý lI), TRẦN QUÝ lI, ông Quý l, bà Quý Xl",
        "2lkg, 12lkm, 5lkm², 2Ikg, 3|km, 20l đồng/chai, 20l m²/người",
        "Tòa 10I bản/vẽ, quý 2l người/hộ, căn B2.100 đồng/m²",
        "ĐT 0912345678, 12I Lê Lợi",
        "Tel: 0912345678 10I Trần Phú",
        "ĐT: (024)38251234 O1, Fax: 024 3825; 12I",
        "Zalo: 0912345 678 12I\nĐT: 024\n12I Lê Lợi",
        "lô 1.2OO.OOO đồng, mã hàng 1.2OO.OOO",
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
