"""QR codes, barcodes and cover sheets, worn as offices wear them, through the real reader."""

from __future__ import annotations

import string
from collections.abc import Callable
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
import zxingcpp
from PIL import Image

from ocr import open_reader
from ocr.deadline import Deadline
from ocr.files import client
from ocr.image.barcodes import find_codes
from ocr.sandbox import pool
from pipeline.documents.machine_readable.cover_sheets import CoverSheet, decoded
from pipeline.errors import ReadingError
from pipeline.model import Box, PageCode
from pipeline.model.page import MOST_CODES, UNSEEN_CODE, SignKind
from pipeline.settings import ReadingSettings
from tests.paper import Degradation, DrawnPage, degrade, draw_page, save_picture
from tests.support.coded_paper import CARD, printed, qr_picture, with_codes

SHEET = CoverSheet(SignKind.COVER, "H26.12.23-260701-0001", "1.001193", "Tờ khai đăng ký khai sinh")
WORN = {
    "skew": Degradation(dpi=150, skew=2.5, jpeg_quality=60),
    "far skew": Degradation(dpi=150, skew=-14.5),
    "copier": Degradation(dpi=150, one_bit=True, salt_pepper=0.01, skew=1.0),
    "150 dpi, fold, noise": Degradation(dpi=150, fold=True, noise=12, grey=True, jpeg_quality=40),
    "120 dpi fax": Degradation(dpi=120, one_bit=True, salt_pepper=0.004),
    "lying": Degradation(dpi=150, rotation=90, skew=1.0),
    "upside down, yellowed": Degradation(dpi=150, rotation=180, yellow=0.9, uneven_light=0.4),
    "photograph": Degradation(dpi=150, perspective=0.1, uneven_light=0.2),
}


def opened(drawn: DrawnPage, folder: Path) -> tuple[PageCode, ...]:
    """Return the codes that a sandboxed job finds on a page."""
    save_picture(drawn, folder / "page.png")
    return client.open_page(folder / "page.png", 1, ReadingSettings(), Deadline(600)).codes


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> DrawnPage:
    return printed(SHEET, tmp_path_factory.mktemp("sheet"), 200)


@pytest.mark.slow
@pytest.mark.parametrize("wear", WORN.values(), ids=list(WORN))
def test_a_cover_sheet_is_read_after_wear(
    wear: Degradation, clean: DrawnPage, tmp_path: Path
) -> None:
    worn = degrade(clean, wear, 7)
    codes = opened(worn, tmp_path)
    assert SHEET in {decoded(code.text) for code in codes}
    for code in codes:
        assert 0 <= code.box.left < code.box.right <= worn.truth.width
        assert 0 <= code.box.top < code.box.bottom <= worn.truth.height


@pytest.mark.slow
@pytest.mark.engine
def test_the_reader_tells_a_cover_sheet_by_its_sign(clean: DrawnPage, tmp_path: Path) -> None:
    worn = degrade(clean, Degradation(dpi=150, skew=1.5, fold=True, jpeg_quality=60), 3)
    save_picture(worn, tmp_path / "page.png")
    page = open_reader(ReadingSettings()).read_page(tmp_path / "page.png", 1).page
    (sign,) = page.signs
    assert sign.kind is SignKind.COVER and sign.source == "qr"
    assert decoded(sign.value) == SHEET
    assert len(page.codes) == 2  # one may lie in a fold


def test_one_of_its_two_codes_is_enough(clean: DrawnPage, tmp_path: Path) -> None:
    image = clean.image.copy()
    image.paste("black", (0, 0, image.width, image.height // 2))
    codes = opened(DrawnPage(image, clean.truth), tmp_path)
    assert SHEET in {decoded(code.text) for code in codes}


def test_a_cards_code_keeps_its_marks(tmp_path: Path) -> None:
    codes = opened(with_codes([CARD], side=0.2), tmp_path)
    assert [code.text for code in codes] == [CARD]


def test_a_damaged_code_has_a_place_and_says_nothing(tmp_path: Path) -> None:
    drawn = with_codes([CARD], side=0.3, error="l")
    (whole,) = opened(drawn, tmp_path)
    box = whole.box
    patch = (
        box.left + box.width // 3,
        box.top + box.height // 3,
        box.right,
        box.top + box.height // 2,
    )
    drawn.image.paste("black", patch)
    (damaged,) = opened(drawn, tmp_path)
    assert damaged.format == "QRCode" and damaged.text == ""
    assert abs(damaged.box.left - box.left) < 20 and abs(damaged.box.width - box.width) < 40


def test_of_a_page_full_of_codes_some_are_kept() -> None:
    drawn = with_codes([f"mã {at:03d}" for at in range(72)], dpi=200, side=0.1, columns=8)
    codes = find_codes(np.asarray(drawn.image.convert("L")))
    assert len(codes) == MOST_CODES
    assert len({code.text for code in codes}) == MOST_CODES


HOSTILE = {
    "script": "<script>alert('x')</script>",
    "URL": "https://example.invalid/a?b=c#d",
    "control letters": "a\x00b\x1b[2Jc\r\nd\u2028e\u202ef",
    "very long": "x" * 1_200,
    "SQL": "'; DROP TABLE dossiers; --",
    "JSON": '{"sha256": "0", "codes": []}',
    "another version": "SOHOA|2|C|H26.12.23-260701-0001|||12",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_whatever_a_code_says_is_text_on_one_line(text: str, tmp_path: Path) -> None:
    codes = opened(with_codes([text], dpi=200, side=0.6, columns=1, error="l"), tmp_path)
    assert [len(code.text) for code in codes] == [len(text)]
    (code,) = codes
    assert code.text.isascii() or code.text.isprintable() or "\u202e" in code.text
    assert not any(sign < " " or "\x7f" <= sign <= "\x9f" or sign == "\u2028" for sign in code.text)


@pytest.mark.parametrize(
    ("kind", "text"), [("Code128", "H26-260701-0001"), ("Code39", "H26-260701"), ("EAN13", "")]
)
def test_barcodes_are_read(kind: str, text: str) -> None:
    text = text or "8934567890123"[:12]
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    bars = np.asarray(made.to_image(scale=3))
    page = np.full((1754, 1240), 255, np.uint8)
    height, width = bars.shape[:2]
    page[100 : 100 + height, 100 : 100 + width] = bars
    (code,) = find_codes(page)
    assert code.format == kind and code.text.startswith(text)


def test_pages_of_print_have_no_codes() -> None:
    for layout in "ABCFJ":
        page = np.asarray(draw_page(layout, 3, 200).image.convert("L"))
        assert find_codes(page) == [], layout


def test_an_empty_page_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def read(*asked_of: object, **_: object) -> list[object]:
        asked.append(asked_of)
        return []

    monkeypatch.setattr(zxingcpp, "read_barcodes", read)
    assert find_codes(np.full((3508, 2480), 250, np.uint8)) == []
    assert not asked


def test_a_decoder_that_dies_costs_no_page_and_uncovers_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    save_picture(with_codes([CARD]), tmp_path / "page.png")
    ask = pool.ask

    def dying(job: object, *rest: object) -> object:
        if getattr(job, "name", "") == "codes":
            raise ReadingError("Hỏng.", "Quét lại.")
        return ask(job, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(client, "ask", dying)
    page = client.open_page(tmp_path / "page.png", 1, ReadingSettings(), Deadline(600))
    height, width = page.raster.pixels.shape[:2]
    assert page.codes == (PageCode(UNSEEN_CODE, "", Box(0, 0, width, height)),), "all is hidden"
    assert CARD.split("|")[0] not in caplog.text


def turned(pixels: np.ndarray, random: Random) -> np.ndarray:
    return np.rot90(pixels, random.randrange(4))


def torn(pixels: np.ndarray, random: Random) -> np.ndarray:
    made = pixels.copy()
    top, left = random.randrange(made.shape[0]), random.randrange(made.shape[1])
    made[top : top + 60, left : left + 60] = random.randrange(256)
    return made


def blurred(pixels: np.ndarray, random: Random) -> np.ndarray:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), random.uniform(0.5, 4)))


def speckled(pixels: np.ndarray, random: Random) -> np.ndarray:
    chance = np.random.default_rng(random.getrandbits(32))
    return np.where(chance.random(pixels.shape) < 0.05, 0, pixels).astype(np.uint8)


HARMS: tuple[Callable[[np.ndarray, Random], np.ndarray], ...] = (turned, torn, blurred, speckled)


def test_a_harmed_code_says_the_truth_or_nothing() -> None:
    random = Random("harm")
    for _ in range(60):
        text = "".join(random.choices(string.ascii_letters + string.digits + "|", k=60))
        side = random.choice((120, 200, 320))
        page = Image.new("L", (900, 900), 255)
        page.paste(qr_picture(text, side).convert("L"), (300, 300))
        pixels = np.asarray(page)
        for harm in random.choices(HARMS, k=random.randint(1, 4)):
            pixels = np.ascontiguousarray(harm(pixels, random))
        for code in find_codes(pixels):
            assert code.format != "QRCode" or code.text in {text, ""}
            assert code.box.right <= pixels.shape[1] and code.box.bottom <= pixels.shape[0]
