"""Confirms, corrects and rejects fields of papers, as a person decides.

The acts of one request make one record. A person who decided on an older version than the newest
is told when somebody else decided about the same field meanwhile; other changes do not disturb.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from pipeline.access import check_hand_out
from pipeline.corrections.seen import finding_now, places_of, version_seen
from pipeline.corrections.values import typed_value
from pipeline.documents.confirmation import type_of
from pipeline.documents.fields import label_of
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.joining.codes import proposed_join
from pipeline.model import Document, Dossier, Finding, Record, Source
from pipeline.ports import Archive
from pipeline.understanding import with_papers
from pipeline.versions import Act, keep_next, newest_record

CONFIRMED, CORRECTED = "confirmed", "corrected"  # actions of records

T = TypeVar("T")


class FieldAct(StrEnum):
    """What a person decides about a field."""

    CONFIRM = "confirm"  # what was read is right
    CORRECT = "correct"  # it is another value
    REJECT = "reject"  # the paper has no such field


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A decision about one field of one paper."""

    paper: int  # position among the papers of the dossier, from 1
    field: str  # name in ``pipeline.documents.fields``
    act: FieldAct
    value: str = ""  # as typed; for CORRECT alone


def amend(
    dossier: str,
    changes: Sequence[FieldChange],
    archive: Archive,
    act: Act,
    *,
    seen: int | None = None,
) -> Record:
    """Write decisions about fields as the next version of a dossier; publish it afterwards.

    Args:
        dossier: the dossier's id.
        changes: the decisions; all of them are written, or none.
        archive: where the dossier is.
        act: the person who decided, and the reason.
        seen: the version that the person looked at; None: the newest.

    Raises:
        CorrectionRefusedError: there is no such paper or field, this is no value of it, or nothing
            is decided.
        EditConflictError: somebody decided about one of the fields after ``seen``.
        JoinedError: the dossier's scans belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        ObjectMissingError: there is no such dossier.
        WithheldError: it is withheld.
    """
    if not changes:
        raise CorrectionRefusedError("Chưa có gì được sửa.", "Sửa một trường rồi lưu.")
    record = newest_record(dossier, archive)
    check_hand_out(record)
    basis = version_seen(record, seen, archive)
    documents = list(record.dossier.documents)
    for change in changes:
        at = _place(change, basis, record.dossier)
        _check_unchanged(change, basis, record.dossier, documents[at])
        documents[at] = _decided(documents[at], change, act.actor)
    mended = with_documents(record.dossier, documents, archive)
    is_agreement = all(change.act is FieldAct.CONFIRM for change in changes)
    action = CONFIRMED if is_agreement else CORRECTED
    return keep_next(record, mended, action, archive, actor=act)


def with_documents(dossier: Dossier, documents: Sequence[Document], archive: Archive) -> Dossier:
    """Return a dossier with papers that people changed, and with the code that now holds.

    When the paper that told the code does not any more, the code is that of the dossier's first
    version, which stood in the name of what was dropped, or that of another paper.
    """
    told, tells = (_codes(each) for each in (dossier.documents, documents))
    if told == tells:
        return with_papers(dossier, documents)
    first = archive.history(dossier.id)[0].dossier.code
    mended = with_papers(replace(dossier, code=first), documents)
    if mended.code == dossier.code:
        return mended
    return replace(mended, proposed_join=proposed_join(mended, archive, None))


def _codes(documents: Iterable[Document]) -> list[Finding]:
    found = (document.findings.get("dossier_code") for document in documents)
    return [each for each in found if each]


def _place(change: FieldChange, basis: Dossier, now: Dossier) -> int:
    """Return the index of the paper meant, which is the one of the same pages."""
    papers = basis.documents
    if not 1 <= change.paper <= len(papers):
        raise CorrectionRefusedError(
            f"Hồ sơ có {len(papers)} giấy tờ, không có giấy thứ {change.paper}."
        )
    pages = places_of(papers[change.paper - 1], basis)
    alike = [at for at, each in enumerate(now.documents) if places_of(each, now) == pages]
    if not alike:
        raise EditConflictError(
            f"Các trang của giấy thứ {change.paper} đã được chia lại sau khi bạn mở hồ sơ.",
            "Mở lại hồ sơ rồi sửa.",
        )
    # Several papers may have no page any more: then it is the one that stands where it stood.
    return change.paper - 1 if change.paper - 1 in alike else alike[0]


def _check_unchanged(change: FieldChange, basis: Dossier, dossier: Dossier, now: Document) -> None:
    found, absent_by = _state(basis.documents[change.paper - 1], change.field)
    if (finding_now(found, basis, dossier), absent_by) != _state(now, change.field):
        raise EditConflictError(
            f"«{label_of(change.field)}» đã được sửa sau khi bạn mở hồ sơ.",
            "Mở lại hồ sơ để xem giá trị mới, rồi quyết định.",
        )


def _state(document: Document, name: str) -> tuple[Finding | None, str | None]:
    return document.findings.get(name), document.absent.get(name)


def _decided(document: Document, change: FieldChange, actor: str) -> Document:
    name, found = change.field, document.findings.get(change.field)
    if change.act is FieldAct.CORRECT:
        return with_finding(document, name, _typed(name, change.value, found, actor))
    if found is None:
        raise CorrectionRefusedError(f"Giấy thứ {change.paper} không có trường «{label_of(name)}».")
    if change.act is FieldAct.CONFIRM:
        return with_finding(document, name, replace(found, confirmed_by=actor))
    return with_finding(document, name, None, absent_by=actor)


def _typed(name: str, text: str, before: Finding | None, actor: str) -> Finding:
    """Return a typed value; it points to where the machine's value stood on the page."""
    value = typed_value(name, text)
    if before is None:
        return Finding(value, text, 1.0, Source.TYPED, confirmed_by=actor)
    return Finding(value, text, 1.0, Source.TYPED, before.page, before.box, actor)


def with_finding(
    document: Document, name: str, finding: Finding | None, *, absent_by: str | None = None
) -> Document:
    """Return a paper with a field as somebody decided; the type of the paper follows.

    Args:
        document: the paper.
        name: the field's name.
        finding: its value; None: it has none.
        absent_by: the person who said that the paper has no such field; None: nobody did.
    """
    findings = _without(document.findings, name)
    absent = _without(document.absent, name)
    if finding is not None:
        findings[name] = finding
    if absent_by is not None:
        absent[name] = absent_by
    return replace(document, type=type_of(document, findings), findings=findings, absent=absent)


def _without(mapping: Mapping[str, T], name: str) -> dict[str, T]:
    return {key: value for key, value in mapping.items() if key != name}
