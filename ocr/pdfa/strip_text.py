"""Removes invisible text from a PDF page, such as the text layer of another program.

Invisible are letters in render mode 3, and letters under an image of the whole page. What is seen
stays as it is. Fonts and forms that nothing uses any more leave the page's resources: for PDF/A
they count, and those of such layers are seldom embedded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from ocr.pdfa.inert import prune
from ocr.pdfa.text_layer import Matrix, product

_SHOW_TEXT = {"Tj", "TJ", "'", '"'}
_TEXT = _SHOW_TEXT | {"BT", "ET", "Tf", "Td", "TD", "Tm", "T*", "Tc", "Tw", "Tz", "TL", "Ts", "Tr"}
_PAINT = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "INLINE IMAGE"}
_INVISIBLE = 3  # PDF 32000-1, table 106
_COVERS = 0.9  # of the page: an image so large hides what lies under it
_MAX_DEPTH = 12  # of forms within forms

_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class StrippedContent:
    """What a content stream still does once it is stripped."""

    has_text: bool = False  # visible text
    paints: bool = False  # anything visible
    unclosed: int = 0  # q without Q
    overclosed: int = 0  # Q without q


@dataclass(frozen=True, slots=True)
class _GraphicsState:
    """The part of the graphics state that matters here; ``q`` saves it, ``Q`` restores it."""

    mode: int = 0  # text rendering mode
    font: str = ""  # its name in the resources
    matrix: Matrix = _IDENTITY


def strip_invisible_text(
    page: pikepdf.Page, pdf: pikepdf.Pdf, *, keeps_text: bool = False
) -> StrippedContent:
    """Remove invisible text, and resources that nothing uses, from a page.

    Args:
        page: the page, which is changed.
        pdf: the PDF that the page is in.
        keeps_text: whether its text stays, the invisible included, and only resources are removed.

    Raises:
        pikepdf.PdfError: the content cannot be parsed.
    """
    resources = _own_resources(page.obj)
    x0, y0, x1, y1 = (float(side) for side in page.cropbox)
    area = 0.0 if keeps_text else abs((x1 - x0) * (y1 - y0))
    stripper = _Stripper(pdf, resources, area, keeps_text)
    content = stripper.strip(page.obj, _GraphicsState())
    if content is not None:
        page.obj.Contents = pdf.make_stream(content)
    return stripper.rest


@dataclass(slots=True)
class _Stripper:
    """Strips one content stream and the forms it draws."""

    pdf: pikepdf.Pdf
    resources: Any
    area: float  # of the page, in square points; 0: no image can cover it
    keeps_text: bool
    depth: int = 0
    rest: StrippedContent = StrippedContent()
    is_shared: bool = False  # the resources are those of the content that draws this form
    _stack: list[_GraphicsState] = field(default_factory=list)
    _removed: set[int] = field(default_factory=set)  # numbers of instructions
    _fonts: dict[int, str] = field(default_factory=dict)  # by number of an instruction that stays
    _used: set[str] = field(default_factory=set)  # XObjects that stay
    _overclosed: int = 0
    _form_text: bool = False  # a form has visible text
    _paints: bool = False

    def strip(self, content: pikepdf.Object, state: _GraphicsState) -> bytes | None:
        """Return the new content, or None when it may stay as it is."""
        instructions = [
            (list(each.operands), str(each.operator))
            for each in pikepdf.parse_content_stream(content)
        ]
        for number, (operands, operator) in enumerate(instructions):
            state = _changed(operands, operator, state)
            state = self._step(number, operands, operator, state)
        has_text = bool(self._fonts) or self._form_text
        self.rest = StrippedContent(
            has_text, self._paints or has_text, len(self._stack), self._overclosed
        )
        self._removed |= self._useless(instructions)
        if not self.is_shared:
            _prune(self.resources, "/XObject", self._used)
            _prune(self.resources, "/Font", set(self._fonts.values()))
        if not self._removed:
            return None
        remaining = [
            each
            for number, each in enumerate(pikepdf.parse_content_stream(content))
            if number not in self._removed
        ]
        return pikepdf.unparse_content_stream(remaining)

    def _step(
        self, number: int, operands: list[Any], operator: str, state: _GraphicsState
    ) -> _GraphicsState:
        if operator == "q":
            self._stack.append(state)
        elif operator == "Q":
            self._overclosed += not self._stack
            return self._stack.pop() if self._stack else state
        elif operator in _SHOW_TEXT:
            self._text(number, state)
        elif operator == "Do":
            self._do(number, str(operands[0]), state)
        elif operator in _PAINT:
            self._paints = True
        return state

    def _text(self, number: int, state: _GraphicsState) -> None:
        font = self.resources.get("/Font", Dictionary()).get(state.font, Dictionary())
        # Glyphs of Type 3 fonts are content streams, which the mode does not hide.
        is_visible = state.mode != _INVISIBLE or font.get("/Subtype") == Name.Type3
        if not (is_visible or self.keeps_text):
            self._removed.add(number)
        else:
            self._fonts[number] = state.font

    def _do(self, number: int, name: str, state: _GraphicsState) -> None:
        xobject = self.resources.get("/XObject", Dictionary()).get(name)
        is_form = xobject is not None and xobject.get("/Subtype") == Name.Form
        if is_form and self.depth < _MAX_DEPTH:
            rest = self._form(xobject, state)
            self._form_text |= rest.has_text
            self._paints |= rest.paints
            if not rest.paints:
                self._removed.add(number)
                return
        else:
            self._paints = True
            if xobject is not None and self._covers_page(xobject, state):
                self._removed |= self._fonts.keys()
                self._fonts.clear()
        self._used.add(name)

    def _form(self, form: pikepdf.Object, state: _GraphicsState) -> StrippedContent:
        if "/Resources" not in form:
            self.is_shared = True
        resources = self.resources if self.is_shared else _own_resources(form)
        inner = _Stripper(self.pdf, resources, 0.0, self.keeps_text, self.depth + 1)
        inner.is_shared = self.is_shared
        content = inner.strip(form, replace(state, matrix=_IDENTITY))
        if content is not None:
            form.write(content)
        return inner.rest

    def _covers_page(self, image: pikepdf.Object, state: _GraphicsState) -> bool:
        """Tell whether an opaque image covers the page, and so the text drawn before it."""
        if not self.area or image.get("/ImageMask", False) or {"/SMask", "/Mask"} & image.keys():
            return False
        a, b, c, d = state.matrix[:4]
        return abs(a * d - b * c) >= _COVERS * self.area

    def _useless(self, instructions: Sequence[tuple[list[Any], str]]) -> set[int]:
        """Return the text instructions that show nothing: unused fonts, empty text objects."""
        fonts, is_textless = set(self._fonts.values()), bool(self._removed) and not self._fonts
        return {
            number
            for number, (operands, operator) in enumerate(instructions)
            if (operator == "Tf" and str(operands[0]) not in fonts)
            or (is_textless and operator in _TEXT)
        }


def _changed(operands: list[Any], operator: str, state: _GraphicsState) -> _GraphicsState:
    """Return the graphics state after an instruction."""
    if operator == "Tr":
        return replace(state, mode=int(operands[0]))
    if operator == "Tf":
        return replace(state, font=str(operands[0]))
    if operator == "cm":
        a, b, c, d, e, f = map(float, operands)
        return replace(state, matrix=product((a, b, c, d, e, f), state.matrix))
    return state


def _own_resources(owner: Any) -> Any:
    """Give a page or form resources of its own, so that pruning them changes no other."""
    resources: Any = Dictionary(owner.get("/Resources", Dictionary()))
    prune(resources, "resources")
    for key in ("/Font", "/XObject"):
        if key in resources:
            resources[key] = Dictionary(resources[key])
    owner["/Resources"] = resources
    return owner["/Resources"]


def _prune(resources: Any, kind: str, used: set[str]) -> None:
    """Remove the resources of a kind, such as ``/Font``, that are not used."""
    if kind not in resources:
        return
    for name in set(resources[kind].keys()) - used:
        del resources[kind][name]
    if not resources[kind].keys():
        del resources[kind]
