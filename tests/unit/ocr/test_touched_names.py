"""A name of which a pen touches a letter is read right, or waits for a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from ocr import open_reader
from ocr.reader import Reader
from pipeline.documents import PageOfDossier, assemble
from pipeline.settings import ReadingSettings
from tests.paper import typeface
from tests.paper.fonts import Style
from tests.paper.picture import draw
from tests.paper.sheet import BLACK, BLUE, LEFT, MM, RIGHT, TOP, Point, Sheet, Span, Stroke

pytestmark = pytest.mark.engine

SIZE = 12
ISSUER = "ỦY BAN NHÂN DÂN XÃ MẪU SƠN"
ROWS = (  # left column, right column, points down to the next row
    ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 16),
    ("XÃ MẪU SƠN", "Độc lập - Tự do - Hạnh phúc", 22),
    ("Số: 417/QĐ-UBND", "Mẫu Sơn, ngày 05 tháng 3 năm 2025", 24),
)
FIGURES = (  # 5 and 2, in tenths of their height
    ((5, 0), (0, 0), (0, 4), (4, 4), (5, 7), (3, 10), (0, 10)),
    ((0, 2), (2, 0), (5, 2), (0, 10), (5, 10)),
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


def touched_head(right: float, down: float, ink: tuple[int, int, int], dpi: int) -> Image.Image:
    """Draw a decision of a commune with the figures of a pen at the X of its name.

    Args:
        right: points from the left end of the X to the figures.
        down: points from the base line of the X to the top of the figures.
        ink: colour of the pen.
        dpi: dots per inch of the picture.
    """
    sheet, y, x = Sheet(typeface("termes"), "made"), TOP + 14.0, (LEFT + 30 * MM, RIGHT - 42 * MM)
    for number, (left, beside, pitch) in enumerate(ROWS):
        style = Style.BOLD if number < 2 else Style.REGULAR
        for text, middle in ((left, x[0]), (beside, x[1])):
            sheet.put((Span(text, style),), (middle, y), SIZE, "centre")
        y += pitch
    sheet.put((Span("QUYẾT ĐỊNH", Style.BOLD),), ((LEFT + RIGHT) / 2, y), 14, "centre")
    begin = x[0] - sheet.typeface.width("XÃ MẪU SƠN", Style.BOLD, SIZE) / 2 + right
    for at, figure in enumerate(FIGURES):
        corner = begin + 7.5 * at, TOP + 30 + down
        points: list[Point] = [(corner[0] + a, corner[1] + 1.1 * b) for a, b in figure]
        sheet.strokes.append(Stroke(tuple(points), 1.3, ink))
    sheet.stamp()
    return draw(sheet, dpi).image


@pytest.mark.parametrize(
    ("right", "down", "ink", "dpi"),
    [(-6, 0, BLUE, 200), (2, 0, BLUE, 200), (-2, 0, BLACK, 200), (2, 0, BLACK, 300)],
)
def test_an_issuer_of_which_a_letter_was_touched_is_not_wrong_and_certain(
    right: float, down: float, ink: tuple[int, int, int], dpi: int, reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "page.png"
    touched_head(right, down, ink, dpi).save(path, dpi=(dpi, dpi))
    (paper,) = assemble([PageOfDossier(1, reader.read_page(path, 1).page)])
    issuer = paper.findings["issuer"]
    assert issuer.value == ISSUER or not issuer.is_certain
    assert paper.findings["place"].is_certain


def test_an_issuer_beside_which_a_pen_wrote_stays_certain(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    touched_head(-2, 2, BLUE, 200).save(path, dpi=(200, 200))
    (paper,) = assemble([PageOfDossier(1, reader.read_page(path, 1).page)])
    issuer = paper.findings["issuer"]
    assert (issuer.value, issuer.is_certain) == (ISSUER, True)
