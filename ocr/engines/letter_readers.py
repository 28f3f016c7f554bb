"""Reads single words again with Tesseract: by the network of the page, and by its other one.

Tesseract has two networks for Vietnamese: "fast" (Debian's package) and "best", here with weights
in integers. Theirs are different mistakes. The second lies in ``second/`` (Apache-2.0; where it is
from: ``setup/pack_second_network.py``). One instance of it holds 16 MB and opens in 0.1 s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ocr.engines.port import Engine, LetterChoice, LetterReader, Segmentation
from ocr.engines.tesseract import TesserocrEngine
from ocr.image.geometry import Pixels
from pipeline.settings import ReadingSettings

FOLDER = Path(__file__).parent / "second"
LANGUAGE = "vie"
SHA256 = "112f6fd1d04ab4cb0208cad9cada8de214ae33a1e4db3750ffcda69262aef0a8"
RECIPE = "o1"  # another network, or another way to choose and weigh doubtful words, has another


class EngineLetters:
    """Reads lines with an engine, whose confidence in a word is that of each of its letters.

    Args:
        engine: the engine.
        recipe: its part of a recipe; empty where the recipe names the engine anyway.
    """

    def __init__(self, engine: Engine, recipe: str = "") -> None:
        self._engine = engine
        self.recipe = recipe

    def letters(self, line: Pixels, dpi: int, seconds: float) -> Sequence[LetterChoice]:
        """Read a line. See ``LetterReader.letters``."""
        found: list[LetterChoice] = []
        for read in self._engine.read(line, dpi, seconds, Segmentation.LINE):
            for word in read.words:
                found += [LetterChoice(" ", word.confidence)] if found else []
                found += [LetterChoice(letter, word.confidence) for letter in word.text]
        return found


def open_second_readers(settings: ReadingSettings, engine: Engine) -> tuple[LetterReader, ...]:
    """Return who gives a second opinion on doubtful words; nobody where it is off or impossible.

    Args:
        settings: whether it is wanted, and the language of the pages.
        engine: the engine that reads the pages.
    """
    if why_not(settings, engine):
        return ()
    second = TesserocrEngine(LANGUAGE, FOLDER)
    return EngineLetters(engine), EngineLetters(second, RECIPE)


def why_not(settings: ReadingSettings, engine: Engine) -> str:
    """Say in Vietnamese why nobody is asked for a second opinion; empty when somebody is."""
    if settings.second_opinion == "off":
        return "Không dùng (SOHOA_READING__SECOND_OPINION=off)."
    if LANGUAGE not in settings.language.split("+"):
        return f"Không dùng: chỉ có cho tiếng Việt, đang đọc “{settings.language}”."
    if not isinstance(engine, TesserocrEngine):
        return "Không dùng: cần thư viện tesserocr, chạy bằng chương trình sẽ quá chậm."
    return "" if is_there() else lacking()


def is_there() -> bool:
    """Tell whether the second network is the file that we ship."""
    try:
        content = (FOLDER / f"{LANGUAGE}.traineddata").read_bytes()
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == SHA256


def lacking() -> str:
    """Say that the second network is missing or damaged, and what that means."""
    return (
        "Thiếu hoặc hỏng mạng đọc thứ hai (ocr/engines/second); trang vẫn đọc, không có ý kiến hai."
    )
