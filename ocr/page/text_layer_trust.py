"""Decides whether the text layer of a PDF page is taken, or the page is read by OCR instead.

Scanners leave garbage ("CQNG BOA xA HQI") and portals stamp a line of good text on a scan; so a
layer must look like the language and cover the letters that are seen on the page.
"""

from __future__ import annotations

from ocr.image.components import covered_by
from ocr.image.geometry import map_box, scaled
from ocr.image.measure import PageAnalysis
from pipeline.model import PageText
from pipeline.vietnamese import has_mark, nfc

_MARKED = 0.5  # share of words with Vietnamese marks: garbage 0.00-0.30, true text 0.80-0.89
_FOREIGN = 0.2  # share of words in another language, or misprinted
_MARGIN = 2  # pixels around a word in which a letter counts as covered by it
_COVERED = 0.7  # share of the letters seen on the page that lie in the layer's boxes
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzđ") | {
    nfc(vowel + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
}


def is_trustworthy(text: PageText, analysis: PageAnalysis, *, scanned: bool) -> bool:
    """Tell whether a text layer may be taken in place of OCR.

    Args:
        text: the text layer, boxes in pixels of the original page, origin top left.
        analysis: the measures of the page's raster.
        scanned: whether an image covers most of the page, so that the layer is the OCR of others.
    """
    return bool(text.lines) and _is_language(text, scanned=scanned) and _covers(text, analysis)


def _is_language(text: PageText, *, scanned: bool) -> bool:
    lettered = [word.text for word in text.words if any(char.isalpha() for char in word.text)]
    if not lettered:
        return not scanned
    foreign = sum(map(_is_foreign, lettered)) / len(lettered)
    marked = sum(map(has_mark, lettered)) / len(lettered)
    if marked >= _MARKED and foreign <= _FOREIGN:
        return True
    # Born-digital figures or another language; a scanner's guess at letters is not believed.
    return not scanned and marked <= _FOREIGN


def _is_foreign(word: str) -> bool:
    """Tell whether a word has letters Vietnamese lacks: text in old fonts (VNI, TCVN3) is full."""
    return any(char.isalpha() and char not in _LETTERS for char in word.casefold())


def _covers(text: PageText, analysis: PageAnalysis) -> bool:
    """Tell whether the layer's words cover most letters that are seen on the page."""
    boxes = analysis.letters
    if not len(boxes):
        return True
    small = scaled(analysis.page_crop, analysis.scale)
    words = (map_box(word.box, small) for word in text.words)
    return float(covered_by(boxes, words, analysis.normalised.shape, _MARGIN).mean()) >= _COVERED
