"""Reads numbers that people wrote into forms: one figure to a box, on dots or on a rule.

What is printed for them to stand in is taken out, and the figures are read twice, drawn together
and drawn apart. A number is taken when both readings are sure and say the same, it has as many
figures as such a number and as its boxes, and it may exist (docs/reading.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from ocr.engines.ctc import digits, greedy
from ocr.engines.port import LineRecogniser
from ocr.image.components import label_components
from ocr.image.geometry import Pixels, upright_page
from ocr.image.slot_boxes import Mask, Span
from ocr.image.slot_cells import cut_figures, figures_in, row_alone
from ocr.image.slot_ink import Around, Disturbance, disturbance, is_struck_alone
from ocr.page.slots.form_slot_bands import RowBand, bands_of, on_page, reach_of
from pipeline.documents import PageOfDossier
from pipeline.documents.rows import PageRows
from pipeline.documents.slots.form_slots import LENGTHS, form_slots, holds
from pipeline.model import Page, SlotReading
from pipeline.model.page import SlotKind

UNSURE = "Chữ số trong ô này của tờ khai máy đọc không chắc."
SEVERAL = "Ô số của tờ khai có hai số, máy không biết số nào đúng."
DISTURBED = {
    Disturbance.CROSSED: "Có nét khác (chữ ký, con dấu, nét gạch) đè lên số trên tờ khai.",
    Disturbance.STRUCK: "Số trên tờ khai bị gạch.",
    Disturbance.ADDED: "Có chữ số viết thêm phía trên số trên tờ khai.",
}
# Of the weakest figure in the weaker and in the stronger reading; what is struck or cut has less.
_LEAST = 0.9, 0.97
_PROVEN = 0.7, 0.9  # the same of figures that a check digit proves
_ROOM = 0.3  # row heights of paper around what is read
_APART = 0.3, 0.55  # row heights between figures that are drawn together, first and second time
_HIGH = 0.95  # row heights above the row where nothing of its figures is
_BESIDE = 0.15  # row heights beside a figure that a line through it takes as well
_OVER = 0.5, 0.12  # row heights above a box: what goes through all of that is no figure's end
_GAP = 1.7  # row heights of paper between two numbers; figures of one are nearer
_NEAR = 0.5  # row heights from the row to the foot of a figure that belongs to it
_BRANCH = 10  # figures of a tax code before the three of its branch
_FIGURES = re.compile(r"[\s._…·,'|-]*(\d[\d\s.·,-]*?)[\s._…·,'|-]*")  # nothing else is there


def read_form_slots(
    recogniser: LineRecogniser, pixels: Pixels, page: Page, rows: PageRows | None = None
) -> tuple[SlotReading, ...]:
    """Return what stands in the number slots of a page; empty ones say nothing.

    Args:
        recogniser: reads the figures.
        pixels: the original page, grey (height by width) or BGR (height by width by 3).
        page: the page as it was read, with its words.
        rows: the rows of the page, where they were made already.

    Raises:
        MissingEngineError: the recogniser's model is not there.
    """
    mapping = upright_page(pixels, page.measures)
    slots = form_slots(PageOfDossier(page.number, page), rows)
    read = (_read(recogniser, band) for band in bands_of(slots, pixels, mapping))
    return tuple(filter(None, read))


def _read(recogniser: LineRecogniser, band: RowBand) -> SlotReading | None:
    """Return what stands in a slot; None where it is empty, or undisturbed print."""
    figures = figures_in(band.picture.ink, band.row, band.slot.height)
    if not figures:
        return None
    groups = list(_groups(figures, _GAP * band.slot.height, band.picture.cells))
    own = Span(groups[0][0].left, groups[0][-1].right)
    seen = _disturbed(band, own, figures)
    if seen:
        return _refused(band, own, seen)
    if band.slot.sure:
        return None
    if any(len(group) > 2 for group in groups[1:]):
        return _refused(band, own, SEVERAL)
    return _figures(recogniser, band, groups[0], own)


def _groups(figures: Sequence[Span], gap: float, cells: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield figures that belong together: those in boxes, then what stands apart."""
    group: list[Span] = []
    for figure in figures:
        ended = cells and figure.left > cells[-1].right
        is_far = bool(group) and figure.left - group[-1].right > gap
        if group and (is_far or ended) and not (cells and figure.right <= cells[-1].right):
            yield group
            group = []
            cells = ()
        group.append(figure)
    yield group


def _figures(
    recogniser: LineRecogniser, band: RowBand, figures: Sequence[Span], own: Span
) -> SlotReading:
    """Return the number that both readings have, or why there is none."""
    band = band._replace(picture=row_alone(band.picture, band.row, band.slot.height))
    drawn = _of_cells(band) if band.picture.cells else [own]
    if drawn is None:
        return _refused(band, own, UNSURE)
    sure, text = _read_twice(recogniser, band, drawn)
    if not text or len(text) not in LENGTHS[band.slot.kind] or _is_cut(band, drawn, text):
        return _refused(band, own, UNSURE)
    value = text
    if band.slot.kind is SlotKind.TAX_CODE and len(text) > _BRANCH:
        value = f"{text[:_BRANCH]}-{text[_BRANCH:]}"
    if not holds(band.slot.kind, value):
        return _refused(band, own, UNSURE)
    slot, place = band.slot, on_page(band, own)
    return SlotReading(slot.kind, value, round(sure, 3), place, slot.raw, "", slot.label)


def _read_twice(
    recogniser: LineRecogniser, band: RowBand, drawn: Sequence[Span]
) -> tuple[float, str]:
    """Return what both readings say and how sure the weakest figure is; no text if they differ.

    The check digit of a tax code proves what stands before its branch, which may be less sure.
    """
    is_proven = band.slot.kind is SlotKind.TAX_CODE
    weaker, stronger = _PROVEN if is_proven else _LEAST
    columns = [recogniser.alphabet.index(str(digit)) + 1 for digit in range(10)]
    sure: list[float] = []
    branch: list[float] = []
    text = ""
    for apart in _APART:
        steps = recogniser.steps(_drawn(band, drawn, apart))
        one = digits(steps, columns)
        letters = greedy(steps, recogniser.alphabet)
        free = _FIGURES.fullmatch("".join(each.text for each in letters))
        alone = re.sub(r"\D", "", free[1]) if free else ""
        if one.confidence < weaker or one.text != alone or (text and one.text != text):
            return 0.0, ""
        text = one.text
        sure.append(one.confidence)
        figures = [each.confidence for each in letters if each.text.isdecimal()]
        branch.append(min(figures[_BRANCH:], default=1.0))
    if is_proven and (min(branch) < _LEAST[0] or max(branch) < _LEAST[1]):
        return 0.0, ""
    return (min(sure), text) if max(sure) >= stronger else (0.0, "")


def _is_cut(band: RowBand, drawn: Sequence[Span], text: str) -> bool:
    """Tell whether figures are missing, or one may have lost a bar that lay on a rule.

    A tax code with one figure wrong has a wrong check digit, which says nothing of its branch.
    """
    if not band.picture.cells:
        return False
    if len(text) != len(drawn):
        return True
    height, proven = band.slot.height, _BRANCH if band.slot.kind is SlotKind.TAX_CODE else 0
    return (
        cut_figures(band.picture, drawn[:proven], text[:proven], height) > 1
        or cut_figures(band.picture, drawn[proven:], text[proven:], height) > 0
    )


def _of_cells(band: RowBand) -> list[Span] | None:
    """Return the boxes that hold a figure; None when one in between is empty."""
    filled = [cell for cell in band.picture.cells if _holds_figure(band, cell)]
    return filled if len(filled) == len(band.picture.cells) else None


def _holds_figure(band: RowBand, cell: Span) -> bool:
    rows = np.flatnonzero(band.picture.ink[reach_of(band), cell.left : cell.right].any(axis=1))
    return bool(len(rows)) and rows[-1] - rows[0] > 0.35 * band.slot.height


def _drawn(band: RowBand, parts: Sequence[Span], apart: float) -> Pixels:
    """Draw figures side by side, with so much paper between them, cut close above and below."""
    height, paper = band.slot.height, band.picture.paper
    inked = band.picture.ink
    rows = np.flatnonzero(
        np.logical_or.reduce([inked[:, part.left : part.right].any(axis=1) for part in parts])
    )
    room = round((_ROOM if apart == _APART[0] else 1.6 * _ROOM) * height)
    top, low = int(rows[0]), int(rows[-1]) + 1
    pieces: list[Pixels] = []
    for part in parts:
        piece = band.picture.grey[top:low, part.left : part.right]
        if len(parts) > 1:
            columns = np.flatnonzero(band.picture.ink[top:low, part.left : part.right].any(axis=0))
            piece = piece[:, max(0, columns[0] - 1) : columns[-1] + 2]
            pieces.append(np.full((low - top, round(apart * height)), paper, np.uint8))
        pieces.append(piece)
    line = np.hstack(pieces)
    return np.asarray(
        cv2.copyMakeBorder(line, room, room, room, room, cv2.BORDER_CONSTANT, value=paper), np.uint8
    )


def _disturbed(band: RowBand, own: Span, figures: Sequence[Span]) -> str:
    """Return why the figures may not hold, Vietnamese; empty when they stand alone."""
    height = band.slot.height
    _, labels, stats = label_components(band.picture.ink)
    feet = stats[:, 1] + stats[:, 3]
    goes_on_above = (stats[:, 1] <= 1) & (feet < band.row[0] + 0.5 * height)
    of_row_above = goes_on_above | (feet < band.row[0] - _NEAR * height)
    of_row_above[0] = True
    looked = np.where(of_row_above[labels], 255, 0).astype(np.uint8)
    seen = disturbance(looked, Around(own.left, own.right, *band.row, 0.0))
    alone = row_alone(band.picture, band.row, height).ink
    if seen is None and _reaches_up(band, own, alone):
        seen = Disturbance.ADDED
    room = round(_BESIDE * height)
    inner = min((cell.right - cell.left for cell in band.picture.cells), default=0)
    parts = (alone[:, max(0, one.left - room) : one.right + room] for one in figures)
    if (
        seen is None
        and not band.slot.sure
        and any(is_struck_alone(p, height, inner) for p in parts)
    ):
        return DISTURBED[Disturbance.STRUCK] if band.picture.cells else UNSURE  # bars that touch
    return DISTURBED[seen] if seen else ""


def _reaches_up(band: RowBand, own: Span, alone: Mask) -> bool:
    """Tell whether something joined to the figures goes up where no figure of theirs does."""
    height, picture = band.slot.height, band.picture
    top = max(0, round(band.row[0] - _HIGH * height))
    if alone[:top, own.left : own.right].any():
        return True
    if picture.edges is None or picture.edges.left < 0 or picture.dark is None:
        return False
    first, last = (max(0, round(picture.edges.left - share * height)) for share in _OVER)
    across = picture.dark[first:last]
    return bool(len(across)) and any(
        across[:, cell.left : cell.right].all(axis=0).any() for cell in picture.cells
    )


def _refused(band: RowBand, own: Span, reason: str) -> SlotReading:
    place = on_page(band, own)
    return SlotReading(band.slot.kind, "", 0.0, place, band.slot.raw, reason, band.slot.label)
