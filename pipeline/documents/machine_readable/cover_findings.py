"""Gives the papers of a dossier what the cover sheet before them says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.documents.machine_readable.coded_fields import CODED, beating, coded_finding
from pipeline.documents.machine_readable.cover_sheets import CoverSheet, decoded, sheet_of
from pipeline.documents.rows import PageOfDossier
from pipeline.model import Document, Finding, Source

TWO_CODES = "Hồ sơ có hai mã hồ sơ khác nhau trên mã QR hoặc tên: cần người xem."


def with_cover_sheets(
    documents: Sequence[Document], pages: Sequence[PageOfDossier]
) -> list[Document]:
    """Return the papers, each with what the sheets right before it say.

    A sheet behind the last paper tells the code and the procedure of the dossier, no component.

    Args:
        documents: the papers of a dossier, without the sheets themselves.
        pages: all its pages that have a result, in order.
    """
    kept = list(documents)
    # The first by position: that in reading order may lie behind the next sheet.
    places = reversed(list(enumerate(kept)))  # of several on one sheet the first counts
    firsts = {min(document.pages): at for at, document in places if document.pages}
    waiting: list[tuple[PageOfDossier, CoverSheet]] = []
    for page in pages:
        if sheet := sheet_of(page.page):
            waiting.append((page, sheet))
        elif page.number in firsts and waiting:
            at = firsts[page.number]
            for ahead, sheet in waiting:
                kept[at] = _with(kept[at], ahead, sheet)
            waiting = []
    for ahead, sheet in waiting if kept else ():
        kept[-1] = _with(kept[-1], ahead, sheet._replace(component=""))
    return kept


def _with(document: Document, page: PageOfDossier, sheet: CoverSheet) -> Document:
    code = next(code for code in page.page.codes if decoded(code.text))
    values = {
        "dossier_code": sheet.code,
        "procedure_code": sheet.procedure,
        "component": sheet.component,
    }
    found = dict(document.findings)
    for name, value in values.items():
        if value:
            coded = coded_finding(page.number, code, value)
            found[name] = _said(name, found.get(name), coded)
    return replace(document, findings=found)


def _said(name: str, read: Finding | None, coded: Finding) -> Finding:
    told = beating(name, read, coded)
    if name == "dossier_code" and read and read.value != coded.value and not told.is_certain:
        return told.doubted(TWO_CODES)
    return told


def coded_dossier_codes(documents: Sequence[Document]) -> set[str]:
    """Return the dossier codes that QR codes say, of which a person decided nothing."""
    found = (document.findings.get("dossier_code") for document in documents)
    return {one.value for one in found if one and one.source is Source.QR and not one.confirmed_by}


def with_doubted_codes(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return the papers with the dossier codes of their QR codes doubted: they contradict."""
    return tuple(map(_doubted, documents))


def without_doubted_codes(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return the papers with codes that ``with_doubted_codes`` doubted as certain as they were.

    What was doubted for another reason as well, as a sheet and its paper that differ, stays so.
    """
    return tuple(map(_undoubted, documents))


def _undoubted(document: Document) -> Document:
    one = document.findings.get("dossier_code")
    if one is None or one.source is not Source.QR or one.confirmed_by:
        return document
    if one.reasons != (TWO_CODES,):
        return document
    sure = replace(one, confidence=CODED, reasons=())
    return replace(document, findings={**document.findings, "dossier_code": sure})


def _doubted(document: Document) -> Document:
    one = document.findings.get("dossier_code")
    if one is None or one.source is not Source.QR or one.confirmed_by:
        return document
    return replace(document, findings={**document.findings, "dossier_code": one.doubted(TWO_CODES)})


def has_two_codes(document: Document) -> bool:
    """Tell whether a paper and the sheet before it say two dossier codes."""
    one = document.findings.get("dossier_code")
    return one is not None and not one.confirmed_by and TWO_CODES in one.reasons
