"""Finds the one picture that a scanned page of a PDF consists of, where a page has nothing else.

A page that does anything but paint one opaque picture upright over all of its paper is poppler's to
render, and so is each page of a file that qpdf had to mend. What is accepted stands on lists; what
is on none is refused. Invisible text counts as nothing: it is not painted (ISO 32000-1, 9.3.6).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Name

from ocr.files.content_walker import SHOW_TEXT, Matrix, matrix_of, product
from ocr.files.formats.unseen_operators import UnfitContentError, operators_of
from ocr.files.inside.pdf_attachments import ODD
from ocr.image.geometry import MAX_SIDE

# Keys that change nothing of what is painted, or that are looked at here.
_PAGE_KEYS = frozenset(
    "/Type /Parent /Resources /Contents /MediaBox /CropBox /TrimBox /BleedBox /ArtBox /Rotate "
    "/StructParents /Tabs /Metadata /LastModified /PieceInfo /Thumb /ID".split()
)
_PICTURE_KEYS = frozenset(
    "/Type /Subtype /Name /Width /Height /ColorSpace /BitsPerComponent /Filter /DecodeParms "
    "/Length /Interpolate /Intent /Metadata /StructParent".split()
)
_RESOURCES = frozenset("/XObject /ProcSet /Font /Properties /ExtGState".split())
_CHANNELS = {"/DeviceGray": 1, "/DeviceRGB": 3}  # of a colour space
_GRAPHICS = {"q", "Q", "cm", "Do"}
_MARKS = {"BMC", "BDC", "MP", "DP"}
_INVISIBLE = 3  # the text rendering mode
_MOST_CONTENT = 200_000  # bytes; more is a drawing, and takes the parser long
_MOST_PLAIN_CONTENT = 2_000  # of a page without text
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_TURNS = {(1, 0, 0, 1): 0, (0, -1, 1, 0): 90, (-1, 0, 0, -1): 180, (0, 1, -1, 0): 270}
_POINTS = 72.0  # to the inch
_LEAST_DPI, _MOST_DPI = 149.5, 300.5  # beyond, pages are rendered at another resolution
_OFF = 1.5  # pixels by which picture and paper may differ
_MOST_PIXELS = 17_000_000  # A3 at 300 dpi; larger pages are rendered smaller
# What an odd file raises, or one that needs more memory than there is.
UNFIT = (*ODD, OverflowError, MemoryError, zlib.error)


class ScanSize(NamedTuple):
    """Columns and rows of a picture as it is stored, and its channels: 1 for grey, 3 for RGB."""

    width: int
    height: int
    channels: int


@dataclass(frozen=True, slots=True)
class PdfScan:
    """The picture that a page consists of."""

    picture: pikepdf.Stream
    size: ScanSize
    turn: int  # degrees clockwise by which the stored picture is shown turned
    dpi: float
    has_text: bool  # whether there is text on the page, which is invisible then


class NoScanError(ValueError):
    """A page is not one picture alone."""


@dataclass(slots=True)
class _Painter:
    """Follows the operators of a page's content up to the picture, and what is left after it."""

    names: Any  # the page's XObjects
    fonts: Any
    matrix: Matrix = _IDENTITY
    mode: int = 0
    has_font: bool = False
    stack: list[tuple[Matrix, int, bool]] = field(default_factory=list)
    painted: tuple[pikepdf.Stream, Matrix] | None = None
    is_in_text: bool = False
    marked: int = 0  # how many sequences of marked content are open
    has_text: bool = False

    def follow(self, operator: str, operands: list[Any]) -> None:
        """Apply one operator.

        Raises:
            NoScanError: it may paint, or change how the picture is painted.
        """
        if operator in _GRAPHICS:
            _demand(not self.is_in_text)
            self._graphics(operator, operands)
        elif operator in _MARKS:
            _demand(operands[0] != Name.OC)
            self.marked += operator in {"BMC", "BDC"}
        elif operator == "EMC":
            _demand(self.marked)
            self.marked -= 1
        else:
            self._text(operator, operands)

    def _graphics(self, operator: str, operands: list[Any]) -> None:
        if operator == "q":
            self.stack.append((self.matrix, self.mode, self.has_font))
        elif operator == "Q":
            _demand(self.stack)
            self.matrix, self.mode, self.has_font = self.stack.pop()
        elif operator == "cm":
            self.matrix = product(matrix_of(operands), self.matrix)
        else:
            _demand(self.painted is None)
            self.painted = self.names[str(operands[0])], self.matrix

    def _text(self, operator: str, operands: list[Any]) -> None:
        if operator in {"BT", "ET"}:
            _demand(self.is_in_text == (operator == "ET"))
            self.is_in_text = not self.is_in_text
        elif operator == "Tr":
            self.mode = operands[0]
            _demand(self.mode in {0, _INVISIBLE})
        elif operator == "Tf":
            # A Type 3 font paints in any mode.
            _demand(self.fonts[str(operands[0])].Subtype != Name.Type3)
            self.has_font = True
        elif operator in SHOW_TEXT:
            _demand(self.mode == _INVISIBLE and self.is_in_text and self.has_font)
            self.has_text = True


def find_scan(
    pdf: pikepdf.Pdf, number: int, max_pixels: int, most_content: int = _MOST_CONTENT
) -> PdfScan | None:
    """Return the picture that a page consists of; None where poppler must render the page.

    Args:
        pdf: the open file; it must have been opened with ``suppress_warnings``.
        number: the page's number, from 1.
        max_pixels: the most pixels a page may have.
        most_content: the bytes of a page's content that are looked at.

    Raises:
        pikepdf.PdfError: the content cannot be parsed; also all else of ``UNFIT``.
    """
    try:
        page = pdf.pages[number - 1]
        _demand(not pdf.is_encrypted and set(page.obj.keys()) <= _PAGE_KEYS)
        painter = _painted(pdf, page, most_content)
        _demand(painter.painted is not None)
        stream, matrix = painter.painted  # type: ignore[misc]
        size = size_of(stream)
        turn = _turn(page, matrix)
        dpi = _dpi(page, matrix, size, turn)
        pixels = size.width * size.height
        _demand(pixels <= min(max_pixels, _MOST_PIXELS))
        _demand(max(size.width, size.height) <= MAX_SIDE and not pdf.get_warnings())
    except (NoScanError, UnfitContentError):
        return None
    return PdfScan(stream, size, turn, dpi, painter.has_text)


def are_scans(path: Path, pages: int, max_pixels: int) -> bool:
    """Tell whether each page of a PDF is one picture within a limit of pixels, without any text."""
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            if len(pdf.pages) != pages:
                return False
            numbers = range(1, pages + 1)
            scans = (find_scan(pdf, each, max_pixels, _MOST_PLAIN_CONTENT) for each in numbers)
            return all(scan and not scan.has_text for scan in scans)
    except UNFIT:
        return False


def _painted(pdf: pikepdf.Pdf, page: pikepdf.Page, most_content: int) -> _Painter:
    """Return what following the content of a page leads to."""
    resources = page.resources
    _demand(set(resources.keys()) <= _RESOURCES)
    names = resources.XObject
    _demand(all(stream.Subtype == Name.Image for stream in names.values()))
    painter = _Painter(names, resources.get("/Font", {}))
    for operator, operands in operators_of(pdf, page, most_content):
        painter.follow(operator, operands)
    _demand(not painter.is_in_text and not painter.marked)
    return painter


def size_of(picture: pikepdf.Stream) -> ScanSize:
    """Return the size of a picture that is stored plainly, grey or RGB.

    Raises:
        NoScanError: it is another.
    """
    _demand(isinstance(picture, pikepdf.Stream) and set(picture.keys()) <= _PICTURE_KEYS)
    channels = _CHANNELS.get(str(picture.ColorSpace))
    if channels is None:
        raise NoScanError
    return ScanSize(int(picture.Width), int(picture.Height), channels)


def _turn(page: pikepdf.Page, matrix: Matrix) -> int:
    """Return how far a picture is shown turned, by its matrix and by the page."""
    turned: Any = page.obj.get("/Rotate", 0)
    _demand(type(turned) is int)  # poppler takes no account of 90.5
    for parent in _parents(page.obj):
        _demand("/Rotate" not in parent)
    directions = tuple((part > 0) - (part < 0) for part in matrix[:4])
    _demand(directions in _TURNS and not turned % 90)
    return (_TURNS[directions] + int(turned)) % 360  # type: ignore[index]


def _parents(page: Any) -> Iterator[Any]:
    parent = page.get("/Parent")
    for _ in range(50):
        if parent is None:
            return
        yield parent
        parent = parent.get("/Parent")
    raise NoScanError


def _dpi(page: pikepdf.Page, matrix: Matrix, size: ScanSize, turn: int) -> float:
    """Return the resolution of a picture that lies over all of the paper, pixels being square."""
    left, bottom, right, top = (float(side) for side in page.cropbox)
    media = [float(side) for side in page.mediabox]
    _demand(media[0] <= left < right <= media[2] and media[1] <= bottom < top <= media[3])
    a, b, c, d, e, f = matrix
    across, down = sorted((e, e + a + c)), sorted((f, f + b + d))
    sideways = a == 0
    width, height = (size.height, size.width) if sideways else (size.width, size.height)
    dpi = math.sqrt(width / (right - left) * height / (top - bottom)) * _POINTS
    _demand(_LEAST_DPI <= dpi <= _MOST_DPI)
    pixel = _POINTS / dpi
    _demand(abs(width * pixel - (right - left)) <= _OFF * pixel)
    _demand(abs(height * pixel - (top - bottom)) <= _OFF * pixel)
    edges = zip((*across, *down), (left, right, bottom, top), strict=True)
    _demand(all(abs(edge - side) <= _OFF * pixel for edge, side in edges))
    return round(dpi, 1)


def _demand(holds: object) -> None:
    if not holds:
        raise NoScanError
