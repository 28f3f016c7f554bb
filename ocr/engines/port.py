"""Defines the port of OCR engines: a greyscale image in, lines of words with alternatives out.

Importing it loads no engine. Confidences are the engine's own; the thresholds of
``ocr/page/orientation.py`` and ``ocr/page/judge.py`` were measured with Tesseract's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ocr.image.geometry import Pixels
from pipeline.model import Word


class Segmentation(StrEnum):
    """Page segmentation: what the image shows, as far as the caller knows."""

    PAGE = "page"  # anything: columns, headings, tables
    BLOCK = "block"  # one block of text
    LINE = "line"  # one line of text


class LetterChoice(NamedTuple):
    """A letter that the engine considered at one position of a word, with its confidence (0-1)."""

    letter: str
    confidence: float


LetterChoices = Sequence[tuple[LetterChoice, ...]]  # for each letter of a word, the likeliest first


@dataclass(frozen=True, slots=True)
class OcrWord(Word):
    """A word as the engine read it, with alternatives to its letters where the engine has them."""

    choices: LetterChoices = ()  # for each letter of the text, or none at all
    turned: bool = False  # it lies upside down on the image its box is of


class OcrLine(NamedTuple):
    """Words that the engine put in one line.

    Boxes are in pixels of the image it was given, origin top left, y downwards.
    """

    words: tuple[OcrWord, ...]


class Engine(Protocol):
    """Reads the words of an image. Safe to call from many threads."""

    @property
    def name(self) -> str:
        """Name of the adapter for people, such as tesserocr or pytesseract."""
        ...

    @property
    def version(self) -> str:
        """Version of the engine itself, not of its Python binding."""
        ...

    @property
    def recipe(self) -> str:
        """The engine's part of a recipe: what decides the words it reads, its settings included.

        Two adapters of one engine share it. It must stay equal, letter by letter, for as long
        as the words do: pages are read again under a recipe that the store does not know.
        """
        ...

    def read(
        self, grey: Pixels, dpi: int, seconds: float, segmentation: Segmentation = Segmentation.PAGE
    ) -> list[OcrLine]:
        """Read an upright image, lines in the engine's order.

        Args:
            grey: 8-bit greyscale, height by width, dark letters on light paper; origin top left.
            dpi: pixels of ``grey`` to the inch of the original paper.
            seconds: longest time it may take.
            segmentation: the kind of layout that the image shows.

        Raises:
            ReadingTimeoutError: it took longer than ``seconds``.
            ReadingError: the engine failed on this image.
        """
        ...


Probabilities = NDArray[np.float32]  # steps along a line by letters; column 0: no new letter


class LineRecogniser(Protocol):
    """Says of a line how likely each letter is at each step. Safe to call from many threads."""

    @property
    def recipe(self) -> str:
        """The recogniser's part of a recipe."""
        ...

    @property
    def alphabet(self) -> str:
        """The letters of columns 1 and up."""
        ...

    def steps(self, line: Pixels) -> Probabilities:
        """Return the probabilities (0-1) along a line, steps by letters; each step sums to 1.

        Args:
            line: an upright line, grey or BGR, with a little paper around it.

        Raises:
            MissingEngineError: its model is not there.
        """
        ...


class LetterReader(Protocol):
    """Reads the letters of a small picture with their probabilities: one word, one line.

    What a second opinion on doubtful words asks (``ocr/page/rereading/second_opinion.py``): another
    network of Tesseract, or any recogniser of our own. Safe to call from many threads.
    """

    @property
    def recipe(self) -> str:
        """The reader's part of a recipe; empty for an engine that the recipe names anyway."""
        ...

    def letters(self, line: Pixels, dpi: int, seconds: float) -> Sequence[LetterChoice]:
        """Return the letters from left to right, a space between words.

        Args:
            line: an upright line, grey, dark on white, with a margin of paper around it.
            dpi: pixels of ``line`` to the inch of the original paper.
            seconds: longest time it may take.

        Raises:
            ReadingTimeoutError: it took longer than ``seconds``.
            ReadingError: the reader failed on this picture.
            MissingEngineError: its model is not there.
        """
        ...
