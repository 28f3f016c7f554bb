"""Codes printed anywhere on a paper: of its dossier and of its procedure."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.documents.extract.identifiers import find_dossier_codes, find_procedure_codes
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.rows import PageRows, Row, Token, make_finding
from pipeline.model import CERTAIN, Finding, Source

_DOSSIER_LABELS = ("ma so ho so", "ma ho so", "so ho so", "ma bien nhan", "so bien nhan")
_PROCEDURE_LABELS = ("thu tuc", "tthc", "ma thu tuc")
_READ = 0.9  # reader confidence from which a code in good form is believed


def codes(sheets: Sequence[PageRows]) -> dict[str, Finding]:
    """Return ``dossier_code`` and ``procedure_code``; a labelled one goes before a bare one."""
    found: dict[str, Finding] = {}
    for sheet in sheets:
        for row in sheet.rows:
            for name, value, labelled in _on_row(row):
                better = make_finding(
                    sheet, value, row.tokens, _trust(sheet, row, value, labelled=labelled)
                )
                if name not in found or better.confidence > found[name].confidence:
                    found[name] = better
    return found


def _on_row(row: Row) -> list[tuple[str, str, bool]]:
    text = row.text
    if not any(char.isdigit() for char in text):
        return []
    label = folded_text(text)
    found = [
        ("dossier_code", code.text, any(name in label for name in _DOSSIER_LABELS))
        for code in find_dossier_codes(text)
        if code.received
    ]
    found += [
        ("procedure_code", code, any(name in label for name in _PROCEDURE_LABELS))
        for code in find_procedure_codes(text)
    ]
    return found


def _trust(sheet: PageRows, row: Row, value: str, *, labelled: bool) -> float:
    digits = [token for token in row.tokens if _holds_part_of(token, value)]
    read = min((token.confidence for token in digits), default=0.0)
    if sheet.source is Source.OCR and read < _READ:
        read = min(read, CERTAIN - 0.1)
    return read if labelled else min(read, CERTAIN - 0.1)


def _holds_part_of(token: Token, value: str) -> bool:
    digits = "".join(char for char in token.text if char.isdigit())
    return bool(digits) and digits in "".join(char for char in value if char.isdigit())
