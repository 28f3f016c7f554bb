"""Writes and reads the numbered records of dossiers, with notes that find them by what they say.

Noted are the codes that dossiers carry, and the dossiers that a person is to decide about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from pipeline import records
from pipeline.access import carried, check_carried, withholding
from pipeline.errors import ObjectExistsError, StorageUnavailableError
from pipeline.model import Record
from pipeline.ports import ObjectStore
from pipeline.records import CodeNote, ProposalNote
from storage import keys


def keep(store: ObjectStore, record: Record) -> None:
    """Write a record; its dossier's code, and a join that it proposes, are noted before.

    Raises:
        ObjectExistsError: another record of this number was written first.
        WithheldError: it lets go of what the record before it withholds.
    """
    before = newest(store, record.dossier.id, below=record.sequence)
    if before:
        check_carried(before, record)
    if record.dossier.code:
        note_code(store, record.dossier.code, record.dossier.id)
    if record.dossier.proposed_join:
        _note_proposal(store, record.dossier.id)
    try:
        store.put(keys.record(record.dossier.id, record.sequence), records.RECORD.dump(record))
    except ObjectExistsError as error:
        raise ObjectExistsError(
            "Hồ sơ vừa được sửa ở nơi khác trong lúc này.",
            "Tải lại để xem bản mới nhất, rồi sửa lại.",
        ) from error
    if before and before.dossier.proposed_join and not record.dossier.proposed_join:
        with suppress(StorageUnavailableError):  # an account that may not: readers see it is old
            store.remove(keys.proposal(record.dossier.id))


def newest(store: ObjectStore, dossier: str, *, below: int | None = None) -> Record | None:
    """Return the newest record of a dossier; None when there is none.

    A record of 0.1 does not say whether an earlier one withheld the dossier: those are read too.

    Args:
        store: where the records are.
        dossier: the dossier's id.
        below: only records of a lower number count; None: all count.
    """
    versions = list(store.keys(keys.records(dossier)))
    if below is not None:
        versions = [key for key in versions if key < keys.record(dossier, below)]
    needed: list[tuple[Record, bool]] = []
    for key in reversed(versions):
        record, is_known = _load(store, key)
        needed.append((record, is_known))
        if is_known or withholding(record) or record.sequence <= 2:  # record 1 withholds nothing
            break
    return _carried(reversed(needed))[-1] if needed else None


def newest_number(store: ObjectStore, dossier: str) -> int:
    """Return the number of the newest record of a dossier, by name alone; 0 without any."""
    names = list(store.keys(keys.records(dossier)))
    return int(keys.parse_key(names[-1]).get("record") or 0) if names else 0


def history(store: ObjectStore, dossier: str) -> Sequence[Record]:
    """Return all records of a dossier, oldest first."""
    return _carried(_load(store, key) for key in store.keys(keys.records(dossier)))


def carriers(store: ObjectStore, code: str) -> Sequence[str]:
    """Return the ids of the dossiers of which a record carries or carried a code, oldest first."""
    folder = keys.codes(code)
    return [key.removeprefix(folder).removesuffix(".json") for key in store.keys(folder)]


def proposals(store: ObjectStore) -> Sequence[str]:
    """Return the ids of the dossiers with a note of a proposed join, oldest first."""
    listed = store.keys(keys.PROPOSALS)
    return [key.removeprefix(keys.PROPOSALS).removesuffix(".json") for key in listed]


def _note_proposal(store: ObjectStore, dossier: str) -> None:
    with suppress(ObjectExistsError):
        store.put(keys.proposal(dossier), records.PROPOSAL.dump(ProposalNote(dossier)))


def _load(store: ObjectStore, key: str) -> tuple[Record, bool]:
    data = store.get(key)
    return records.RECORD.load(data), records.knows_withheld(data)


def _carried(versions: Iterable[tuple[Record, bool]]) -> list[Record]:
    return list(carried(versions))


def note_code(store: ObjectStore, code: str, dossier: str) -> None:
    """Note that a dossier carries a code, unless that is noted."""
    key = keys.code(code, dossier)
    if store.has(key):
        return
    with suppress(ObjectExistsError):
        store.put(key, records.CODE_NOTE.dump(CodeNote(code, dossier)))
