"""The text layer of a PDF page: taken as it is when it is true, ignored when it is garbage.

Scanners leave garbage ("CQNG BOA xA HQI") and portals stamp a line of good text on a scan; so a
layer must look like the language and explain the letters that are seen on the page.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import numpy as np

from pipeline.model import Box, Line, PageText, Word
from pipeline.vietnamese import has_mark, nfc

if TYPE_CHECKING:
    from ocr.measure import Look

_MARKED = 0.5  # share of words with Vietnamese marks: garbage 0.00-0.30, true text 0.80-0.89
_PLAIN = 0.3  # below, a page of pure ASCII is foreign text or figures rather than garbage
_EXPLAINED = 0.7  # share of the letters seen on the page that lie in the layer's boxes
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = "{http://www.w3.org/1999/xhtml}"


def parse(xhtml: str, width: int, height: int) -> PageText:
    """Return the words of poppler's XHTML in pixels of the original page of the given size.

    A layer that cannot be parsed counts as none.
    """
    try:
        root = ET.fromstring(_CONTROL.sub("", xhtml))
    except ET.ParseError:
        return PageText()
    page = root.find(f".//{_SPACE}page")
    if page is None:
        return PageText()
    across = width / max(float(page.get("width", 0)), 1.0)
    down = height / max(float(page.get("height", 0)), 1.0)
    lines = (_words(line, across, down) for line in page.iter(f"{_SPACE}line"))
    return PageText(tuple(Line(words) for words in lines if words))


def is_true(text: PageText, look: Look, *, scanned: bool) -> bool:
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
    if sum(map(has_mark, lettered)) >= _MARKED * len(lettered):
        return True
    # Born-digital figures or English; text in old fonts (VNI, TCVN3) is full of Latin-1 letters.
    return not scanned and all(word.isascii() for word in lettered)


def _explains(text: PageText, look: Look) -> bool:
    """Tell whether most letters on the page lie under the layer's words."""
    boxes = look.letters.boxes
    if not len(boxes):
        return True
    covered = np.zeros(look.small.shape, np.bool_)
    for word in text.words:
        left, top, width, height = (round(side * look.scale) for side in word.box)
        covered[max(0, top - 2) : top + height + 2, max(0, left - 2) : left + width + 2] = True
    middle_x, middle_y = boxes[:, 0] + boxes[:, 2] // 2, boxes[:, 1] + boxes[:, 3] // 2
    return float(covered[middle_y, middle_x].mean()) >= _EXPLAINED


def _words(line: ET.Element, across: float, down: float) -> tuple[Word, ...]:
    words = []
    for element in line.iter(f"{_SPACE}word"):
        text = nfc((element.text or "").strip())
        left, top = float(element.get("xMin", 0)) * across, float(element.get("yMin", 0)) * down
        right, bottom = float(element.get("xMax", 0)) * across, float(element.get("yMax", 0)) * down
        if text:
            box = Box(round(left), round(top), round(right - left), round(bottom - top))
            words.append(Word(text, 1.0, box))
    return tuple(words)
