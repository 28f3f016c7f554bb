"""A card with its zone and its code through the real reader, to the fields of its paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr import open_reader
from pipeline.documents import PageOfDossier, assemble
from pipeline.model import Document, Source
from pipeline.settings import ReadingSettings
from tests.support.coded_paper import CARD, NUMBER, card_zone, qr_picture

pytestmark = [pytest.mark.slow, pytest.mark.engine]

MONO = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
SANS = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"
FRONT = (
    "CĂN CƯỚC CÔNG DÂN",
    "Citizen Identity Card",
    f"Số / No.: {NUMBER}",
    "Họ và tên / Full name:",
    "NGUYỄN THỊ MẪU",
    "Ngày sinh / Date of birth: 15/08/1990",
)


def read(folder: Path, *, with_code: bool) -> Document:
    image = Image.new("RGB", (2480, 3508), "white")
    pen, y = ImageDraw.Draw(image), 300
    for row in FRONT:
        pen.text((700, y), row, "black", ImageFont.truetype(SANS, 48))
        y += 90
    for row in card_zone():
        y += 80
        pen.text((400, y), row, "black", ImageFont.truetype(MONO, 48))
    if with_code:
        image.paste(qr_picture(CARD, 420), (1900, 300))
    image.save(folder / "card.png", dpi=(300, 300))
    page = open_reader(ReadingSettings()).read_page(folder / "card.png", 1).page
    (paper,) = assemble([PageOfDossier(1, page)])
    return paper


def test_a_cards_code_is_certain_and_keeps_the_marks(tmp_path: Path) -> None:
    found = read(tmp_path, with_code=True).findings
    assert found["full_name"].value == "Nguyễn Thị Mẫu"
    for name in ("full_name", "subject", "personal_id", "born_on", "address"):
        assert found[name].source is Source.QR and found[name].is_certain, name


def test_a_zone_is_certain_of_number_and_day(tmp_path: Path) -> None:
    found = read(tmp_path, with_code=False).findings
    assert found["personal_id"].value == NUMBER and found["born_on"].value == "1990-08-15"
    for name in ("personal_id", "born_on"):
        assert found[name].source is Source.MRZ and found[name].is_certain, name
