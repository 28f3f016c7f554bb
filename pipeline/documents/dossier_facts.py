"""What the papers of a dossier say of the dossier as a whole: its code, procedure and unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.documents.extract.identifiers import find_dossier_code, find_dossier_codes
from pipeline.documents.extract.receipts import RECEIPT
from pipeline.documents.units import unit_named
from pipeline.model import Document, Finding

_LEGIBLE = 0.5  # least confidence of a unit's name that is on the list: no other is spelled alike
_NAMING = ("receiving_unit", "issuer", "parent_issuer")


def code_of(documents: Sequence[Document]) -> str | None:
    """Return the dossier code that the papers print, if one is certain."""
    value = certain_value(documents, "dossier_code")
    return find_dossier_code(value) if value else None


def unit_of(documents: Sequence[Document], code: str | None) -> str | None:
    """Return the unit that received a dossier: by name, from the code alone where no paper says.

    Without a code it is the issuer of the first paper that names one.

    Args:
        documents: the papers of the dossier.
        code: its code; None while nobody knows it.
    """
    received = _received(code)
    for finding in _on_receipts(documents):
        unit = unit_named(finding.value, received)
        if unit.is_known and finding.confidence >= _LEGIBLE:
            return unit.name
    if code:
        return code.rsplit("-", 2)[0]
    issuer = certain_value(documents, "issuer")
    return unit_named(issuer).name if issuer else None


def certain_value(documents: Sequence[Document], name: str) -> str | None:
    """Return the first certain value of a field among the papers of a dossier."""
    for document in documents:
        finding = document.findings.get(name)
        if finding and finding.is_certain:
            return finding.value
    return None


def _on_receipts(documents: Sequence[Document]) -> Iterator[Finding]:
    for document in documents:
        if document.type == RECEIPT:
            yield from (document.findings[n] for n in _NAMING if n in document.findings)


def _received(code: str | None) -> date | None:
    codes = find_dossier_codes(code) if code else []
    return codes[0].received if codes else None
