"""Checks fixity: that each object is what was written, and that the objects it names exist.

Originals are certified by their names, JSON by the hash it begins with, a picture by the hash in
its page's result. JSON also says what it is of, so that one under another's key is noticed.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline import records
from pipeline.audit import SegmentPlace
from pipeline.audit.checking import check_alone
from pipeline.errors import StorageUnavailableError
from pipeline.fixity import Damage, Fault
from pipeline.model import PagePlace, PageRef, Record
from pipeline.ports import ObjectStore
from storage import keys
from storage.examination import CountBytes, Examination
from storage.keys import ParsedKey, parse_key
from storage.receipt_book import decision_key


def _is_certified_by_another(parts: ParsedKey) -> bool:
    """Tell whether an object's hash stands in another one: a picture's, or a searchable PDF's."""
    return parts["form"] == "webp" or bool(parts["derived"] and not parts["note"])


def objects(store: ObjectStore) -> Iterator[str]:
    """Yield the keys to examine one by one; pictures and PDFs are examined with their notes.

    Raises:
        StorageUnavailableError: a folder could not be listed, after all others were.
    """
    failure = None
    for folder in keys.FOLDERS:
        try:
            for key in store.keys(folder):
                parts = parse_key(key)
                if parts and not _is_certified_by_another(parts):
                    yield key
        except StorageUnavailableError as error:
            failure = error
    if failure:
        raise failure


def examine(store: ObjectStore, key: str, count_bytes: CountBytes) -> tuple[Fault, ...]:
    """Read an object back and look for the objects it names; return what is wrong.

    Args:
        store: the store that has the object.
        key: the object's key, of any kind; one outside the key scheme is only read.
        count_bytes: called with the number of bytes of each piece that was read.
    """
    examination = Examination(store, count_bytes)
    parts = parse_key(key)
    if not parts or _is_certified_by_another(parts):
        examination.read(key)
    else:
        check = next((_CHECKS[part] for part in _CHECKS if parts[part]), _transient)
        check(examination, key, parts)
    return tuple(examination.faults)


def _original(examination: Examination, key: str, parts: ParsedKey) -> None:
    if examination.digest(key) not in ("", parts["original"]):
        examination.note(key, Damage.CHANGED)


def _owner(examination: Examination, key: str, parts: ParsedKey) -> None:
    note = examination.load(records.OWNER, key)
    if note is None:
        return
    if note.scan != parts["original"]:
        examination.note(key, Damage.CHANGED)
        return
    examination.expect(keys.original(note.scan))
    examination.expect(keys.record(note.dossier, 1))


def _record(examination: Examination, key: str, _: ParsedKey) -> None:
    record = examination.load(records.RECORD, key)
    if record is None:
        return
    if key != keys.record(record.dossier.id, record.sequence):
        examination.note(key, Damage.CHANGED)
        return
    if record.sequence > 1:
        examination.expect(keys.record(record.dossier.id, record.sequence - 1))
    for scan in record.dossier.scans:
        examination.expect(keys.original(scan.sha256))
        examination.expect(keys.owner(scan.sha256))
    if record.dossier.code and record.dossier.missing is not None:  # 0.1 did not note codes
        examination.expect(keys.code(record.dossier.code, record.dossier.id))
    _results(examination, record)


def _results(examination: Examination, record: Record) -> None:
    """Expect the page results of the newest record; older ones may have been superseded.

    What people mended is expected by any record.
    """
    dossier = record.dossier
    for edit in (each for each in dossier.edits if each.words):
        examination.expect(keys.mended_page(edit.place, edit.words))
    if examination.has(keys.record(dossier.id, record.sequence + 1)):
        return
    for note in dossier.pages:
        if note.recipe:
            examination.expect(keys.page(PageRef(dossier.id, note.scan, note.number), note.recipe))


def _page(examination: Examination, key: str, _: ParsedKey) -> None:
    label = examination.load(records.LABEL, key)
    if label is None:
        return
    ref = PageRef("", label.scan, label.number)
    if key != keys.page(ref, label.recipe):
        examination.note(key, Damage.CHANGED)
        return
    picture = keys.picture(ref, label.recipe)
    if examination.digest(picture) not in ("", label.picture):
        examination.note(picture, Damage.CHANGED)


def _mended(examination: Examination, key: str, _: ParsedKey) -> None:
    mended = examination.load(records.MENDED_PAGE, key)
    if mended is None:
        return
    place = PagePlace(mended.scan, mended.page)
    if key != keys.mended_page(place, mended.number):
        examination.note(key, Damage.CHANGED)


def _searchable_pdf(examination: Examination, key: str, _: ParsedKey) -> None:
    made = examination.load(records.SEARCHABLE_PDF, key)
    if made is None:
        return
    if key != keys.searchable_pdf_note(made.scan, made.recipe, made.attempt):
        examination.note(key, Damage.CHANGED)
        return
    pdf = keys.searchable_pdf(made.scan, made.recipe, made.pdf_number)
    if made.pdf and examination.digest(pdf) not in ("", made.pdf):
        examination.note(pdf, Damage.CHANGED)


def _receipts(examination: Examination, key: str, _: ParsedKey) -> None:
    receipts = examination.load(records.RECEIPTS, key)
    if receipts and key != keys.receipts(receipts.day, receipts.drop):
        examination.note(key, Damage.CHANGED)


def _decision(examination: Examination, key: str, _: ParsedKey) -> None:
    decision = examination.load(records.FILE_DECISION, key)
    if decision and key != decision_key(decision.day, decision.drop, decision.number):
        examination.note(key, Damage.CHANGED)


def _code_note(examination: Examination, key: str, _: ParsedKey) -> None:
    """Examine a note of a code; it is written before the record, so it may be alone for a while."""
    note = examination.load(records.CODE_NOTE, key)
    if note is not None and key != keys.code(note.code, note.dossier):
        examination.note(key, Damage.CHANGED)


def _audit_segment(examination: Examination, key: str, _: ParsedKey) -> None:
    """Examine a segment of the audit log by itself; `sohoa audit verify` follows the chains."""
    data, place = examination.read(key), keys.segment_of(key)
    if data is None or place is None:
        return
    if (check := check_alone(place, data)).faults:
        examination.note(key, Damage.CHANGED)
    for named in filter(None, map(SegmentPlace.parse, check.heads)):
        examination.expect(keys.audit_segment(named))


def _exchanged(examination: Examination, key: str, parts: ParsedKey) -> None:
    """Examine an object of a message: files by their names; other systems write the JSON as is."""
    digest, is_file = examination.digest(key), parts["message"].startswith("files/")
    if is_file and digest not in ("", parts["message"].removeprefix("files/")):
        examination.note(key, Damage.CHANGED)


def _transient(examination: Examination, key: str, parts: ParsedKey) -> None:
    """Examine what may be gone by now because its work was done: queue entries, leases and such."""
    if parts["entry"]:
        entry = examination.load(records.QUEUE_ENTRY, key)
        is_misplaced = entry is not None and entry.key != key
    elif parts["proposal"]:
        note = examination.load(records.PROPOSAL, key)
        is_misplaced = note is not None and keys.proposal(note.dossier) != key
    elif parts["watcher"]:
        heartbeat = examination.load(records.WATCHER, key)
        is_misplaced = heartbeat is not None and keys.watcher(heartbeat.watcher) != key
    else:
        lease = examination.load(records.LEASE, key)
        is_misplaced = lease is not None and keys.lease(lease.dossier, lease.attempt) != key
    examination.forgive(Damage.MISSING)
    if is_misplaced:
        examination.note(key, Damage.CHANGED)


_CHECKS = {  # by the part of a key that only this kind has; an original's owner before itself
    "owner": _owner,
    "original": _original,
    "record": _record,
    "page": _page,
    "mended": _mended,
    "note": _searchable_pdf,
    "drop": _receipts,
    "decided": _decision,
    "code": _code_note,
    "segment": _audit_segment,
    "exchange": _exchanged,
}
