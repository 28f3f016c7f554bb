"""Re-extracts the papers and fields of a dossier from its kept words, by the present rules.

Nothing is read anew and nothing is judged anew: page notes, outcome and reasons stay. What people
confirmed, corrected, rejected or decided of boundaries stays, by the same way as at a new reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from pipeline.access import WITHHELD, may_hand_out
from pipeline.documents import PageOfDossier
from pipeline.documents.dossier_facts import listed_papers
from pipeline.joining.codes import proposed_join
from pipeline.model import Document, Dossier, Record
from pipeline.ports import Archive, SearchIndex
from pipeline.reprocessing.rules import rules_version
from pipeline.stages import find_secret, kept_back, pages_of
from pipeline.understanding import papers_before, understood, with_papers
from pipeline.versions import SYSTEM, Act, keep_next

UNDERSTOOD = "understood"  # the action of records


class Understanding(StrEnum):
    """What the present rules would do to a dossier."""

    CURRENT = "current"  # they made it, or nothing of it may be looked at, or it waits
    SAME = "same"  # they say what the record says
    CHANGED = "changed"
    DAMAGED = "damaged"  # the words of a page are not in the store: nothing is changed


class Understood(NamedTuple):
    """A dossier as the present rules understand it."""

    state: Understanding
    dossier: Dossier  # as the next record has it; the record's own where nothing changes


def understand_again(record: Record, archive: Archive, index: SearchIndex | None) -> Understood:
    """Return how the present rules understand a dossier; nothing is written.

    Args:
        record: the dossier's newest record.
        archive: where its history and the words of its pages are.
        index: tells which older dossiers carry a code that was read; None: the archive alone.
    """
    before, rules = record.dossier, rules_version()
    is_read = before.outcome is not None and any(note.recipe for note in before.pages)
    if not may_hand_out(record) or not is_read or (rules and before.rules == rules):
        return Understood(Understanding.CURRENT, before)
    pages = pages_of(before, before.pages, archive)
    if len(pages) < sum(bool(note.recipe) for note in before.pages):
        return Understood(Understanding.DAMAGED, before)
    if secret := find_secret(before, before.pages, archive, pages):
        held = kept_back(before, before.pages, secret, SYSTEM)
        return Understood(Understanding.CHANGED, held)
    after = _understood(record, pages, archive, index)
    if after == before:
        return Understood(Understanding.SAME, before)
    return Understood(Understanding.CHANGED, replace(after, rules=rules))


def keep_understood(record: Record, dossier: Dossier, archive: Archive, act: Act) -> Record:
    """Write a dossier as it was understood again; publish the record afterwards.

    Args:
        record: the record that was understood again.
        dossier: the dossier that ``understand_again`` returned.
        archive: where it is written.
        act: the person who had it done.

    Raises:
        ObjectExistsError: somebody wrote another version meanwhile: theirs stays, and this one
            may be understood again.
    """
    action = UNDERSTOOD if dossier.withheld is None else WITHHELD
    return keep_next(record, dossier, action, archive, actor=act)


def _understood(
    record: Record, pages: Sequence[PageOfDossier], archive: Archive, index: SearchIndex | None
) -> Dossier:
    before, history = record.dossier, archive.history(record.dossier.id)
    state = understood(before, pages, papers_before(history))
    documents = state.documents
    # A code that was read goes with its reading; one in the drop's name stays. The record has codes
    # that contradict the dossier's doubted: these are compared with it as they are doubted again.
    told = with_papers(replace(state, code=before.code), documents).documents
    is_same = _codes(told) == _codes(before.documents)
    code = before.code if is_same else history[0].dossier.code
    listed = listed_papers(documents, pages)
    after = with_papers(replace(state, code=code), documents, listed)
    if after.code != before.code:
        return replace(after, proposed_join=proposed_join(after, archive, index))
    return after


def _codes(documents: Sequence[Document]) -> list[tuple[str, bool]]:
    found = (document.findings.get("dossier_code") for document in documents)
    return [(each.value, each.is_certain) for each in found if each]
