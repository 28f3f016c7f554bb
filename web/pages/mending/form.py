"""The form that mends the fields of a paper: what it shows, and what was decided in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from fastapi import Depends, Form

from pipeline.corrections import FieldAct, FieldChange
from pipeline.documents.fields import BY_NAME, FIELDS, Field, rank_of
from pipeline.model import Document, Finding, Record
from web.labels import finding_value
from web.urls import page_url, picture_url


@dataclass(frozen=True, slots=True)
class SentField:
    """A field as it was sent: what stands in its box, and which ticks were set."""

    name: str
    typed: str
    is_confirmed: bool  # «đúng»
    is_rejected: bool  # «giấy không có»

    def decision(self, finding: Finding | None, paper: int) -> FieldChange | None:
        """Return what was decided, by comparison with what was shown; None: nothing."""
        shown = finding_value(self.name, finding.value) if finding else ""
        if self.is_rejected:
            return FieldChange(paper, self.name, FieldAct.REJECT) if finding else None
        if self.typed.strip() != shown:
            return FieldChange(paper, self.name, FieldAct.CORRECT, self.typed)
        if self.is_confirmed and finding:
            return FieldChange(paper, self.name, FieldAct.CONFIRM)
        return None


@dataclass(frozen=True, slots=True)
class SentForm:
    """The form of a paper as it was sent."""

    version: int  # of the dossier, as the person saw it
    fields: tuple[SentField, ...]
    reason: str = ""

    def changes(self, seen: Document, paper: int) -> list[FieldChange]:
        """Return what was decided.

        Args:
            seen: the paper as the person saw it.
            paper: its position among the papers of the dossier, from 1.
        """
        decided = (one.decision(seen.findings.get(one.name), paper) for one in self.fields)
        return [change for change in decided if change]


class Ticks(NamedTuple):
    """The names of the fields of which a box was ticked."""

    confirmed: frozenset[str]
    rejected: frozenset[str]


def sent_ticks(
    confirmed: Annotated[list[str] | None, Form(alias="dung", max_length=100)] = None,
    rejected: Annotated[list[str] | None, Form(alias="khong-co", max_length=100)] = None,
) -> Ticks:
    """Return the ticks of the form that was sent."""
    return Ticks(frozenset(confirmed or ()), frozenset(rejected or ()))


def sent_form(
    version: Annotated[int, Form(alias="ban", ge=1)],
    names: Annotated[list[str], Form(alias="truong", max_length=100)],
    values: Annotated[list[str], Form(alias="gia-tri", max_length=100)],
    ticks: Annotated[Ticks, Depends(sent_ticks)],
    reason: Annotated[str, Form(alias="ly-do", max_length=500)] = "",
) -> SentForm:
    """Return the form that was sent; names that are no fields are left out."""
    fields = (
        SentField(name, value, name in ticks.confirmed, name in ticks.rejected)
        for name, value in zip(names, values, strict=False)
        if name in BY_NAME
    )
    return SentForm(version, tuple(fields), reason)


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the paper as the form shows it."""

    field: Field
    finding: Finding | None  # None: the paper has none yet
    sent: SentField | None  # as it was decided in a form that could not be saved

    @property
    def typed(self) -> str:
        """What stands in the box."""
        return self.sent.typed if self.sent else self.kept

    @property
    def kept(self) -> str:
        """What is kept of it now, whoever wrote it; empty: nothing."""
        return finding_value(self.field.name, self.finding.value) if self.finding else ""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """The form of a paper."""

    version: int
    dossier: str
    paper: int  # position among the papers of the dossier, from 1
    title: str
    rows: tuple[FormField, ...]
    pages: tuple[tuple[int, str, str | None], ...]  # number, URL, URL of the picture
    others: tuple[Field, ...]  # those that the paper has not
    reason: str = ""


def paper_form(
    record: Record, paper: int, decided: Sequence[SentField] = (), reason: str = ""
) -> PaperForm:
    """Return the form of a paper, with what was decided in it before where that was not saved.

    Nothing in it is masked: whoever shows it has asked ``check_clear``.

    Args:
        record: the dossier's newest record.
        paper: position of the paper, from 1.
        decided: the fields as they were sent, without those that nobody touched.
        reason: the reason as it was sent.
    """
    dossier, document = record.dossier, record.dossier.documents[paper - 1]
    sent = {one.name: one for one in decided}
    return PaperForm(
        version=record.sequence,
        dossier=dossier.id,
        paper=paper,
        title=document.type or "Giấy tờ chưa rõ loại",
        rows=tuple(_rows(document, sent)),
        pages=tuple(
            (number, page_url(dossier.id, number), picture_url(dossier, number, ""))
            for number in document.pages
        ),
        others=tuple(
            one for one in FIELDS if one.name not in document.findings and one.name not in sent
        ),
        reason=reason,
    )


def _rows(document: Document, sent: Mapping[str, SentField]) -> Iterator[FormField]:
    for name in sorted({*document.findings, *sent}, key=rank_of):
        yield FormField(
            BY_NAME.get(name, Field(name, name)), document.findings.get(name), sent.get(name)
        )
