"""Pages that are one picture are decoded without poppler: same pixels, same refusals."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from ocr.files import opening, pdf_page, poppler
from ocr.files.formats.pdf_scan import are_scans
from ocr.files.inspect import inspect
from ocr.files.raster import Raster
from ocr.image.geometry import Pixels
from pipeline.errors import OversizedScanError
from pipeline.settings import ReadingSettings
from tests.support.scanned_pages import SIZE, ScannedPage, Tamper, save_scanned

LIMIT = 36_000_000
KINDS = [
    ScannedPage(mode, packing)
    for mode, packings in (("RGB", 3), ("L", 3), ("1", 2))
    for packing in ("flate", "png", "jpeg")[:packings]
]
WHOLE = ScannedPage(packing="flate")


def opened(made: ScannedPage, folder: Path) -> opening.DecodedPage:
    save_scanned(made, folder / "scan.pdf")
    return opening.open_page(folder / "scan.pdf", 1, LIMIT, 30, folder)


def rendered(folder: Path, dpi: float) -> Raster:
    """Return what poppler makes of the page that was opened last."""
    (folder / "poppler").mkdir()
    return pdf_page.render_page(folder / "scan.pdf", 1, dpi, 30, folder / "poppler").load()


def in_colour(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)


@pytest.fixture
def without_poppler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Poppler renders nothing in this test."""

    def render(*_: object) -> str:
        raise AssertionError("poppler was asked")

    monkeypatch.setattr(poppler, "render", render)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.mode} {kind.packing}")
def test_pixels_are_those_that_poppler_paints(kind: ScannedPage, turn: int, tmp_path: Path) -> None:
    page = opened(replace(kind, rotate=turn), tmp_path)
    assert page.raster.file.stem == "page", "poppler was asked"
    assert page.raster.sound and not page.text.seen.lines and not page.text.hidden.lines
    ours = page.raster.load()
    assert np.array_equal(in_colour(ours.pixels), rendered(tmp_path, 200).pixels)
    width, height = SIZE if turn % 180 == 0 else SIZE[::-1]
    assert (ours.width, ours.height) == (width, height)


@pytest.mark.parametrize(
    ("matrix", "turn"),
    [("0 {h} -{w} 0 {w} 0", 270), ("0 -{h} {w} 0 0 {h}", 90), ("-{w} 0 0 -{h} {w} {h}", 180)],
)
def test_a_matrix_turns_as_a_page_does(matrix: str, turn: int, tmp_path: Path) -> None:
    def sideways(_: pikepdf.Pdf, page: Any) -> None:
        if turn % 180:
            page.MediaBox = Array([0, 0, page.MediaBox[3], page.MediaBox[2]])

    if turn % 180:
        matrix = matrix.translate(str.maketrans("wh", "hw"))
    content = f"q {matrix} cm /Scan Do Q"
    page = opened(replace(WHOLE, content=content, tamper=sideways), tmp_path)
    assert page.raster.file.stem == "page", "poppler was asked"
    assert np.array_equal(page.raster.load().pixels, rendered(tmp_path, 200).pixels)


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("kind", KINDS[2:5], ids=lambda kind: f"{kind.mode} {kind.packing}")
def test_poppler_paints_a_page_of_whole_pixels_wider_by_one(
    kind: ScannedPage, dpi: int, tmp_path: Path
) -> None:
    """So it smears each pixel; ours stay as they were scanned, and that is all that differs."""
    ours = opened(replace(kind, less=-0.01, dpi=dpi), tmp_path).raster.load()
    theirs = rendered(tmp_path, dpi).pixels
    wider = stretched(stretched(in_colour(ours.pixels).astype(float)).transpose(1, 0, 2))
    wider = wider.transpose(1, 0, 2)[: theirs.shape[0], : theirs.shape[1]]
    assert (ours.width, ours.height, ours.dpi) == (*SIZE, dpi)
    assert np.abs(wider - theirs).max() <= 1


def stretched(rows: np.ndarray) -> np.ndarray:
    """Return rows with one more, as poppler's Splash interpolates them."""
    count = rows.shape[0]
    places = np.arange(count + 1) * count / (count + 1)
    first = places.astype(int)
    part = (places - first).reshape(-1, 1, 1)
    return np.asarray(
        np.floor(rows[first] * (1 - part) + rows[np.minimum(first + 1, count - 1)] * part)
    )


def test_invisible_text_is_extracted(tmp_path: Path, without_poppler: None) -> None:
    def named(pdf: pikepdf.Pdf, page: Any) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources.Font = Dictionary(F=pdf.make_indirect(font))

    text = " BT 3 Tr /F 9 Tf 5 40 Td (hai chu) Tj ET"
    page = opened(replace(WHOLE, content=WHOLE.content + text, tamper=named), tmp_path)
    assert [word.text for word in page.text.hidden.words] == ["hai", "chu"]
    assert not page.text.seen.lines
    assert not are_scans(tmp_path / "scan.pdf", 1, LIMIT)


def test_a_scan_is_inspected_without_looking_for_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_scanned(WHOLE, tmp_path / "scan.pdf")
    monkeypatch.delattr(poppler, "list_images")
    monkeypatch.delattr(poppler, "page_text")
    assert inspect(tmp_path / "scan.pdf", ReadingSettings()).pages == 1
    monkeypatch.undo()
    with pytest.raises(OversizedScanError):
        inspect(tmp_path / "scan.pdf", ReadingSettings(max_pixels=SIZE[0] * SIZE[1] - 1))


def cut(share: float) -> Tamper:
    def tamper(pdf: pikepdf.Pdf, page: Any) -> None:
        scan = page.Resources.XObject.Scan
        data, given = scan.read_raw_bytes(), scan.get("/DecodeParms")
        scan.write(data[: int(len(data) * share)], filter=scan.Filter, decode_parms=given)

    return tamper


@pytest.mark.parametrize("share", [0.0, 0.3, 0.95])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.mode} {kind.packing}")
def test_data_that_is_cut_off_is_told_as_before(
    kind: ScannedPage, share: float, tmp_path: Path
) -> None:
    page = opened(replace(kind, tamper=cut(share)), tmp_path)
    assert page.raster.file.stem != "page", "decoded without poppler"
    if kind.packing == "jpeg":
        assert not page.raster.sound


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    def bomb(pdf: pikepdf.Pdf, page: Any) -> None:
        packed = zlib.compress(bytes(200_000_000), 9)
        page.Resources.XObject.Scan.write(packed, filter=Name.FlateDecode)

    page = opened(replace(WHOLE, tamper=bomb), tmp_path)
    assert page.raster.file.stem != "page" and page.raster.load().width


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_raster_in_grey_is_that_of_its_colours(mode: str, tmp_path: Path) -> None:
    file = opened(ScannedPage(mode, "flate"), tmp_path).raster
    pixels = file.load().pixels
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if pixels.ndim == 3 else pixels
    assert np.array_equal(file.load_grey().pixels, grey)
