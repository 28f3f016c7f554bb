"""Papers with codes on them: cover sheets as printed, and pages with QR codes of made-up people."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import segno
from PIL import Image

from ocr import draw_cover_sheets
from pipeline.documents.machine_readable.cover_sheets import CoverSheet
from pipeline.documents.machine_readable.mrz import check_digit
from tests.paper import DrawnPage, PageTruth

# A number of the year 2390, which nobody can have (docs/domain.md §11).
NUMBER = "001990000014"
CARD = f"{NUMBER}|012345678|Nguyễn Thị Mẫu|15081990|Nữ|Số 5, Ngõ Mẫu, Phường Thử, Hà Nội|01072021"


def printed(sheet: CoverSheet, folder: Path, dpi: int = 300) -> DrawnPage:
    """Return a cover sheet as it comes out of a printer.

    Args:
        sheet: what it says.
        folder: where its PDF is put.
        dpi: of the picture.
    """
    pdf = folder / "sheet.pdf"
    pdf.write_bytes(draw_cover_sheets([sheet]))
    command = ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", str(pdf), str(folder / "sheet")]
    subprocess.run(command, check=True)
    image = Image.open(folder / "sheet.png").convert("RGB")
    return _page(image, dpi)


def with_codes(
    texts: list[str], dpi: int = 150, side: float = 0.16, columns: int = 4, *, error: str = "m"
) -> DrawnPage:
    """Return an empty page with QR codes of these texts, in rows.

    Args:
        texts: of the codes.
        dpi: of the picture.
        side: of a code, as a share of the page's width.
        columns: how many stand beside each other.
        error: the level of correction.
    """
    width, height = round(8.27 * dpi), round(11.69 * dpi)
    image = Image.new("RGB", (width, height), "white")
    step = width // columns
    for at, text in enumerate(texts):
        code = qr_picture(text, round(side * width), error=error)
        image.paste(code, (at % columns * step + 8, at // columns * step + 8))
    return _page(image, dpi)


def qr_picture(text: str, side: int, *, error: str = "m") -> Image.Image:
    """Return the picture of a QR code, about ``side`` pixels wide."""
    made = segno.make(text, error=error, micro=False)
    scale = max(1, side // made.symbol_size(border=4)[0])
    drawn = io.BytesIO()
    made.save(drawn, kind="png", scale=scale, border=4)
    return Image.open(drawn).convert("RGB")


def card_zone(number: str = NUMBER, born: str = "900815") -> tuple[str, ...]:
    """Return the three lines of a card's zone, with right check digits."""
    short = number[3:]
    first = f"IDVNM{short}{check_digit(short)}{number}<<{check_digit(number)}"
    dates = born + check_digit(born) + "F" + "300815" + check_digit("300815")
    whole = first[5:] + dates[:7] + dates[8:]
    second = f"{dates}VNM<<<<<<<<<<<{check_digit(whole.ljust(50, '<'))}"
    return first, second, "NGUYEN<<THI<MAU<<<<<<<<<<<<<<<<"


def _page(image: Image.Image, dpi: int) -> DrawnPage:
    truth = PageTruth("", 1, "codes", "", dpi=dpi, width=image.width, height=image.height)
    return DrawnPage(image, truth)
