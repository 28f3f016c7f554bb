"""Works out a dossier's papers, code, unit, procedure and checklist from pages and decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pipeline.checklist.decided import with_decisions
from pipeline.documents import PageOfDossier, find_dossier_code
from pipeline.documents.assembling import assemble_all
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
from pipeline.documents.extract.stated_facts import with_stated_facts
from pipeline.documents.machine_readable.cover_findings import (
    TWO_CODES,
    coded_dossier_codes,
    has_two_codes,
    with_doubted_codes,
    without_doubted_codes,
)
from pipeline.model import Document, Dossier, Outcome, Record


def understood(
    dossier: Dossier, pages: Sequence[PageOfDossier], before: Sequence[Document]
) -> Dossier:
    """Return a dossier with its papers, and with the pages noted that belong to none.

    What people confirmed and decided of papers stays. ``with_papers`` tells the rest from them.

    Args:
        dossier: the dossier with its page notes and ``boundaries``.
        pages: its pages that have a result, in order.
        before: the papers of the newest version that has any.
    """
    found = assemble_all(pages, decided_begins(dossier))
    documents = with_known_procedures(found.documents, current_catalogue())
    return replace(
        dossier,
        pages=tuple(
            replace(note, apart=found.apart.get(number, ""))
            for number, note in enumerate(dossier.pages, start=1)
        ),
        documents=keep_confirmed(before, with_senders_facts(dossier, documents)),
    )


def decided_begins(dossier: Dossier) -> dict[int, bool]:
    """Map the number of a page to whether it begins a paper, where a person decided that."""
    decided = {(each.scan, each.number): each.begins for each in dossier.boundaries}
    return {
        number: decided[note.scan, note.number]
        for number, note in enumerate(dossier.pages, start=1)
        if (note.scan, note.number) in decided
    }


def with_senders_facts(dossier: Dossier, documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return papers with what the systems that sent the scans state of the first one in each.

    Args:
        dossier: the dossier with its scans and page notes.
        documents: its papers as machines read them.
    """
    facts = {scan.sha256: scan.facts for scan in dossier.scans if scan.facts}
    stated = {}
    for number in sorted(page for document in documents for page in document.pages):
        if (scan := dossier.pages[number - 1].scan) in facts:
            stated[number] = facts.pop(scan)
    return with_stated_facts(documents, stated)


def assembled(
    pages: Sequence[PageOfDossier], decided: Mapping[int, bool], parted: Collection[int] = ()
) -> tuple[Document, ...]:
    """Return the papers that machines find, with what the catalogue says of their procedures.

    Args:
        pages: the pages that have a result, in order.
        decided: number of a page -> whether it begins a paper, where that is decided.
        parted: numbers of sheets of which that is decided of the first paper alone.
    """
    found = assemble_all(pages, decided, parted)
    return with_known_procedures(found.documents, current_catalogue())


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
    decided = _confirmed_code(documents)
    if not decided:  # they may have contradicted a code that a person rejected since
        documents = without_doubted_codes(documents)
    contradict = not decided and _contradict(documents, dossier.code)
    if contradict:
        documents = with_doubted_codes(documents)
    code = decided or dossier.code or code_of(documents)
    if listed is None:
        listed = [one.name for one in dossier.components if one.source == RECEIPT_LIST]
    return replace(
        _with_review(dossier, contradict=contradict),
        code=code,
        unit=unit_of(documents, code),
        procedure=certain_value(documents, "procedure_code"),
        documents=tuple(documents),
        components=with_decisions(
            components(replace(dossier, code=code), documents, listed, current_catalogue()), dossier
        ),
    )


def _contradict(documents: Sequence[Document], known: str | None) -> bool:
    """Tell whether QR codes, and the code that the dossier has already, name several dossiers."""
    codes = coded_dossier_codes(documents)
    is_several = len(codes | {known} - {None}) > 1 if codes else False
    return is_several or any(map(has_two_codes, documents))


def _with_review(dossier: Dossier, *, contradict: bool) -> Dossier:
    """Return a dossier that waits for a person while its codes contradict, and then no more."""
    reasons = tuple(reason for reason in dossier.reasons if reason != TWO_CODES)
    outcome = dossier.outcome
    if contradict:
        reasons = (*reasons, TWO_CODES)
        outcome = Outcome.PARTIAL if outcome is Outcome.COMPLETE else outcome
    elif TWO_CODES in dossier.reasons and not reasons and outcome is Outcome.PARTIAL:
        outcome = Outcome.COMPLETE
    return replace(dossier, reasons=reasons, outcome=outcome)


def _confirmed_code(documents: Sequence[Document]) -> str | None:
    found = (document.findings.get("dossier_code") for document in documents)
    codes = (find_dossier_code(each.value) for each in found if each and each.confirmed_by)
    return next(filter(None, codes), None)
