"""Fixity of objects: is each what was written, and is there what it names.

Originals are certified by their names, JSON by its seal, a picture by the hash in its page's
result. Sealed JSON also says what it is of, so that one under another's name is noticed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline import records
from pipeline.errors import ObjectMissingError, RecordError, StorageUnavailableError
from pipeline.fixity import Damage, Fault
from pipeline.model import PageRef, Record
from pipeline.ports import ObjectStore
from storage import keys

FOLDERS = (keys.DOSSIERS, keys.ORIGINALS, "pages/", keys.DERIVED, keys.LEASES, keys.PENDING)

_HEX = "[0-9a-f]"
_OBJECTS = re.compile(
    rf"originals/(?P<original>{_HEX}{{64}})(?P<owner>\.owner)?"
    rf"|dossiers/(?P<dossier>{_HEX}+)/records/(?P<record>\d{{6,}})\.json"
    rf"|pages/(?P<scan>{_HEX}{{64}})/(?P<recipe>[a-z0-9_-]+)/(?P<page>\d{{4,}})\.(?P<form>json|webp)"
    rf"|derived/(?P<bound>{_HEX}{{64}})/[a-z0-9_-]+/searchable"
    rf"(?:-(?P<note>\d{{6,}})\.json|\.pdf)"
    rf"|leases/(?P<leased>{_HEX}+)/(?P<attempt>\d{{6,}})\.json"
    rf"|(?P<marker>pending/\d{{8}}t\d{{12}}z-{_HEX}+\.json)"
)

Named = dict[str, str]
Heed = Callable[[int], None]  # told how many bytes were read


def named(key: str) -> Named:
    """Return what the name of an object says; nothing for a name that none of ours has."""
    match = _OBJECTS.fullmatch(key)
    return match.groupdict(default="") if match else {}


def _is_named_by_another(name: Named) -> bool:
    return name["form"] == "webp" or bool(name["bound"] and not name["note"])


def objects(store: ObjectStore) -> Iterator[str]:
    """Yield the keys that are examined one by one; pictures and PDFs belong to what names them.

    Raises:
        StorageUnavailableError: a folder could not be listed, after all others were.
    """
    trouble = None
    for folder in FOLDERS:
        try:
            for key in store.keys(folder):
                name = named(key)
                if name and not _is_named_by_another(name):
                    yield key
        except StorageUnavailableError as error:
            trouble = error
    if trouble:
        raise trouble


def examine(store: ObjectStore, key: str, heed: Heed) -> tuple[Fault, ...]:
    """Read an object back and look for what it names; return what is wrong.

    Args:
        store: where it lies.
        key: of an original, an owner note, a record, a page's result or its picture, or of the
            note of a searchable PDF.
        heed: is told of the bytes as they are read.
    """
    look = _Examination(store, heed)
    name = named(key)
    if not name or _is_named_by_another(name):
        look.read(key)
    elif name["owner"]:
        _owner(look, key, name)
    elif name["original"]:
        _original(look, key, name)
    elif name["record"]:
        _record(look, key)
    elif name["page"]:
        _page(look, key)
    elif name["note"]:
        _searchable_pdf(look, key)
    else:
        _passing(look, key, name)
    return tuple(look.faults)


@dataclass(frozen=True, slots=True)
class _Examination:
    """One object under examination, and what was found wrong so far."""

    store: ObjectStore
    heed: Heed
    faults: list[Fault] = field(default_factory=list)

    def digest(self, key: str) -> str:
        """Return the SHA-256 of an object; empty when it cannot be read, which is noted."""
        digest = hashlib.sha256()
        with self._noting(key):
            for chunk in self.store.chunks(key):
                digest.update(chunk)
                self.heed(len(chunk))
            return digest.hexdigest()
        return ""

    def read(self, key: str) -> bytes | None:
        """Return the bytes of an object; None when it cannot be read, which is noted."""
        with self._noting(key):
            data = b"".join(self.store.chunks(key))
            self.heed(len(data))
            return data
        return None

    def load(self, codec: records.Codec[records.T], key: str) -> records.T | None:
        """Return what is sealed in an object; None when it is damaged, which is noted."""
        data = self.read(key)
        if data is None:
            return None
        if records.is_intact(data) and records.is_newer(data):
            return None  # whole, and to be understood by a newer version only
        try:
            return codec.load(data)
        except RecordError:
            self.note(key, Damage.CHANGED)
            return None

    def has(self, key: str) -> bool:
        """Tell whether an object is there; that it cannot be told is noted."""
        with self._noting(key):
            return self.store.has(key)
        return True

    def expect(self, key: str) -> None:
        """Note an object that should be there and is not."""
        if not self.has(key):
            self.note(key, Damage.MISSING)

    def note(self, key: str, damage: Damage) -> None:
        self.faults.append(Fault(key, damage))

    @contextmanager
    def _noting(self, key: str) -> Iterator[None]:
        try:
            yield
        except ObjectMissingError:
            self.note(key, Damage.MISSING)
        except StorageUnavailableError:
            self.note(key, Damage.UNREADABLE)


def _original(look: _Examination, key: str, name: Named) -> None:
    if look.digest(key) not in ("", name["original"]):
        look.note(key, Damage.CHANGED)


def _owner(look: _Examination, key: str, name: Named) -> None:
    note = look.load(records.OWNER, key)
    if note is None:
        return
    if note.scan != name["original"]:
        look.note(key, Damage.CHANGED)
        return
    look.expect(keys.original(note.scan))
    look.expect(keys.record(note.dossier, 1))


def _record(look: _Examination, key: str) -> None:
    record = look.load(records.RECORD, key)
    if record is None:
        return
    if key != keys.record(record.dossier.id, record.sequence):
        look.note(key, Damage.CHANGED)
        return
    if record.sequence > 1:
        look.expect(keys.record(record.dossier.id, record.sequence - 1))
    for scan in record.dossier.scans:
        look.expect(keys.original(scan.sha256))
        look.expect(keys.owner(scan.sha256))
    _results(look, record)


def _results(look: _Examination, record: Record) -> None:
    """Expect the page results of the newest record; older ones may have been superseded."""
    dossier = record.dossier
    if look.has(keys.record(dossier.id, record.sequence + 1)):
        return
    for note in dossier.pages:
        if note.recipe:
            look.expect(keys.page(PageRef(dossier.id, note.scan, note.number), note.recipe))


def _page(look: _Examination, key: str) -> None:
    label = look.load(records.LABEL, key)
    if label is None:
        return
    ref = PageRef("", label.scan, label.number)
    if key != keys.page(ref, label.recipe):
        look.note(key, Damage.CHANGED)
        return
    picture = keys.picture(ref, label.recipe)
    if look.digest(picture) not in ("", label.picture):
        look.note(picture, Damage.CHANGED)


def _searchable_pdf(look: _Examination, key: str) -> None:
    made = look.load(records.SEARCHABLE_PDF, key)
    if made is None:
        return
    if key != keys.searchable_pdf_note(made.scan, made.recipe, made.attempt):
        look.note(key, Damage.CHANGED)
        return
    pdf = keys.searchable_pdf(made.scan, made.recipe)
    if made.pdf and look.digest(pdf) not in ("", made.pdf):
        look.note(pdf, Damage.CHANGED)


def _passing(look: _Examination, key: str, name: Named) -> None:
    """Examine a marker or a lease, which may be gone by now because its work was done."""
    if name["marker"]:
        marker = look.load(records.QUEUE_ENTRY, key)
        is_misplaced = marker is not None and marker.key != key
    else:
        lease = look.load(records.LEASE, key)
        is_misplaced = lease is not None and keys.lease(lease.dossier, lease.attempt) != key
    look.faults[:] = [fault for fault in look.faults if fault.damage is not Damage.MISSING]
    if is_misplaced:
        look.note(key, Damage.CHANGED)
