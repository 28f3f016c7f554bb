"""Reads scans: the embedded and only form of the port ``ScanReader``."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ocr.deadline import Deadline
from ocr.engines.port import Engine, OcrLine, Segmentation
from ocr.files import client
from ocr.files.client import OpenedPage
from ocr.files.inspect import ScanInfo
from ocr.files.raster import Raster, unreadable
from ocr.image.background import hide_faint
from ocr.image.deskew import estimate_skew
from ocr.image.geometry import Mapping, lean
from ocr.image.measure import INK, PageAnalysis, analyse
from ocr.image.preprocess import CLEANER, ReadingPicture, reading_picture, view_picture
from ocr.page import orientation, text_layer_trust
from ocr.page.judge import judge
from ocr.page.page_text import page_text
from ocr.page.second_pass import unread
from pipeline.errors import ReadingError, RefusedScanError
from pipeline.model import Page, PageMeasures, PageText, Source, View
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import MODEL

log = logging.getLogger(__name__)

_SAMPLE = 0.35  # share of the page's height that is read to see which end is up


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as read, and the WebP people look at."""

    page: Page
    picture: bytes


@dataclass(frozen=True, slots=True)
class _ReadText:
    """What reading a page gave."""

    text: PageText
    source: Source
    orientation: int = 0
    skew: float = 0.0


class Reader:
    """Reads pages with an engine under given limits. Safe to use from many threads."""

    def __init__(self, settings: ReadingSettings, engine: Engine) -> None:
        self._settings = settings
        self._engine = engine
        # Pages run side by side on threads of the caller; a pool inside OpenCV would only contend.
        cv2.setNumThreads(1)
        client.prepare()

    @property
    def recipe(self) -> str:
        """Short name of what decides the words: cleaner, Tesseract, language, repair."""
        name = f"{CLEANER}-{self._engine.recipe}-{MODEL}"
        return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")

    def inspect(self, path: Path) -> ScanInfo:
        """Look at a file without reading its pages. Raises ``RefusedScanError``."""
        return client.inspect(path, self._settings)

    def read_page(self, path: Path, number: int) -> Reading:
        """Read one page (from 1).

        Raises:
            ReadingError: the page cannot be rasterised or the engine failed.
            ReadingTimeoutError: it took longer than the limit.
        """
        deadline = Deadline(self._settings.page_seconds)
        try:
            opened = client.open_page(path, number, self._settings, deadline)
            return self._read_opened(number, opened, deadline)
        except RefusedScanError as error:  # the file changed, or only this page is bad
            raise ReadingError(error.message, error.remedy) from error
        except (cv2.error, MemoryError) as error:
            raise ReadingError(
                "Kích thước hoặc nội dung hình của trang không xử lý được.", "Quét lại trang này."
            ) from error

    def _read_opened(self, number: int, opened: OpenedPage, deadline: Deadline) -> Reading:
        pixels = opened.raster.pixels
        look = analyse(pixels, opened.raster.dpi)
        if look.blank and not opened.raster.sound:
            raise unreadable()
        found = self._read(opened, look, deadline)
        picture, mapping = view_picture(pixels, look, found.orientation, found.skew)
        measures = _measures(opened.raster, look, found)
        damaged = found.source is Source.OCR and not opened.raster.sound
        verdict = judge(measures, found.text, damaged=damaged)
        seconds = round(deadline.spent(), 3)
        log.info(
            "page %d: %s, %d words, %.1f s", number, verdict.state, len(verdict.text.words), seconds
        )
        page = Page(
            number=number,
            state=verdict.state,
            measures=measures,
            text=verdict.text,
            view=_view(mapping),
            source=found.source,
            reasons=verdict.reasons,
            seconds=seconds,
        )
        return Reading(page, picture)

    def _read(self, opened: OpenedPage, look: PageAnalysis, deadline: Deadline) -> _ReadText:
        if text_layer_trust.is_true(opened.layer, look, scanned=opened.scanned):
            return _ReadText(opened.layer, Source.TEXT_LAYER)
        if look.blank and not look.faint:
            return _ReadText(PageText(), Source.OCR)
        page = opened.raster
        lies = estimate_skew(look.letters)

        def sample(turn: int) -> list[OcrLine]:
            picture = reading_picture(page.pixels, look, turn, lies.skew)
            return self._words(_middle(picture), deadline)

        turn = 0 if lies.sure else orientation.best(lies.turns, sample)
        picture = reading_picture(page.pixels, look, turn, lies.skew)
        lines = self._words(picture, deadline)
        if lies.sure and orientation.confidence(lines) < orientation.ENOUGH:
            turn = orientation.best((180,), sample)
            if turn:
                picture = reading_picture(page.pixels, look, turn, lies.skew)
                lines = self._words(picture, deadline)
        if look.faint and orientation.confidence(lines) < orientation.ENOUGH:
            # Not faint print, but the other side of the sheet shining through.
            hidden = picture._replace(grey=hide_faint(picture.grey, INK))
            lines = [] if look.blank else self._words(hidden, deadline)
        elif not look.faint and orientation.confidence(lines) >= orientation.ENOUGH:
            lines += unread(self._engine, picture, look, lines, deadline)
        text = page_text(lines, picture.mapping, page.width, page.height)
        return _ReadText(text, Source.OCR, turn, lies.skew)

    def _words(self, picture: ReadingPicture, deadline: Deadline) -> list[OcrLine]:
        lines = self._engine.read(picture.grey, picture.dpi, deadline.left())
        if lines:
            return lines
        # A page number or a short note alone is no text block for Tesseract.
        block = Segmentation.BLOCK
        return self._engine.read(picture.grey, picture.dpi, deadline.left(), block)


def _middle(picture: ReadingPicture) -> ReadingPicture:
    """Return the band of a picture with most ink in it."""
    rows = (picture.grey < 128).sum(axis=1, dtype=np.int64)
    band = max(1, round(len(rows) * _SAMPLE))
    sums = np.convolve(rows, np.ones(band, np.int64), mode="valid")
    top = int(np.argmax(sums))
    return picture._replace(grey=np.ascontiguousarray(picture.grey[top : top + band]))


def _measures(page: Raster, look: PageAnalysis, found: _ReadText) -> PageMeasures:
    return PageMeasures(
        width=page.width,
        height=page.height,
        dpi=round(page.dpi, 1),
        orientation=found.orientation,
        skew=round(found.skew + lean(look.sheet), 2),
        ink=round(look.ink, 5),
        sharpness=round(look.sharpness, 1),
        contrast=round(look.contrast, 3),
        seal=round(look.seal, 5),
        blank=look.blank and not found.text.words,
    )


def _view(mapping: Mapping) -> View:
    (a, b, c), (d, e, f), (g, h, i) = (mapping.matrix / mapping.matrix[2, 2]).tolist()
    return View(mapping.width, mapping.height, (a, b, c, d, e, f), (g, h, i))
