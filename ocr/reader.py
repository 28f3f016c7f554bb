"""Implements `ScanReader`: analyses a page, recognises its words, and judges the result."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2

from ocr.deadline import Deadline
from ocr.engines.port import Engine, LetterReader, LineRecogniser, OcrLine, Segmentation
from ocr.engines.slot_recogniser import SlotRecogniser
from ocr.files import client, passwords, stand_in
from ocr.files.client import OpenedPage
from ocr.files.inside import unpacking
from ocr.files.raster import Raster, unreadable
from ocr.image.background import whiten_faint
from ocr.image.deskew import estimate_skew
from ocr.image.geometry import Pixels, skew_of, view_of
from ocr.image.measure import INK, PageAnalysis, analyse
from ocr.image.patch_code import has_separator_patch
from ocr.image.preprocess import (
    CLEANER,
    ReadingPicture,
    reading_picture,
    upright_normalised,
    view_picture,
)
from ocr.image.ruled_tables import find_tables
from ocr.page import orientation
from ocr.page.judge import Doubts, as_separator, judge
from ocr.page.layer_merge import LAYERS
from ocr.page.layer_reading import LEGIBLE, LayeredPage, is_foreign_script, unproven
from ocr.page.others_reading import with_better_words
from ocr.page.page_text import page_text
from ocr.page.rereading import LOST_LINES, SecondOpinion, doubt_struck, with_lost_lines
from ocr.page.sheet_parts import with_parts
from ocr.page.slots import with_slots
from ocr.page.stamp_reading import is_read, read_head_stamps
from pipeline.documents.machine_readable.cover_sheets import signs_of
from pipeline.errors import ReadingError, RefusedScanError
from pipeline.model import Page, PageMeasures, PageState, PageText, Source
from pipeline.ports import InnerFile, PageReading, ScanInfo, UnpackLimits
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import MODEL

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Recognised:
    """The text of a page before it is judged, its source, and the page's orientation and skew."""

    text: PageText
    source: Source
    orientation: int = 0  # degrees clockwise that bring the page upright
    skew: float = 0.0  # degrees it leans clockwise after that
    is_proven: bool = True  # false for a layer in a script that cannot be read for proof
    is_struck: bool = False  # a dark line ran through words


class Reader:
    """Reads pages with an OCR engine under given limits. Safe to use from many threads.

    Args:
        settings: limits, and which engine in which language.
        engine: the engine that reads the words.
        figures: the recogniser of numbers and dates that people wrote; None: the one we ship.
        second: readers that are asked for a second opinion on doubtful words.
    """

    def __init__(
        self,
        settings: ReadingSettings,
        engine: Engine,
        figures: LineRecogniser | None = None,
        second: Sequence[LetterReader] = (),
    ) -> None:
        passwords.check(settings.passwords_file)
        self._settings, self._engine = settings, engine
        self._figures = figures or SlotRecogniser()
        self._second = second
        # Pages run side by side on threads of the caller; a pool inside OpenCV would only contend.
        cv2.setNumThreads(1)
        client.prepare()

    @property
    def recipe(self) -> str:
        """Short name of what decides the words: preprocessing, engines, correction."""
        parts = [self._engine.recipe, self._figures.recipe, *(one.recipe for one in self._second)]
        name = "-".join((CLEANER, LAYERS, *parts, LOST_LINES, MODEL))
        return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")

    def inspect(self, path: Path) -> ScanInfo:
        """Tell what a file is without reading its pages. Raises ``RefusedScanError``."""
        return client.inspect(path, self._settings)

    def unpack(self, path: Path, folder: Path, limits: UnpackLimits) -> tuple[InnerFile, ...]:
        """Take the files out of a file that holds some. Raises ``RefusedScanError``."""
        return unpacking.unpack(path, folder, limits, self._settings)

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        """Read one page.

        Args:
            path: the scan.
            number: the page's number, from 1.
            orientation: degrees clockwise that bring the page upright; None: to be found.

        Raises:
            ReadingError: the page cannot be rasterised or the engine failed.
            ReadingTimeoutError: it took longer than the limit.
        """
        deadline = Deadline(self._settings.page_seconds)
        try:
            opened = client.open_page(path, number, self._settings, deadline)
            return self._read_opened(number, opened, deadline, orientation)
        except RefusedScanError as error:  # the file changed, or only this page is bad
            raise ReadingError(error.message, error.remedy) from error
        except (cv2.error, MemoryError) as error:
            raise ReadingError(
                "Kích thước hoặc nội dung hình của trang không xử lý được.", "Quét lại trang này."
            ) from error

    def _read_opened(
        self, number: int, opened: OpenedPage, deadline: Deadline, known: int | None
    ) -> PageReading:
        pixels = opened.raster.pixels
        analysis = analyse(pixels, opened.raster.dpi)
        if analysis.blank and not opened.raster.sound:
            raise unreadable(lacks_font=opened.raster.lacks_font)
        result = self._recognise(opened, analysis, deadline, known)
        if known is not None:  # of a blank page and of a layer too: a person has seen it
            result = replace(result, orientation=known)
        if not analysis.blank:
            result = self._with_stamps(result, pixels, analysis, deadline)
        turn = result.orientation, result.skew
        picture, mapping = view_picture(analysis, *turn)
        is_ocr, is_sound = result.source is Source.OCR, opened.raster.sound
        if stand_in.is_waiting_page(result.text.text):
            raise stand_in.xfa_refusal()
        measures = _measures(opened.raster, analysis, result)
        doubts = Doubts(is_ocr and not is_sound, result.is_struck, result.is_proven, is_ocr)
        judgement = judge(measures, result.text, doubts)
        seconds, words = round(deadline.spent(), 3), judgement.text.words
        log.info("page %d: %s, %d words, %.1f s", number, judgement.state, len(words), seconds)
        page = Page(
            number=number,
            state=judgement.state,
            measures=measures,
            text=judgement.text,
            view=view_of(mapping),
            source=result.source,
            reasons=judgement.reasons,
            seconds=seconds,
            signs=signs_of(opened.codes, judgement.text, (measures.width, measures.height)),
            codes=opened.codes,
            tables=find_tables(*upright_normalised(analysis, *turn, mapping)) if words else (),
        )
        if has_separator_patch(analysis.picture, analysis.millimetre):
            page = as_separator(page)
        elif page.state is not PageState.BLANK:
            page = with_slots(self._figures, pixels, with_parts(page))
        return PageReading(page, picture)

    def _recognise(
        self, opened: OpenedPage, analysis: PageAnalysis, deadline: Deadline, known: int | None
    ) -> _Recognised:
        layered = LayeredPage(opened.layer, opened.turn, opened.raster.pixels, analysis)
        text = layered.text(lambda picture, shows: self._read_lines(picture, deadline, shows))
        if text is not None:
            return _Recognised(text, Source.TEXT_LAYER, opened.turn)
        if analysis.blank and not analysis.faint:
            return _Recognised(PageText(), Source.OCR)
        result = self._read_whole(opened.raster, analysis, deadline, known)
        if is_foreign_script(opened.layer.lines) and result.text.confidence < LEGIBLE:
            lines = tuple(map(unproven, opened.layer.lines))
            return _Recognised(PageText(lines), Source.TEXT_LAYER, opened.turn, is_proven=False)
        others = (*opened.others_reading.lines, *opened.layer.lines)
        return replace(result, text=with_better_words(result.text, PageText(others)))

    def _read_whole(
        self, page: Raster, analysis: PageAnalysis, deadline: Deadline, known: int | None
    ) -> _Recognised:
        """Read the picture of a page, whatever text layer it came with."""
        estimate = estimate_skew(analysis.letters)

        def turned(turn: int) -> ReadingPicture:
            return reading_picture(page.pixels, analysis, turn, estimate.skew)

        turn, picture, lines = orientation.read_upright(
            estimate, known, turned, lambda each: self._read_lines(each, deadline)
        )
        lines = orientation.with_turned_part(
            picture, lines, lambda part: self._read_lines(part, deadline)
        )
        if analysis.faint and orientation.confidence(lines) < orientation.CONFIDENT:
            # Not faint print, but the other side of the sheet shining through.
            picture = picture._replace(grey=whiten_faint(picture.grey, INK))
            lines = [] if analysis.blank else self._read_lines(picture, deadline)
        elif not analysis.faint and orientation.confidence(lines) >= orientation.CONFIDENT:
            lines = with_lost_lines(self._engine, picture, analysis, lines, deadline)
        opinion = SecondOpinion(self._second, picture, deadline)
        lines, is_struck = doubt_struck(picture, lines)
        text = page_text(lines, picture.mapping, page.width, page.height, opinion)
        return _Recognised(text, Source.OCR, turn, estimate.skew, is_struck=is_struck)

    def _with_stamps(
        self, result: _Recognised, pixels: Pixels, analysis: PageAnalysis, deadline: Deadline
    ) -> _Recognised:
        """Add marks of secrecy and urgency that colour or a frame hid from the reading."""
        turn = result.orientation, result.skew
        lines = read_head_stamps(self._engine, pixels, analysis, turn, deadline)
        new = (line for line in lines if not is_read(line, result.text))
        return replace(result, text=PageText((*result.text.lines, *new)))

    def _read_lines(
        self, picture: ReadingPicture, deadline: Deadline, shows: Segmentation = Segmentation.PAGE
    ) -> list[OcrLine]:
        lines = self._engine.read(picture.grey, picture.dpi, deadline.left(), shows)
        if lines or shows is not Segmentation.PAGE:
            return lines
        # A page number or a short note alone is no text block for Tesseract.
        return self._engine.read(picture.grey, picture.dpi, deadline.left(), Segmentation.BLOCK)


def _measures(page: Raster, analysis: PageAnalysis, result: _Recognised) -> PageMeasures:
    return PageMeasures(
        width=page.width,
        height=page.height,
        dpi=round(page.dpi, 1),
        orientation=result.orientation,
        skew=round(result.skew + skew_of(analysis.page_crop), 2),
        ink=round(analysis.ink, 5),
        sharpness=round(analysis.sharpness, 1),
        contrast=round(analysis.contrast, 3),
        seal=round(analysis.seal, 5),
        blank=analysis.blank and not result.text.words,
    )
