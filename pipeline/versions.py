"""Writes the numbered versions of a dossier; nothing else in the product writes one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from pipeline.errors import (
    ArchiveError,
    ObjectExistsError,
    ObjectMissingError,
    StorageUnavailableError,
)
from pipeline.model import Dossier, Record
from pipeline.ports import Archive
from pipeline.ports.archive import Records

SYSTEM = "sohoa"  # the actor where no person acted


class Act(NamedTuple):
    """Who does something to a dossier, and why."""

    actor: str
    reason: str = ""  # in the words of the person who did it
    approved_by: str = ""  # the second person, of an act that takes two


Stored = tuple[str, int]  # a dossier's id and the number of its newest record


class NewerRecords(NamedTuple):
    """What the store has, beside what somebody knows of it."""

    newer: tuple[Stored, ...]  # of which the store has a higher number, and unknown dossiers
    lower: tuple[Stored, ...]  # of which it has a lower one, since it was restored from a copy
    gone: tuple[str, ...]  # dossiers that it lacks; none where it is empty, or not there at all


def newer_records(known: Mapping[str, int], archive: Records) -> NewerRecords:
    """Compare the numbers of records that somebody knows with those of the store, by name alone.

    Args:
        known: dossier -> number of its record; taken before the store, which only ever has more.
        archive: the store.
    """
    stored = dict(archive.sequences())
    numbers = [(each, known.get(each[0], 0)) for each in stored.items()]
    return NewerRecords(
        tuple(each for each, number in numbers if each[1] > number),
        tuple(each for each, number in numbers if each[1] < number),
        tuple(known.keys() - stored.keys()) if stored else (),
    )


def newest_record(dossier: str, archive: Records) -> Record:
    """Return the state of a dossier.

    Raises:
        ObjectMissingError: there is no such dossier.
    """
    record = archive.find_record(dossier)
    if record is None:
        raise missing_record(dossier)
    return record


def missing_record(dossier: str) -> ObjectMissingError:
    """Return the error of a dossier that does not exist, or that somebody may not know of."""
    return ObjectMissingError(
        f"Không có hồ sơ {dossier} trong kho.", "Kiểm tra lại mã, hoặc tìm bằng từ khóa."
    )


def keep_first(dossier: Dossier, archive: Records, *, actor: str) -> Record:
    """Write version 1 of a dossier.

    Args:
        dossier: the dossier as it was received.
        archive: where it is written.
        actor: the name of the bringer: the watcher's, or an account's.

    Raises:
        ObjectExistsError: the dossier has a version already.
    """
    first = Record(1, dossier.received, actor, "received", dossier)
    archive.keep_record(first)
    return first


def keep_next(
    record: Record, dossier: Dossier, action: str, archive: Records, *, actor: str | Act = SYSTEM
) -> Record:
    """Write the next version of a dossier, unless the newest already says the same.

    Args:
        record: the newest version that the writer knows.
        dossier: the dossier as the next version has it; ``withheld`` is that of ``record``.
        action: the deed in one word: digitised, corrected, failed, …
        archive: where it is written.
        actor: an account's name or ``SYSTEM``; an ``Act`` where a person gave a reason.

    Raises:
        ObjectExistsError: somebody else wrote another next version meanwhile.
        WithheldError: the dossier is withheld, and the next version would let go of that.
    """
    if dossier == record.dossier:
        return record
    by = Act(actor) if isinstance(actor, str) else actor
    following = Record(
        record.sequence + 1,
        datetime.now(UTC),
        by.actor,
        action,
        dossier,
        by.reason,
        by.approved_by,
    )
    try:
        archive.keep_record(following)
    except ObjectExistsError:
        rival = newest_record(dossier.id, archive)
        if not _say_the_same(rival.dossier, dossier):
            raise
        return rival
    return following


def keep_to_read(record: Record, state: Dossier, action: str, archive: Archive, act: Act) -> Record:
    """Write the next version of a dossier, and queue it when it waits to be read.

    Wherever a kill comes between, the dossier stands in the queue. A worker may take the entry
    made before and be done with it, having seen the version before: so another one is made after.

    Args:
        record: the newest version that the writer knows.
        state: the dossier as the next version has it.
        action: the deed in one word.
        archive: where it is written and queued.
        act: the person who did it, and the reason.

    Raises:
        ObjectExistsError: somebody else wrote another next version meanwhile.
        WithheldError: the dossier is withheld, and the next version would let go of that.
    """
    if state.outcome is not None:
        return keep_next(record, state, action, archive, actor=act)
    return keep_and_queue(record, state, action, archive, act)


def keep_and_queue(
    record: Record, state: Dossier, action: str, archive: Archive, act: Act
) -> Record:
    """Write the next version of a dossier of which something is to be made; as ``keep_to_read``."""
    before = _enqueue(record, archive)
    try:
        following = keep_next(record, state, action, archive, actor=act)
    except ObjectExistsError:
        _forget(record, before, archive)
        raise
    _enqueue(record, archive)  # should this fail, the entry made before stays
    _forget(record, before, archive)
    return following


def _forget(record: Record, since: datetime, archive: Archive) -> None:
    # Whoever only takes in may not remove entries: one more run that finds nothing to do.
    with suppress(StorageUnavailableError, ArchiveError):
        for entry in archive.queued():
            if entry.dossier == record.dossier.id and entry.since == since:
                archive.dequeue(entry)


def _enqueue(record: Record, archive: Archive) -> datetime:
    lease = archive.find_lease(record.dossier.id)
    now = datetime.now(UTC)
    attempts = lease.attempt if lease else 0
    archive.enqueue(record.dossier.id, since=now, attempts_before=attempts)
    return now


def owe(record: Record, archive: Archive) -> None:
    """Queue a dossier that waits; one that was interrupted may have lost its entry."""
    if record.dossier.outcome is None and not archive.is_queued(record.dossier.id):
        _enqueue(record, archive)


def _say_the_same(one: Dossier, other: Dossier) -> bool:
    """Tell whether two versions agree, but for the moment and the actor of withholding."""
    if one.withheld is None or other.withheld is None:
        return one == other
    return replace(one, withheld=None) == replace(other, withheld=None)
