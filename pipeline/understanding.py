"""Works out a dossier's papers, code, unit and procedure from its pages and what people decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.documents import PageOfDossier, assemble, find_dossier_code
from pipeline.documents.confirmation import keep_confirmed
from pipeline.model import Document, Dossier, Record
from pipeline.vietnamese import tones_placed


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
    return keep_confirmed(before, assemble(pages, by_number))


def papers_before(history: Sequence[Record]) -> tuple[Document, ...]:
    """Return the newest papers of a dossier: while it was withheld it had none."""
    versions = (record.dossier.documents for record in reversed(history))
    return next(filter(None, versions), ())


def with_papers(dossier: Dossier, documents: Sequence[Document]) -> Dossier:
    """Return a dossier with papers, and with the code, unit and procedure that they tell.

    Args:
        dossier: the dossier; its code stays unless a person confirmed another one on a paper.
        documents: the papers.
    """
    code = _confirmed_code(documents) or dossier.code or _code(documents)
    return replace(
        dossier,
        code=code,
        unit=code.rsplit("-", 2)[0] if code else _issuer(documents),
        procedure=_first(documents, "procedure_code"),
        documents=tuple(documents),
    )


def _first(documents: Sequence[Document], name: str) -> str | None:
    for document in documents:
        finding = document.findings.get(name)
        if finding and finding.is_certain:
            return finding.value
    return None


def _confirmed_code(documents: Sequence[Document]) -> str | None:
    found = (document.findings.get("dossier_code") for document in documents)
    codes = (find_dossier_code(each.value) for each in found if each and each.confirmed_by)
    return next(filter(None, codes), None)


def _code(documents: Sequence[Document]) -> str | None:
    value = _first(documents, "dossier_code")
    return find_dossier_code(value) if value else None


def _issuer(documents: Sequence[Document]) -> str | None:
    issuer = _first(documents, "issuer")
    return tones_placed(issuer) if issuer else None  # one unit, however its typist places tones
