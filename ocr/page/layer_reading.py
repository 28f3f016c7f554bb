"""Takes the text of a page from its PDF text layer, and reads what the layer does not explain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr.engines.port import OcrLine, Segmentation
from ocr.image.components import Boxes
from ocr.image.geometry import Mapping, Pixels, compose, map_box
from ocr.image.measure import PageAnalysis
from ocr.image.preprocess import ReadingPicture, reading_picture
from ocr.page.layer_lines import JudgedLine, Verdict, bullets, judged_lines
from ocr.page.layer_merge import merged, upright_lines
from ocr.page.layer_proof import (
    agrees,
    clashing,
    drawn,
    open_letters,
    refutes,
    without_words,
    words_in,
)
from ocr.page.page_text import page_text
from pipeline.model import CERTAIN, Box, Line, PageText, Word, mean_confidence
from pipeline.vietnamese import impossible_lines

Read = Callable[[ReadingPicture, Segmentation], list[OcrLine]]

_MAJORITY = 0.5  # share of the letters of a layer, or of a page, from which it stands for the rest
_MANY = 8  # doubted lines that are proven together by one band instead of being read
_TOO_MANY = 300  # doubted lines; a page of so many is no print, and is read as a whole
_BAND = 0.2  # share of the page's height that is read for proof
_PADDING, _NARROW = 24, 6  # pixels of the image for OCR around what is read, and around a line
_BORDER = 20  # white pixels around that: Tesseract wants a margin
_ONE_LINE = 1.9  # letter heights; lower is one line
_SAMPLE = 50  # letters whose height is looked at
_LEAST = 0.7  # mean confidence of a line from a picture on a digital page: logos have less
LEGIBLE = 0.7  # mean confidence of a reading that outdoes a layer in a foreign script
_CAP = CERTAIN - 0.05  # what stands in pictures makes no finding certain
UNPROVEN = 0.5  # confidence of words in a script that cannot be read for proof


@dataclass(frozen=True, slots=True)
class LayeredPage:
    """A page that came with a text layer."""

    layer: PageText  # what is seen of it, boxes in pixels of the original page
    turn: int  # degrees clockwise that bring it upright
    pixels: Pixels  # the original page
    analysis: PageAnalysis

    def text(self, read: Read) -> PageText | None:
        """Return the page's text; None when the layer does not stand for the page.

        Args:
            read: reads the words of an image, which shows a page or one line.
        """
        lines = list(self._drawn_lines())
        if not lines or self._is_refuted(lines, read):
            return None
        taken, doubted = self._believed(lines, read)
        marks = bullets(self.layer)
        words = [word for line in taken for word in line.words]
        letters, share = open_letters([*words, *marks], self.analysis)
        if not taken or share < _MAJORITY or len(doubted) > _TOO_MANY:
            return None
        if not len(letters):
            return PageText(tuple(taken))
        # Stamps are read, not faded as over the print of a scan: nothing else is left there.
        unfaded = replace(self.analysis, seals=np.zeros_like(self.analysis.seals))
        bare = without_words(self.pixels, [*words, *marks])
        picture = reading_picture(bare, unfaded, self.turn, 0.0)
        more = self._read_rest(picture, letters, doubted, read)
        return merged(taken, more, picture.mapping)

    def _drawn_lines(self) -> Iterator[JudgedLine]:
        """Yield the lines without the words where nothing is drawn.

        Words in the place of others are kept, as printed over one another they cannot be read.
        """
        lines = judged_lines(self.layer)
        words = [word for line, _ in lines for word in line.words]
        seen = iter(drawn(words, self.analysis))
        kept = [
            JudgedLine(Line(seen_words), verdict)
            for line, verdict in lines
            if (seen_words := tuple(word for word in line.words if next(seen)))
        ]
        words = [word for line, _ in kept for word in line.words]
        doubted = {id(words[at]) for at in clashing(words)}
        for line, verdict in kept:
            yield JudgedLine(_with_doubts(line, doubted), verdict)

    def _believed(
        self, lines: Sequence[JudgedLine], read: Read
    ) -> tuple[list[Line], list[JudgedLine]]:
        """Return the lines that are taken, and those that only reading can prove.

        Where a line is doubted, what is no proof for or against is doubted as well.
        """
        sure = [each for each in lines if each.verdict is Verdict.LANGUAGE]
        others = [each for each in lines if each.verdict is not Verdict.LANGUAGE]
        doubted = [each for each in others if each.verdict is not Verdict.NEUTRAL]
        if sure and not doubted:
            return [each.line for each in lines], []
        is_known = _letters(sure) > 0 and _letters(sure) >= _MAJORITY * _letters([*sure, *doubted])
        legible = [each for each in others if each.verdict is not Verdict.ODD]
        if (not is_known or len(doubted) >= _MANY) and self._is_proven(legible, read):
            others = [each for each in others if each.verdict is Verdict.ODD]
        left_out = {id(each.line) for each in others}
        return [each.line for each in lines if id(each.line) not in left_out], others

    def _is_refuted(self, lines: Sequence[JudgedLine], read: Read) -> bool:
        """Tell whether a layer says what no paper can, and a band of the page says otherwise.

        A font that exchanges figures or tones does so everywhere: then no line counts.
        """
        known = [each for each in lines if each.verdict in {Verdict.LANGUAGE, Verdict.NEUTRAL}]
        texts = [[word.text for word in each.line.words] for each in known]
        doubted = [known[at] for at in impossible_lines(texts)]
        return bool(doubted) and refutes(*self._read_band(doubted, read))

    def _is_proven(self, lines: Sequence[JudgedLine], read: Read) -> bool:
        """Tell whether a band of the page reads as the layer says."""
        return bool(lines) and agrees(*self._read_band(lines, read))

    def _read_band(
        self, lines: Sequence[JudgedLine], read: Read
    ) -> tuple[Sequence[Word], Sequence[Word]]:
        """Return the words of the densest band of some lines, and what is read there."""
        picture = reading_picture(self.pixels, self.analysis, self.turn, 0.0)
        upright = upright_lines([each.line for each in lines[:_TOO_MANY]], picture.mapping)
        high = round(_BAND * picture.grey.shape[0])
        bands = [
            [each for each in upright if top <= each.box.top and each.box.bottom <= top + high]
            for top in sorted({each.box.top for each in upright})
        ]
        band = max(bands, key=lambda each: sum(len(line.line.text) for line in each))
        if not band:
            return [], []
        box = band[0].box
        for each in band[1:]:
            box = box.union(each.box)
        found = [
            word for line in read(_cut_out(picture, box), Segmentation.PAGE) for word in line.words
        ]
        return [word for each in band for word in each.line.words], found

    def _read_rest(
        self, picture: ReadingPicture, letters: Boxes, doubted: Sequence[JudgedLine], read: Read
    ) -> list[Line]:
        """Return the lines outside of the layer, and the doubted ones as they are printed."""
        place = _around(letters, picture.from_small)
        piece = _cut_out(picture, place)
        words = read(piece, Segmentation.PAGE)
        if not words and place.height < _ONE_LINE * _height(letters, picture.from_small):
            piece = _cut_out(picture, place, _NARROW)  # a stamp's frame hides its word
            words = read(piece, Segmentation.LINE)
        height, width = self.pixels.shape[:2]
        found = page_text(words, piece.mapping, width, height).lines
        lines: list[Line] = []
        for each in doubted:
            here = words_in(found, each.line.box)
            if agrees(each.line.words, here):
                lines.append(each.line)
            elif mean_confidence(here) < LEGIBLE and is_foreign_script([each.line]):
                lines.append(unproven(each.line))
            else:
                continue
            found = _without(found, here)
        lines += [_capped(line) for line in found if mean_confidence(line.words) >= _LEAST]
        return lines


def is_foreign_script(lines: Sequence[Line]) -> bool:
    """Tell whether most letters of lines are of a script that is not Latin."""
    letters = [char for line in lines for word in line.words for char in word.text]
    letters = [char for char in letters if char.isalpha() and not "\ue000" <= char <= "\uf8ff"]
    return sum(char >= "\u0370" and not "\u1e00" <= char <= "\u1eff" for char in letters) > (
        _MAJORITY * len(letters)
    )


def unproven(line: Line) -> Line:
    """Return a line that may be right, and that nothing proves."""
    return _with_doubts(line, set(map(id, line.words)))


def _with_doubts(line: Line, doubted: set[int]) -> Line:
    """Return a line whose words of some identities may be right, and nothing proves them."""
    if doubted.isdisjoint(map(id, line.words)):
        return line
    words = (
        replace(word, confidence=UNPROVEN) if id(word) in doubted else word for word in line.words
    )
    return Line(tuple(words))


def _letters(lines: Iterable[JudgedLine]) -> int:
    return sum(char.isalpha() for each in lines for char in each.line.text)


def _capped(line: Line) -> Line:
    return Line(tuple(replace(word, confidence=min(word.confidence, _CAP)) for word in line.words))


def _without(lines: Sequence[Line], words: Sequence[Word]) -> tuple[Line, ...]:
    gone = {id(word) for word in words}
    kept = (tuple(word for word in line.words if id(word) not in gone) for line in lines)
    return tuple(Line(each) for each in kept if each)


def _around(letters: Boxes, mapping: Mapping) -> Box:
    """Return the box around letters of the small image, on the image that a mapping leads to."""
    low = letters[:, :2].min(axis=0)
    high = (letters[:, :2] + letters[:, 2:]).max(axis=0)
    left, top, right, bottom = np.concatenate([low, high]).tolist()
    return map_box(Box(left, top, right - left, bottom - top), mapping)


def _height(letters: Boxes, mapping: Mapping) -> float:
    """Return the median height of letters of the small image, on the image of a mapping."""
    heights = [map_box(Box(*box), mapping).height for box in letters[:_SAMPLE].tolist()]
    return float(np.median(heights))


def _cut_out(picture: ReadingPicture, box: Box, padding: int = _PADDING) -> ReadingPicture:
    """Return a part of an image with some pixels around it, on a white border."""
    top, left = max(box.top - padding, 0), max(box.left - padding, 0)
    grey = picture.grey[top : box.bottom + padding, left : box.right + padding]
    framed = cv2.copyMakeBorder(grey, *(_BORDER,) * 4, cv2.BORDER_CONSTANT, value=255)
    height, width = framed.shape
    x, y = _BORDER - left, _BORDER - top
    shift = Mapping(np.array([[1.0, 0, x], [0, 1.0, y], [0, 0, 1.0]]), width, height)
    return picture._replace(
        grey=np.asarray(framed, np.uint8), mapping=compose(picture.mapping, shift)
    )
