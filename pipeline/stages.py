"""The stages of digitising a dossier: plain functions over the ports. Each may run twice."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.access import WITHHELD as WITHHELD
from pipeline.access import check_hand_out, may_hand_out, withholding
from pipeline.documents import PageOfDossier
from pipeline.documents.dossier_facts import listed_papers
from pipeline.errors import ReadingError, RefusedScanError, about
from pipeline.joining.codes import proposed_join
from pipeline.joining.missing_files import intake_reasons
from pipeline.joining.passes import reason_of
from pipeline.model import (
    Document,
    Dossier,
    IndexEntry,
    Outcome,
    Page,
    PageNote,
    PageRef,
    PageState,
    Publication,
    Record,
    Withheld,
)
from pipeline.page_edits.reading import find_page, recipe_for
from pipeline.page_edits.secret_pages import find_secret as find_secret
from pipeline.ports import Archive, ScanReader, SearchIndex
from pipeline.reprocessing.rules import rules_version
from pipeline.turns import NO_LIMIT, ScanBudgets
from pipeline.understanding import papers_before, understood, with_papers
from pipeline.versions import SYSTEM as SYSTEM
from pipeline.versions import keep_next as keep_next
from pipeline.versions import newest_record as newest_record

log = logging.getLogger(__name__)


def pages_to_read(record: Record) -> tuple[PageRef, ...]:
    """Return the pages of a dossier; none of one that is withheld, or whose scans are elsewhere."""
    return record.dossier.page_refs() if may_hand_out(record) else ()


def read_page(
    ref: PageRef,
    archive: Archive,
    reader: ScanReader,
    budgets: ScanBudgets = NO_LIMIT,
    orientation: int | None = None,
) -> PageNote:
    """Read a page unless it was read under this recipe, and keep the result.

    A page the engine fails on becomes NOT_READ with its reason; the others go on.

    Args:
        ref: the page.
        archive: where its scan is, and its result is kept.
        reader: reads it.
        budgets: the time and the failures that its scan has left.
        orientation: degrees clockwise that bring it upright, as a person said; None: to be found.

    Raises:
        ServiceUnavailableError: the archive is away; the same again helps.
    """
    recipe = recipe_for(reader.recipe, orientation)
    page = archive.find_page(ref, recipe)
    if page is None:
        began = time.monotonic()
        try:
            with budgets.spend(ref), about(ref.number), archive.original(ref.scan) as path:
                reading = reader.read_page(path, ref.number, orientation)
        except (ReadingError, RefusedScanError) as error:
            log.warning("%s page %d not read: %s", ref.dossier, ref.number, type(error).__name__)
            spent, why = time.monotonic() - began, (error.reason,)
            return PageNote(ref.scan, ref.number, "", PageState.NOT_READ, 0.0, spent, why)
        archive.keep_page(ref, recipe, reading)
        # Two workers on one page agree on the result that was stored first.
        page = archive.find_page(ref, recipe) or reading.page
    return _note(ref, recipe, page)


def _note(ref: PageRef, recipe: str, page: Page) -> PageNote:
    confidence = round(page.text.confidence, 3)
    place = ref.scan, ref.number, recipe
    return PageNote(*place, page.state, confidence, page.seconds, page.reasons)


def conclude(
    record: Record,
    notes: Sequence[PageNote],
    archive: Archive,
    index: SearchIndex | None = None,
    *,
    actor: str = SYSTEM,
) -> Record:
    """Assemble documents from the pages, judge the dossier and keep its next record.

    Findings that a person confirmed stay as they are. Returns the record that holds this state: a
    repeated step finds its own and adds nothing. What is withheld stays as it is.

    Args:
        record: the dossier's newest record.
        notes: a note for each page, in the order of the scans.
        archive: where the pages' results are, and the next record goes.
        index: tells which older dossiers carry a code that was read; None: the archive alone.
        actor: the name that the record gives as its writer.
    """
    if not may_hand_out(record):
        return record
    history = archive.history(record.dossier.id)
    pages = pages_of(record.dossier, notes, archive)
    if secret := find_secret(record.dossier, notes, archive, pages):
        held = kept_back(record.dossier, notes, secret, actor)
        return keep_next(record, held, WITHHELD, archive, actor=actor)
    outcome, reasons = judge(notes)
    half = reason_of(record.dossier, archive)
    intake = (*intake_reasons(history), *filter(None, (half,)))
    dossier = replace(
        record.dossier,
        pages=tuple(notes),
        outcome=Outcome.PARTIAL if intake and outcome is Outcome.COMPLETE else outcome,
        reasons=(*intake, *reasons),
    )
    dossier = understood(replace(dossier, rules=rules_version()), pages, papers_before(history))
    dossier = with_papers(dossier, dossier.documents, listed_papers(dossier.documents, pages))
    if dossier.code and not record.dossier.code:  # only now is it known whose it may be
        dossier = replace(dossier, proposed_join=proposed_join(dossier, archive, index))
    return keep_next(record, dossier, "digitised", archive, actor=actor)


def kept_back(dossier: Dossier, notes: Sequence[PageNote], secret: str, actor: str) -> Dossier:
    """Return a dossier that shows and finds nothing: secrets are not digitised here.

    Marks as decree 30/2020/NĐ-CP, annex I, has them; their papers fall under law 29/2018/QH14.
    """
    reason = f"{secret}: tài liệu mật không được số hóa tại đây. Báo người phụ trách bảo mật."
    kept_back = [
        replace(note, recipe="", state=PageState.NOT_READ, confidence=0.0, reasons=(reason,))
        for note in notes
    ]
    return replace(
        dossier,
        pages=tuple(kept_back),
        documents=(),
        outcome=Outcome.FAILED,
        reasons=(reason,),
        withheld=Withheld(datetime.now(UTC), actor, reason),
    )


def give_up(record: Record, reason: str, archive: Archive, *, actor: str = SYSTEM) -> Record:
    """Record that a dossier could not be digitised, and why; what is withheld stays as it is."""
    if not may_hand_out(record):
        return record
    intake = intake_reasons(archive.history(record.dossier.id))
    failed = replace(record.dossier, outcome=Outcome.FAILED, reasons=(*intake, reason))
    return keep_next(record, failed, "failed", archive, actor=actor)


def publish(record: Record, archive: Archive, index: SearchIndex) -> None:
    """Bring a dossier to the search index under its record's number.

    Raises:
        SearchUnavailableError: the index is away; publish again later.
    """
    index.publish([publication(record, archive)])


def publication(record: Record, archive: Archive) -> Publication:
    """Return a dossier as it goes to the index, its words taken from the archive.

    Of one that may not be handed out no words are taken at all.
    """
    dossier = replace(record.dossier, withheld=withholding(record))
    if not may_hand_out(record):
        return Publication(dossier, record.sequence, ())
    papers_on: dict[int, list[Document]] = {}
    for document in dossier.documents:
        for page_number in document.pages:
            papers_on.setdefault(page_number, []).append(document)
    entries = []
    for number, page in pages_of(dossier, dossier.pages, archive):
        for at, document in enumerate(papers_on.get(number, [Document("", ())])):
            fields = {name: finding.value for name, finding in document.findings.items()}
            text = page.text.text if at == 0 else ""  # of a sheet with several papers once
            entries.append(IndexEntry(number, text, page.state, document.type, fields))
    return Publication(dossier, record.sequence, tuple(entries))


def ask_again(dossier: str, archive: Archive, *, actor: str = SYSTEM) -> bool:
    """Queue a dossier to be read again, with all its attempts; tell if it was not so queued yet.

    Raises:
        JoinedError: its scans belong to another dossier now.
        ObjectMissingError: there is no such dossier.
        WithheldError: it is withheld, and nobody reads it again.
    """
    check_hand_out(newest_record(dossier, archive))
    lease = archive.find_lease(dossier)
    attempts = lease.attempt if lease else 0
    return archive.enqueue(dossier, attempts_before=attempts, asked_by=actor, read_again=True)


def pages_of(
    dossier: Dossier, notes: Sequence[PageNote], archive: Archive
) -> tuple[PageOfDossier, ...]:
    """Return the pages that have a result with the words that hold, numbered in the dossier."""
    found = []
    for number, note in enumerate(notes, start=1):
        if page := find_page(dossier, note, archive):
            found.append(PageOfDossier(number, page))
    return tuple(found)


def judge(notes: Sequence[PageNote]) -> tuple[Outcome, tuple[str, ...]]:
    """Return how reading the pages of a dossier ended, and the reasons for people."""
    missing = [number for number, note in enumerate(notes, 1) if note.state is PageState.NOT_READ]
    if not missing:
        return Outcome.COMPLETE, ()
    listed = ", ".join(map(str, missing[:20])) + (" …" if len(missing) > 20 else "")
    reason = f"{len(missing)} trên {len(notes)} trang chưa đọc được: trang {listed}."
    return (Outcome.FAILED if len(missing) == len(notes) else Outcome.PARTIAL), (reason,)
