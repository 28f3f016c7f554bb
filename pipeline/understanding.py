"""Works out a dossier's papers, code, unit, procedure and checklist from pages and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.documents import PageOfDossier, assemble, find_dossier_code
from pipeline.documents.catalogue import current_catalogue
from pipeline.documents.completeness import RECEIPT_LIST
from pipeline.documents.confirmation import keep_confirmed
from pipeline.documents.dossier_facts import (
    certain_value,
    code_of,
    components,
    unit_of,
    with_known_procedures,
)
from pipeline.model import Component, ComponentState, Document, Dossier, Record, ReusedPaper


def papers(
    dossier: Dossier, pages: Sequence[PageOfDossier], before: Sequence[Document]
) -> tuple[Document, ...]:
    """Return the papers of a dossier, with all that people confirmed and decided of them.

    Args:
        dossier: the dossier with its page notes and ``boundaries``.
        pages: its pages that have a result, in order.
        before: the papers of the newest version that has any.
    """
    decided = {(each.scan, each.number): each.begins for each in dossier.boundaries}
    by_number = {
        number: decided[note.scan, note.number]
        for number, note in enumerate(dossier.pages, start=1)
        if (note.scan, note.number) in decided
    }
    return keep_confirmed(before, assembled(pages, by_number))


def assembled(pages: Sequence[PageOfDossier], decided: Mapping[int, bool]) -> tuple[Document, ...]:
    """Return the papers that machines find, with what the catalogue says of their procedures.

    Args:
        pages: the pages that have a result, in order.
        decided: number of a page -> whether it begins a paper, where that is decided.
    """
    return with_known_procedures(assemble(pages, decided), current_catalogue())


def papers_before(history: Sequence[Record]) -> tuple[Document, ...]:
    """Return the newest papers of a dossier: while it was withheld it had none."""
    versions = (record.dossier.documents for record in reversed(history))
    return next(filter(None, versions), ())


def with_papers(
    dossier: Dossier, documents: Sequence[Document], listed: Sequence[str] | None = None
) -> Dossier:
    """Return a dossier with papers, and with the code, unit, procedure and checklist they tell.

    Args:
        dossier: the dossier; its code stays unless a person confirmed another one on a paper.
        documents: the papers.
        listed: the papers that the receipt lists; None: as it was read before.
    """
    code = _confirmed_code(documents) or dossier.code or code_of(documents)
    if listed is None:
        listed = [one.name for one in dossier.components if one.source == RECEIPT_LIST]
    return replace(
        dossier,
        code=code,
        unit=unit_of(documents, code),
        procedure=certain_value(documents, "procedure_code"),
        documents=tuple(documents),
        components=_with_reused(
            components(replace(dossier, code=code), documents, listed, current_catalogue()),
            dossier.reused,
        ),
    )


def _with_reused(
    listed: Sequence[Component], reused: Sequence[ReusedPaper]
) -> tuple[Component, ...]:
    """Return a checklist with what papers of other dossiers stand for; a scan of its own counts."""
    by_name = {each.component: each for each in reused}
    return tuple(
        replace(
            each,
            state=ComponentState.PRESENT,
            reason=f"Dùng lại giấy tờ của hồ sơ {held.dossier}, trang {held.page}.",
            reference=held.dossier,
        )
        if (held := by_name.get(each.name)) and not each.pages
        else each
        for each in listed
    )


def _confirmed_code(documents: Sequence[Document]) -> str | None:
    found = (document.findings.get("dossier_code") for document in documents)
    codes = (find_dossier_code(each.value) for each in found if each and each.confirmed_by)
    return next(filter(None, codes), None)
