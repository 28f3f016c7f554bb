"""Reads scans: the embedded and only form of the port ``ScanReader``."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from ocr import embedded, facts, pdf, raster, text_layer, upright
from ocr.cleaner import CLEANER, ReadingPicture, reading_picture, view_picture
from ocr.geometry import Mapping
from ocr.judge import judge
from ocr.lines import page_text
from ocr.measure import INK, Look, look_at
from ocr.raster import Raster
from ocr.straighten import stance
from ocr.tesseract import Engine, RawLine, Segmentation
from ocr.whiten import hide_faint
from pipeline.errors import ReadingError, ReadingTimeoutError, RefusedScanError
from pipeline.model import Page, PageMeasures, PageText, Source, View
from pipeline.settings import ReadingSettings

log = logging.getLogger(__name__)

_NO_TEXT = PageText()
_SAMPLE = 0.35  # share of the page's height that is read to see which end is up


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as read, and the WebP people look at."""

    page: Page
    picture: bytes


@dataclass(frozen=True, slots=True)
class _Opened:
    """A page before it is read: its pixels and the text layer it came with."""

    raster: Raster
    layer: PageText = _NO_TEXT
    scanned: bool = True


@dataclass(frozen=True, slots=True)
class _Found:
    """What reading a page gave."""

    text: PageText
    source: Source
    orientation: int = 0
    skew: float = 0.0


class Deadline:
    """The time a page has left."""

    def __init__(self, seconds: float) -> None:
        self._limit = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left.

        Raises:
            ReadingTimeoutError: none are.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise ReadingTimeoutError(
                f"Đọc trang quá {self._limit:.0f} giây nên đã dừng.",
                "Xem hình trang và nhập tay nếu cần.",
            )
        return left


class Reader:
    """Reads pages with an engine under given limits. Safe to use from many threads."""

    def __init__(self, settings: ReadingSettings, engine: Engine) -> None:
        self._settings = settings
        self._engine = engine
        # Pages run side by side on threads of the caller; a pool inside OpenCV would only contend.
        cv2.setNumThreads(1)

    @property
    def recipe(self) -> str:
        """Short name of what decides the words: cleaner, Tesseract, language."""
        name = f"{CLEANER}-tess{self._engine.version}-{self._settings.language}"
        return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")

    def inspect(self, path: Path) -> facts.Facts:
        """Look at a file without reading its pages. Raises ``RefusedScanError``."""
        return facts.inspect(path, self._settings)

    def read_page(self, path: Path, number: int) -> Reading:
        """Read one page (from 1).

        Raises:
            ReadingError: the page cannot be rasterised or the engine failed.
            ReadingTimeoutError: it took longer than the limit.
        """
        began = time.monotonic()
        deadline = Deadline(self._settings.page_seconds)
        try:
            opened = self._open(path, number, deadline)
        except RefusedScanError as error:  # the file changed, or only this page is bad
            raise ReadingError(error.message, error.remedy) from error
        pixels = opened.raster.pixels
        look = look_at(pixels, opened.raster.dpi)
        if look.blank and not opened.raster.sound:
            raise raster.unreadable()
        found = self._read(opened, look, deadline)
        picture, mapping = view_picture(pixels, look, found.orientation, found.skew)
        measures = _measures(opened.raster, look, found)
        damaged = found.source is Source.OCR and not opened.raster.sound
        verdict = judge(measures, found.text, damaged=damaged)
        seconds = round(time.monotonic() - began, 3)
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

    def _open(self, path: Path, number: int, deadline: Deadline) -> _Opened:
        media_type = facts.media_type_of(path)
        limit = self._settings.max_pixels
        if media_type != raster.PDF:
            return _Opened(raster.image_page(path, number, media_type, limit))
        size = pdf.page_sizes(path, number, number, deadline.left())[0]
        images = pdf.images(path, number, number, deadline.left())
        dpi = raster.pdf_dpi(size, images, limit)
        page = raster.pdf_page(path, number, dpi, deadline.left())
        if not embedded.are_whole(path, number, images, deadline.left()):
            page = replace(page, sound=False)
        xhtml = pdf.layout(path, number, deadline.left())
        layer = text_layer.parse(xhtml, dpi)
        return _Opened(page, layer, scanned=raster.is_scan(size, images))

    def _read(self, opened: _Opened, look: Look, deadline: Deadline) -> _Found:
        if text_layer.is_true(opened.layer, look, scanned=opened.scanned):
            return _Found(opened.layer, Source.TEXT_LAYER)
        if look.blank and not look.faint:
            return _Found(PageText(), Source.OCR)
        page = opened.raster
        lies = stance(look.letters)

        def sample(turn: int) -> list[RawLine]:
            picture = reading_picture(page.pixels, look, turn, lies.skew)
            return self._words(_middle(picture), deadline)

        turn = 0 if lies.sure else upright.best(lies.turns, sample)
        picture = reading_picture(page.pixels, look, turn, lies.skew)
        lines = self._words(picture, deadline)
        if lies.sure and upright.confidence(lines) < upright.ENOUGH:
            turn = upright.best((180,), sample)
            if turn:
                picture = reading_picture(page.pixels, look, turn, lies.skew)
                lines = self._words(picture, deadline)
        if look.faint and upright.confidence(lines) < upright.ENOUGH:
            # Not faint print, but the other side of the sheet shining through.
            hidden = picture._replace(grey=hide_faint(picture.grey, INK))
            lines = [] if look.blank else self._words(hidden, deadline)
        text = page_text(lines, picture.mapping, page.width, page.height)
        return _Found(text, Source.OCR, turn, lies.skew)

    def _words(self, picture: ReadingPicture, deadline: Deadline) -> list[RawLine]:
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


def _measures(page: Raster, look: Look, found: _Found) -> PageMeasures:
    return PageMeasures(
        width=page.width,
        height=page.height,
        dpi=round(page.dpi, 1),
        orientation=found.orientation,
        skew=round(found.skew, 2),
        ink=round(look.ink, 5),
        sharpness=round(look.sharpness, 1),
        contrast=round(look.contrast, 3),
        seal=round(look.seal, 5),
        blank=look.blank and not found.text.words,
    )


def _view(mapping: Mapping) -> View:
    a, b, c, d, e, f = (float(value) for value in mapping.matrix.ravel())
    return View(mapping.width, mapping.height, (a, b, c, d, e, f))
