"""Draws small dossiers to try the product with: every page is stamped MẪU, nobody in them exists.

The same call draws the same bytes, so that samples which are sent twice are duplicates.
"""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from ocr.cover_sheet import font_file

_DPI = 200
_WIDTH, _HEIGHT = 1654, 2339  # A4 at 200 dpi
_MARGIN, _LETTER, _SMALL, _STAMP = 170, 34, 26, 420  # pixels
_LINE = 1.65  # of a letter's size, from line to line
_GREY = 226  # of the stamp: people see it, and reading takes it for paper
_NOTE = "HỒ SƠ MẪU ĐỂ DÙNG THỬ – KHÔNG CÓ GIÁ TRỊ"
_DRAWN = time.struct_time((2026, 1, 1, 0, 0, 0, 3, 1, 0))  # what the PDF says, whenever it is made
_CENTRE = "^"  # before a line that stands in the middle

_STATE = ("^CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "^Độc lập - Tự do - Hạnh phúc", "")
_RECEIPT = (
    "ỦY BAN NHÂN DÂN PHƯỜNG MẪU",
    "Số: 12/TNHS",
    "",
    *_STATE,
    "^GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
    "",
    "Tiếp nhận hồ sơ của: Nguyễn Văn Mẫu",
    "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
    "Thành phần hồ sơ nộp gồm:",
    "1. Tờ khai đăng ký khai sinh",
    "2. Giấy chứng sinh",
    "Số lượng hồ sơ: 01 (bộ)",
    "Thời gian nhận hồ sơ: 09 giờ 00 phút, ngày 05 tháng 01 năm 2026",
    "Thời gian trả kết quả: 16 giờ 00 phút, ngày 06 tháng 01 năm 2026",
)
_FORM = (
    *_STATE,
    "^TỜ KHAI ĐĂNG KÝ KHAI SINH",
    "^Kính gửi: Ủy ban nhân dân phường Mẫu",
    "",
    "Họ, chữ đệm, tên người yêu cầu: Nguyễn Văn Mẫu",
    "Nơi cư trú: Số 1 phố Ví Dụ, phường Mẫu",
    "Quan hệ với người được khai sinh: cha",
    "Đề nghị cơ quan đăng ký khai sinh cho người dưới đây:",
    "Họ, chữ đệm, tên: Nguyễn Thị Ví Dụ",
    "Ngày, tháng, năm sinh: 01/01/2026",
    "Giới tính: Nữ",
    "Dân tộc: Kinh",
    "Quốc tịch: Việt Nam",
    "",
    "Tôi cam đoan những nội dung khai trên đây là đúng sự thật.",
)
_LETTER_OUT = (
    "ỦY BAN NHÂN DÂN PHƯỜNG MẪU",
    "Số: 34/UBND-VP",
    "V/v dùng thử kho hồ sơ số hóa",
    "",
    *_STATE,
    "^Phường Mẫu, ngày 08 tháng 01 năm 2026",
    "",
    "^Kính gửi: Các bộ phận của Ủy ban nhân dân phường Mẫu",
    "",
    "Ủy ban nhân dân phường Mẫu mời các bộ phận dùng thử kho hồ sơ số hóa:",
    "thả bản quét vào thư mục, chờ máy đọc, rồi tìm bằng vài chữ nhớ được.",
    "",
    "Nơi nhận:",
    "- Như trên;",
    "- Lưu: VT.",
)


class SampleDossier(NamedTuple):
    """A dossier to try the product with."""

    name: str  # of its file
    pdf: bytes


def draw_samples() -> tuple[SampleDossier, ...]:
    """Return the sample dossiers.

    Raises:
        MissingEngineError: no font with Vietnamese letters is installed.
    """
    font = font_file()
    return (
        SampleDossier("MẪU đăng ký khai sinh.pdf", _pdf(font, _RECEIPT, _FORM)),
        SampleDossier("MẪU công văn.pdf", _pdf(font, _LETTER_OUT)),
    )


def _pdf(font: Path, *pages: tuple[str, ...]) -> bytes:
    first, *others = [_page(font, lines) for lines in pages]
    made = io.BytesIO()
    first.save(
        made,
        "PDF",
        resolution=_DPI,
        save_all=True,
        append_images=others,
        creationDate=_DRAWN,
        modDate=_DRAWN,
    )
    return made.getvalue()


def _page(font: Path, lines: tuple[str, ...]) -> Image.Image:
    page = Image.new("L", (_WIDTH, _HEIGHT), 255)
    pen = ImageDraw.Draw(page)
    _stamp(page, font)
    letters, small = (ImageFont.truetype(str(font), size) for size in (_LETTER, _SMALL))
    for y in (60, _HEIGHT - 60 - _SMALL):
        pen.text((_WIDTH // 2, y), _NOTE, 110, small, anchor="ma")
    y = _MARGIN
    for line in lines:
        if line.startswith(_CENTRE):
            pen.text((_WIDTH // 2, y), line[1:], 0, letters, anchor="ma")
        else:
            pen.text((_MARGIN, y), line, 0, letters)
        y += round(_LETTER * _LINE)
    return page


def _stamp(page: Image.Image, font: Path) -> None:
    """Write MẪU across the page, so that nobody takes it for a paper of somebody."""
    letters = ImageFont.truetype(str(font), _STAMP)
    mark = Image.new("L", page.size, 0)
    centre = (_WIDTH // 2, _HEIGHT // 2)
    ImageDraw.Draw(mark).text(centre, "MẪU", 255, letters, anchor="mm")
    page.paste(_GREY, (0, 0), mark.rotate(45))
