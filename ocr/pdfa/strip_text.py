"""Take the text nobody sees out of a page: the layer another program left there.

Invisible are letters in render mode 3, and letters over which a picture of the whole page is laid.
What is seen stays as it is. Fonts and forms that nothing names any more leave the page's
resources: for PDF/A they count, and those of such layers are seldom embedded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

_SHOW = {"Tj", "TJ", "'", '"'}
_TEXT = _SHOW | {"BT", "ET", "Tf", "Td", "TD", "Tm", "T*", "Tc", "Tw", "Tz", "TL", "Ts", "Tr"}
_PAINT = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "INLINE IMAGE"}
_PAGE_KEYS = {"Type", "Parent", "Resources", "MediaBox", "CropBox", "BleedBox", "TrimBox"}
_PAGE_KEYS |= {"ArtBox", "Contents", "Rotate", "Group", "UserUnit", "Annots"}
_RESOURCES = {"ExtGState", "ColorSpace", "Pattern", "Shading", "XObject", "Font", "Properties"}
_RESOURCES |= {"ProcSet"}
_INVISIBLE = 3  # PDF 32000-1, table 106
_COVERS = 0.9  # of the page: a picture so large hides what lies under it
_DEEPEST = 12  # forms within forms

Matrix = tuple[float, ...]
_AS_IT_IS: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a piece of content."""

    has_text: bool = False  # that somebody sees
    paints: bool = False
    unclosed: int = 0  # q without Q
    overclosed: int = 0  # Q without q


@dataclass(frozen=True, slots=True)
class _State:
    """What ``q`` remembers and ``Q`` brings back."""

    mode: int = 0
    font: str = ""
    matrix: Matrix = _AS_IT_IS


def strip(page: pikepdf.Page, pdf: pikepdf.Pdf, *, keeps_text: bool = False) -> Left:
    """Take invisible text and what nothing uses out of a page; tell what is left.

    Args:
        page: of a PDF that is ours to change.
        pdf: it is in.
        keeps_text: its text was taken as it is, the invisible as well.

    Raises:
        pikepdf.PdfError: the content cannot be parsed.
    """
    resources = _own_resources(page.obj)
    x0, y0, x1, y1 = (float(side) for side in page.cropbox)
    area = 0.0 if keeps_text else abs((x1 - x0) * (y1 - y0))
    walk = _Walk(pdf, resources, area, keeps_text)
    content = walk.through(page.obj, _State())
    if content is not None:
        page.obj.Contents = pdf.make_stream(content)
    return walk.left


def tidy(page: pikepdf.Page) -> None:
    """Drop what a page on paper has no use for: timers, actions, data of programs."""
    for key in set(page.obj.keys()) - {f"/{name}" for name in _PAGE_KEYS}:
        del page.obj[key]


@dataclass(slots=True)
class _Walk:
    """A walk through one content stream and the forms it draws."""

    pdf: pikepdf.Pdf
    resources: Any
    area: float  # of the page; 0: no picture is looked at whether it covers the page
    keeps_text: bool
    depth: int = 0
    left: Left = Left()
    is_shared: bool = False  # the resources are those of whoever draws this form
    _stack: list[_State] = field(default_factory=list)
    _drop: set[int] = field(default_factory=set)  # places of instructions that go
    _shown: dict[int, str] = field(default_factory=dict)  # places of text that is seen: its font
    _named: set[str] = field(default_factory=set)  # XObjects that stay
    _over: int = 0
    _form_text: bool = False
    _paints: bool = False

    def through(self, content: pikepdf.Object, state: _State) -> bytes | None:
        """Walk through; return the new content, or None when it may stay as it is."""
        instructions = [
            (list(each.operands), str(each.operator))
            for each in pikepdf.parse_content_stream(content)
        ]
        for place, (operands, operator) in enumerate(instructions):
            state = _changed(operands, operator, state)
            state = self._step(place, operands, operator, state)
        has_text = bool(self._shown) or self._form_text
        self.left = Left(has_text, self._paints or has_text, len(self._stack), self._over)
        self._drop |= self._useless(instructions)
        if not self.is_shared:
            _prune(self.resources, "/XObject", self._named)
            _prune(self.resources, "/Font", set(self._shown.values()))
        if not self._drop:
            return None
        kept = [
            each
            for place, each in enumerate(pikepdf.parse_content_stream(content))
            if place not in self._drop
        ]
        return pikepdf.unparse_content_stream(kept)

    def _step(self, place: int, operands: list[Any], operator: str, state: _State) -> _State:
        if operator == "q":
            self._stack.append(state)
        elif operator == "Q":
            self._over += not self._stack
            return self._stack.pop() if self._stack else state
        elif operator in _SHOW:
            self._text(place, state)
        elif operator == "Do":
            self._do(place, str(operands[0]), state)
        elif operator in _PAINT:
            self._paints = True
        return state

    def _text(self, place: int, state: _State) -> None:
        font = self.resources.get("/Font", Dictionary()).get(state.font, Dictionary())
        # Letters of Type 3 fonts are little drawings, which the mode does not hide.
        is_seen = state.mode != _INVISIBLE or font.get("/Subtype") == Name.Type3
        if not (is_seen or self.keeps_text):
            self._drop.add(place)
        else:
            self._shown[place] = state.font

    def _do(self, place: int, name: str, state: _State) -> None:
        drawn = self.resources.get("/XObject", Dictionary()).get(name)
        if drawn is not None and drawn.get("/Subtype") == Name.Form and self.depth < _DEEPEST:
            left = self._form(drawn, state)
            self._form_text |= left.has_text
            self._paints |= left.paints
            if not left.paints:
                self._drop.add(place)
                return
        else:
            self._paints = True
            if drawn is not None and self._hides(drawn, state):
                self._drop |= self._shown.keys()
                self._shown.clear()
        self._named.add(name)

    def _form(self, form: pikepdf.Object, state: _State) -> Left:
        if "/Resources" not in form:
            self.is_shared = True
        resources = self.resources if self.is_shared else _own_resources(form)
        inner = _Walk(self.pdf, resources, 0.0, self.keeps_text, self.depth + 1)
        inner.is_shared = self.is_shared
        content = inner.through(form, replace(state, matrix=_AS_IT_IS))
        if content is not None:
            form.write(content)
        return inner.left

    def _hides(self, image: pikepdf.Object, state: _State) -> bool:
        """Tell whether an opaque picture covers the page, and so the text drawn before it."""
        if not self.area or image.get("/ImageMask", False) or {"/SMask", "/Mask"} & image.keys():
            return False
        a, b, c, d = state.matrix[:4]
        return abs(a * d - b * c) >= _COVERS * self.area

    def _useless(self, instructions: Sequence[tuple[list[Any], str]]) -> set[int]:
        """Return the instructions that serve no text: fonts nobody writes with, empty blocks."""
        fonts, is_textless = set(self._shown.values()), bool(self._drop) and not self._shown
        return {
            place
            for place, (operands, operator) in enumerate(instructions)
            if (operator == "Tf" and str(operands[0]) not in fonts)
            or (is_textless and operator in _TEXT)
        }


def _changed(operands: list[Any], operator: str, state: _State) -> _State:
    """Return the graphics state after an instruction."""
    if operator == "Tr":
        return replace(state, mode=int(operands[0]))
    if operator == "Tf":
        return replace(state, font=str(operands[0]))
    if operator == "cm":
        return replace(state, matrix=_times([float(each) for each in operands], state.matrix))
    return state


def _own_resources(owner: Any) -> Any:
    """Give a page or form resources of its own, so that pruning them touches no other."""
    resources: Any = Dictionary(owner.get("/Resources", Dictionary()))
    for key in set(resources.keys()) - {f"/{name}" for name in _RESOURCES}:
        del resources[key]
    for key in ("/Font", "/XObject"):
        if key in resources:
            resources[key] = Dictionary(resources[key])
    owner["/Resources"] = resources
    return owner["/Resources"]


def _prune(resources: Any, kind: str, used: set[str]) -> None:
    if kind not in resources:
        return
    for name in set(resources[kind].keys()) - used:
        del resources[kind][name]
    if not resources[kind].keys():
        del resources[kind]


def _times(first: list[float], second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (
        *(a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s),
        *(e * p + f * r + t, e * q + f * s + u),
    )
