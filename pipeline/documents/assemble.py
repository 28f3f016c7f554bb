"""From pages to papers: where a paper begins, what it is, and what its head says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.documents.classify import Title, find_title
from pipeline.documents.document_types import LETTER
from pipeline.documents.extract.codes import codes
from pipeline.documents.extract.header import Head, agencies, has_heading, read_head
from pipeline.documents.extract.numbering import dating, dating_below, numbering
from pipeline.documents.extract.signature import signature
from pipeline.documents.extract.summary import summary_below, summary_by_label, summary_of_letter
from pipeline.documents.rows import PageOfDossier, PageRows, finding, rows_of
from pipeline.documents.symbols import TYPE_OF_ABBREVIATION, abbreviated_type
from pipeline.model import CERTAIN, Document, Finding, PageState

_ABBREVIATION = {label: short for short, label in TYPE_OF_ABBREVIATION.items()}


class _Paper(NamedTuple):
    """A run of pages and the title on its first page."""

    title: Title | None
    sheets: list[PageRows]


def assemble(pages: Sequence[PageOfDossier]) -> tuple[Document, ...]:
    """Cut the pages of a dossier, in order, into papers and read their heads.

    A page with a title or the national heading begins a paper; a page without continues the one
    before; blank and unread pages belong to the paper before them.
    """
    papers: list[_Paper] = []
    for page in pages:
        sheet = rows_of(page)
        silent = page.page.state in (PageState.BLANK, PageState.NOT_READ)
        headed = not silent and has_heading(sheet)
        title = None if silent else find_title(sheet, headed=headed)
        if headed or title is not None or not papers:
            papers.append(_Paper(title, []))
        papers[-1].sheets.append(sheet)
    return tuple(_document(paper) for paper in papers)


def _document(paper: _Paper) -> Document:
    first, title = paper.sheets[0], paper.title
    head = read_head(first, title)
    found = _head_findings(head, title) if title or head.is_sure else {}
    kind = _type(head, title, found)
    if kind:
        found["document_type"] = kind
    if title is not None and not title.kind.administrative and "issued_on" not in found:
        found |= dating_below(paper.sheets)
    found |= signature(paper.sheets) | codes(paper.sheets)
    label = kind.value if kind else ""
    return Document(label, tuple(sheet.number for sheet in paper.sheets), found)


def _head_findings(head: Head, title: Title | None) -> dict[str, Finding]:
    found = numbering(head, _ABBREVIATION.get(title.kind.label) if title else None)
    found |= dating(head) | agencies(head)
    if summary := _summary(head, title):
        found["summary"] = summary
    return found


def _summary(head: Head, title: Title | None) -> Finding | None:
    if title is None:
        return summary_of_letter(head)
    if title.kind.administrative:
        return summary_below(head.sheet, title)
    return summary_by_label(head.sheet)


def _type(head: Head, title: Title | None, found: dict[str, Finding]) -> Finding | None:
    """Name the paper by its title, else by its symbol; a letter has neither title nor type."""
    if title is not None:
        tokens = [token for row in title.rows for token in row.tokens]
        return finding(head.sheet, title.kind.label, tokens, title.likeness)
    symbol = found.get("symbol")
    if symbol is None:
        return None
    if named := abbreviated_type(symbol.value):
        return replace(symbol, value=named, confidence=min(symbol.confidence, CERTAIN - 0.1))
    sure = head.national and "summary" in found
    return replace(symbol, value=LETTER, confidence=0.9 if sure else CERTAIN - 0.1)
