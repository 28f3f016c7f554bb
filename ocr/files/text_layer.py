"""Parses poppler's XHTML of a PDF page (`pdftotext -bbox-layout`) into lines of words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from pipeline.model import Box, Line, PageText, Word
from pipeline.vietnamese import marks_in_order

_MAX_LENGTH = 4_000_000  # characters: 30,000 words; a page of print has some hundred
_MAX_POSITION = 100_000  # pixels from the page's corner; what lies beyond is on no page
_POINTS = 72.0  # to the inch
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What fonts draw as one letter, and signs that draw nothing; a soft hyphen is a letter of TCVN3.
_SIGNS = str.maketrans(
    dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
    | dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff", "")
)
_POWERS = {"2": "²", "3": "³"}
_UNIT = re.compile(r"(?:.*[\W\d_])?[cdkm]?m")  # of length; other raised figures are of footnotes
_SMALL, _TOUCHING = 0.75, 0.08  # heights of the word before: of the figure, and of the gap to it
_NO_GAP, _OFF_LINE = 0.05, 0.15  # heights: of a gap that parts nothing; of a raised sign's feet
_EVEN = 0.07  # heights by which height and feet of a figure differ from those of what it touches
# Where two words meet, a tab between: a figure touches; or a sign alone parts it from the other.
_TOUCHED, _FIGURE = re.compile(r"\d\t[^\W_]|[^\W_]\t\d"), re.compile(r"\d\W?\t|\t\W?\d")
# Where a word goes on in another font, a tab between: a letter, a mark of it, or a sign in a word.
_INSIDE = re.compile(
    r"""(?:[^\W_]|[^\W_][./&'’-]|[(\["“])\t[^\W_]|[^\W_]\t[\u0300-\u036f)\]"”'’.,;:!?/&-](?!\.)"""
)
_NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def parse(xhtml: str, dpi: float) -> PageText:
    """Return the words of a page's text layer, boxes in pixels of the rendered page.

    Poppler gives words in points of the page as shown (but the page's size as if not turned),
    origin top left. A layer that cannot be parsed counts as none.

    Args:
        xhtml: the output of ``pdftotext -bbox-layout`` for one page.
        dpi: the resolution at which the page is rendered.
    """
    if len(xhtml) > _MAX_LENGTH:
        return PageText()
    try:
        root = ET.fromstring(_CONTROL.sub("", xhtml))
        lines = [_words(line, dpi / _POINTS) for line in root.iter(f"{_NAMESPACE}line")]
    except (ET.ParseError, ValueError, OverflowError):  # not XML, or positions that are no numbers
        return PageText()
    return PageText(tuple(_turned_last([Line(words) for words in lines if words])))


def _turned_last(lines: list[Line]) -> list[Line]:
    """Return lines with those behind the others that run up or down, in the order of reading.

    Poppler puts them where their boxes lie, so among the lines that they stand beside.
    """
    ways = [_way(line) for line in lines]
    up = [line for line, way in zip(lines, ways, strict=True) if way < 0]
    down = [line for line, way in zip(lines, ways, strict=True) if way > 0]
    level = [line for line, way in zip(lines, ways, strict=True) if not way]
    up.sort(key=lambda line: line.words[0].box.left)
    down.sort(key=lambda line: -line.words[0].box.left)
    return level + up + down


def _way(line: Line) -> int:
    """Return whether the words of a line stand over one another: -1 upwards, 1 downwards."""
    first, last = line.words[0].box, line.words[-1].box
    is_column = first.left < last.right and last.left < first.right
    if not is_column or len(line.words) == 1:
        return 0
    return (first.bottom <= last.top) - (last.bottom <= first.top)


def _words(line: ET.Element, scale: float) -> tuple[Word, ...]:
    words: list[Word] = []
    end = 0.0  # of the word before, in pixels: boxes are whole ones
    for element in line.iter(f"{_NAMESPACE}word"):
        text = marks_in_order((element.text or "").translate(_SIGNS).strip())
        sides = [float(element.get(side, 0)) * scale for side in ("xMin", "yMin", "xMax", "yMax")]
        left, top, right, bottom = map(round, sides)
        far = max(abs(left), abs(top), right, bottom) > _MAX_POSITION
        if text and right > left and bottom > top and not far:
            box = Box(max(left, 0), max(top, 0), right - left, bottom - top)
            if words and _is_power(text, words[-1].text) and _is_raised(box, words[-1].box):
                text = words[-1].text + _POWERS[text]
                box = words.pop().box.union(box)
            elif words and _goes_on(words[-1], text, box, sides[0] - end):
                text = marks_in_order(words[-1].text + text)
                box = words.pop().box.union(box)
            words.append(Word(text, 1.0, box))
            end = sides[2]
    return tuple(words)


def _goes_on(word: Word, text: str, box: Box, gap: float) -> bool:
    """Tell whether letters go on with the word before them: nothing parts them.

    Poppler ends a word where the font changes, as it does where a font lacks Vietnamese letters.
    None lacks figures: what touches one is a footnote, a power, or another column.
    """
    both = f"{word.text}\t{text}"
    low, high = sorted((word.box.height, box.height))
    feet = abs(word.box.bottom - box.bottom)
    if abs(gap) > _NO_GAP * low or not _INSIDE.search(both) or _TOUCHED.search(both):
        return False
    if _FIGURE.search(both):
        return high - low <= _EVEN * high and feet <= _EVEN * high
    return low >= _SMALL * high and feet < _OFF_LINE * high


def _is_power(text: str, before: str) -> bool:
    """Tell whether a word can be the figure of square or cubic metres."""
    return text in _POWERS and _UNIT.fullmatch(before) is not None


def _is_raised(box: Box, before: Box) -> bool:
    """Tell whether a figure stands right behind a word, small and above its line: m²."""
    is_small = box.height < _SMALL * before.height and box.bottom < before.bottom
    return is_small and abs(box.left - before.right) <= _TOUCHING * before.height
