"""Derives from records what people are to look at, and what they found; pure.

Order: the dossier code, who is meant, number and symbol, dates, the rest; then the least
confident, then the oldest. A sample of what machines hold certain stands among the doubtful fields
of its kind. Whether a field is in the sample depends on where it stands alone, never on its value
or on who asks, so the sample is the same wherever and however often the queue is built.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from pipeline.access import may_hand_out
from pipeline.documents.fields import BY_NAME, FieldKind
from pipeline.model import Document, Dossier, Finding, Record

_NAMING = {"applicant", "full_name", "subject", "organisation", "personal_id", "tax_code"}
_REST = 4


class ReviewItem(NamedTuple):
    """A field of a paper that a person is to look at; it holds no value."""

    dossier: str
    page: int  # the paper's first page within the dossier, from 1
    field: str  # name in ``pipeline.documents.fields``
    sequence: int  # of the record it stands in
    rank: int  # by kind of field; 0 comes first
    confidence: float  # 0-1
    since: datetime  # when the dossier was received
    is_sample: bool  # held certain by the machine, shown for quality control
    unit: str  # of the dossier; empty when unknown
    scanner: str  # the watched folder it came from; empty when nobody noted it

    @property
    def name(self) -> str:
        """What people and programs name the item by."""
        return f"{self.dossier}-{self.page}-{self.field}"


class SampleAnswer(NamedTuple):
    """What a person found of a field of the sample."""

    dossier: str
    page: int  # the paper's first page
    field: str
    is_right: bool  # the machine's certain value is the right one
    unit: str
    scanner: str


def rank_of_kind(field: str) -> int:
    """Return where a kind of field stands in the queue; 0 comes first."""
    if field == "dossier_code":
        return 0
    if field in _NAMING:
        return 1
    if field in ("number", "symbol"):
        return 2
    is_date = field in BY_NAME and BY_NAME[field].kind is FieldKind.DATE
    return 3 if is_date else _REST


def is_sampled(dossier: str, page: int, field: str, share: float) -> bool:
    """Tell whether a field belongs to the sample for quality control.

    Args:
        dossier: the dossier's id, half of which is chance.
        page: the paper's first page.
        field: the field's name.
        share: the share of fields that do, 0-1.
    """
    drawn = hashlib.sha256(f"{dossier}-{page}-{field}".encode()).digest()[:8]
    return int.from_bytes(drawn) < share * 2**64


def items_of(record: Record, share: float) -> Iterator[ReviewItem]:
    """Yield the fields of a dossier that people are to look at; none of what nobody may see.

    Args:
        record: the dossier's newest record.
        share: the share of certain fields that are looked at as well, 0-1.
    """
    dossier = record.dossier
    papers = [one for one in dossier.documents if one.pages] if may_hand_out(record) else []
    for document in papers:
        page = document.pages[0]
        for name, finding in document.findings.items():
            is_sample = finding.is_certain
            if finding.confirmed_by or (
                is_sample and not is_sampled(dossier.id, page, name, share)
            ):
                continue
            yield ReviewItem(
                dossier.id,
                page,
                name,
                record.sequence,
                rank_of_kind(name),
                finding.confidence,
                dossier.received,
                is_sample,
                dossier.unit or "",
                dossier.origin or "",
            )


def answers_of(history: Sequence[Record], share: float) -> Iterator[SampleAnswer]:
    """Yield what people found of the sampled fields of a dossier; what was taken back is not there.

    Args:
        history: the dossier's records, oldest first.
        share: the share of certain fields that are sampled, 0-1.
    """
    newest = history[-1].dossier
    for document in newest.documents:
        for name in decided_fields(document) if document.pages else ():
            if not is_sampled(newest.id, document.pages[0], name, share):
                continue
            read = _as_read(document.pages[0], name, history)
            if read is None or not read.is_certain:
                continue  # the machine doubted it, or a person found it
            now = document.findings.get(name)
            is_right = now is not None and now.value == read.value
            unit, scanner = newest.unit or "", newest.origin or ""
            yield SampleAnswer(newest.id, document.pages[0], name, is_right, unit, scanner)


def decided_fields(document: Document) -> list[str]:
    """Return the names of the fields of a paper of which a person decided."""
    confirmed = (name for name, one in document.findings.items() if one.confirmed_by)
    return [*confirmed, *document.absent]


def _as_read(page: int, name: str, history: Sequence[Record]) -> Finding | None:
    """Return the last value of a machine before people decided; None without one."""
    for record in reversed(history):
        paper = paper_at(record.dossier, page)
        finding = paper.findings.get(name) if paper else None
        if finding and not finding.confirmed_by:
            return finding
    return None


def paper_at(dossier: Dossier, page: int) -> Document | None:
    """Return the paper that begins on a page; None when none does any more."""
    return next((one for one in dossier.documents if one.pages[:1] == (page,)), None)
