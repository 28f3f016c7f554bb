"""Lines in the order people read them."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from PIL import Image

from ocr import open_reader
from ocr.engines.port import OcrWord
from ocr.page.reading_order import in_reading_order
from ocr.reader import Reader
from pipeline.model import Box, PageState
from pipeline.settings import ReadingSettings
from tests.paper import Degradation, degrade, draw_page, save_picture, typeface
from tests.paper.fonts import Style
from tests.paper.picture import draw
from tests.paper.sheet import Piece, Sheet

LETTER, TALL = 10, 20  # pixels of a made-up typeface


SPACED = ("ỦY BAN NHÂN DÂN XÃ MẪU SƠN", "QUYẾT ĐỊNH", "Về việc khen thưởng", "THÔNG BÁO KẾT LUẬN")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


def row(y: int, *texts: tuple[int, str]) -> list[OcrWord]:
    """Set texts at given places on one line, as Tesseract joins them."""
    words = []
    for left, text in texts:
        x = left
        for word in text.split():
            box = Box(x, y, LETTER * len(word), TALL)
            words.append(OcrWord(word, 0.9, box))
            x += box.width + 6
    return words


def ordered(*lines: list[OcrWord]) -> list[str]:
    return [" ".join(word.text for word in line) for line in in_reading_order(lines)]


BODY = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025 của Quốc hội nước này"


def test_the_columns_of_a_head_are_read_one_after_the_other() -> None:
    assert ordered(
        row(100, (200, "ỦY BAN NHÂN DÂN"), (360, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
        row(130, (230, "SỞ NỘI VỤ"), (420, "Độc lập - Tự do - Hạnh phúc")),
        row(170, (210, "Số: 15/QĐ-SNV"), (400, "Hà Nội, ngày 05 tháng 01 năm 2026")),
        row(220, (420, "QUYẾT ĐỊNH")),
        row(260, (100, BODY)),
    ) == [
        "ỦY BAN NHÂN DÂN",
        "SỞ NỘI VỤ",
        "Số: 15/QĐ-SNV",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Hà Nội, ngày 05 tháng 01 năm 2026",
        "QUYẾT ĐỊNH",
        BODY,
    ]


def test_recipients_come_before_the_signer() -> None:
    assert ordered(
        row(600, (100, BODY)),
        row(700, (100, "Nơi nhận:"), (560, "KT. GIÁM ĐỐC")),
        row(728, (100, "- Như trên;"), (550, "PHÓ GIÁM ĐỐC")),
        row(756, (100, "- Lưu: VT.")),
        row(860, (560, "Lê Văn Mẫu")),
    ) == [
        *(BODY, "Nơi nhận:", "- Như trên;", "- Lưu: VT."),
        *("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Văn Mẫu"),
    ]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_leaf_that_lies_upside_down_is_ordered_as_it_reads(*, is_first: bool) -> None:
    head = row(100, (100, "ỦY BAN NHÂN DÂN"), (560, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"))
    foot = [
        row(700, (100, "Nơi nhận:"), (560, "GIÁM ĐỐC")),
        row(728, (100, "- Lưu: VT, TNTKQ."), (560, "Lê Văn Mẫu")),
        row(756, (100, "MẪU")),
    ]
    upright = [head, row(140, (100, "XÃ")), row(600, (100, BODY)), *foot]
    read = [
        *("ỦY BAN NHÂN DÂN", "XÃ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA", BODY),
        *("Nơi nhận:", "- Lưu: VT, TNTKQ.", "MẪU", "GIÁM ĐỐC", "Lê Văn Mẫu"),
    ]
    assert ordered(*upright) == read
    across = 1000 if is_first else 3000  # beside the upright leaf, at its heights
    turned = [[upside_down(word, across, 860) for word in line] for line in upright]
    both = [*turned, *upright] if is_first else [*upright, *turned]
    assert ordered(*both) == [*read, *read]
    boxes = {word.box for line in both for word in line}
    assert {word.box for line in in_reading_order(both) for word in line} == boxes


def upside_down(word: OcrWord, across: int, down: int) -> OcrWord:
    box = word.box
    place = Box(across - box.right, down - box.bottom, box.width, box.height)
    return replace(word, box=place, turned=True)


@pytest.mark.parametrize("heads", [("STT", "Tên giấy tờ", "Số bản"), ("STT", "TÊN GIẤY TỜ", "SỐ")])
def test_tables_are_read_row_by_row(heads: tuple[str, str, str]) -> None:
    columns = (100, 250, 600)
    rows = [heads, ("1", "Tờ khai", "01"), ("2", "Bản sao", "02")]
    cells = [row(300 + 40 * at, *zip(columns, texts, strict=True)) for at, texts in enumerate(rows)]
    assert ordered(row(200, (100, BODY)), *cells) == [
        BODY, *(text for texts in rows for text in texts),
    ]  # fmt: skip


def test_labels_and_their_values_stay_side_by_side() -> None:
    assert ordered(
        row(100, (100, "Họ và tên:"), (400, "Lê Văn Mẫu")),
        row(140, (100, "Năm sinh:"), (400, "1980")),
        row(180, (100, "Dân tộc:"), (400, "Kinh")),
    ) == ["Họ và tên:", "Lê Văn Mẫu", "Năm sinh:", "1980", "Dân tộc:", "Kinh"]


def test_a_stamp_beside_text_is_read_for_itself() -> None:
    assert ordered(
        row(100, (100, "Căn cứ Luật Hộ tịch ngày 20 tháng 11"), (700, "ĐẾN")),
        row(140, (100, "năm 2014 của Quốc hội"), (690, "Số: 22")),
    ) == ["Căn cứ Luật Hộ tịch ngày 20 tháng 11", "năm 2014 của Quốc hội", "ĐẾN", "Số: 22"]


def test_text_is_left_as_it_was_read() -> None:
    lines = [row(100 + 30 * at, (100, BODY)) for at in range(5)]
    assert ordered(*lines) == [BODY] * 5
    assert ordered() == []
    assert ordered([], row(10, (10, "một"))) == ["một"]


@pytest.mark.engine
@pytest.mark.parametrize(
    ("layout", "least"), [("A", 0.99), ("B", 0.99), ("C", 0.99), ("F", 0.99), ("G", 0.96)]
)
def test_pages_are_read_in_the_order_they_were_written(
    reader: Reader, layout: str, least: float, tmp_path: Path
) -> None:
    """Before columns were told apart: A 0.95, B 0.92, C 1.00, F 1.00, G 0.90."""
    drawn = degrade(draw_page(layout, 3, 150), Degradation(dpi=150, skew=0.7), 3)
    save_picture(drawn, tmp_path / "page.png")
    read = reader.read_page(tmp_path / "page.png", 1).page.text.text
    assert share_in_order(read, drawn.truth.text) >= least


@pytest.mark.slow
@pytest.mark.engine
def test_two_leaves_of_which_one_lies_upside_down_keep_their_orders(
    reader: Reader, tmp_path: Path
) -> None:
    drawn = draw_page("A", 305, 150), draw_page("B", 307, 150)
    left, right = (each.image.convert("RGB") for each in drawn)
    sheet = Image.new("RGB", (2 * left.width, left.height), "white")
    sheet.paste(left, (0, 0))
    sheet.paste(right.rotate(180), (left.width, 0))
    sheet.save(tmp_path / "page.png", dpi=(150, 150))
    read = reader.read_page(tmp_path / "page.png", 1).page
    assert read.state is PageState.READ
    printed = "\n".join(each.truth.text for each in drawn)
    assert share_in_order(read.text.text, printed) >= 0.98
    assert not any("TNTKQ" in line.text and "Thử" in line.text for line in read.text.lines)


@pytest.mark.slow
@pytest.mark.engine
def test_a_paper_on_its_side_beside_another_makes_a_page_doubtful(
    reader: Reader, tmp_path: Path
) -> None:
    paper = draw_page("A", 305, 150).image.convert("RGB")
    sheet = Image.new("RGB", (paper.width + paper.height, paper.height), "white")
    sheet.paste(paper, (0, 0))
    sheet.paste(paper.rotate(90, expand=True), (paper.width, 200))
    sheet.save(tmp_path / "page.png", dpi=(150, 150))
    assert reader.read_page(tmp_path / "page.png", 1).page.state is PageState.DOUBTFUL


def share_in_order(read: str, printed: str) -> float:
    """Return the share of the words read rightly that stand in the printed order."""
    words, true = read.split(), printed.split()
    match = SequenceMatcher(None, words, true, autojunk=False)
    aligned = sum(block.size for block in match.get_matching_blocks())
    found = sum(min(words.count(word), true.count(word)) for word in set(true))
    return aligned / found


def spaced_page(gap: float) -> Image.Image:
    """Draw letter-spaced headings.

    Args:
        gap: what is added behind each letter, as a share of the type size.
    """
    sheet = Sheet(typeface("noto-sans"), "made")
    for number, text in enumerate(SPACED):
        x, y = 100.0, 120.0 + 24 * number
        for word in text.split():
            for letter in word:
                sheet.pieces.append(
                    Piece(letter, x, y, 13, Style.BOLD, "", sheet.lines, sheet.words)
                )
                x += sheet.typeface.width(letter, Style.BOLD, 13) + 13 * gap
            sheet.words += 1
            x += 13 * (gap + 0.4)
        sheet.lines += 1
    sheet.stamp()
    return draw(sheet, 200).image


@pytest.mark.engine
@pytest.mark.parametrize("gap", [0.25, 0.4])
def test_letter_spaced_headings_are_no_columns(gap: float, reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    spaced_page(gap).save(path, dpi=(200, 200))
    read = [word.text for word in reader.read_page(path, 1).page.text.words]
    wanted = " ".join(SPACED).split()
    assert read[: len(wanted)] == wanted


def test_a_gutter_runs_past_words_that_stand_evenly_in_one_column() -> None:
    assert ordered(
        row(100, (200, "ỦY BAN NHÂN DÂN"), (560, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
        row(130, (200, "XÃ"), (240, "MẪU"), (290, "SƠN"), (340, "A")),
        row(160, (620, "Độc lập - Tự do - Hạnh phúc")),
        row(260, (100, BODY)),
    ) == [
        "ỦY BAN NHÂN DÂN",
        "XÃ MẪU SƠN A",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        BODY,
    ]
