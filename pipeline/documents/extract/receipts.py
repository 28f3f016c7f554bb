"""Extracts what a receipt says of its dossier: procedure, receiving unit, reception and due day.

Labels of receipts: docs/domain.md §3.5; the wording of other systems varies, so labels decide and
not places.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.documents.extract.dates import find_dates
from pipeline.documents.extract.labels import Labelled, labelled_values
from pipeline.documents.rows import PageRows, make_finding
from pipeline.model import CERTAIN, Finding, Source

RECEIPT = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"  # its label among the document types
_CLEAN = 0.9  # least confidence of the engine from which digits are believed
_DAYS = ("received_on", "due_on")
_TEXTS = {"procedure_name": "procedure_name", "unit": "receiving_unit"}


def receipt_findings(pages: Sequence[PageRows]) -> dict[str, Finding]:
    """Return ``received_on``, ``due_on``, ``procedure_name`` and ``receiving_unit`` of a receipt.

    Args:
        pages: the pages of one receipt.
    """
    found: dict[str, Finding] = {}
    for one in labelled_values(pages):
        if one.label.field in _DAYS:
            name, finding = one.label.field, _day(one)
        elif one.label.field in _TEXTS:
            name, finding = _TEXTS[one.label.field], _text(one)
        else:
            continue
        if finding is not None:
            found.setdefault(name, finding)
    return found


def labelled_day(pages: Sequence[PageRows], name: str) -> dict[str, Finding]:
    """Return the first day behind a label of this name, as ``name``."""
    for one in labelled_values(pages):
        if one.label.field == name and (day := _day(one)):
            return {name: day}
    return {}


def _day(one: Labelled) -> Finding | None:
    """Return the day behind a label; blank forms (``ngày … tháng …``) print none."""
    dates = [date for date in find_dates(one.text) if date.day]
    if not dates or dates[0].day is None:
        return None
    digits = [token for token in one.tokens if any(char.isdigit() for char in token.text)]
    sure = min((token.confidence for token in digits), default=0.0)
    if one.page.source is Source.OCR and sure < _CLEAN:
        sure = min(sure, CERTAIN - 0.1)
    return make_finding(one.page, dates[0].day.isoformat(), one.tokens, sure)


def _text(one: Labelled) -> Finding | None:
    if not one.tokens:
        return None
    letters = sum(len(token.text) for token in one.tokens)
    sure = sum(token.confidence * len(token.text) for token in one.tokens) / letters
    worst = min(token.confidence for token in one.tokens)
    value = one.text.strip(" .,;:-")
    trust = min(sure, CERTAIN - 0.1) if worst < CERTAIN else sure
    return make_finding(one.page, value, one.tokens, trust)
