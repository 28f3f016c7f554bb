"""Walks the operators of a PDF page's content that place text and pictures.

Forms that the page draws are walked as well; fonts, paths and colours are passed over.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Name

from ocr.files.formats.empty_fonts import FontShapes

Matrix = tuple[float, float, float, float, float, float]  # as PDF writes it: x' = ax + cy + e
StreamId = tuple[int, int]  # number and generation of a form; (0, 0): the page's own content

PAGE: StreamId = (0, 0)
SHOW_TEXT = frozenset({"Tj", "TJ", "'", '"'})
_PLACING = "q Q cm Do gs BT Tf Tm Td TD T* TL Tr " + " ".join(SHOW_TEXT)
_INLINE = "BI ID EI"
_UNSEEN_MODES = {3, 7}  # neither filled nor stroked
_MAX_DEPTH, _MAX_OPERATORS = 12, 300_000  # forms within forms; a page of print has some thousand
_MAX_BYTES = 8_000_000  # of a content stream, unpacked; more is a map or a trap
_MAX_PACKED = 1_000_000  # bytes of a content stream that cannot be unpacked to a limit
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class TooMuchContentError(ValueError):
    """A page has more content than is looked at."""


class Rectangle(NamedTuple):
    """A rectangle in points of the page's user space, y upwards."""

    left: float
    bottom: float
    right: float
    top: float


class DrawnPicture(NamedTuple):
    """A picture on the page, and how many texts were shown before it."""

    box: Rectangle
    after: int
    is_solid: bool  # hides what is under it
    stream: Any = None  # None where it stands among the operators


class ShownText(NamedTuple):
    """An operator that shows text."""

    stream: StreamId
    ordinal: int  # among those of its stream
    length: int  # bytes of its string
    x: float
    y: float
    angle: float  # degrees anticlockwise its line runs
    size: float  # of its letters in points
    is_unseen: bool


class _Drawing(NamedTuple):
    """The part of the graphics state that matters here; ``q`` saves it, ``Q`` restores it."""

    matrix: Matrix = _IDENTITY
    mode: int = 0
    leading: float = 0.0
    size: float = 0.0  # of the font, before any matrix
    is_clear: bool = False  # drawn with no opacity
    is_empty: bool = False  # in a font whose letters have no shape


_UPRIGHT = _Drawing()


@dataclass(slots=True)
class ContentWalker:
    """Collects the text and the pictures of a page."""

    shows: list[ShownText] = field(default_factory=list)
    pictures: list[DrawnPicture] = field(default_factory=list)
    fonts: FontShapes = field(default_factory=FontShapes)
    left: int = _MAX_OPERATORS

    def walk(
        self,
        owner: Any,
        stream: StreamId,
        resources: Any,
        drawing: _Drawing = _UPRIGHT,
        depth: int = 0,
    ) -> None:
        """Walk one content stream, and the forms it draws.

        Args:
            owner: the page, or a form.
            stream: the name of that stream in what is collected.
            resources: its resources.
            drawing: the graphics state it begins with.
            depth: how many forms this one lies in.

        Raises:
            TooMuchContentError: there is more of it than is looked at.
            pikepdf.PdfError: it cannot be parsed; also what qpdf raises for odd objects.
        """
        stack: list[_Drawing] = []
        text: Matrix = _IDENTITY  # of the line
        ordinal = 0
        for operator, operands in self._instructions(owner):
            if operator == "q":
                stack.append(drawing)
            elif operator == "Q":
                drawing = stack.pop() if stack else drawing
            elif operator in SHOW_TEXT:
                text = _next_line(text, drawing) if operator in {"'", '"'} else text
                self._show(stream, ordinal, operands, product(text, drawing.matrix), drawing)
                ordinal += 1
            elif operator in {"Do", "INLINE IMAGE"}:
                self._do(operands[0], resources, drawing, depth)
            elif operator == "Tf":
                is_empty = self.fonts.are_none(resources, operands[0])
                drawing = drawing._replace(is_empty=is_empty, size=float(operands[1]))
            elif operator in {"cm", "Tr", "gs"}:
                drawing = _changed(operator, operands, drawing, resources)
            else:
                text, drawing = _moved(operator, operands, text, drawing)

    def _instructions(self, owner: Any) -> Iterator[tuple[str, Any]]:
        for each in _streams(owner):
            if not _is_small(each):
                raise TooMuchContentError
        for instruction in pikepdf.parse_content_stream(owner, f"{_PLACING} {_INLINE}"):
            self.left -= 1
            if self.left < 0:
                raise TooMuchContentError
            yield str(instruction.operator), instruction.operands

    def _show(
        self, stream: StreamId, ordinal: int, operands: Any, at: Matrix, drawing: _Drawing
    ) -> None:
        a, b, _, _, x, y = at
        angle, size = math.degrees(math.atan2(b, a)), drawing.size * math.hypot(a, b)
        unseen = drawing.mode in _UNSEEN_MODES or drawing.is_clear or drawing.is_empty
        if length := _length(operands[-1]):
            self.shows.append(ShownText(stream, ordinal, length, x, y, angle, size, unseen))

    def _do(self, named: Any, resources: Any, drawing: _Drawing, depth: int) -> None:
        if isinstance(named, pikepdf.PdfInlineImage):
            self._picture(drawing.matrix, is_solid=not named.image_mask)
            return
        drawn = resources.get("/XObject", {}).get(str(named))
        if drawn is None:
            return
        if drawn.get("/Subtype") == Name.Image:
            see_through = "/SMask" in drawn or "/Mask" in drawn or drawn.get("/ImageMask", False)
            is_solid = not (see_through or drawing.is_clear)
            self._picture(drawing.matrix, is_solid=is_solid, stream=drawn)
        elif drawn.get("/Subtype") == Name.Form and depth < _MAX_DEPTH:
            matrix = product(matrix_of(drawn.get("/Matrix", _IDENTITY)), drawing.matrix)
            inner = drawn.get("/Resources", resources)
            self.walk(drawn, drawn.objgen, inner, drawing._replace(matrix=matrix), depth + 1)

    def _picture(self, matrix: Matrix, *, is_solid: bool, stream: Any = None) -> None:
        a, b, c, d, e, f = matrix
        across, down = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
        box = Rectangle(min(across), min(down), max(across), max(down))
        self.pictures.append(DrawnPicture(box, len(self.shows), is_solid, stream))


def _changed(operator: str, operands: Any, drawing: _Drawing, resources: Any) -> _Drawing:
    """Return the graphics state after an instruction that changes it."""
    if operator == "cm":
        return drawing._replace(matrix=product(matrix_of(operands), drawing.matrix))
    if operator == "Tr":
        return drawing._replace(mode=int(operands[0]))
    named = resources.get("/ExtGState", {}).get(str(operands[0]))
    opacity = None if named is None else named.get("/ca")
    return drawing if opacity is None else drawing._replace(is_clear=float(opacity) <= 0)


def _moved(
    operator: str, operands: Any, text: Matrix, drawing: _Drawing
) -> tuple[Matrix, _Drawing]:
    """Return where the line begins after an instruction that places text."""
    if operator == "BT":
        return _IDENTITY, drawing
    if operator == "Tm":
        return matrix_of(operands), drawing
    if operator == "TL":
        return text, drawing._replace(leading=float(operands[0]))
    if operator == "T*":
        return _next_line(text, drawing), drawing
    across, down = map(float, operands)
    if operator == "TD":
        drawing = drawing._replace(leading=-down)
    return product((1, 0, 0, 1, across, down), text), drawing


def _next_line(text: Matrix, drawing: _Drawing) -> Matrix:
    return product((1, 0, 0, 1, 0, -drawing.leading), text)


def product(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that applies the first and then the second."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    x, y = e * p + f * r + t, e * q + f * s + u
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, x, y)


def matrix_of(numbers: Any) -> Matrix:
    """Return the matrix of the six numbers that an operator or a form gives."""
    a, b, c, d, e, f = (float(number) for number in numbers)
    return (a, b, c, d, e, f)


def _length(text: Any) -> int:
    """Return how many bytes a string has, or the strings of an array."""
    if isinstance(text, pikepdf.String):
        return len(bytes(text))
    parts = text if isinstance(text, pikepdf.Array) else ()
    return sum(len(bytes(part)) for part in parts if isinstance(part, pikepdf.String))


def _streams(owner: Any) -> Iterator[pikepdf.Stream]:
    """Yield the streams of a page's or a form's content."""
    content = owner if isinstance(owner, pikepdf.Stream) else owner.get("/Contents")
    parts = content if isinstance(content, pikepdf.Array) else [content]
    yield from (part for part in parts if isinstance(part, pikepdf.Stream))


def _is_small(stream: pikepdf.Stream) -> bool:
    """Tell whether a stream unpacks to no more than is looked at, without unpacking more of it."""
    packed = stream.read_raw_bytes()
    kind: Any = stream.get("/Filter")
    if kind is None:
        return len(packed) <= _MAX_BYTES
    kinds = list(kind) if isinstance(kind, pikepdf.Array) else [kind]
    if kinds == [Name.FlateDecode]:
        try:
            return len(zlib.decompressobj().decompress(packed, _MAX_BYTES + 1)) <= _MAX_BYTES
        except zlib.error:  # cut off: qpdf takes what there is of it
            return len(packed) <= _MAX_PACKED
    return len(packed) <= _MAX_PACKED
