"""What the papers of a dossier say of the dossier as a whole: its code, procedure and unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from pipeline.documents.boundaries.sheet_papers import rows_of_document
from pipeline.documents.catalogue import Catalogue
from pipeline.documents.completeness import Held, components_of
from pipeline.documents.extract.checklists import checklist
from pipeline.documents.extract.identifiers import (
    find_dossier_code,
    find_dossier_codes,
    unit_of_code,
)
from pipeline.documents.extract.receipts import RECEIPT
from pipeline.documents.rows import PageOfDossier
from pipeline.documents.units import unit_named
from pipeline.model import Component, Document, Dossier, Finding, PageState

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
        return unit_of_code(code)
    issuer = certain_value(documents, "issuer")
    return unit_named(issuer).name if issuer else None


def listed_papers(documents: Sequence[Document], pages: Sequence[PageOfDossier]) -> tuple[str, ...]:
    """Return the papers that the dossier's receipt lists, as printed; empty without a list.

    Args:
        documents: the papers of the dossier.
        pages: its pages that have a result.
    """
    of = {page.number: page for page in pages}
    for receipt in documents:
        if receipt.type == RECEIPT and (listed := checklist(rows_of_document(receipt, of))):
            return listed
    return ()


def components(
    dossier: Dossier,
    documents: Sequence[Document],
    listed: Sequence[str],
    catalogue: Catalogue,
) -> tuple[Component, ...]:
    """Return the checklist of a dossier, by its receipt first and the catalogue second.

    Args:
        dossier: its code gives the day of reception where no receipt was read; what of its pages
            was not read may be any paper.
        documents: its papers.
        listed: the papers that its receipt lists.
        catalogue: the procedures known.
    """
    received = certain_value(documents, "received_on")
    on = date.fromisoformat(received) if received else _received(dossier.code)
    unread = [
        number
        for number, note in enumerate(dossier.pages, start=1)
        if note.state is PageState.NOT_READ
    ]
    procedure = certain_value(documents, "procedure_code")
    return components_of(documents, listed, Held(catalogue, procedure, on), unread)


def with_known_procedures(
    documents: Sequence[Document], catalogue: Catalogue
) -> tuple[Document, ...]:
    """Return documents whose procedure codes are uncertain where the catalogue lacks them (V6).

    The sample knows a few procedures only: what it lacks says nothing.
    """
    if not catalogue.is_imported:
        return tuple(documents)
    return tuple(_with_known_procedure(document, catalogue) for document in documents)


def _with_known_procedure(document: Document, catalogue: Catalogue) -> Document:
    code = document.findings.get("procedure_code")
    if code is None or catalogue.knows(code.value):
        return document
    doubted = code.doubted("Mã thủ tục không có trong danh mục của cơ quan.")
    return replace(document, findings={**document.findings, "procedure_code": doubted})


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
