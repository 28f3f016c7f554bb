"""Lines under seals that a copier made black are read, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.lost_lines import compare
from ocr import open_reader
from ocr.image.black_seals import Circle, black_seals, without_rings
from ocr.image.geometry import Pixels
from ocr.image.measure import PageAnalysis, analyse
from ocr.page import rereading
from ocr.reader import Reader
from pipeline.model import CERTAIN, Page
from pipeline.settings import ReadingSettings
from tests.paper import draw_page
from tests.paper.risky_lines import RiskyPage, draw_risky

DPI, MM = 200, 200 / 25.4
SEAL = (800.0, 700.0)  # the middle of the drawn one


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


def drawn_seal(radius: float, *, ellipse: float = 1.0) -> Pixels:
    """A page of short strokes, which stand for letters, with the rings of a seal over some."""
    page = np.full((1400, 1650), 255, np.uint8)
    middle = tuple(map(round, SEAL))
    for share, width in ((1.0, radius / 22), (0.92, radius / 60), (0.62, radius / 40)):
        axes = round(radius * share), round(radius * share * ellipse)
        cv2.ellipse(page, middle, axes, 0, 0, 360, 0, round(width), cv2.LINE_AA)
    return page


def seals_of(analysis: PageAnalysis) -> list[Circle]:
    seals = black_seals(
        analysis.normalised, analysis.components, analysis.seals, analysis.millimetre
    )
    return list(seals)


def lettered(page: Pixels) -> Pixels:
    """The same with a row of upright strokes through the seal."""
    page = page.copy()
    for x in range(560, 1300, 22):
        cv2.rectangle(page, (x, 740), (x + 5, 766), 0, cv2.FILLED)
    return page


@pytest.mark.parametrize("millimetres", [13, 17, 22])
@pytest.mark.parametrize("ellipse", [1.0, 0.97])
def test_rings_go_and_strokes_that_cross_them_stay(millimetres: int, ellipse: float) -> None:
    bare = drawn_seal(millimetres * MM, ellipse=ellipse)
    page = lettered(bare)
    analysis = analyse(page, DPI)
    (circle,) = seals_of(analysis)
    scale = 1 / analysis.scale
    large = circle._replace(x=circle.x * scale, y=circle.y * scale, radius=circle.radius * scale)
    assert abs(large.x - SEAL[0]) < 6
    assert abs(large.radius - millimetres * MM) < 10
    cleaned = without_rings(page, large, MM)
    strokes = lettered(np.full_like(bare, 255)) < 128
    rings = (bare < 128) & ~cv2.dilate(strokes.astype(np.uint8), np.ones((9, 9))).astype(bool)
    assert np.mean(cleaned[rings] < 128) < 0.12
    assert np.mean(cleaned[strokes] < 128) > 0.85
    outside = np.hypot(*np.indices(page.shape)[::-1] - np.array(SEAL)[:, None, None])
    far = outside > millimetres * MM + 8
    assert (cleaned[far] == page[far]).all()


@pytest.mark.parametrize("layout", ["A", "C", "F", "G"])
def test_a_coloured_seal_and_a_page_without_one_cost_no_reading(layout: str) -> None:
    image = np.asarray(draw_page(layout, 11, DPI).image.convert("RGB"))[:, :, ::-1]
    assert not seals_of(analyse(np.ascontiguousarray(image), DPI))


def read(reader: Reader, risky: RiskyPage, folder: Path) -> Page:
    risky.page.image.save(folder / "page.png", dpi=(DPI, DPI))
    return reader.read_page(folder / "page.png", 1).page


@pytest.mark.engine
@pytest.mark.slow
def test_titles_and_names_under_a_copied_seal_are_read(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost_before = lost_now = 0
    for seed in (811, 812):
        risky = draw_risky("seal over name", seed, copied=True)
        page = read(reader, risky, tmp_path)
        now = compare(page, risky.page.truth.text, risky.lines)
        with monkeypatch.context() as alone:
            alone.setattr(rereading, "with_sealed_lines", lambda *args: list(args[1]))
            before = read(reader, risky, tmp_path)
        was = compare(before, risky.page.truth.text, risky.lines)
        assert now.loss.tokens_lost <= was.loss.tokens_lost
        assert now.loss.invented <= was.loss.invented, "nothing certain that is wrong"
        lost_before += was.loss.tokens_lost
        lost_now += now.loss.tokens_lost
        sure = {word.text for word in before.text.words if word.confidence >= CERTAIN}
        found = {word.text for word in page.text.words}
        assert sure - found <= {word for word in sure if word not in risky.page.truth.text}
    assert lost_now < lost_before
