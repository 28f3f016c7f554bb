"""Inspects untrusted files and opens their pages in a sandboxed worker process."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints

from ocr.deadline import Deadline
from ocr.files import kinds
from ocr.files.inside.office_parts import KINDS
from ocr.files.passwords import unlocking
from ocr.files.poppler import programs_of_poppler
from ocr.files.raster import Raster, RasterFile
from ocr.sandbox.answers import NO_CONTROL, Answer, Sentence, WordText, crashed
from ocr.sandbox.job import MAX_WORD, Job, private_folder
from ocr.sandbox.pool import ask
from ocr.sandbox.pool import prepare as prepare_worker
from pipeline.errors import OversizedScanError, ReadingError, UnreadableScanError
from pipeline.model import Box, Line, PageCode, PageText, Word
from pipeline.model.page import MOST_CODES, UNSEEN_CODE
from pipeline.ports import ScanInfo
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import nfc

log = logging.getLogger(__name__)

PROGRAM = "ocr.files.worker"
# Longest time to inspect a file and to open a page. Real ones take one or two seconds, a file of
# 5,000 pages or a page of 200 million pixels about ten; both together must end within a minute.
_INSPECT_SECONDS, _OPEN_SECONDS = 30.0, 25.0
_CODES_SECONDS = 10.0  # to find the codes of a page, which takes a tenth of a second
# Bytes of address space of a worker process and of each program it starts. 0.35 GB are there before
# any work.
MEMORY, _LARGE_MEMORY = 1_000_000_000, 1_600_000_000
_HEAD = 1024  # bytes in which a PDF says that it is one
_PIXELS = 36_000_000  # A4 at 600 dpi; larger images are opened one at a time
_LARGE_PAGE = threading.Lock()


# What a file may be told to be: the formats of ``image_page``, and what holds files.
_IMAGES = ("image/tiff", "image/jpeg", "image/png", "image/heic", "image/webp")
_TAKEN = frozenset({kinds.PDF, kinds.ZIP, kinds.EDXML, *_IMAGES, *KINDS})
# Positions and sizes in pixels; a text layer may reach beyond its page.
_Position = Annotated[int, Field(ge=0, le=100_000)]
_Size = Annotated[int, Field(ge=1, le=200_000)]
_Line = Annotated[
    list[tuple[WordText, _Position, _Position, _Size, _Size]],
    Field(min_length=1, max_length=100_000),
]

_Format = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{2,20}$")]
_CodeText = Annotated[str, StringConstraints(max_length=MAX_WORD, pattern=NO_CONTROL)]
_Code = tuple[_Format, _CodeText, _Position, _Position, _Size, _Size]


def _taken(media_type: str) -> str:
    if media_type not in _TAKEN:
        raise ValueError("a kind of file that is not taken")
    return media_type


class _Limits(NamedTuple):
    max_pixels: int
    memory: int  # bytes of address space


class _Inspected(Answer):
    media_type: Annotated[str, AfterValidator(_taken)]
    pages: Annotated[int, Field(ge=0)]
    holds_files: bool
    remarks: Annotated[tuple[Sentence, ...], Field(max_length=10)]


class _Codes(Answer):
    codes: Annotated[list[_Code], Field(max_length=MOST_CODES)]


class _Opened(Answer):
    file: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,10}(-\d{1,9})?\.p[gp]m$")]
    dpi: Annotated[float, Field(ge=0, le=20_000)]
    sound: bool
    lacks_font: bool
    turn: Literal[0, 90, 180, 270]
    lines: Annotated[list[_Line], Field(max_length=100_000)]
    hidden: Annotated[list[_Line], Field(max_length=100_000)]


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page that was opened: its raster, its codes, and the text layer it came with.

    Boxes are in pixels of the raster. A page without a text layer has neither.
    """

    raster: Raster
    layer: PageText  # text that is seen
    others_reading: PageText  # text that nobody sees: what another program read on a picture
    turn: int  # degrees clockwise that bring the text that is seen upright
    codes: tuple[PageCode, ...] = ()  # QR codes and barcodes


def prepare() -> None:
    """Start a worker process, so that the first file need not wait for it."""
    prepare_worker(PROGRAM)


def inspect(path: Path, settings: ReadingSettings) -> ScanInfo:
    """Tell what a file is without reading its pages.

    Raises:
        RefusedScanError: the file cannot be taken, or brings the process down.
        StorageUnavailableError: no space is left in the temporary folder.
        MissingEngineError: poppler is not installed.
    """

    def attempt(passwords: tuple[str, ...]) -> _Inspected:
        with private_folder("sohoa-look-") as folder:
            return ask(_look(path, folder, settings, passwords), PROGRAM, _Inspected)

    try:
        told = unlocking(attempt, settings.passwords_file)
        if told.pages > settings.max_pages or not (told.pages or told.holds_files):
            raise crashed()
    except ReadingError as error:
        raise UnreadableScanError(error.message, error.remedy) from error
    return ScanInfo(told.media_type, told.pages, holds_files=told.holds_files, remarks=told.remarks)


def _look(path: Path, folder: Path, settings: ReadingSettings, passwords: tuple[str, ...]) -> Job:
    limits = {"max_pages": settings.max_pages, "max_pixels": settings.max_pixels}
    return Job(
        name="inspect",
        folder=folder,
        source=path.absolute(),
        seconds=min(_INSPECT_SECONDS, settings.page_seconds),
        memory=MEMORY,
        arguments=limits | {"office": settings.office, "passwords": passwords},
        programs=_programs(path),
        demands_all=settings.sandbox == "required",
    )


def open_page(path: Path, number: int, settings: ReadingSettings, deadline: Deadline) -> OpenedPage:
    """Open one page of a file.

    Args:
        path: the scan.
        number: the page's number, from 1.
        settings: the limits of pages.
        deadline: the page's time limit; waiting for another large page is given back to it.

    Raises:
        ReadingError: the page's image data is damaged, or takes too long.
        RefusedScanError: the file itself cannot be taken any more.
        StorageUnavailableError: no space is left in the temporary folder.
        MissingEngineError: poppler is not installed.
    """
    few = min(_PIXELS, settings.max_pixels)
    try:
        return _opened(path, number, _Limits(few, MEMORY), settings, deadline)
    except OversizedScanError:
        log.info("a large page is opened alone")
    began = time.monotonic()
    with _LARGE_PAGE:
        deadline.allow(time.monotonic() - began)
        limits = _Limits(settings.max_pixels, _LARGE_MEMORY)
        return _opened(path, number, limits, settings, deadline)


def _programs(path: Path) -> tuple[Path, ...]:
    """Return the programs that opening a file may need: none but for PDFs."""
    try:
        with path.open("rb") as stream:
            is_pdf = b"%PDF-" in stream.read(_HEAD)
    except OSError:  # said by the job that reads it
        return ()
    return programs_of_poppler() if is_pdf else ()


def _opened(
    path: Path, number: int, limits: _Limits, settings: ReadingSettings, deadline: Deadline
) -> OpenedPage:
    def attempt(passwords: tuple[str, ...]) -> OpenedPage:
        arguments = {"number": number, "max_pixels": limits.max_pixels, "passwords": passwords}
        with private_folder("sohoa-page-") as folder:
            job = Job(
                name="open",
                folder=folder,
                source=path.absolute(),
                seconds=min(_OPEN_SECONDS, deadline.left()),
                memory=limits.memory,
                arguments=arguments,
                programs=_programs(path),
                demands_all=settings.sandbox == "required",
            )
            told = ask(job, PROGRAM, _Opened)
            opened = _loaded(told, folder)
            codes = _codes(folder / told.file, job, deadline)
            return replace(opened, codes=(_anywhere(opened),) if codes is None else codes)

    return unlocking(attempt, settings.passwords_file)


def _anywhere(opened: OpenedPage) -> PageCode:
    """Return a code that may be anywhere on a page: masked pictures are then painted over whole."""
    height, width = opened.raster.pixels.shape[:2]
    return PageCode(UNSEEN_CODE, "", Box(0, 0, width, height))


def _codes(raster: Path, opening: Job, deadline: Deadline) -> tuple[PageCode, ...] | None:
    """Return the codes on a raster; None where they could not be looked for, or are too many."""
    with private_folder("sohoa-codes-") as folder:
        job = replace(
            opening,
            name="codes",
            folder=folder,
            source=raster,
            seconds=min(_CODES_SECONDS, deadline.left()),
            arguments={},
            programs=(),
        )
        try:
            told = ask(job, PROGRAM, _Codes)
        except ReadingError as error:
            log.warning("the codes of a page could not be read: %s", type(error).__name__)
            return None
    if len(told.codes) == MOST_CODES:  # those beyond are not known, so they could not be hidden
        log.warning("a page has %d codes or more", MOST_CODES)
        return None
    return tuple(PageCode(kind, nfc(text), Box(*box)) for kind, text, *box in told.codes)


def _loaded(told: _Opened, folder: Path) -> OpenedPage:
    file = RasterFile(folder / told.file, told.dpi, told.sound, told.lacks_font)
    raster = file.load_plain() if told.lines else file.load()
    return OpenedPage(raster, _text(told.lines), _text(told.hidden), told.turn)


def _text(lines: list[_Line]) -> PageText:
    return PageText(
        tuple(Line(tuple(Word(nfc(text), 1.0, Box(*box)) for text, *box in line)) for line in lines)
    )
