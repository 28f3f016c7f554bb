"""Asks other networks for the words of a page that may have been misread, and lets all vote.

Each doubtful word is cut out alone and read by every other reader: the page's own network sees it
without its line, another one has learnt from other samples. The vote is in one place
(``pipeline/vietnamese/second_readings.py``). Two networks cost 5 ms a word, and a page has some 30
such words; one without any costs nothing. The page is read without it too: where its time grows
short, nobody is asked further, and what was outvoted by then holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr.deadline import Deadline
from ocr.engines.port import LetterReader, OcrWord
from ocr.image.geometry import Pixels
from ocr.image.preprocess import ReadingPicture
from pipeline.errors import ReadingError, ReadingTimeoutError
from pipeline.model import Box, Word, mean_confidence
from pipeline.vietnamese import Reading, doubtful_words, voted

_MOST = 60  # words of a page that are asked for, the least sure ones
_SHARE = 0.5  # of a page's words: more doubts than that, and it is no Vietnamese, or no print
_LEGIBLE = 0.7  # mean confidence of a page worth asking for
_AROUND = 4  # pixels of the image around a word that are read with it
_BORDER = 10, 20  # white pixels above and below, left and right: Tesseract wants a margin
_KEPT = 5.0  # seconds of the page's time that are left to what comes after

Place = tuple[int, int]  # index of the line and of the word in it


class SecondOpinion:
    """What other readers say of the doubtful words of one page.

    Args:
        readers: those that are asked; without any, nothing is doubted.
        picture: the image that was read.
        deadline: the page's time limit.
    """

    def __init__(
        self, readers: Sequence[LetterReader], picture: ReadingPicture, deadline: Deadline
    ) -> None:
        self._readers = readers
        self._picture = picture
        self._deadline = deadline

    def __call__(
        self, lines: Sequence[Sequence[Word]], read: Sequence[Sequence[OcrWord]]
    ) -> dict[Place, str]:
        """Return the words that another reading of them outvotes.

        Args:
            lines: the words of the page as they stand, corrected.
            read: the same words as they were read, boxes in pixels of the image.

        Raises:
            MissingEngineError: the model of a reader was taken away meanwhile.
        """
        words = [word for line in read for word in line]
        if not self._readers or not words or mean_confidence(words) < _LEGIBLE:
            return {}
        doubts = doubtful_words(_readings(lines), _readings(read))
        if len(doubts) > _SHARE * len(words):
            return {}
        changed: dict[Place, str] = {}
        for (row, at), doubt in list(doubts.items())[:_MOST]:
            try:
                others = self._asked(read[row][at].box)
            except ReadingTimeoutError:
                break  # the page was read; its other words stay as they are
            if text := voted(doubt, others):
                changed[row, at] = text
        return changed

    def _asked(self, box: Box) -> list[Reading]:
        """Return what each reader sees in a box of the image, whole words only.

        Raises:
            ReadingTimeoutError: the time for it is over.
        """
        piece = _cut_out(self._picture.grey, box)
        found = []
        for reader in self._readers:
            try:
                letters = reader.letters(piece, self._picture.dpi, self._deadline.left(_KEPT))
            except ReadingTimeoutError:
                raise
            except ReadingError:
                continue  # the page was read; one picture that a reader fails on says nothing
            if letters:
                text = "".join(letter.letter for letter in letters)
                found.append(Reading(text, min(letter.confidence for letter in letters)))
        return [one for one in found if " " not in one.text]


def _readings(lines: Sequence[Sequence[Word]]) -> list[list[Reading]]:
    return [[Reading(word.text, word.confidence) for word in line] for line in lines]


def _cut_out(grey: Pixels, box: Box) -> Pixels:
    """Return a box with some pixels around it, on a white border."""
    top, left = max(0, box.top - _AROUND), max(0, box.left - _AROUND)
    piece = grey[top : box.bottom + _AROUND, left : box.right + _AROUND]
    down, across = _BORDER
    framed = cv2.copyMakeBorder(piece, down, down, across, across, cv2.BORDER_CONSTANT, value=255)
    return np.asarray(framed, np.uint8)
