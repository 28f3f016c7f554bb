"""Shapes of dossiers, documents, fields and files in answers of the API."""

from __future__ import annotations

from pydantic import Field

from pipeline.access import may_hand_out, withholding
from pipeline.checklist.decided import decisions_of
from pipeline.documents.fields import label_of, rank_of
from pipeline.model import Document, Dossier, Finding, PageEdit, Record, Scan
from pipeline.ports.searchable_pdf import SearchablePdf
from web.api.answers import ApiAnswer, Moment, Text
from web.api.page_answers import Box, PageSummary


class FieldAnswer(ApiAnswer):
    """A field of a document."""

    name: str
    label: Text = Field(description="Vietnamese name of the field")
    value: Text = Field(description="normalised: dates ISO")
    raw: Text = Field(description="as it was read")
    confidence: float = Field(ge=0, le=1)
    certain: bool = Field(description="false: somebody should check it")
    source: str
    page: int | None = Field(description="page of the dossier it was read on, from 1")
    box: Box | None = Field(description="left, top, width, height in pixels of the original page")
    confirmed_by: str | None


class SheetPartAnswer(ApiAnswer):
    """One of several papers on a sheet."""

    page: int = Field(description="the sheet, within the dossier, from 1")
    part: int = Field(description="of the papers on it, in the order of its text, from 1")
    of: int = Field(description="how many papers it has")


class DocumentAnswer(ApiAnswer):
    """Pages that are one paper."""

    number: int = Field(description="within the dossier, from 1")
    type: Text = Field(description="empty: unknown")
    pages: tuple[int, ...] = Field(description="in the order in which people read them")
    parts: tuple[SheetPartAnswer, ...] = Field(
        description="of pages that it shares with other documents; a page without one is its own"
    )
    boundary: Text = Field(description="why it begins where it does; empty: not noted")
    fields: tuple[FieldAnswer, ...]


class FileAnswer(ApiAnswer):
    """A dropped file, or one that lay in it."""

    sha256: str
    name: Text
    size: int = Field(description="bytes")
    media_type: str
    pages: int = Field(description="0: it only carries other files")
    inside: str | None = Field(description="SHA-256 of the file it lay in")
    may_be_handed_out: bool
    searchable_pdf: str | None = Field(description="its level, such as 2b; null: there is none")


class VersionAnswer(ApiAnswer):
    """A version of the dossier."""

    sequence: int
    at: Moment
    actor: str
    action: str
    outcome: str | None
    reason: Text


class MissingFileAnswer(ApiAnswer):
    """A file that the dossier lacks."""

    name: Text
    why: Text


class PageEditAnswer(ApiAnswer):
    """What people decided of a page."""

    scan: str = Field(description="SHA-256 of its file")
    number: int = Field(description="its number within the file")
    by: str
    orientation: int | None = Field(description="degrees clockwise that bring it upright, as said")
    words: int = Field(description="how often its words were mended; 0: they are as they were read")
    left_out: Text | None = Field(description="why it is no page of the dossier")
    confirmed: bool = Field(description="somebody looked at it: it stays as it was read")


class ComponentAnswer(ApiAnswer):
    """A component of the checklist."""

    name: Text
    state: str = Field(description="present, missing, unclear, shown, exempt")
    source: str = Field(description="where the checklist comes from: receipt or catalogue")
    pages: tuple[int, ...]
    reason: Text
    reference: str = Field(description="dossier whose paper stands for it; empty: none")
    marked: str | None = Field(description="what a person said: on_paper, shown, exempt")
    marked_by: str | None
    marked_at: Moment | None
    why: Text | None = Field(description="the reason of that person")


class DossierAnswer(ApiAnswer):
    """A dossier as its newest record has it."""

    id: str
    code: Text | None
    title: Text
    name: Text = Field(description="as it was dropped")
    received: Moment
    unit: Text | None
    procedure: Text | None
    outcome: str | None = Field(description="COMPLETE, PARTIAL, FAILED; null while it waits")
    queued: bool
    withheld: bool
    reasons: tuple[Text, ...]
    documents: tuple[DocumentAnswer, ...]
    pages: tuple[PageSummary, ...]
    files: tuple[FileAnswer, ...]
    missing: tuple[MissingFileAnswer, ...]
    components: tuple[ComponentAnswer, ...] = Field(
        description="the checklist; empty: there is none"
    )
    history: tuple[VersionAnswer, ...] = Field(description="newest first")
    proposed_join: str | None = Field(description="dossier of the same code it may be joined to")
    proposals: tuple[str, ...] = Field(description="dossiers that may be joined to this one")
    joined_into: str | None
    joined_from: tuple[str, ...]
    edits: tuple[PageEditAnswer, ...] = Field(description="what people decided of single pages")


def component_answers(dossier: Dossier) -> tuple[ComponentAnswer, ...]:
    """Return the checklist of a dossier."""
    marks = decisions_of(dossier.components, dossier.marks)
    return tuple(
        ComponentAnswer(
            name=one.name,
            state=str(one.state),
            source=one.source,
            pages=one.pages,
            reason=one.reason,
            reference=one.reference,
            marked=str(mark.kind) if mark else None,
            marked_by=mark.by if mark else None,
            marked_at=mark.at if mark else None,
            why=mark.why if mark else None,
        )
        for one, mark in zip(dossier.components, marks, strict=True)
    )


def edit_answer(edit: PageEdit) -> PageEditAnswer:
    """Return what people decided of a page."""
    return PageEditAnswer(
        scan=edit.scan,
        number=edit.number,
        by=edit.by,
        orientation=edit.orientation,
        words=edit.words,
        left_out=edit.left_out or None,
        confirmed=edit.is_confirmed,
    )


def document_answer(number: int, document: Document) -> DocumentAnswer:
    """Return a document with its fields in the order in which people read them."""
    names = sorted(document.findings, key=rank_of)
    fields = tuple(_field(name, document.findings[name]) for name in names)
    return DocumentAnswer(
        number=number,
        type=document.type,
        pages=document.pages,
        parts=tuple(SheetPartAnswer(**each._asdict()) for each in document.parts),
        boundary=document.boundary,
        fields=fields,
    )


def _field(name: str, finding: Finding) -> FieldAnswer:
    return FieldAnswer(
        name=name,
        label=label_of(name),
        value=finding.value,
        raw=finding.raw,
        confidence=round(finding.confidence, 3),
        certain=finding.is_certain,
        source=str(finding.source),
        page=finding.page,
        box=tuple(finding.box) if finding.box else None,
        confirmed_by=finding.confirmed_by,
    )


def file_answer(record: Record, scan: Scan, made: SearchablePdf | None) -> FileAnswer:
    """Return a file of a dossier, and whether there is a searchable PDF of it."""
    return FileAnswer(
        sha256=scan.sha256,
        name=scan.name,
        size=scan.size,
        media_type=scan.media_type,
        pages=scan.pages,
        inside=scan.inside,
        may_be_handed_out=may_hand_out(record),
        searchable_pdf=(made.level or "") if made and made.pdf else None,
    )


def version_answer(record: Record) -> VersionAnswer:
    """Return a version of a dossier as its history has it."""
    outcome = record.dossier.outcome
    return VersionAnswer(
        sequence=record.sequence,
        at=record.at,
        actor=record.actor,
        action=record.action,
        outcome=str(outcome) if outcome else None,
        reason=record.reason,
    )


def is_withheld(record: Record) -> bool:
    """Tell whether nothing of a dossier is handed out."""
    return withholding(record) is not None
