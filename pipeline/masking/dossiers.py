"""Masks what records say of a dossier: names of files, fields of papers, reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.checklist.decided import component_keys, decisions_of
from pipeline.documents.document_types import DOCUMENT_TYPES
from pipeline.errors import MisconfiguredError
from pipeline.masking.plain import HIDDEN
from pipeline.masking.slots import FIGURES
from pipeline.masking.text import mask_address, mask_birth, mask_text
from pipeline.model import Box, Component, ComponentMark, Document, Dossier, Finding, Record
from pipeline.vietnamese import fold

MASKED_FIELD = HIDDEN * 5
_NUMBERS = frozenset({"personal_id", "phone", "tax_code", "owner_id"})
_DATE, _ADDRESS = "born_on", "address"
PERSONAL_FIELDS = frozenset({*_NUMBERS, _DATE, _ADDRESS})
_IN_TITLE = frozenset({"number", "symbol", "summary"})


def is_whole(document_type: str, kinds: Collection[str]) -> bool:
    """Tell whether papers of a type are masked as a whole.

    Args:
        document_type: the type's label.
        kinds: the labels of the types that are; case and marks do not count.
    """
    return bool(document_type) and _folded(document_type) in set(map(_folded, kinds))


@lru_cache(1_000)  # a search asks it of 20 dossiers
def _folded(label: str) -> str:
    return fold(label)


def check_kinds(kinds: Collection[str]) -> None:
    """Refuse a list of types that names one which no paper has: it would mask nothing.

    Raises:
        MisconfiguredError: with the label that is none.
    """
    known = {fold(one.label) for one in DOCUMENT_TYPES}
    if unknown := [kind for kind in kinds if fold(kind) not in known]:
        raise MisconfiguredError(
            f"SOHOA_PRIVACY__MASKED_WHOLE: «{unknown[0]}» không phải một loại giấy tờ.",
            "Dùng tên loại giấy tờ như phòng đọc hiện, ví dụ «Thẻ căn cước».",
        )


def whole_pages(dossier: Dossier, kinds: Collection[str]) -> frozenset[int]:
    """Return the numbers (from 1) of the pages of papers that are masked as a whole."""
    papers = (paper for paper in dossier.documents if is_whole(paper.type, kinds))
    return frozenset(number for paper in papers for number in paper.pages)


def personal_boxes(dossier: Dossier, number: int) -> Iterator[Box]:
    """Yield where fields with personal data were read on a page (from 1), in original pixels."""
    for paper in dossier.documents:
        for name, finding in paper.findings.items():
            if name in PERSONAL_FIELDS and finding.page == number and finding.box is not None:
                yield finding.box


def mask_dossier(dossier: Dossier, kinds: Collection[str]) -> Dossier:
    """Return a dossier with the personal data in its names, fields and reasons hidden.

    Args:
        dossier: the dossier.
        kinds: the types of papers that are masked as a whole.
    """
    withheld, lift = dossier.withheld, dossier.proposed_lift
    listed = tuple(
        replace(one, name=mask_text(one.name), reason=mask_text(one.reason))
        for one in dossier.components
    )
    return replace(
        dossier,
        name=mask_text(dossier.name),
        scans=tuple(replace(scan, name=mask_text(scan.name)) for scan in dossier.scans),
        pages=tuple(replace(page, reasons=_each(page.reasons)) for page in dossier.pages),
        documents=tuple(_document(paper, kinds) for paper in dossier.documents),
        reused=tuple(replace(one, component=mask_text(one.component)) for one in dossier.reused),
        edits=tuple(replace(one, left_out=mask_text(one.left_out)) for one in dossier.edits),
        reasons=_each(dossier.reasons),
        components=listed,
        marks=tuple(_marks(dossier, listed)),
        proposed_lift=lift and replace(lift, why=mask_text(lift.why)),
        withheld=withheld and replace(withheld, why=mask_text(withheld.why)),
        missing=dossier.missing
        and tuple(
            replace(one, name=mask_text(one.name), why=mask_text(one.why))
            for one in dossier.missing
        ),
    )


def mask_record(record: Record, kinds: Collection[str]) -> Record:
    """Return a record with the personal data in it hidden; arguments are those of its dossier."""
    dossier = mask_dossier(record.dossier, kinds)
    return replace(record, dossier=dossier, reason=mask_text(record.reason))


def _marks(dossier: Dossier, listed: Sequence[Component]) -> Iterator[ComponentMark]:
    """Yield the marks of components: names that differed by their numbers alone are one now."""
    keys, marks = component_keys(listed), decisions_of(dossier.components, dossier.marks)
    for one, (_, nth), mark in zip(listed, keys, marks, strict=True):
        if mark:
            yield replace(mark, component=one.name, nth=nth, why=mask_text(mark.why))


def _each(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(mask_text, texts))


def _document(paper: Document, kinds: Collection[str]) -> Document:
    if is_whole(paper.type, kinds):
        kept = {name: one for name, one in paper.findings.items() if name not in _IN_TITLE}
        hidden = {
            name: replace(one, value=MASKED_FIELD, raw="", box=None, reasons=())
            for name, one in kept.items()
        }
        return replace(paper, findings=hidden)
    findings = {name: _finding(name, finding) for name, finding in paper.findings.items()}
    return replace(paper, findings=findings)


def _told(shown: str) -> int:
    return sum(map(len, FIGURES.findall(shown)))


def _finding(name: str, finding: Finding) -> Finding:
    finding = replace(finding, reasons=_each(finding.reasons))
    if name in (_DATE, _ADDRESS):
        hide = mask_birth if name == _DATE else mask_address
        return replace(finding, value=hide(finding.value), raw=hide(finding.raw))
    value, raw = mask_text(finding.value), mask_text(finding.raw)
    if name in _NUMBERS:
        value = value if HIDDEN in value else MASKED_FIELD
        # What was misread beyond recognition tells most of the number beside its value.
        raw = raw if HIDDEN in raw and _told(raw) <= _told(value) else ""
    return replace(finding, value=value, raw=raw)
