"""Adapts Tesseract to the engine port, in process (tesserocr) or as a program (pytesseract).

The only module that speaks to it. Both adapters set the same variables and read the same words;
tesserocr releases Python's lock while it works.
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

from ocr.deadline import page_timeout
from ocr.engines.port import Engine, OcrLine, OcrWord, Segmentation
from ocr.engines.tessdata import find_tessdata, missing_engine, missing_language
from ocr.engines.tsv import alternatives, parse_tsv
from ocr.image.geometry import Pixels
from pipeline.errors import MissingEngineError, ReadingError
from pipeline.model import Box
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import nfc

log = logging.getLogger(__name__)

VARIABLES = {
    "thresholding_method": "2",  # Sauvola: finds lines on unevenly lit pages
    "lstm_choice_mode": "2",  # gives alternatives to letters; does not change what is read
    "lstm_choice_iterations": "2",  # alternatives to a letter; each costs 3 % of the reading time
}

if tesserocr is not None:
    # Leptonica reports harmless trifles of page layout straight to the terminal.
    tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)

_LSTM_ONLY = 1
# Tesseract's page segmentation modes (tesseract --help-psm).
_MODES = {Segmentation.PAGE: 3, Segmentation.BLOCK: 6, Segmentation.LINE: 7}
_DPI_LEAST = 70  # Tesseract mistrusts smaller values and guesses
_DECIMALS = 6  # of a confidence in percent, as the program prints them


class TesserocrEngine:
    """Tesseract through tesserocr; an instance of the library serves one thread at a time."""

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
        """Read an image. See ``Engine.read``."""
        height, width = grey.shape
        api = self._free_api()
        try:
            api.SetPageSegMode(_MODES[segmentation])
            api.SetImageBytes(grey.tobytes(), width, height, 1, width)
            api.SetSourceResolution(max(dpi, _DPI_LEAST))
            if not api.Recognize(max(1, int(seconds * 1000))):
                raise page_timeout(seconds)
            return words_by_line(api)
        except RuntimeError as error:
            raise _failed() from error
        finally:
            api.Clear()
            self._free.put(api)

    def _free_api(self) -> tesserocr.PyTessBaseAPI:
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


class PytesseractEngine:
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
        """Read an image. See ``Engine.read``."""
        options = [
            f"--tessdata-dir {self._tessdata} --oem {_LSTM_ONLY}",
            f"--psm {_MODES[segmentation]} --dpi {max(dpi, _DPI_LEAST)}",
            *(f"-c {name}={value}" for name, value in VARIABLES.items()),
        ]
        with tempfile.TemporaryDirectory(prefix="sohoa-read-") as folder:
            image = Path(folder, "page.pgm")  # an image in memory would be packed as PNG first
            cv2.imwrite(str(image), grey)
            try:
                table = pytesseract.image_to_data(
                    str(image),
                    lang=self._language,
                    config=" ".join(options),
                    timeout=max(seconds, 0.001),
                )
            except pytesseract.TesseractNotFoundError as error:
                raise missing_engine() from error
            except pytesseract.TesseractError as error:
                raise self._translated(error) from error
            except RuntimeError as error:  # pytesseract's bare word for its time limit
                raise page_timeout(seconds) from error
        return [OcrLine(words) for words in parse_tsv(table)]

    def _translated(self, error: Exception) -> Exception:
        message = str(error)
        if "traineddata" in message or "loading language" in message:
            return missing_language(self._language)
        return _failed()


def recipe(version: str, language: str) -> str:
    """Return Tesseract's part of a recipe; another form would have every page read again.

    Args:
        version: Tesseract's own version, such as ``5.5.0``.
        language: Tesseract's language codes, such as ``vie``.
    """
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
        return PytesseractEngine(settings.language, tessdata)
    return TesserocrEngine(settings.language, tessdata)


def library_version() -> str | None:
    """Return the version of Tesseract inside tesserocr, or None when it does not import."""
    return None if tesserocr is None else str(tesserocr.PyTessBaseAPI.Version())


def program_version() -> str | None:
    """Return the version of the installed program, or None."""
    try:
        output = str(pytesseract.get_tesseract_version())
    except pytesseract.TesseractNotFoundError:
        return None
    version = re.match(r"[\d.]+", output)
    return version.group(0) if version else output


def words_by_line(api: tesserocr.PyTessBaseAPI) -> list[OcrLine]:
    """Return the words that were recognised, those of ``parse_tsv`` with their alternatives.

    One walk over the words gives all. The TSV output walks over the letters, and with each step
    Tesseract looks for the beginning of the line from the top of the page.

    Args:
        api: the library after it recognised an image.
    """
    lines: list[list[OcrWord]] = []
    result = api.GetIterator()
    for at in tesserocr.iterate_level(result, tesserocr.RIL.WORD) if result else ():
        if at.Empty(tesserocr.RIL.WORD):  # white paper
            continue
        if at.IsAtBeginningOf(tesserocr.RIL.TEXTLINE) or not lines:
            lines.append([])
        if text := nfc(at.GetUTF8Text(tesserocr.RIL.WORD).strip()):
            confidence = round(at.Confidence(tesserocr.RIL.WORD), _DECIMALS) / 100
            left, top, right, bottom = at.BoundingBox(tesserocr.RIL.WORD)
            box = Box(left, top, right - left, bottom - top)
            others = alternatives(text, at.GetBestLSTMSymbolChoices() or (), at.BlanksBeforeWord())
            lines[-1].append(OcrWord(text, min(max(confidence, 0.0), 1.0), box, choices=others))
    return [OcrLine(tuple(words)) for words in lines if words]


def _failed() -> ReadingError:
    return ReadingError("Tesseract không đọc được trang này.", "Quét lại trang này.")
