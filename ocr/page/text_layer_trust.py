"""Decides whether a text layer stands for its page, or the page is read instead.

Scanners leave garbage ("CQNG BOA xA HQI") and portals stamp a line of good text on a scan; so a
layer must look like the language and explain the letters that are seen on the page.
"""

from __future__ import annotations

from ocr.image.components import are_in
from ocr.image.geometry import box_onto, shrunken
from ocr.image.measure import PageAnalysis
from pipeline.model import PageText
from pipeline.vietnamese import has_mark, nfc

_MARKED = 0.5  # share of words with Vietnamese marks: garbage 0.00-0.30, true text 0.80-0.89
_FOREIGN = 0.2  # share of words in another language, or misprinted
_MARGIN = 2  # pixels around a word in which a letter is explained by it
_EXPLAINED = 0.7  # share of the letters seen on the page that lie in the layer's boxes
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzđ") | {
    nfc(vowel + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
}


def is_true(text: PageText, look: PageAnalysis, *, scanned: bool) -> bool:
    """Tell whether a layer may stand for the page.

    Args:
        text: the layer, in pixels of the original page.
        look: what is seen on the page.
        scanned: an image covers most of the page, so the layer is somebody's reading of it.
    """
    return bool(text.lines) and _is_language(text, scanned=scanned) and _explains(text, look)


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


def _explains(text: PageText, look: PageAnalysis) -> bool:
    """Tell whether most letters on the page lie under the layer's words."""
    boxes = look.letters
    if not len(boxes):
        return True
    small = shrunken(look.sheet, look.scale)
    words = (box_onto(word.box, small) for word in text.words)
    return float(are_in(boxes, words, look.evened.shape, _MARGIN).mean()) >= _EXPLAINED
