"""The extractors of fields, all of one shape, in the order in which they run on a paper.

An extractor gets a paper and what the extractors before it found, and returns findings by field
name (``pipeline/documents/fields.py``). A later finding of the same name replaces an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from pipeline.documents.classify import Title
from pipeline.documents.document_types import LETTER
from pipeline.documents.extract.codes import codes
from pipeline.documents.extract.header import Head, agencies
from pipeline.documents.extract.land import LAND_TITLE, title_serial
from pipeline.documents.extract.numbering import dating, dating_below, numbering
from pipeline.documents.extract.parties import PaperKind, findings_of, parties_of
from pipeline.documents.extract.receipts import RECEIPT, labelled_day, receipt_findings
from pipeline.documents.extract.signature import signature
from pipeline.documents.extract.signed_names import signer_below, with_signed_names
from pipeline.documents.extract.summary import summary_below, summary_by_label, summary_of_letter
from pipeline.documents.machine_readable.coded_fields import coded_fields
from pipeline.documents.rows import PageRows, make_finding
from pipeline.documents.slots.filled import with_slots
from pipeline.documents.symbols import TYPE_OF_ABBREVIATION, abbreviated_type
from pipeline.model import CERTAIN, Finding

Findings = dict[str, Finding]

# What types begin with that people fill in, or have somebody fill in for them.
_FILLED_IN = (
    "Tờ khai", "Đơn ", "Giấy đề nghị", "Hợp đồng", "Văn bản", "Giấy cam", "Bản cam", "Sơ yếu",
    "Giấy nộp tiền", "Giấy ủy quyền", "Di chúc", "Phiếu",
)  # fmt: skip
_ABBREVIATION = {label: short for short, label in TYPE_OF_ABBREVIATION.items()}


class Paper(NamedTuple):
    """Consecutive pages that are one document, as extractors see them."""

    title: Title | None  # printed on its first page
    head: Head  # of its first page
    pages: list[PageRows]
    applicants: frozenset[str] = frozenset()  # of other papers of the dossier, folded

    @property
    def has_head(self) -> bool:
        """Whether what stands on top may be read as a letterhead."""
        return self.title is not None or self.head.is_sure


Extractor = Callable[[Paper, Mapping[str, Finding]], Findings]


def extract(paper: Paper) -> Findings:
    """Return the findings of all extractors on a paper."""
    found: Findings = {}
    for extractor in EXTRACTORS:
        found |= extractor(paper, found)
    return found


def _head(paper: Paper, found: Mapping[str, Finding]) -> Findings:
    """Number, symbol, date, place and agencies of a letterhead."""
    if not paper.has_head:
        return {}
    short = _ABBREVIATION.get(paper.title.kind.label) if paper.title else None
    found = numbering(paper.head, short) | dating(paper.head)
    return found | with_slots(paper.head.page, found) | agencies(paper.head)


def _summary(paper: Paper, found: Mapping[str, Finding]) -> Findings:
    if not paper.has_head:
        return {}
    title = paper.title
    if title is None:
        summary = summary_of_letter(paper.head)
    elif title.kind.administrative:
        summary = summary_below(paper.head.page, title)
    else:
        summary = summary_by_label(paper.head.page)
    return {"summary": summary} if summary else {}


def _document_type(paper: Paper, found: Mapping[str, Finding]) -> Findings:
    """Name the paper by its title, else by its symbol; a letter has neither title nor type."""
    title, page = paper.title, paper.head.page
    if title is not None:
        tokens = [token for row in title.rows for token in row.tokens]
        return {"document_type": make_finding(page, title.kind.label, tokens, title.similarity)}
    symbol = found.get("symbol")
    if symbol is None:
        return {}
    if named := abbreviated_type(symbol.value):
        confidence = min(symbol.confidence, CERTAIN - 0.1)
        return {"document_type": replace(symbol, value=named, confidence=confidence)}
    sure = paper.head.national and "summary" in found
    confidence = 0.9 if sure else CERTAIN - 0.1
    return {"document_type": replace(symbol, value=LETTER, confidence=confidence)}


def _date_below(paper: Paper, found: Mapping[str, Finding]) -> Findings:
    """Date of a citizen paper, which stands over its signature, or behind a card's label."""
    title = paper.title
    if title is None or title.kind.administrative or "issued_on" in found:
        return {}
    return dating_below(paper.pages) or labelled_day(paper.pages, "issued_on")


def _signature(paper: Paper, found: Mapping[str, Finding]) -> Findings:
    found_there = signature(paper.pages)
    is_citizens = paper.title is not None and not paper.title.kind.administrative
    if "signer" not in found_there and is_citizens:
        found_there |= signer_below(paper.pages)
    return found_there


def _codes(paper: Paper, found: Mapping[str, Finding]) -> Findings:
    return codes(paper.pages)


def _land_title(paper: Paper, found: Mapping[str, Finding]) -> Findings:
    is_land_title = paper.title is not None and paper.title.kind.label == LAND_TITLE
    return title_serial(paper.pages) if is_land_title else {}


def _receipt(paper: Paper, found: Mapping[str, Finding]) -> Findings:
    is_receipt = paper.title is not None and paper.title.kind.label == RECEIPT
    return receipt_findings(paper.pages) if is_receipt else {}


def _parties(paper: Paper, found: Mapping[str, Finding]) -> Findings:
    """People and organisations: not of office papers, whose bodies name many."""
    kind = _kind(paper)
    if kind is None:
        return {}
    parties = parties_of(paper.pages, is_form=kind is PaperKind.FORM)
    return with_signed_names(findings_of(parties, kind, paper.applicants), paper.pages)


def _machine_readable(paper: Paper, found: Mapping[str, Finding]) -> Findings:
    """What QR codes and machine-readable zones say, which beats what was read."""
    kind = found.get("document_type")
    return coded_fields(paper.pages, kind.value if kind else "", found)


def _kind(paper: Paper) -> PaperKind | None:
    if paper.title is None:
        return None if paper.head.number else PaperKind.FORM  # nobody knows what it is
    label = paper.title.kind.label
    if label == RECEIPT:
        return PaperKind.RECEIPT
    if label.startswith(_FILLED_IN):
        return PaperKind.FORM
    return None if paper.title.kind.administrative else PaperKind.OFFICE


EXTRACTORS: tuple[Extractor, ...] = (
    _head,
    _summary,
    _document_type,
    _date_below,
    _signature,
    _codes,
    _land_title,
    _receipt,
    _parties,
    _machine_readable,
)
