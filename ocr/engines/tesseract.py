"""Tesseract behind one port with two adapters; the only module that speaks to it.

In process (tesserocr: releases Python's lock, an engine is lent to one thread) or as a program
(pytesseract). Both get the same variables and answer in the same words.
"""

from __future__ import annotations

import logging
import os
import queue
import re
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import cv2
import pytesseract

# One thread a page: Tesseract's own threads make pages slower, not faster, once pages run side by
# side. OpenMP reads this when it starts, so it is set before the library is loaded.
os.environ["OMP_THREAD_LIMIT"] = "1"

try:
    import tesserocr
except ImportError:  # no wheel for this machine
    tesserocr = None

from ocr.engines.port import Engine, LetterChoice, OcrLine, Segmentation
from ocr.engines.tessdata import find_tessdata, missing_engine, missing_language
from ocr.engines.tsv import raw_lines
from ocr.image.geometry import Pixels
from pipeline.errors import MissingEngineError, ReadingError, ReadingTimeoutError
from pipeline.settings import ReadingSettings

log = logging.getLogger(__name__)

VARIABLES = {
    "thresholding_method": "2",  # Sauvola: finds lines on unevenly lit pages
    "lstm_choice_mode": "2",  # what else a letter might be; does not change what is read
    "lstm_choice_iterations": "2",  # so many other letters; each costs 3 % of the reading time
}

if tesserocr is not None:
    # Leptonica reports harmless trifles of page layout straight to the terminal.
    tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)

_LSTM_ONLY = 1
# Tesseract's page segmentation modes (tesseract --help-psm).
_MODES = {Segmentation.PAGE: 3, Segmentation.BLOCK: 6, Segmentation.LINE: 7}
_DPI_LEAST = 70  # Tesseract mistrusts smaller values and guesses


class InProcess:
    """Tesseract through tesserocr: an engine is lent to one thread at a time, and kept."""

    name = "tesserocr"

    def __init__(self, language: str, tessdata: Path) -> None:
        self._language = language
        self._tessdata = tessdata
        self._free: queue.SimpleQueue[tesserocr.PyTessBaseAPI] = queue.SimpleQueue()
        self._starting = threading.Lock()  # the library's start-up sets process-wide variables

    @property
    def version(self) -> str:
        """Version of the Tesseract library that tesserocr brings."""
        return str(tesserocr.PyTessBaseAPI.Version())

    @property
    def recipe(self) -> str:
        """Tesseract, its version and its language: both adapters read the same words."""
        return recipe(self.version, self._language)

    def read(
        self, grey: Pixels, dpi: int, seconds: float, segmentation: Segmentation = Segmentation.PAGE
    ) -> list[OcrLine]:
        """Read a picture. See ``Engine.read``."""
        height, width = grey.shape
        api = self._engine()
        try:
            api.SetPageSegMode(_MODES[segmentation])
            api.SetImageBytes(grey.tobytes(), width, height, 1, width)
            api.SetSourceResolution(max(dpi, _DPI_LEAST))
            if not api.Recognize(max(1, int(seconds * 1000))):
                raise _too_slow(seconds)
            lines = raw_lines(api.GetTSVText(0), _weighed(api))
            return [OcrLine(words) for words in lines]
        except RuntimeError as error:
            raise _failed() from error
        finally:
            api.Clear()
            self._free.put(api)

    def _engine(self) -> tesserocr.PyTessBaseAPI:
        with suppress(queue.Empty):
            return self._free.get_nowait()
        try:
            with self._starting:
                api = tesserocr.PyTessBaseAPI(
                    path=str(self._tessdata), lang=self._language, oem=_LSTM_ONLY
                )
        except RuntimeError as error:
            raise missing_language(self._language) from error
        for name, value in VARIABLES.items():
            api.SetVariable(name, value)
        return api


class AsProgram:
    """Tesseract through pytesseract: a child process for each page."""

    name = "pytesseract"

    def __init__(self, language: str, tessdata: Path) -> None:
        self._language = language
        self._tessdata = tessdata
        self._version = program_version()
        if self._version is None:
            raise missing_engine()

    @property
    def version(self) -> str:
        """Version of the installed program."""
        return self._version or ""

    @property
    def recipe(self) -> str:
        """Tesseract, its version and its language: both adapters read the same words."""
        return recipe(self.version, self._language)

    def read(
        self, grey: Pixels, dpi: int, seconds: float, segmentation: Segmentation = Segmentation.PAGE
    ) -> list[OcrLine]:
        """Read a picture. See ``Engine.read``."""
        options = [
            f"--tessdata-dir {self._tessdata} --oem {_LSTM_ONLY}",
            f"--psm {_MODES[segmentation]} --dpi {max(dpi, _DPI_LEAST)}",
            *(f"-c {name}={value}" for name, value in VARIABLES.items()),
        ]
        with tempfile.TemporaryDirectory(prefix="sohoa-read-") as folder:
            picture = Path(folder, "page.pgm")  # a picture in memory would be packed as PNG first
            cv2.imwrite(str(picture), grey)
            try:
                said = pytesseract.image_to_data(
                    str(picture),
                    lang=self._language,
                    config=" ".join(options),
                    timeout=max(seconds, 0.001),
                )
            except pytesseract.TesseractNotFoundError as error:
                raise missing_engine() from error
            except pytesseract.TesseractError as error:
                raise self._translated(error) from error
            except RuntimeError as error:  # pytesseract's bare word for its time limit
                raise _too_slow(seconds) from error
        return [OcrLine(words) for words in raw_lines(said)]

    def _translated(self, error: Exception) -> Exception:
        said = str(error)
        if "traineddata" in said or "loading language" in said:
            return missing_language(self._language)
        return _failed()


def recipe(version: str, language: str) -> str:
    """Return Tesseract's part of a recipe. Its form decides which pages count as read."""
    return f"tess{version}-{language}"


def open_engine(settings: ReadingSettings) -> Engine:
    """Open the adapter that the settings ask for; ``auto`` takes tesserocr where it imports.

    Raises:
        MissingEngineError: neither the library nor the program is there.
        MissingLanguageError: the language data is not there.
    """
    wanted = settings.engine
    if wanted == "tesserocr" and tesserocr is None:
        raise MissingEngineError(
            "Không nạp được thư viện tesserocr.", "Chạy make setup, hoặc đặt engine = pytesseract."
        )
    tessdata = find_tessdata(settings.language)
    if wanted == "pytesseract" or tesserocr is None:
        return AsProgram(settings.language, tessdata)
    return InProcess(settings.language, tessdata)


def library_version() -> str | None:
    """Return the version of Tesseract inside tesserocr, or None when it does not import."""
    return None if tesserocr is None else str(tesserocr.PyTessBaseAPI.Version())


def program_version() -> str | None:
    """Return the version of the installed program, or None."""
    try:
        said = str(pytesseract.get_tesseract_version())
    except pytesseract.TesseractNotFoundError:
        return None
    found = re.match(r"[\d.]+", said)
    return found.group(0) if found else said


def _weighed(api: tesserocr.PyTessBaseAPI) -> list[list[tuple[LetterChoice, ...]]]:
    """Return what was weighed for each letter of each word, in the order of the table."""
    words: list[list[tuple[LetterChoice, ...]]] = []
    found = api.GetIterator()
    for symbol in tesserocr.iterate_level(found, tesserocr.RIL.SYMBOL) if found else ():
        if symbol.IsAtBeginningOf(tesserocr.RIL.WORD) or not words:  # none begins on white paper
            words.append([])
        letters = ((c.GetUTF8Text(), c.Confidence()) for c in symbol.GetChoiceIterator() or ())
        words[-1].append(tuple(LetterChoice(text, seen / 100) for text, seen in letters if text))
    return words


def _too_slow(seconds: float) -> ReadingTimeoutError:
    return ReadingTimeoutError(
        f"Đọc trang quá {seconds:.0f} giây nên đã dừng.", "Xem hình trang và nhập tay nếu cần."
    )


def _failed() -> ReadingError:
    return ReadingError("Tesseract không đọc được trang này.", "Quét lại trang này.")
